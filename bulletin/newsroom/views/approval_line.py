"""ApprovalState -> the line beside the button "Approve". Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bulletin.newsroom.coming_bulletin import ApprovalState


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalLine:
    """Whether the bulletin is approved, and what happens if it is not."""

    state: str
    """ "approved", "needed", "withdrawn", "late"."""
    text: str
    may_approve: bool


def describe_approval(
    approval: ApprovalState, *, now: datetime, clock_time: Callable[[datetime], str]
) -> ApprovalLine | None:
    """None: the station approves nothing. `clock_time` writes a moment on the station's clock."""
    if approval.mode == "off":
        return None
    if approval.holds:
        when = f" at {clock_time(approval.given_at)}" if approval.given_at else ""
        text = f"Approved by {approval.editor}{when}: it airs exactly so."
        return ApprovalLine(state="approved", text=text, may_approve=False)
    otherwise = "a stand-by airs" if approval.mode == "required" else "it airs as it stands"
    is_late = approval.deadline is not None and approval.deadline <= now
    by = f" by {clock_time(approval.deadline)}" if approval.deadline and not is_late else ""
    if approval.withdrawn_by:
        text = f"{approval.withdrawn_by} changed it after the approval. Approve it again{by}, or {otherwise}."
        return ApprovalLine(state="withdrawn", text=text, may_approve=True)
    if is_late:
        text = f"Not approved, and the deadline has passed: approve it now, or {otherwise}."
        return ApprovalLine(state="late", text=text, may_approve=True)
    return ApprovalLine(
        state="needed", text=f"Not approved yet. Approve it{by}, or {otherwise}.", may_approve=True
    )
