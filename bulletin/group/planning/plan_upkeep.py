"""Upkeep of a group, planned by every planner: deliveries that are due, daily maintenance, removed stations."""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zlib import crc32

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.archive.ledgers.delivery_outbox import Outbox
from bulletin.archive.ledgers.group.delivery_pieces import delivery_pieces
from bulletin.archive.ledgers.group.group_workers import WorkerLedger
from bulletin.archive.ledgers.group.pieces_of_work import Piece
from bulletin.archive.ledgers.group.rate_limits import RateLimits
from bulletin.archive.ledgers.group.work_ledger import WorkLedger
from bulletin.archive.ledgers.newsroom_requests import KEPT, RequestLedger
from bulletin.group.pieces.answer_requests import request_pieces
from bulletin.group.pieces.piece_names import tidy_key
from bulletin.service.slots.plan_slot_ledger import AHEAD, BEHIND

log = logging.getLogger(__name__)

_FIRST_HOUR, _SPREAD_MIN = 3, 120
_MAINTENANCE = timedelta(hours=12)
"""Time for the maintenance of a day; a group that did not run then has it on the next day."""
_AFTER_SLOTS = timedelta(hours=1)
"""Maintenance goes after the slots of the next hour."""
_OWN_KEPT = timedelta(hours=1)
"""Retention of requests that no person has made."""
_KEPT = timedelta(days=2)
"""Retention of ended pieces, and of processes that have ended."""

_GONE = timedelta(hours=1)
"""Time without any live process that has a station, after which it counts as removed."""
_MOST_REMEMBERED = 10_000


@dataclass(slots=True, kw_only=True)
class GroupUpkeep:
    """Pieces of work beside the slots (deliveries, requests, maintenance), and the deletion of old rows."""

    archive: Archive
    work: WorkLedger
    slots: SlotLedger
    register: WorkerLedger
    _unknown_since: dict[str, datetime] = field(default_factory=dict)
    """Stations with plans that no live process has a profile of."""
    _planned: set[tuple[str, str]] = field(default_factory=set)
    """Pieces of maintenance that this planner has added."""

    def plan_deliveries(self, stations: Collection[str], now: datetime) -> None:
        """Work off outboxes whose next try is due."""
        due = [one for one in Outbox(self.archive).due_deliveries(now) if one[0] in stations]
        self.work.plan(delivery_pieces(due, due=now))

    def plan_requests(self, stations: Collection[str], now: datetime) -> None:
        """Answer the requests of editors, each within a second or two."""
        self.work.plan(request_pieces(self.archive, stations, now=now))

    def forget_requests(self, now: datetime) -> None:
        """Delete requests that ended two weeks ago, of all stations."""
        RequestLedger(self.archive).forget(before=now - KEPT, own_before=now - _OWN_KEPT)

    def plan_maintenance(self, stations: Collection[str], now: datetime) -> None:
        """Each station and the store ("") once a day, spread over the two hours after three o'clock UTC."""
        due = []
        for station in ("", *stations):
            spread = timedelta(minutes=crc32(station.encode()) % _SPREAD_MIN)
            begins = now.replace(hour=_FIRST_HOUR, minute=0, second=0, microsecond=0) + spread
            piece = Piece(
                kind="tidy",
                key=tidy_key(station, now.date()),
                due=begins + _AFTER_SLOTS,
                deadline=begins + _MAINTENANCE,
                station=station,
            )
            if begins <= now < begins + _MAINTENANCE and piece.name not in self._planned:
                due.append(piece)
        self.work.plan(due)
        self._planned.update(piece.name for piece in due)

    def withdraw_removed(self, now: datetime, *, known: Collection[str], removed: Collection[str]) -> None:
        """
        Withdraw the plans of stations that are not `known`: no live process has a profile, not even an invalid one.

        At once those `removed`, whose profile was deleted on this machine; the others after an hour: the machines
        that have them may be starting.
        """
        planned = {row.station for row in self.slots.open_rows(until=now + AHEAD)}
        unknown = (planned | self.work.stations_waiting()).difference(known)
        self._unknown_since = {station: self._unknown_since.get(station, now) for station in unknown}
        for station in sorted(unknown):
            if station not in removed and now - self._unknown_since[station] < _GONE:
                continue
            log.warning("station removed from the group, its slots are withdrawn: station=%s", station)
            self.slots.withdraw_plans(station, since=now - BEHIND, until=now + AHEAD, keep=())
            self.slots.close(station, before=now)
            self.work.withdraw(station)
        self.work.withdraw_unplanned()

    def forget_old(self) -> None:
        """Delete pieces and processes that ended days ago."""
        before = self.archive.now() - _KEPT
        self.work.forget(before=before)
        self.register.forget(before=before)
        RateLimits(self.archive, now=self.archive.now).forget(before=before)
        if len(self._planned) > _MOST_REMEMBERED:
            self._planned.clear()
