"""
Ledger of limits that hold for a whole group: pauses of hosts, places at a provider of voices.

A row is a place that is taken until a moment by the database's clock; a worker that dies frees its place by the lease.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, update
from sqlalchemy.dialects.sqlite import insert

from bulletin.archive.database.group_tables import rate_limits
from bulletin.archive.database_interface import Database
from bulletin.archive.retry_after_archive_repair import Ledger

_T = rate_limits.c
LONGEST = timedelta(days=1)
"""A place that is taken for longer was taken by a clock that was ahead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place that a worker holds."""

    key: str
    until: datetime
    """End of its lease, which also tells whose it is."""


class RateLimits(Ledger):
    """Places that all workers of a group share. Every method raises ArchiveError, as the archive's do."""

    def __init__(self, archive: Database, *, now: Callable[[], datetime]) -> None:
        """`now` is the database's clock."""
        super().__init__(archive)
        self._now = now

    def take(self, key: str, *, lease: timedelta, places: int = 1) -> Place | None:
        """
        Take one of the `places` of a key until it is freed or the lease ends; None: all are taken.

        The lease must be longer than the work: at its end another worker may take the place.
        """
        names = [key if number == 0 else f"{key}#{number}" for number in range(places)]
        with self._archive.writing() as connection:
            now = self._now()
            is_free = or_(_T.free_at <= now, _T.free_at > now + LONGEST)
            for name in names:
                new = insert(rate_limits).values(key=name, free_at=now + lease)
                taken = new.on_conflict_do_update(
                    index_elements=["key"], set_={"free_at": now + lease}, where=is_free
                )
                if connection.execute(taken.returning(_T.key)).first():
                    return Place(key=name, until=now + lease)
        return None

    def renew(self, place: Place, *, lease: timedelta) -> Place:
        """The same place until the end of a new lease; unchanged where the old lease has ended and another has it."""
        until = self._now() + lease
        is_held = (_T.key == place.key, _T.free_at == place.until)
        is_renewed = self._archive.execute(update(rate_limits).where(*is_held).values(free_at=until)) == 1
        return Place(key=place.key, until=until) if is_renewed else place

    def free(self, place: Place, *, after: timedelta = timedelta()) -> None:
        """Give a place back; the next one gets it `after` a pause. Nothing happens where the lease has ended."""
        with self._archive.writing() as connection:
            is_held = (_T.key == place.key, _T.free_at == place.until)
            connection.execute(update(rate_limits).where(*is_held).values(free_at=self._now() + after))

    def forget(self, *, before: datetime) -> int:
        """Delete places that have been free since a moment; return how many."""
        return self._archive.execute(delete(rate_limits).where(_T.free_at < before))
