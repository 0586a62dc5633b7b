"""The service's slot, met on the newsroom's clock."""

from __future__ import annotations

from datetime import timedelta

from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.archive.record_dataclasses import BulletinRecord
from bulletin.model import Level, SlotState
from bulletin.newsroom.desk import Desk
from bulletin.service.slots.reconcile_slot_ledger import SlotReconciler
from bulletin.service.station_worker import StationWorker
from tests.service.clocked_station import Diary, at_once
from tests.support.factories import NOW
from tests.support.newsroom_desk import HOUR
from tests.support.newsroom_server import ServedNewsroom

DUE = NOW + HOUR


def air(served: ServedNewsroom, desk: Desk) -> BulletinRecord:
    """Let the service's worker meet the slot, on the newsroom's clock; return what it aired."""
    ledger, clock = SlotLedger(desk.archive), served.clock
    worker = StationWorker(loaded=desk.loaded, output=desk.output, archive=desk.archive, clock=clock)
    clock.at = DUE - timedelta(minutes=2)
    service = SlotReconciler(
        ledger=ledger, workers=[worker], owner="service", submit=at_once, watcher=Diary(), now=clock
    )
    service.begin()
    service.reconcile()
    clock.at = DUE + timedelta(minutes=1)
    service.reconcile()
    (row,) = ledger.rows(since=DUE, until=DUE + timedelta(minutes=1), station="hill")
    assert (row.state, row.level, row.note) == (SlotState.DONE, Level.FRESH, "")
    record = desk.archive.last_bulletin("hill")
    assert record
    return record
