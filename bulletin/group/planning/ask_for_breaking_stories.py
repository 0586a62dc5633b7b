"""
Breaking stories -> requests for bulletins between slots, as the service of one machine makes them.

The requests are the memory: their keys name the story's arrival and the try, so any number of planners ask once.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.archive.ledgers.newsroom_requests import BY_SERVICE, RequestKind, RequestLedger, ServiceRequest
from bulletin.group.planning.planned_station import PlannedStation
from bulletin.service.on_demand_bulletins import BREAK_AGAIN, BREAK_TRIES, BREAKING_S, ROOM

log = logging.getLogger(__name__)

_EXPIRES = timedelta(minutes=5)
"""Time for a worker to begin; then the next try asks."""


def ask_for_breaking_stories(
    archive: Archive, slots: SlotLedger, stations: Mapping[str, PlannedStation], *, now: datetime
) -> None:
    """
    Ask for a bulletin for each breaking story without one; near a slot the slot's bulletin carries the story.

    Raises ArchiveError.
    """
    for station in sorted(archive.stations_with_breaking_stories(now).intersection(stations)):
        worker = stations[station]
        came = worker.unaired_since(now) if worker.makes_between_slots else None
        if came and not _is_slot_near(slots, worker, now):
            _ask(RequestLedger(archive), station, came=came, now=now)


def _is_slot_near(slots: SlotLedger, worker: PlannedStation, now: datetime) -> bool:
    ahead = worker.lead() + worker.margin
    until = now + timedelta(seconds=ROOM * BREAKING_S) + ahead
    return any(slots.is_open(worker.id, slot.due) for slot in worker.slots(since=now, until=until))


def _ask(ledger: RequestLedger, station: str, *, came: datetime, now: datetime) -> None:
    """Ask for the first try that has not been made, unless the one before it is under way or has just ended."""
    for number in range(BREAK_TRIES):
        request = ledger.ask(
            station,
            RequestKind.MAKE_NOW,
            asked_by=BY_SERVICE,
            key=f"breaking {came.isoformat()} {number}",
            now=now,
            expires_at=now + _EXPIRES,
        )
        if request.asked_at == now and request.asked_by == BY_SERVICE:
            log.info("breaking story: a bulletin is made between slots: station=%s", station)
        if request.is_open or now < _ended_at(request) + BREAK_AGAIN:
            return


def _ended_at(request: ServiceRequest) -> datetime:
    return request.done_at or request.expires_at
