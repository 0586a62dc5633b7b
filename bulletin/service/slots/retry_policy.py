"""When a slot is tried again that failed, or that only a stand-by has met so far. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from bulletin.model import Level, SlotRecord
from bulletin.service.service_ports import SlotOutcome, SlotWorker

_TRY_AGAIN = timedelta(seconds=10)
"""After the first failure; twice as long after the second, and so on."""
_MOMENT = timedelta(seconds=1)
_STANDBYS = (Level.LAST_GOOD, Level.EVERGREEN, Level.IDENT)


def is_recent(before: datetime | None, *, now: datetime, within: timedelta) -> bool:
    """Whether it was done a moment ago; not where the clock was set back since."""
    return before is not None and timedelta(0) <= now - before < within


def waits(record: SlotRecord, now: datetime) -> bool:
    """Whether a slot that has failed is left alone for a little."""
    return is_recent(record.begun_at, now=now, within=_TRY_AGAIN * record.tries)


def over_before(due: datetime, worker: SlotWorker, *, now: datetime) -> datetime:
    """
    Slots before that moment are over, though their work was not done.

    A bulletin up to the worker's grace late is worth making, but not where the next one that makes the same is due
    before it could be ready: its own would be late for it.
    """
    over = now - worker.grace
    if not over <= due < now:  # a clock that was years behind has many slots that nobody has to list
        return over
    late, *later = worker.slots(since=due, until=now + worker.usual_time()) or (None,)
    is_passed_over = late is not None and any(set(late.outputs) <= set(one.outputs) for one in later)
    return max(over, due + _MOMENT) if is_passed_over else over


def is_worth_another(outcome: SlotOutcome, *, now: datetime, takes: timedelta, ready_by: datetime) -> bool:
    """
    Whether fresh news can still be ready in time where only a stand-by lies.

    A network that comes a few seconds after the machine, a disk on which somebody makes room, a server that is
    restarted: what is over in a minute must not cost the hour. Where nothing failed and nothing is new, one try
    is enough.
    """
    return outcome.level in _STANDBYS and not outcome.is_quiet and now + takes < ready_by
