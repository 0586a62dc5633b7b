"""
Outbox of deliveries: bulletins to publish at or withdraw from other places, first come first served.

One unique row for each bulletin, delivery and action, so adding it again is harmless. A row ends as done, as
given up with a note that says why, or dropped by a person.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, true, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.engine import RowMapping

from bulletin.archive.database import tables
from bulletin.archive.database.rows_to_dataclasses import from_row
from bulletin.archive.retry_after_archive_repair import Ledger

_T = tables.outbox.c


class OutboxAction(StrEnum):
    """Action at the destination."""

    PUBLISH = "publish"
    WITHDRAW = "withdraw"


class OutboxState(StrEnum):
    """Progress of an item."""

    WAITING = "waiting"
    DONE = "done"
    GIVEN_UP = "given-up"
    DROPPED = "dropped"
    """Dropped by a person; it will not be delivered."""


_IS_OPEN = _T.state.in_((OutboxState.WAITING, OutboxState.GIVEN_UP))


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxItem:
    """One bulletin to publish or withdraw at one destination."""

    id: int
    station: str
    delivery: str
    """Name of the destination, as in [[deliveries]]."""
    guid: str
    action: OutboxAction
    title: str
    due: datetime | None
    state: OutboxState
    tries: int
    next_try_at: datetime
    note: str
    """The last error, or how it ended."""
    created_at: datetime
    done_at: datetime | None


class Outbox(Ledger):
    """Outbox rows of an archive. Every method raises ArchiveError, as the archive's do."""

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
        """Add an item; False when it is in the outbox already, in any state."""
        row = {
            "station": station,
            "delivery": delivery,
            "guid": guid,
            "action": action,
            "title": title,
            "due": due,
            "state": OutboxState.WAITING,
            "next_try_at": now,
            "created_at": now,
        }
        return self._archive.execute(insert(tables.outbox).values(row).on_conflict_do_nothing()) == 1

    def waiting(self, station: str, delivery: str) -> tuple[OutboxItem, ...]:
        """Items that wait for a destination, oldest first."""
        return self._select(_of(station, delivery) & (_T.state == OutboxState.WAITING))

    def due_deliveries(self, now: datetime) -> tuple[tuple[str, str], ...]:
        """Station and destination of each item that waits and whose next try is due."""
        is_due = and_(_T.state == OutboxState.WAITING, _T.next_try_at <= now)
        query = select(_T.station, _T.delivery).where(is_due).distinct().order_by(_T.station, _T.delivery)
        return self._archive.select(query, lambda row: (row["station"], row["delivery"]))

    def known(
        self, station: str, delivery: str, action: OutboxAction, *, limit: int = 100
    ) -> tuple[OutboxItem, ...]:
        """The last items of an action, in any state, oldest first."""
        return self._last(_of(station, delivery) & (_T.action == action), limit)

    def published(self, station: str, delivery: str, guids: Collection[str]) -> tuple[OutboxItem, ...]:
        """Items that publish one of these bulletins at a destination, in any state."""
        return self._select(_of(station, delivery) & (_T.action == OutboxAction.PUBLISH) & _T.guid.in_(guids))

    def withdrawn(self, station: str, delivery: str) -> tuple[OutboxItem, ...]:
        """Published or waiting episodes that were withdrawn since, and have no withdrawal in the outbox yet."""
        handled = select(_T.guid).where(_of(station, delivery), _T.action == OutboxAction.WITHDRAW)
        episodes = tables.episodes.c
        gone = select(episodes.guid).where(episodes.station == station, episodes.withdrawn_at.is_not(None))
        is_due = (_T.action == OutboxAction.PUBLISH) & _T.guid.in_(gone) & _T.guid.not_in(handled)
        return self._select(_of(station, delivery) & is_due)

    def is_withdrawn(self, item: OutboxItem) -> bool:
        """Whether the bulletin of an item has been withdrawn, or its withdrawal waits for the same destination."""
        same = _of(item.station, item.delivery) & (_T.guid == item.guid)
        waits = select(_T.guid).where(
            same, _T.action == OutboxAction.WITHDRAW, _T.state == OutboxState.WAITING
        )
        episodes = tables.episodes.c
        is_gone = and_(episodes.guid == item.guid, episodes.withdrawn_at.is_not(None))
        gone = select(episodes.guid).where(episodes.station == item.station, is_gone)
        return any(self._archive.scalar(query.limit(1)) is not None for query in (waits, gone))

    def rows(self, station: str | None = None, *, limit: int = 200) -> tuple[OutboxItem, ...]:
        """All items that wait or were given up, and the last `limit` of the others, oldest first."""
        is_own = _T.station == station if station else true()
        rows = (*self._select(is_own & _IS_OPEN), *self._last(is_own & ~_IS_OPEN, limit))
        return tuple(sorted(rows, key=lambda item: item.id))

    def finish(
        self, item: OutboxItem, *, now: datetime, state: OutboxState = OutboxState.DONE, note: str = ""
    ) -> None:
        """End an item, unless its state has changed meanwhile: done, given up or dropped."""
        tries = item.tries + (state is OutboxState.DONE and not note)
        self._change(item, state=state, note=note, done_at=now, tries=tries)

    def put_off(self, item: OutboxItem, *, now: datetime, next_try_at: datetime, note: str) -> None:
        """Note a failed try and the time of the next. An item dated ahead by a fast clock waits from now."""
        created_at = min(item.created_at, now)
        self._change(item, tries=item.tries + 1, next_try_at=next_try_at, note=note, created_at=created_at)

    def take_over(self, item: OutboxItem, before: OutboxItem) -> None:
        """Give an item the tries, next try and note of the one `before` that it replaces."""
        self._change(item, tries=before.tries, next_try_at=before.next_try_at, note=before.note)

    def find(self, number: int) -> OutboxItem | None:
        """The item with that number."""
        return next(iter(self._select(_T.id == number)), None)

    def troubles(self, station: str) -> tuple[OutboxItem, ...]:
        """Items that wait or were given up."""
        return self._select((_T.station == station) & _IS_OPEN)

    def stations(self) -> tuple[str, ...]:
        """Stations with items that wait or were given up."""
        query = select(_T.station).where(_IS_OPEN).distinct().order_by(_T.station)
        return self._archive.select(query, lambda row: row["station"])

    def revive(self, item: OutboxItem, *, now: datetime) -> None:
        """Revive an item as if it were new; it keeps its position."""
        again = {"state": OutboxState.WAITING, "tries": 0, "next_try_at": now, "created_at": now}
        self._change(item, **again, done_at=None)

    def hasten(self, station: str, delivery: str, *, now: datetime) -> int:
        """End the backoff of all items that wait for a destination; return how many."""
        waiting = _of(station, delivery) & (_T.state == OutboxState.WAITING)
        return self._archive.execute(update(tables.outbox).where(waiting).values(next_try_at=now))

    def drop_strangers(self, station: str, deliveries: Iterable[str], *, now: datetime) -> None:
        """Give up items that wait for destinations which the profile no longer has."""
        waiting = and_(_T.station == station, _T.state == OutboxState.WAITING)
        for item in self._select(waiting & _T.delivery.not_in(tuple(deliveries))):
            note = f'the profile has no delivery "{item.delivery}" any more'
            self.finish(item, now=now, state=OutboxState.GIVEN_UP, note=note)

    def forget(self, station: str, *, before: datetime) -> int:
        """
        Delete items that ended before a moment; return how many. The last one of each destination stays.

        It shows that the bulletin in the public folder has been delivered. All items of a bulletin go together, or
        it would be withdrawn once more.
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
        return self._archive.execute(delete(tables.outbox).where(old)) if self._select(old) else 0

    def _change(self, item: OutboxItem, **values: object) -> None:
        """Change an item, unless its state has changed since it was read: another worker may have ended it."""
        is_as_read = and_(_T.id == item.id, _T.state == item.state)
        self._archive.execute(update(tables.outbox).where(is_as_read).values(**values))

    def _select(self, condition: ColumnElement[bool]) -> tuple[OutboxItem, ...]:
        return self._archive.select(select(tables.outbox).where(condition).order_by(_T.id), _item)

    def _last(self, condition: ColumnElement[bool], limit: int) -> tuple[OutboxItem, ...]:
        query = select(tables.outbox).where(condition).order_by(_T.id.desc()).limit(limit)
        return self._archive.select(query, _item)[::-1]


KEPT = timedelta(days=14)
"""Retention of ended items."""


def _of(station: str, delivery: str) -> ColumnElement[bool]:
    return (_T.station == station) & (_T.delivery == delivery)


def _item(row: RowMapping) -> OutboxItem:
    return from_row(OutboxItem, row)
