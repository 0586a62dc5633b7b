"""Open slot of a station -> its pieces of work that are due by now: feeds and draft, stand-by, swap."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from bulletin.archive.ledgers.group.pieces_of_work import MorePieces, Need, Piece
from bulletin.group.pieces.feeds_of_group import GroupFeeds, feed_key
from bulletin.group.pieces.piece_names import SWAP, slot_key
from bulletin.group.planning.planned_station import PlannedStation
from bulletin.model import SlotRecord
from bulletin.pipeline.read_json_of_on_air_files import on_air_kinds
from bulletin.service.worker_base_classes import GRACE

_LEAST_FOR_FEEDS_S = 20.0
"""Time for the feeds of a bulletin that is late."""


def pieces_of_slot(
    row: SlotRecord,
    worker: PlannedStation,
    *,
    desk: PlannedStation | None,
    lead: timedelta,
    now: datetime,
    feeds: GroupFeeds,
    known: Collection[tuple[str, str]],
) -> Iterator[MorePieces]:
    """
    The pieces that an open slot needs by now.

    `lead` is the time that its work takes, `desk` the station whose running order it takes; pieces in `known` are in the
    ledger already.
    """
    earlier = worker.slots(since=now, until=row.due)
    is_due = row.due <= now + lead and not earlier
    if is_due and ("draft", slot_key(row.station, row.due)) not in known:
        # Not before the previous slot has passed: its on-air file has the same name.
        yield _draft(row, worker, desk, feeds=feeds, now=now)
    if not on_air_kinds(worker.loaded.profile):
        return
    after = timedelta(minutes=worker.loaded.profile.standby.after_min)
    is_early = now + lead < row.due
    if after and is_early and not earlier and _is_after_last(worker, row, now, after):
        yield from _standby(row, worker, known=known)
    if row.due - worker.margin <= now:
        yield MorePieces(pieces=(_piece(SWAP, row),))


def next_look(row: SlotRecord, station: PlannedStation, *, lead: timedelta, now: datetime) -> datetime:
    """The next moment at which an open slot may need more pieces; of a late slot now."""
    if row.due <= now:
        return now
    moments = [row.due - lead, row.due - station.margin, row.due]
    moments += [slot.due for slot in station.slots(since=now, until=row.due)[:1]]
    return min(moment for moment in moments if moment > now)


def _draft(
    row: SlotRecord, worker: PlannedStation, desk: PlannedStation | None, *, feeds: GroupFeeds, now: datetime
) -> MorePieces:
    """A draft, and the feeds that it waits for, up to the time that the mix needs."""
    draft = _piece("draft", row)
    latest = row.due - worker.margin - worker.finishing_time()
    read_by = max(latest, now + timedelta(seconds=_LEAST_FOR_FEEDS_S))
    readings = tuple(
        one.reading(feed_key(one.id, row.due), due=row.due, deadline=read_by)
        for one in feeds.of_draft(worker.loaded, desk.loaded if desk else None)
    )
    needs = tuple(Need(of=draft.name, needs=feed.name) for feed in readings)
    return MorePieces(pieces=(*readings, draft), needs=needs)


def _standby(
    row: SlotRecord, worker: PlannedStation, *, known: Collection[tuple[str, str]]
) -> Iterator[MorePieces]:
    """A stand-by, for a worker that has the voice of the station's last bulletin."""
    standby = _piece("standby", row)
    if standby.name not in known:
        yield MorePieces(pieces=(replace(standby, needs_voice=worker.voice),))


def _is_after_last(worker: PlannedStation, row: SlotRecord, now: datetime, after: timedelta) -> bool:
    """Whether the slot before this one was long enough ago for a stand-by to be prepared."""
    before = worker.slots(since=row.due - timedelta(days=1), until=row.due)
    return not before or before[-1].due + after <= now


def _piece(kind: str, row: SlotRecord) -> Piece:
    return Piece(
        kind=kind,
        key=slot_key(row.station, row.due),
        due=row.due,
        deadline=row.due + GRACE,
        station=row.station,
    )
