"""Models of what is to be heard."""

from __future__ import annotations

from pydantic import Field

from bulletin.newsroom_web.api.models.base import Body, Name


class SayBody(Body):
    """A text to hear."""

    text: str = Field(min_length=1, max_length=1_000, pattern=r"^[^\x00]*\w[^\x00]*$")


class HearBody(Body):
    """A part of the coming bulletin."""

    story: Name | None = Field(default=None, description="A story; left out: the whole bulletin.")
