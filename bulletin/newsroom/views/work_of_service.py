"""Requests to the service -> lines for a page: what was asked, how far it is, how it ended. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bulletin.archive.ledgers.newsroom_requests import RequestKind, RequestState, ServiceRequest

_SHOWN = timedelta(minutes=10)
"""Time for which an ended request is shown."""
_STAGES = {
    "gather": "reading feeds",
    "choose": "choosing stories",
    "write": "writing",
    "speak": "speaking",
    "mix": "mixing",
    "examine": "examining the sound",
    "publish": "publishing",
}
_NAMES = {
    RequestKind.PREVIEW: "New preview",
    RequestKind.MAKE_NOW: "Bulletin for the playout",
    RequestKind.PUBLISH: "Bulletin for every output",
    RequestKind.RETRY_DELIVERY: "Delivery once more",
    RequestKind.REPUBLISH: "Feed and pages once more",
    RequestKind.BACK_UP: "Backup",
    RequestKind.WITHDRAW_STORY: "Story withdrawn",
    RequestKind.WITHDRAW_BULLETIN: "Bulletin withdrawn",
    RequestKind.WITHDRAW_BLOCKED: "Blocked bulletins withdrawn",
    RequestKind.CORRECT_STORY: "Correction",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkLine:
    """One request in words."""

    id: int
    name: str
    text: str
    """ "writing (3 of 7)", "done in 12 s", "failed: no voice"."""
    state: RequestState
    is_open: bool
    step: int
    steps: int


def list_work(
    requests: Iterable[ServiceRequest], *, kinds: Iterable[RequestKind], now: datetime
) -> tuple[WorkLine, ...]:
    """Open requests of these kinds and those that ended in the last minutes, newest first."""
    wanted = set(kinds)
    return tuple(
        _line(request)
        for request in requests
        if request.kind in wanted
        and (request.is_open or (request.done_at and now - request.done_at < _SHOWN))
    )


def _line(request: ServiceRequest) -> WorkLine:
    stages = [*_STAGES]
    step = stages.index(request.stage) + 1 if request.stage in stages else 0
    return WorkLine(
        id=request.id,
        name=_NAMES[request.kind],
        text=_text(request, step=step, steps=len(stages)),
        state=request.state,
        is_open=request.is_open,
        step=step,
        steps=len(stages),
    )


def _text(request: ServiceRequest, *, step: int, steps: int) -> str:
    if request.state is RequestState.WAITING:
        return f"asked by {request.asked_by}; " + (request.step or "waiting for the service")
    if request.state is RequestState.WORKING:
        stage = _STAGES.get(request.stage, request.stage or "begun")
        detail = f": {request.step}" if request.step else ""
        return f"{stage}{detail} ({step} of {steps})" if step else f"{stage}{detail}"
    if request.state is RequestState.DONE:
        took_s = round(sum(stage.seconds for stage in request.stages))
        return "done" + (f" in {took_s} s" if took_s else "") + (f"; {request.note}" if request.note else "")
    return f"{request.state}: {request.note}" if request.note else str(request.state)
