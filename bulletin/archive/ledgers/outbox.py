"""
The outbox: what is to be brought to places outside the output folder, in the order in which it came.

A row for each piece (a bulletin that goes out to a place, or is taken back from one), unique, so that writing
it down again is harmless. Nothing leaves the outbox but as done, as given up with a note that says why, or by a person's word.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.engine import RowMapping

from bulletin.archive.archive import Archive
from bulletin.archive.database import tables
from bulletin.archive.retry_on_damage import retry_after_damage

_T = tables.outbox.c


class OutboxAction(StrEnum):
    """What is to be done there."""

    PUBLISH = "publish"
    WITHDRAW = "withdraw"


class OutboxState(StrEnum):
    """How far a piece has come."""

    WAITING = "waiting"
    DONE = "done"
    GIVEN_UP = "given-up"
    DROPPED = "dropped"
    """By a person, who knows that it will not be there."""


_IS_OPEN = _T.state.in_((OutboxState.WAITING, OutboxState.GIVEN_UP))


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxItem:
    """One row."""

    id: int
    station: str
    delivery: str
    """The name of the place, as in [[deliveries]]."""
    guid: str
    action: OutboxAction
    title: str
    due: datetime | None
    state: OutboxState
    tries: int
    next_try_at: datetime
    note: str
    """What went wrong last, or how it ended."""
    created_at: datetime
    done_at: datetime | None


@retry_after_damage
class Outbox:
    """The rows of an archive. Every method raises ArchiveError as the archive's do."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def add(
        self,
        station: str,
        delivery: str,
        guid: str,
        action: OutboxAction,
        *,
        now: datetime,
        title: str = "",
        due: datetime | None = None,
    ) -> bool:
        """Write down a piece; False: it is known already, whatever became of it."""
        row = {
            "station": station,
            "delivery": delivery,
            "guid": guid,
            "action": action,
            "title": title,
            "due": due,
            "state": OutboxState.WAITING,
            "tries": 0,
            "next_try_at": now,
            "note": "",
            "created_at": now,
        }
        with self._archive.writing() as connection:
            command = insert(tables.outbox).values(row).on_conflict_do_nothing()
            return connection.execute(command).rowcount == 1

    def waiting(self, station: str, delivery: str) -> tuple[OutboxItem, ...]:
        """What is still to be done there, first come first."""
        return self._select(_of(station, delivery) & (_T.state == OutboxState.WAITING))

    def known(
        self, station: str, delivery: str, action: OutboxAction, *, limit: int = 100
    ) -> tuple[OutboxItem, ...]:
        """The last pieces of that action, whatever became of them, oldest first."""
        found = select(tables.outbox).where(_of(station, delivery), _T.action == action)
        with self._archive.reading() as connection:
            rows = connection.execute(found.order_by(_T.id.desc()).limit(limit)).mappings().all()
        return tuple(_piece(row) for row in reversed(rows))

    def published(self, station: str, delivery: str, guids: Collection[str]) -> tuple[OutboxItem, ...]:
        """Those of these bulletins that went there or were to go, whatever became of them."""
        return self._select(_of(station, delivery) & (_T.action == OutboxAction.PUBLISH) & _T.guid.in_(guids))

    def withdrawn(self, station: str, delivery: str) -> tuple[OutboxItem, ...]:
        """Podcast episodes that went there, or were to go, and were withdrawn since; not those that are seen to."""
        seen_to = select(_T.guid).where(_of(station, delivery), _T.action == OutboxAction.WITHDRAW)
        episodes = tables.episodes.c
        gone = select(episodes.guid).where(episodes.station == station, episodes.withdrawn_at.is_not(None))
        return self._select(
            _of(station, delivery)
            & (_T.action == OutboxAction.PUBLISH)
            & _T.guid.in_(gone)
            & _T.guid.not_in(seen_to)
        )

    def rows(self, station: str | None = None, *, limit: int = 200) -> tuple[OutboxItem, ...]:
        """All that waits or was given up, and the last `limit` of the others, in the order in which they came."""
        with self._archive.reading() as connection:
            found = select(tables.outbox).order_by(_T.id.desc())
            found = found.where(_T.station == station) if station else found
            troubles = connection.execute(found.where(_IS_OPEN)).mappings().all()
            ended = connection.execute(found.where(~_IS_OPEN).limit(limit)).mappings().all()
        return tuple(sorted((_piece(row) for row in (*troubles, *ended)), key=lambda piece: piece.id))

    def finish(
        self, piece: OutboxItem, *, now: datetime, state: OutboxState = OutboxState.DONE, note: str = ""
    ) -> None:
        """Nothing is left to do for it."""
        tries = piece.tries + (state is OutboxState.DONE and not note)
        self._change(piece.id, state=state, note=note, done_at=now, tries=tries)

    def put_off(self, piece: OutboxItem, *, now: datetime, next_try_at: datetime, note: str) -> None:
        """It failed; it stays in its place and is tried again then. What a clock ahead wrote down waits from now."""
        came = min(piece.created_at, now)
        self._change(piece.id, tries=piece.tries + 1, next_try_at=next_try_at, note=note, created_at=came)

    def take_over(self, piece: OutboxItem, before: OutboxItem) -> None:
        """It waits as the one does whose place it takes, and for the same reason."""
        self._change(piece.id, tries=before.tries, next_try_at=before.next_try_at, note=before.note)

    def find(self, number: int) -> OutboxItem | None:
        """By its number."""
        return next(iter(self._select(_T.id == number)), None)

    def troubles(self, station: str) -> tuple[OutboxItem, ...]:
        """What waits, and what was given up."""
        return self._select((_T.station == station) & _IS_OPEN)

    def stations(self) -> tuple[str, ...]:
        """Those of which something waits or was given up."""
        with self._archive.reading() as connection:
            return tuple(
                connection.scalars(select(_T.station).where(_IS_OPEN).distinct().order_by(_T.station))
            )

    def revive(self, piece: OutboxItem, *, now: datetime) -> None:
        """As if it had come now; it keeps its place in the order."""
        self._change(
            piece.id, state=OutboxState.WAITING, tries=0, next_try_at=now, created_at=now, done_at=None
        )

    def hasten(self, station: str, delivery: str, *, now: datetime) -> int:
        """Have what waits for a place tried at the next look, however long its pause; say how many pieces."""
        waiting = _of(station, delivery) & (_T.state == OutboxState.WAITING)
        with self._archive.writing() as connection:
            return connection.execute(update(tables.outbox).where(waiting).values(next_try_at=now)).rowcount

    def drop_strangers(
        self, station: str, deliveries: Iterable[str], *, now: datetime
    ) -> tuple[OutboxItem, ...]:
        """Give up what waits for places that the profile does not name any more; say what."""
        strange = and_(
            _T.station == station, _T.state == OutboxState.WAITING, _T.delivery.not_in(tuple(deliveries))
        )
        gone = self._select(strange)
        for piece in gone:
            note = f'the profile has no delivery "{piece.delivery}" any more'
            self.finish(piece, now=now, state=OutboxState.GIVEN_UP, note=note)
        return gone

    def forget(self, station: str, *, before: datetime) -> int:
        """
        Delete rows that ended before a moment; say how many. The last of each place stays.

        By that one the outbox knows that a bulletin which still lies in the folder is there already. A bulletin's
        rows go together, or it would be taken back once more.
        """
        other = tables.outbox.alias()
        has_other = exists().where(
            other.c.station == _T.station,
            other.c.delivery == _T.delivery,
            other.c.guid == _T.guid,
            or_(other.c.state == OutboxState.WAITING, other.c.done_at >= before),
        )
        last = select(func.max(_T.id)).group_by(_T.station, _T.delivery, _T.action)
        ended = and_(_T.station == station, _T.state != OutboxState.WAITING, _T.done_at < before)
        old = and_(ended, _T.id.not_in(last), ~has_other)
        if not self._select(old):
            return 0
        with self._archive.writing() as connection:
            return connection.execute(delete(tables.outbox).where(old)).rowcount

    def _change(self, number: int, **values: object) -> None:
        with self._archive.writing() as connection:
            connection.execute(update(tables.outbox).where(_T.id == number).values(**values))

    def _select(self, wanted: ColumnElement[bool]) -> tuple[OutboxItem, ...]:
        with self._archive.reading() as connection:
            found = select(tables.outbox).where(wanted).order_by(_T.id)
            return tuple(_piece(row) for row in connection.execute(found).mappings())


KEPT = timedelta(days=14)
"""How long it can be seen what went where."""


def _of(station: str, delivery: str) -> ColumnElement[bool]:
    return (_T.station == station) & (_T.delivery == delivery)


def _piece(row: RowMapping) -> OutboxItem:
    return OutboxItem(
        id=row["id"],
        station=row["station"],
        delivery=row["delivery"],
        guid=row["guid"],
        action=OutboxAction(row["action"]),
        title=row["title"],
        due=row["due"],
        state=OutboxState(row["state"]),
        tries=row["tries"],
        next_try_at=row["next_try_at"],
        note=row["note"],
        created_at=row["created_at"],
        done_at=row["done_at"],
    )
