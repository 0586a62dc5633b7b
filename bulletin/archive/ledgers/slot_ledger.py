"""
The ledger of slots: the truth of what is due, being made and done. The clock only rings.

Every step is one conditional statement in one transaction, so that two workers, a worker that died and one
that only slept too long never do a slot twice and never forget one: planning is idempotent, a claim holds
for a lease, and whoever lost the lease cannot finish.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert

from bulletin.archive.archive import Archive
from bulletin.archive.database import tables
from bulletin.archive.database.row_conversion import slot_from_row
from bulletin.archive.retry_on_damage import retry_after_damage
from bulletin.model import Level, Slot, SlotRecord, SlotState
from bulletin.runtime.clock_skew import latest_made

_T = tables.slots.c


@retry_after_damage
class SlotLedger:
    """The rows of slots in an archive. Every method raises ArchiveError as the archive's do."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    @property
    def place(self) -> tuple[object, ...]:
        """Another one when the rows are those of another archive: ours was taken away, or set aside."""
        return self._archive.path, self._archive.notes

    def plan(self, slots: Iterable[Slot]) -> int:
        """Write down what is due; what is written already stays as it is. Say how many are new."""
        rows = [
            {
                "station": slot.station,
                "due": slot.due,
                "state": SlotState.PLANNED,
                "level": "",
                "owner": "",
                "tries": 0,
                "note": "",
            }
            for slot in slots
        ]
        if not rows:
            return 0
        with self._archive.writing() as connection:
            return connection.execute(insert(tables.slots).on_conflict_do_nothing(), rows).rowcount

    def claim(
        self, station: str, due: datetime, *, owner: str, now: datetime, lease: timedelta
    ) -> SlotRecord | None:
        """
        Take a slot that nobody has, or whose owner's lease has run out, or is of a clock that ran ahead.

        None when somebody else has it, when it is done or missed, or when it was never planned.
        """
        is_out = or_(_T.lease_until <= now, _T.lease_until > now + 2 * lease)
        free = or_(_T.state == SlotState.PLANNED, and_(_T.state == SlotState.WORKING, is_out))
        with self._archive.writing() as connection:
            taken = connection.execute(
                update(tables.slots)
                .where(_is(station, due), free)
                .values(
                    state=SlotState.WORKING,
                    owner=owner,
                    lease_until=now + lease,
                    tries=_T.tries + 1,
                    begun_at=now,
                )
            )
            if not taken.rowcount:
                return None
            row = connection.execute(select(tables.slots).where(_is(station, due))).mappings().one()
            return slot_from_row(row)

    def renew(self, station: str, due: datetime, *, owner: str, now: datetime, lease: timedelta) -> bool:
        """Keep a slot a little longer. False: it is somebody else's by now, stop working on it."""
        return self._own(station, due, owner, lease_until=now + lease)

    def finish(
        self, station: str, due: datetime, *, owner: str, level: Level, now: datetime, note: str = ""
    ) -> bool:
        """What was made lies there. False: the lease was lost, and another one answers for the slot."""
        return self._own(
            station, due, owner, state=SlotState.DONE, level=level, ready_at=now, lease_until=None, note=note
        )

    def release(self, station: str, due: datetime, *, owner: str, note: str) -> bool:
        """Give a slot back, for whoever comes next; `note` says why."""
        return self._own(station, due, owner, state=SlotState.PLANNED, lease_until=None, note=note)

    def give_back(
        self, station: str, due: datetime, *, owner: str, level: Level, now: datetime, note: str
    ) -> bool:
        """Likewise, for another try at something better; until then a stand-by lies there."""
        stood_by = {"standby": level, "standby_at": now, "note": note}
        return self._own(station, due, owner, state=SlotState.PLANNED, lease_until=None, **stood_by)

    def take_over(self, stations: Collection[str], *, owner: str) -> int:
        """
        Free what others have of these stations, whatever their leases say; say how many.

        Only for the one who holds the lock of the service: then the others are dead.
        """
        theirs = and_(_T.station.in_(stations), _T.state == SlotState.WORKING, _T.owner != owner)
        with self._archive.writing() as connection:
            freed = connection.execute(
                update(tables.slots)
                .where(theirs)
                .values(
                    state=SlotState.PLANNED,
                    lease_until=None,
                    begun_at=None,
                    note="begun before the service stopped",
                )
            )
            return freed.rowcount

    def put_on_air(self, station: str, due: datetime, *, level: Level, now: datetime, note: str = "") -> bool:
        """
        A stand-by is in the place of a slot's bulletin. False: that was made meanwhile, or was never planned.

        Without a `note` the one that says why there is no bulletin yet stays.
        """
        open_one = _is(station, due) & _T.state.in_((SlotState.PLANNED, SlotState.WORKING))
        values = {"standby": level, "standby_at": now} | ({"note": note} if note else {})
        with self._archive.writing() as connection:
            told = update(tables.slots).where(open_one).values(**values)
            return connection.execute(told).rowcount == 1

    def close(self, station: str, *, before: datetime) -> tuple[SlotRecord, ...]:
        """
        Close every slot that was due before a moment and is not done; say which, and how they ended.

        Where a stand-by lay, that is what was heard; the others are missed.
        """
        open_ones = _open_before(station, before)
        open_rows = self._select(open_ones)
        if not open_rows:  # nearly always: reading does not wait for the disk
            return ()
        self._end(open_ones)
        dues = {row.due for row in open_rows}
        ended = and_(_T.station == station, _T.due >= min(dues), _T.due < before)
        return tuple(row for row in self._select(ended) if row.due in dues)

    def close_unread(self, station: str, *, before: datetime) -> int:
        """The same, however many they are; say only how many."""
        open_ones = _open_before(station, before)
        with self._archive.reading() as connection:
            if not connection.execute(select(_T.due).where(open_ones).limit(1)).first():
                return 0
        return self._end(open_ones)

    def _end(self, open_ones: ColumnElement[bool]) -> int:
        heard = {"state": SlotState.DONE, "level": _T.standby, "ready_at": _T.standby_at}
        with self._archive.writing() as connection:
            ends = (
                update(tables.slots).where(open_ones & (_T.standby != "")).values(**heard, lease_until=None),
                update(tables.slots).where(open_ones).values(state=SlotState.MISSED, lease_until=None),
            )
            return sum(connection.execute(end).rowcount for end in ends)

    def reopen(self, station: str, *, now: datetime, until: datetime) -> int:
        """
        Plan again what a clock that ran ahead had ended and is due before `until`; say how many slots.

        A slot that is still to come cannot have been missed, nor made long from now: news that is older by
        this clock is worth making anew. It has also to be made again where something for a later one has
        taken its place since, at a moment that is still to come.
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
        again = {"state": SlotState.PLANNED, "level": "", "standby": "", "note": "the clock was set back"}
        with self._archive.writing() as connection:
            return connection.execute(
                update(tables.slots)
                .where(ahead)
                .values(**again, ready_at=None, standby_at=None, begun_at=None)
            ).rowcount

    def make_again(self, station: str, *, level: Level, now: datetime) -> tuple[datetime, ...]:
        """
        Plan again what was made ahead for slots still to come and has been taken away since; say which.

        Until it is made again a stand-by of that level lies there.
        """
        ahead = and_(_T.station == station, _T.due > now, _T.state == SlotState.DONE)
        dues = tuple(row.due for row in self._select(ahead))
        again = {"state": SlotState.PLANNED, "level": "", "standby": level, "standby_at": now}
        if dues:
            with self._archive.writing() as connection:
                changed = update(tables.slots).where(ahead).values(**again, ready_at=None, begun_at=None)
                connection.execute(changed.values(note="taken off the air"))
        return dues

    def open_rows(self, *, until: datetime) -> tuple[SlotRecord, ...]:
        """What is due up to a moment and neither done nor missed, whoever has it, earliest first."""
        return self._select(and_(_T.due <= until, _T.state.in_((SlotState.PLANNED, SlotState.WORKING))))

    def is_open(self, station: str, due: datetime) -> bool:
        """Whether the bulletin of a slot is still to be made."""
        open_one = _is(station, due) & _T.state.in_((SlotState.PLANNED, SlotState.WORKING))
        return bool(self._select(open_one))

    def rows(self, *, since: datetime, until: datetime, station: str | None = None) -> tuple[SlotRecord, ...]:
        """Every slot that is due from `since` on and before `until`, in order."""
        wanted = and_(_T.due >= since, _T.due < until)
        return self._select(and_(wanted, _T.station == station) if station else wanted)

    def last_due(self, station: str, *, before: datetime) -> datetime | None:
        """The latest moment before another for which a station has a slot written down; None: it was never planned."""
        with self._archive.reading() as connection:
            wanted = select(func.max(_T.due)).where(_T.station == station, _T.due < before)
            return connection.execute(wanted).scalar()

    def withdraw_plans(
        self, station: str, *, since: datetime, until: datetime, keep: Iterable[datetime]
    ) -> int:
        """
        Forget what was planned from `since` on and before `until` and is not in `keep`: the profile's clock has
        changed. What lies beyond was planned by a clock that ran ahead.
        """
        kept = set(keep)
        planned = and_(_T.due >= since, _T.due < until, _T.state == SlotState.PLANNED)
        gone = [row.due for row in self._select((_T.station == station) & planned) if row.due not in kept]
        if not gone:
            return 0
        with self._archive.writing() as connection:
            for due in gone:
                connection.execute(
                    tables.slots.delete().where(_is(station, due), _T.state == SlotState.PLANNED)
                )
        return len(gone)

    def _own(self, station: str, due: datetime, owner: str, **values: object) -> bool:
        """Change a slot that the owner still has."""
        mine = and_(_T.state == SlotState.WORKING, _T.owner == owner)
        with self._archive.writing() as connection:
            changed = connection.execute(update(tables.slots).where(_is(station, due), mine).values(**values))
            return changed.rowcount == 1

    def _select(self, wanted: ColumnElement[bool]) -> tuple[SlotRecord, ...]:
        with self._archive.reading() as connection:
            found = select(tables.slots).where(wanted).order_by(_T.due, _T.station)
            return tuple(slot_from_row(row) for row in connection.execute(found).mappings())


def _open_before(station: str, before: datetime) -> ColumnElement[bool]:
    is_open = _T.state.in_((SlotState.PLANNED, SlotState.WORKING))
    return and_(_T.station == station, _T.due < before, is_open)


def _is(station: str, due: datetime) -> ColumnElement[bool]:
    return (_T.station == station) & (_T.due == due)
