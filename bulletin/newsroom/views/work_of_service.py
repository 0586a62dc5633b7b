"""Requests to the service, and the bulletin of a slot -> lines for a page: how far the work is, how it ended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.archive.ledgers.newsroom_requests import RequestKind, RequestState, ServiceRequest
from bulletin.model import SlotState
from bulletin.service.slots.slot_progress import progress_file, read_slot_stage

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
_PARTS = {"hear": ("examine", "hearing the bulletin")}
"""Stages that not every bulletin has: the stage that they count to, and their words."""
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
class MakingLine:
    """The bulletin of a slot while the service makes it."""

    text: str
    """ "speaking: 12 of 40 (4 of 7)"."""
    step: int
    steps: int
    done: tuple[tuple[str, str], ...]
    """Each ended stage in words, and its result."""


def read_making(archive: Archive, *, output: Path, station: str) -> MakingLine | None:
    """How far the bulletin of a slot is; None while none is being made. Raises ArchiveError."""
    stage = read_slot_stage(progress_file(output, station))
    if stage is None:
        return None
    rows = SlotLedger(archive).rows(since=stage.due, until=stage.due + timedelta(seconds=1), station=station)
    if not any(row.state is SlotState.WORKING for row in rows):  # a killed service left the file
        return None
    step, steps = _step_of(stage.stage), len(_STAGES)
    return MakingLine(
        text=_describe_stage(stage.stage, stage.step, step=step, steps=steps),
        step=step,
        steps=steps,
        done=tuple(
            (_words_of(name), f"{summary} ({seconds:.1f} s)") for name, seconds, summary in stage.done
        ),
    )


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
    step, steps = _step_of(request.stage), len(_STAGES)
    return WorkLine(
        id=request.id,
        name=_NAMES[request.kind],
        text=_text(request, step=step, steps=steps),
        state=request.state,
        is_open=request.is_open,
        step=step,
        steps=steps,
    )


def _text(request: ServiceRequest, *, step: int, steps: int) -> str:
    if request.state is RequestState.WAITING:
        return f"asked by {request.asked_by}; " + (request.step or "waiting for the service")
    if request.state is RequestState.WORKING:
        return _describe_stage(request.stage, request.step, step=step, steps=steps)
    if request.state is RequestState.DONE:
        took_s = round(sum(stage.seconds for stage in request.stages))
        return "done" + (f" in {took_s} s" if took_s else "") + (f"; {request.note}" if request.note else "")
    return f"{request.state}: {request.note}" if request.note else str(request.state)


def _describe_stage(stage: str, detail: str, *, step: int, steps: int) -> str:
    words = _words_of(stage) or "begun"
    words = f"{words}: {detail}" if detail else words
    return f"{words} ({step} of {steps})" if step else words


def _step_of(stage: str) -> int:
    """Number of a stage, from 1; 0 where there is none yet."""
    stages = [*_STAGES]
    counted_to = _PARTS.get(stage, (stage,))[0]
    return stages.index(counted_to) + 1 if counted_to in stages else 0


def _words_of(stage: str) -> str:
    return _PARTS[stage][1] if stage in _PARTS else _STAGES.get(stage, stage)
