"""
Open slots of all stations -> their pieces of work, when they are due; slots that are over are closed.

A round costs little: a slot is looked at when something about it can have changed, not every time.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import itemgetter

from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.archive.ledgers.group.group_workers import GroupWorker
from bulletin.archive.ledgers.group.pieces_of_work import MorePieces, PieceKey
from bulletin.archive.ledgers.group.work_ledger import WorkLedger
from bulletin.group.pieces.feeds_of_group import GroupFeeds
from bulletin.group.pieces.piece_names import station_of
from bulletin.group.planning.pieces_of_slot import next_look, pieces_of_slot
from bulletin.group.planning.planned_station import PlannedStation
from bulletin.group.planning.wait_for_others import WaitForOthers
from bulletin.model import SlotRecord, SlotState
from bulletin.service.slots.plan_slot_ledger import PLAN_AGAIN
from bulletin.service.worker_base_classes import over_before

log = logging.getLogger(__name__)

STANDBY_AHEAD = timedelta(hours=1)
"""Time before its slot from which a stand-by may be prepared."""
_ROWS_EVERY_S = 2.0
"""New and reopened slots are seen after this time; those that are known at the moment that they need."""
_LOOK_AGAIN = timedelta(seconds=10)
"""A slot is looked at so often at least: leads are learnt, workers come and go."""
_INSTANT = timedelta(microseconds=1)

Stations = Mapping[str, PlannedStation]


@dataclass(slots=True, kw_only=True)
class PiecePlanner:
    """Plans the pieces of slots; it remembers what it has added, and keeps nothing that matters."""

    work: WorkLedger
    slots: SlotLedger
    _feeds: GroupFeeds = field(default_factory=GroupFeeds)
    _ahead: timedelta = STANDBY_AHEAD
    """Time from now in which slots may have pieces that are due."""
    _known: set[PieceKey] = field(default_factory=set)
    """Pieces that were added: they are not added with every round."""
    _known_since: datetime | None = None
    _looks: dict[tuple[str, datetime], datetime] = field(default_factory=dict)
    """Slot -> when it is looked at again."""
    _rows_read_at: float = float("-inf")
    """Monotonic seconds."""

    def forget(self, station: str) -> None:
        """Plan a station anew."""
        self._known = {name for name in self._known if station_of(name[1]) != station}
        self._look_at_all()

    def forget_slots(self, keys: Collection[str]) -> None:
        """Plan slots anew, named by the key of their pieces."""
        self._known = {name for name in self._known if name[1] not in keys}
        self._look_at_all()

    def forget_all(self) -> None:
        """Plan everything anew."""
        self._known.clear()
        self._known_since = None
        self._look_at_all()

    def _look_at_all(self) -> None:
        self._looks.clear()
        self._rows_read_at = float("-inf")

    def learn(self, stations: Stations, workers: Iterable[GroupWorker], *, now: datetime) -> None:
        """Learn how early pieces can be due at most: were all stations due together."""
        waits, leads = WaitForOthers.on(workers), [timedelta(0)]
        for station in stations.values():
            leads.append(station.lead() + station.margin)
            waits.add(now, takes=station.usual_time(), voice=station.voice)
        self._ahead = max(max(leads) + waits.longest(), STANDBY_AHEAD)

    def plan(
        self, stations: Stations, workers: Iterable[GroupWorker], *, now: datetime, moment: float
    ) -> None:
        """
        Add the pieces that are due, and close the slots that are over. Raises ArchiveError.

        `moment` is the time in seconds by a clock that nobody sets.
        """
        if self._known_since is None or now >= self._known_since + PLAN_AGAIN:
            self.forget_all()  # added again, in case the ledger was restored from a backup
            self._known_since = now
        is_awaited = any(look <= now for look in self._looks.values())
        if not is_awaited and moment < self._rows_read_at + _ROWS_EVERY_S:
            return
        rows = self.slots.open_rows(until=now + self._ahead)
        self._rows_read_at = moment
        more = [*self._pieces_of(rows, stations, workers, now=now)]
        pieces = [piece for each in more for piece in each.pieces]
        self.work.plan(pieces, (need for each in more for need in each.needs))
        self._known.update(piece.name for piece in pieces)

    def _pieces_of(
        self,
        rows: Collection[SlotRecord],
        stations: Stations,
        workers: Iterable[GroupWorker],
        *,
        now: datetime,
    ) -> Iterable[MorePieces]:
        """New pieces of the slots that are to be looked at."""
        mine = [(row, station) for row in rows if (station := stations.get(row.station))]
        waits = _count_waits(rows, stations, workers)
        looks, self._looks = self._looks, {}
        closed: set[str] = set()
        for row, station in mine:
            name = row.station, row.due
            self._looks[name] = look = looks.get(name, now)
            if now < look <= now + _LOOK_AGAIN or row.station in closed:
                continue
            over = over_before(row.due, station, now=now)
            if row.due < over:
                self._close(row.station, over)
                closed.add(row.station)
            elif not station.slots(since=row.due, until=row.due + _INSTANT):
                self._looks[name] = now + _LOOK_AGAIN  # the clock of another planner has it
            else:
                wait = waits.of(row.due, takes=station.usual_time(), voice=station.voice)
                lead = station.lead() + station.margin + wait
                due = pieces_of_slot(
                    row,
                    station,
                    desk=stations.get(station.loaded.profile.stories.running_order),
                    lead=lead,
                    now=now,
                    feeds=self._feeds,
                    known=self._known,
                )
                yield from filter(self._is_new, due)
                self._looks[name] = min(next_look(row, station, lead=lead, now=now), now + _LOOK_AGAIN)

    def _is_new(self, more: MorePieces) -> bool:
        return any(piece.name not in self._known for piece in more.pieces)

    def _close(self, station: str, over: datetime) -> None:
        for row in self.slots.close(station, before=over):
            is_met = row.state is SlotState.DONE
            text = "slot closed with its stand-by" if is_met else "slot missed"
            level = logging.WARNING if is_met else logging.ERROR
            log.log(level, "%s: station=%s due=%s", text, row.station, row.due)


def _count_waits(
    rows: Collection[SlotRecord], stations: Stations, workers: Iterable[GroupWorker]
) -> WaitForOthers:
    """
    The waits of slots due together.

    Stations of other planners count as those of this one: all have the same workers, and their times are not known.
    """
    waits = WaitForOthers.on(workers)
    usual = sorted(
        ((station.usual_time(), station.voice) for station in stations.values()), key=itemgetter(0)
    )
    takes, voice = usual[len(usual) // 2] if usual else (timedelta(0), "")
    for row in rows:
        if station := stations.get(row.station):
            takes_of_row, voice_of_row = station.usual_time(), station.voice
        else:
            takes_of_row, voice_of_row = takes, voice
        waits.add(row.due, takes=takes_of_row, voice=voice_of_row)
    return waits
