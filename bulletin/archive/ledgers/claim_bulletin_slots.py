"""
Ledger of slots: which bulletins are due, in progress and done.

Every step is one conditional statement in one transaction. So no slot is made twice or forgotten, even if a
worker dies or is suspended: planning is idempotent, a claim holds for a lease, and a worker that lost its
lease cannot finish.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, delete, exists, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert

from bulletin.archive.database import tables
from bulletin.archive.database.rows_to_dataclasses import slot_from_row
from bulletin.archive.lock_names import edits_of
from bulletin.archive.retry_after_archive_repair import Ledger
from bulletin.model import Level, Slot, SlotRecord, SlotState
from bulletin.runtime.latest_credible_time import latest_made

_T = tables.slots.c
_PLANNED_AGAIN = {"state": SlotState.PLANNED, "level": "", "ready_at": None, "begun_at": None}
_IS_OPEN = _T.state.in_((SlotState.PLANNED, SlotState.WORKING))


class SlotLedger(Ledger):
    """Slot rows of an archive. Every method raises ArchiveError, as the archive's do."""

    @property
    def identity(self) -> tuple[object, ...]:
        """Identity of the rows; it changes when the archive was replaced or set aside."""
        return self._archive.path, self._archive.notes

    def plan(self, slots: Iterable[Slot]) -> int:
        """Add slots; known ones stay as they are. Return how many are new."""
        rows = [{"station": slot.station, "due": slot.due} for slot in slots]
        if not rows:
            return 0
        with self._archive.writing() as connection:
            return connection.execute(insert(tables.slots).on_conflict_do_nothing(), rows).rowcount

    def claim(
        self, station: str, due: datetime, *, owner: str, now: datetime, lease: timedelta
    ) -> SlotRecord | None:
        """
        Take a slot that is free, or whose lease has expired or was written by a clock that ran ahead.

        None when another worker has it, when it is done or missed, or when it was never planned.
        """
        has_expired = or_(_T.lease_until <= now, _T.lease_until > now + 2 * lease)
        is_free = or_(_T.state == SlotState.PLANNED, and_(_T.state == SlotState.WORKING, has_expired))
        claimed = {"state": SlotState.WORKING, "owner": owner, "lease_until": now + lease, "begun_at": now}
        change = update(tables.slots).where(_is(station, due), is_free).values(**claimed, tries=_T.tries + 1)
        with self._archive.writing(lock=edits_of(station)) as connection:
            row = connection.execute(change.returning(tables.slots)).mappings().first()
            return slot_from_row(row) if row else None

    def renew(self, station: str, due: datetime, *, owner: str, now: datetime, lease: timedelta) -> bool:
        """Renew the lease of a slot. False: another worker has it by now, stop working on it."""
        return self._own(station, due, owner, lease_until=now + lease)

    def finish(
        self, station: str, due: datetime, *, owner: str, level: Level, now: datetime, note: str = ""
    ) -> bool:
        """Mark a slot as done. False: the lease was lost, and another worker is responsible for it."""
        return self._own(
            station, due, owner, state=SlotState.DONE, level=level, ready_at=now, lease_until=None, note=note
        )

    def release(self, station: str, due: datetime, *, owner: str, note: str) -> bool:
        """Give a slot back for the next worker; `note` says why."""
        return self._own(station, due, owner, state=SlotState.PLANNED, lease_until=None, note=note)

    def give_back(
        self, station: str, due: datetime, *, owner: str, level: Level, now: datetime, note: str
    ) -> bool:
        """Give a slot back for another try; until then its stand-by is on air."""
        standby = {"standby": level, "standby_at": now, "note": note}
        return self._own(station, due, owner, state=SlotState.PLANNED, lease_until=None, **standby)

    def take_over(self, stations: Collection[str], *, owner: str) -> int:
        """
        Free the slots of these stations that other workers hold, even under a valid lease; return how many.

        Only the holder of the service's lock may call it: then the other workers are dead.
        """
        theirs = and_(_T.station.in_(stations), _T.state == SlotState.WORKING, _T.owner != owner)
        freed = _PLANNED_AGAIN | {"note": "begun before the service stopped", "lease_until": None}
        return self._archive.execute(update(tables.slots).where(theirs).values(freed))

    def put_on_air(self, station: str, due: datetime, *, level: Level, now: datetime, note: str = "") -> bool:
        """
        Note that a stand-by is on air for a slot. False: its bulletin was made meanwhile, or it was never planned.

        Without a `note` the earlier one, which says why there is no bulletin yet, stays.
        """
        values = {"standby": level, "standby_at": now} | ({"note": note} if note else {})
        change = update(tables.slots).where(_is(station, due), _IS_OPEN).values(**values)
        return self._archive.execute(change) == 1

    def settle(self, station: str, due: datetime, *, level: Level, now: datetime, note: str = "") -> bool:
        """
        Mark an open slot as done, for the holder of its piece of work in a group. False: it was closed meanwhile.

        A slot that was closed with a stand-by stays done, and has the better level now.
        """
        done = {"state": SlotState.DONE, "level": level, "ready_at": now, "lease_until": None, "note": note}
        change = update(tables.slots).where(_is(station, due), _IS_OPEN | (_T.standby != ""))
        return self._archive.execute(change.values(**done)) == 1

    def close(self, station: str, *, before: datetime) -> tuple[SlotRecord, ...]:
        """
        Close every open slot that was due before a moment; return them with the state in which they ended.

        A slot with a stand-by is done, at the level of the stand-by; the others are missed.
        """
        is_over = and_(_T.station == station, _T.due < before, _IS_OPEN)
        dues = {row.due for row in self._select(is_over)}
        if not dues:  # nearly always: a read does not wait for the disk
            return ()
        is_heard = _T.standby != ""
        ended_as = {
            "state": case((is_heard, SlotState.DONE), else_=SlotState.MISSED),
            "level": case((is_heard, _T.standby), else_=_T.level),
            "ready_at": case((is_heard, _T.standby_at), else_=_T.ready_at),
        }
        self._archive.execute(update(tables.slots).where(is_over).values(**ended_as, lease_until=None))
        ended = and_(_T.station == station, _T.due >= min(dues), _T.due < before)
        return tuple(row for row in self._select(ended) if row.due in dues)

    def reopen(self, station: str, *, now: datetime, until: datetime) -> int:
        """
        Plan again slots due before `until` that a clock running ahead had ended; return how many.

        A slot still to come cannot have been missed, nor made in the future: its news is old and worth making
        anew. So is a slot whose bulletin was replaced, in the future, by that of a later slot.
        """
        later = tables.slots.alias()
        replaced = exists().where(
            later.c.station == station,
            later.c.due > _T.due,
            or_(later.c.standby_at > now, later.c.ready_at > now),
        )
        done = and_(_T.state == SlotState.DONE, or_(_T.ready_at > latest_made(now), replaced))
        to_come = and_(_T.station == station, _T.due > now, _T.due < until)
        ahead = and_(to_come, or_(_T.state == SlotState.MISSED, done))
        if not self._select(ahead):
            return 0
        again = _PLANNED_AGAIN | {"standby": "", "standby_at": None, "note": "the clock was set back"}
        return self._archive.execute(update(tables.slots).where(ahead).values(again))

    def make_again(self, station: str, *, level: Level, now: datetime) -> tuple[datetime, ...]:
        """
        Plan again coming slots whose finished bulletin was withdrawn; return when they are due.

        Until they are made again, a stand-by of that level is on air.
        """
        ahead = and_(_T.station == station, _T.due > now, _T.state == SlotState.DONE)
        if not self._select(ahead):
            return ()
        again = _PLANNED_AGAIN | {"standby": level, "standby_at": now, "note": "taken off the air"}
        with self._archive.writing() as connection:
            dues = connection.execute(update(tables.slots).where(ahead).values(again).returning(_T.due))
            return tuple(sorted(dues.scalars()))

    def open_rows(self, *, until: datetime) -> tuple[SlotRecord, ...]:
        """Slots due up to a moment that are neither done nor missed, earliest first."""
        return self._select(and_(_T.due <= until, _IS_OPEN))

    def is_open(self, station: str, due: datetime) -> bool:
        """Whether the bulletin of a slot still has to be made."""
        return bool(self._select(_is(station, due) & _IS_OPEN))

    def rows(self, *, since: datetime, until: datetime, station: str | None = None) -> tuple[SlotRecord, ...]:
        """Every slot that is due from `since` on and before `until`, in order."""
        is_due = and_(_T.due >= since, _T.due < until)
        return self._select(and_(is_due, _T.station == station) if station else is_due)

    def last_due(self, station: str, *, before: datetime) -> datetime | None:
        """The last slot of a station before a moment; None: there is none."""
        query = select(func.max(_T.due)).where(_T.station == station, _T.due < before)
        last: datetime | None = self._archive.scalar(query)
        return last

    def withdraw_plans(
        self, station: str, *, since: datetime, until: datetime, keep: Iterable[datetime]
    ) -> int:
        """
        Delete planned slots between `since` and `until` that are not in `keep`: the profile's clock has changed.

        Slots from `until` on were planned by a clock that ran ahead.
        """
        still_due = set(keep)
        planned = and_(_T.station == station, _T.state == SlotState.PLANNED)
        rows = self._select(and_(planned, _T.due >= since, _T.due < until))
        dropped = [row.due for row in rows if row.due not in still_due]
        if dropped:
            self._archive.execute(delete(tables.slots).where(planned, _T.due.in_(dropped)))
        return len(dropped)

    def _own(self, station: str, due: datetime, owner: str, **values: object) -> bool:
        """Change a slot that the owner still holds; False when the lease is lost."""
        mine = and_(_T.state == SlotState.WORKING, _T.owner == owner)
        command = update(tables.slots).where(_is(station, due), mine).values(**values)
        return self._archive.execute(command) == 1

    def _select(self, condition: ColumnElement[bool]) -> tuple[SlotRecord, ...]:
        query = select(tables.slots).where(condition).order_by(_T.due, _T.station)
        return self._archive.select(query, slot_from_row)


def _is(station: str, due: datetime) -> ColumnElement[bool]:
    return (_T.station == station) & (_T.due == due)
