"""
Limits of a whole group: as many at once as there are places, with a pause between two.

Each test also runs on PostgreSQL (mark.clients).
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.group.rate_limits import RateLimits
from tests.archive.ledgers.group.test_work_ledger import DatabaseClock

LEASE = timedelta(seconds=20)
SECOND = timedelta(seconds=1)


@pytest.fixture
def clock() -> DatabaseClock:
    return DatabaseClock()


@pytest.fixture
def limits(archive: Archive, clock: DatabaseClock) -> RateLimits:
    return RateLimits(archive, now=clock)


def test_a_key_has_as_many_places_as_the_provider_allows(limits: RateLimits, clock: DatabaseClock) -> None:
    taken = [limits.take("voice:openai", lease=LEASE, places=2) for _ in range(3)]
    other = limits.take("voice:gtts", lease=LEASE)

    assert [place is not None for place in taken] == [True, True, False]
    assert other is not None
    assert taken[0] is not None
    limits.free(taken[0])
    assert limits.take("voice:openai", lease=LEASE, places=2) is not None


def test_a_host_is_free_after_its_pause(limits: RateLimits, clock: DatabaseClock) -> None:
    place = limits.take("host:g.example", lease=LEASE)
    assert place is not None
    limits.free(place, after=SECOND)

    early = limits.take("host:g.example", lease=LEASE)
    clock.passes(SECOND)

    assert early is None
    assert limits.take("host:g.example", lease=LEASE) is not None


def test_a_dead_worker_s_place_is_free_at_the_end_of_its_lease(
    limits: RateLimits, clock: DatabaseClock
) -> None:
    """And that worker, woken again, does not free it for a third one."""
    dead = limits.take("host:g.example", lease=LEASE)
    clock.passes(LEASE)
    mine = limits.take("host:g.example", lease=LEASE)
    assert dead is not None
    limits.free(dead)

    assert mine is not None
    assert limits.take("host:g.example", lease=LEASE) is None
