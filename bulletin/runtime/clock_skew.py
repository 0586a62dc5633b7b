"""Now -> the latest moment at which anything can have been made; what says a later one, is of a clock that ran ahead."""

from __future__ import annotations

from datetime import datetime, timedelta

ON_AIR_CLOCKS_DIFFER = timedelta(minutes=1)
"""Of what the playout takes, so that its hour is right."""
CLOCKS_DIFFER = timedelta(minutes=10)
"""Clocks are set by seconds every day, and machines that share a folder don't agree to the second."""


def latest_made(now: datetime) -> datetime:
    """
    The moment up to which something that was made may be the newest.

    What a clock made that ran ahead and was set right since would be the newest until its day has come, and keep
    away all that is made meanwhile. So it waits for its day; then it is one of many.
    """
    return now + CLOCKS_DIFFER
