"""Slots of a station's clock -> rows of the slot ledger, a day ahead; a service and every planner of a group do it."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.service.worker_base_classes import GRACE, SlotWorker

log = logging.getLogger(__name__)

AHEAD = timedelta(hours=26)
"""Time for which the ledger is planned: over a day, so that people can read it."""
BEHIND = timedelta(days=7)
"""Age up to which missed slots are reported one by one; older rows are closed and counted."""
PLAN_AGAIN = timedelta(minutes=10)


def plan_slots(
    ledger: SlotLedger,
    worker: SlotWorker,
    *,
    now: datetime,
    first_open: dict[str, datetime],
    withdraws: bool = True,
) -> None:
    """
    Plan a station's slots, idempotently; withdraw those that its clock no longer has. Raises ArchiveError.

    `first_open` has, by station, the start of the slots that are not done, as far as this process knows. Without
    `withdraws` slots of other clocks stay.
    """
    if reopened := ledger.reopen(worker.id, now=now, until=now + AHEAD):
        log.warning("clock set back, slots planned again: station=%s slots=%d", worker.id, reopened)
    since = _plans_since(ledger, worker, now=now, first_open=first_open)
    slots = worker.slots(since=since, until=now + AHEAD)
    if withdraws:
        ledger.withdraw_plans(worker.id, since=now, until=now + AHEAD, keep=[slot.due for slot in slots])
    ledger.plan(slots)


def _plans_since(
    ledger: SlotLedger, worker: SlotWorker, *, now: datetime, first_open: dict[str, datetime]
) -> datetime:
    """
    Start of the planning: the last slot in the ledger, so that every slot of an outage is planned.

    A slot within its grace is still made. A new station has missed no slot, nor has a station whose
    ledger is planned beyond now.
    """
    last_planned = ledger.last_due(worker.id, before=now + AHEAD)
    late = now - GRACE
    if last_planned is None:  # a new station, or its archive was deleted since this service began
        return max(late, min(first_open.setdefault(worker.id, now), now))
    first_open.setdefault(worker.id, late)
    return now if last_planned >= now else max(min(last_planned, late), now - BEHIND)
