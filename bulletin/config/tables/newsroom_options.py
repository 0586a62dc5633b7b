"""Newsroom: whether an editor approves each bulletin before it airs."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bulletin.config.option_types import Options

Approval = Literal["off", "by-deadline", "required"]


class NewsroomOptions(Options):
    """Approval of bulletins by editors."""

    approval: Approval = "off"
    """"by-deadline": an approved bulletin airs exactly as approved, an unapproved one airs as it stands.
    "required": an unapproved bulletin does not air; the stand-by does."""
    approval_deadline_min: int = Field(default=5, ge=0, le=12 * 60)
    """Minutes before the slot at which the newsroom asks for the approval; later approvals count until the bulletin is made."""
