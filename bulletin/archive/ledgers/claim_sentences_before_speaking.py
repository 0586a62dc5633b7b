"""
Ledger of speech: a row for each sentence that a voice is speaking now or spoke lately.

Two stations that need the same sentence at the same time speak it once. As with slots, a claim is one
conditional statement and holds for a lease. A run that hangs delays the others until its lease expires, a
dead run not at all.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.dialects.sqlite import insert

from bulletin.archive.database import tables
from bulletin.archive.database_interface import Database
from bulletin.archive.retry_after_archive_repair import Ledger

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
"""A sentence takes a second or two; renewed while a long script is being spoken."""
_KEPT = timedelta(days=2)

_T = tables.speech.c


class SpeechLedger(Ledger):
    """
    Speech rows of an archive, for one run called `owner`.

    `lives` says whether the run of that name may still be at work. Raises ArchiveError, as the archive does.
    """

    def __init__(
        self,
        archive: Database,
        *,
        owner: str,
        lives: Callable[[str], bool] = lambda _: True,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        """`now` is the clock of leases, by default the archive's: machines of a group may differ."""
        super().__init__(archive)
        self._owner = owner
        self._lives = lives
        self._now = now or archive.now

    def claim(self, keys: Collection[str]) -> frozenset[str]:
        """Claim the `keys` that no other run is speaking and return them; this run's own claims are renewed."""
        claimed = self._take(keys)
        busy = [key for key in keys if key not in claimed]
        if busy and (dead := self._dead_owners(busy)):
            freed = self._take(busy, dead=dead)
            log.info("sentences of interrupted runs spoken now: sentences=%d runs=%d", len(freed), len(dead))
            claimed |= freed
        return claimed

    def _dead_owners(self, keys: Collection[str]) -> tuple[str, ...]:
        """Owners of `keys` that are not running any more."""
        query = select(_T.owner).distinct().where(_T.key.in_(keys))
        owners = self._archive.select(query, lambda row: str(row["owner"]))
        return tuple(owner for owner in owners if owner != self._owner and not self._lives(owner))

    def _take(self, keys: Collection[str], *, dead: Collection[str] = ()) -> frozenset[str]:
        with self._archive.writing() as connection:
            # Read under the lock: a lease written while this run waited would seem to be from the future.
            now = self._now()
            free: ColumnElement[bool] = or_(
                _T.lease_until.is_(None),
                _T.lease_until <= now,
                _T.lease_until > now + 2 * LEASE,  # written before the clock was set back
                _T.owner.in_((self._owner, *dead)),
            )
            connection.execute(delete(tables.speech).where(_T.begun_at < now - _KEPT))
            claim = {"owner": self._owner, "lease_until": now + LEASE, "begun_at": now}
            # in the order of the keys, so that two runs never wait for each other in a circle
            rows = [{**claim, "key": key} for key in sorted(set(keys))]
            if not rows:
                return frozenset()
            new = insert(tables.speech).values(rows)
            new = new.on_conflict_do_update(index_elements=["key"], set_=claim, where=free)
            return frozenset(connection.execute(new.returning(_T.key)).scalars())

    def close(self, spoken: Collection[str], unspoken: Collection[str] = ()) -> None:
        """Release claims: `spoken` sentences are in the cache, `unspoken` ones are free for other runs."""
        now = self._now()
        is_own = _T.owner == self._owner
        self._archive.execute(
            update(tables.speech).where(_T.key.in_(spoken), is_own).values(lease_until=None, said_at=now),
            delete(tables.speech).where(_T.key.in_(unspoken), is_own),
        )
