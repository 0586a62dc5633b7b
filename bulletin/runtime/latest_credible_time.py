"""Clock skew: the latest credible date of a file or record."""

from __future__ import annotations

from datetime import datetime, timedelta

ON_AIR_CLOCKS_DIFFER = timedelta(minutes=1)
"""Tolerance for the file that the playout reads, so that its hour is right."""
CLOCKS_DIFFER = timedelta(minutes=10)
"""Tolerance elsewhere: clocks are set by seconds a day; machines that share a folder differ as much."""


def latest_made(now: datetime) -> datetime:
    """
    Latest date of an existing file or record.

    A record with a later date was made by a fast clock that was set right since. It would be the newest until that
    date and hide every later record; so it is left out until then.
    """
    return now + CLOCKS_DIFFER
