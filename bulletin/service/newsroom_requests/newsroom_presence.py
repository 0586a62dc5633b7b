"""Whether somebody has the newsroom of a station open: the age of a file that its pages touch."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bulletin.station.build_station_object import STATE

_TOUCH_AGAIN = timedelta(seconds=30)
PRESENT = timedelta(minutes=3)
"""A page that is being read without a script loads rarely; one with live changes touches the file every 20 s."""


def note_open(output: Path, station: str, *, now: datetime) -> None:
    """Note that a page of the station is open; at most every 30 s. Raises nothing: only previews are older then."""
    path = _path(output, station)
    with suppress(OSError):
        if _is_recent(path, now, _TOUCH_AGAIN):
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        os.utime(path, (now.timestamp(), now.timestamp()))


def is_open(output: Path, station: str, *, now: datetime) -> bool:
    """Whether a page of the station was open in the last minutes."""
    return _is_recent(_path(output, station), now, PRESENT)


def _path(output: Path, station: str) -> Path:
    return output / STATE / "newsroom" / station / "open"


def _is_recent(path: Path, now: datetime, within: timedelta) -> bool:
    """Not where the clock was set back since, by more than the time within which it counts."""
    with suppress(OSError):
        return abs(now - datetime.fromtimestamp(path.stat().st_mtime, UTC)) < within
    return False
