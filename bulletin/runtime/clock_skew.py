"""Clock skew: up to which moment the dates of files and records are believed."""

from __future__ import annotations

from datetime import datetime, timedelta

ON_AIR_CLOCKS_DIFFER = timedelta(minutes=1)
"""Tolerance for the file that the playout reads, so that its hour is right."""
CLOCKS_DIFFER = timedelta(minutes=10)
"""Tolerance for all else: clocks are set by seconds every day, and machines that share a folder differ by as much."""


def latest_made(now: datetime) -> datetime:
    """
    The latest date that something already made can have.

    A record with a later date was made by a fast clock that was set right since. It would be the newest until that
    date and hide all that is made meanwhile; so it is left out until then.
    """
    return now + CLOCKS_DIFFER
