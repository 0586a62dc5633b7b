"""Retry delay of a failed delivery. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

FIRST_PAUSE = timedelta(seconds=15)
"""Delay after the first failure; it doubles with each one."""
MOST_PAUSE = timedelta(minutes=10)
LASTING_PAUSE = timedelta(minutes=30)
"""Delay after a failure that only a person can mend: servers lock accounts after many refused logins."""


def pause_after(tries: int, *, is_lasting: bool) -> timedelta:
    """Delay of a piece after a failed try; `tries` is the number of earlier failures."""
    return LASTING_PAUSE if is_lasting else min(FIRST_PAUSE * 2 ** min(tries, 10), MOST_PAUSE)


def must_wait(next_try_at: datetime, *, now: datetime) -> bool:
    """
    Whether a piece is not due yet.

    A delay longer than the longest one was set by a wrong clock: such a piece is due.
    """
    return timedelta(0) < next_try_at - now <= LASTING_PAUSE


def is_handed_on(next_try_at: datetime, *, now: datetime) -> bool:
    """
    Whether the delay of a piece applies to the newer piece that replaces it.

    A new bulletin is sent without delay to a server that was down. A server that refused the login is not asked
    earlier: a station with a bulletin every quarter of an hour would ask four times as often as it may. Only
    that delay is longer than MOST_PAUSE.
    """
    return must_wait(next_try_at, now=now) and next_try_at - now > MOST_PAUSE
