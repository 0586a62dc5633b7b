"""How long a place that took nothing is left in peace. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

FIRST_PAUSE = timedelta(seconds=15)
"""After the first failure; twice as long after the second, and so on."""
MOST_PAUSE = timedelta(minutes=10)
LASTING_PAUSE = timedelta(minutes=30)
"""A login that was refused is not tried every minute: servers lock accounts for that."""


def pause_after(tries: int, *, is_lasting: bool) -> timedelta:
    """Until the next try of a piece, of which `tries` had failed before this one."""
    return LASTING_PAUSE if is_lasting else min(FIRST_PAUSE * 2 ** min(tries, 10), MOST_PAUSE)


def must_wait(next_try_at: datetime, *, now: datetime) -> bool:
    """
    Whether a piece is not due yet.

    One that would wait longer than any pause was put off while the clock was wrong, and is due.
    """
    return timedelta(0) < next_try_at - now <= LASTING_PAUSE


def is_handed_on(next_try_at: datetime, *, now: datetime) -> bool:
    """
    Whether the pause of a piece holds for the newer one that takes its place.

    A place that is down is asked at once for a new bulletin; one that refuses the login is not, or a station
    with a bulletin every quarter of an hour would ask four times as often as it may. Only such a pause is
    longer than any other.
    """
    return must_wait(next_try_at, now=now) and next_try_at - now > MOST_PAUSE
