"""When a slot is tried again after a failure, or after a stand-by. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from bulletin.model import Level, SlotRecord
from bulletin.service.service_ports import GRACE, SlotOutcome, SlotWorker

_TRY_AGAIN = timedelta(seconds=10)
"""Pause after the first failure; twice as long after the second, and so on."""
_MOMENT = timedelta(seconds=1)
_STANDBYS = (Level.LAST_GOOD, Level.EVERGREEN, Level.IDENT)


def is_recent(moment: datetime | None, *, now: datetime, within: timedelta) -> bool:
    """Whether a moment is less than `within` ago; not where the clock was set back since."""
    return moment is not None and timedelta(0) <= now - moment < within


def is_waiting(record: SlotRecord, now: datetime) -> bool:
    """Whether a failed slot waits for its next try."""
    return is_recent(record.begun_at, now=now, within=_TRY_AGAIN * record.tries)


def over_before(due: datetime, worker: SlotWorker, *, now: datetime) -> datetime:
    """
    The moment before which open slots are over.

    A bulletin may be late by the worker's grace, but not where the next one of the same outputs is due before it
    could be ready: it would make that one late.
    """
    over = now - GRACE
    if not over <= due < now:  # after a jump of years there are too many slots to list
        return over
    late, *later = worker.slots(since=due, until=now + worker.usual_time()) or (None,)
    is_passed_over = late is not None and any(set(late.outputs) <= set(slot.outputs) for slot in later)
    return max(over, due + _MOMENT) if is_passed_over else over


def is_retry_worthwhile(outcome: SlotOutcome, *, now: datetime, takes: timedelta, ready_by: datetime) -> bool:
    """
    Whether fresh news can still replace a stand-by in time.

    A network that comes up after the machine, a disk that is cleared, a server that restarts: a failure of a minute
    must not cost the hour. Where the feeds have nothing new, one try is enough.
    """
    return outcome.level in _STANDBYS and not outcome.is_quiet and now + takes < ready_by
