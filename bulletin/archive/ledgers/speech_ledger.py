"""
The ledger of speech: a row for each sentence of a voice that is being said or was said lately.

Two stations that need the same sentence at the same time say it once. As with slots, a claim is one
conditional statement and holds for a lease: whoever hangs while speaking keeps nobody waiting for longer, and
whoever is known to be dead keeps nobody waiting at all.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.dialects.sqlite import insert

from bulletin.archive.archive import Archive
from bulletin.archive.database import tables
from bulletin.archive.retry_on_damage import retry_after_damage

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
"""A sentence takes a second or two; renewed while a long script is being said."""
_KEPT = timedelta(days=2)

_T = tables.speech.c


def _now() -> datetime:
    return datetime.now(UTC)


@retry_after_damage
class SpeechLedger:
    """
    The rows of speech in an archive, for one run called `owner`.

    `lives` tells of the name of another run whether it may still be at work. Raises ArchiveError as the
    archive does.
    """

    def __init__(
        self,
        archive: Archive,
        *,
        owner: str,
        lives: Callable[[str], bool] = lambda _: True,
        now: Callable[[], datetime] = _now,
    ) -> None:
        self._archive = archive
        self._owner = owner
        self._lives = lives
        self._now = now

    def claim(self, keys: Collection[str]) -> frozenset[str]:
        """Take of `keys` what nobody is saying, and say which; what this run has already, it has for longer."""
        taken = self._take(keys)
        left = [key for key in keys if key not in taken]
        if left and (dead := self._dead(left)):
            freed = self._take(left, dead=dead)
            log.info("taken over from runs that died: sentences=%d runs=%d", len(freed), len(dead))
            taken |= freed
        return taken

    def _dead(self, keys: Collection[str]) -> tuple[str, ...]:
        """Who is said to be saying any of `keys`, and cannot be."""
        with self._archive.reading() as connection:
            owners = connection.execute(select(_T.owner).distinct().where(_T.key.in_(keys))).scalars().all()
        return tuple(one for one in owners if one != self._owner and not self._lives(one))

    def _take(self, keys: Collection[str], *, dead: Collection[str] = ()) -> frozenset[str]:
        with self._archive.writing() as connection:
            # Only now: who waited for the lock would take a lease written meanwhile for one from the future.
            now = self._now()
            free: ColumnElement[bool] = or_(
                _T.lease_until.is_(None),
                _T.lease_until <= now,
                _T.lease_until > now + 2 * LEASE,  # written before the clock was set back
                _T.owner.in_((self._owner, *dead)),
            )
            connection.execute(delete(tables.speech).where(_T.begun_at < now - _KEPT))
            return frozenset(
                key
                for key in keys
                if connection.execute(
                    insert(tables.speech)
                    .values(key=key, owner=self._owner, lease_until=now + LEASE, begun_at=now)
                    .on_conflict_do_update(
                        index_elements=[_T.key],
                        set_={"owner": self._owner, "lease_until": now + LEASE, "begun_at": now},
                        where=free,
                    )
                ).rowcount
            )

    def close(self, said: Collection[str], unsaid: Collection[str] = ()) -> None:
        """Give back what this run took: `said` lies in the cache, `unsaid` is free for whoever comes next."""
        now = self._now()
        with self._archive.writing() as connection:
            connection.execute(
                update(tables.speech)
                .where(_T.key.in_(said), _T.owner == self._owner)
                .values(lease_until=None, said_at=now)
            )
            connection.execute(delete(tables.speech).where(and_(_T.key.in_(unsaid), _T.owner == self._owner)))
