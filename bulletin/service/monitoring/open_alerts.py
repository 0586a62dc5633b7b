"""Open troubles of a station <-> a file: a service that was killed says all the same when they are over."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from bulletin.runtime.files.atomic_write import write_atomically
from bulletin.service.monitoring.alert_rules import AlertKind, Trouble, Troubles

FOLDER = "alerts"
"""In the private folder, a file for each station: other services may keep other stations of that folder."""
_ROOM_BYTES = 4096
"""A block of most file systems; some twenty-five troubles."""


def read_open_alerts(path: Path) -> Troubles:
    """None where there is no such file, or one that cannot be read."""
    with suppress(OSError, ValueError, TypeError, KeyError, RecursionError):
        return {
            (AlertKind(one["kind"]), str(one["about"])): Trouble(
                since=_moment(one["since"]),
                times=int(one["times"]),
                told_at=_moment(one["told_at"]) if one["told_at"] else None,
            )
            for one in json.loads(path.read_bytes())
        }
    return {}


def write_open_alerts(path: Path, troubles: Troubles) -> bool:
    """
    Whole or not at all; whether it is kept. Raises nothing: a full disk is one of the troubles that must be told.

    There the file goes into the room that `keep_room` has kept.
    """
    told = [
        {
            "kind": kind,
            "about": about,
            "since": trouble.since.isoformat(),
            "times": trouble.times,
            "told_at": trouble.told_at.isoformat() if trouble.told_at else None,
        }
        for (kind, about), trouble in troubles.items()
    ]
    text = json.dumps(told, indent=1)
    try:
        write_atomically(path, text)
    except OSError:
        is_kept = _write_into_room(path, text)
    else:
        is_kept = True
    keep_room(path)
    return is_kept


def keep_room(path: Path) -> None:
    """Have a file beside `path` whose blocks are ours already when a disk is full. Raises nothing."""
    room = _room_of(path)
    with suppress(OSError):
        if not room.is_file():
            write_atomically(room, " " * _ROOM_BYTES)


def _write_into_room(path: Path, text: str) -> bool:
    """Whether it has gone there; it takes the place of the file before, whose own blocks are the next room."""
    room = _room_of(path)
    data = text.encode().ljust(_ROOM_BYTES)
    if len(data) > _ROOM_BYTES:
        return False
    try:
        with room.open("r+b", buffering=0) as file:
            file.write(data)
        room.replace(path)
    except OSError:
        return False
    return True


def _room_of(path: Path) -> Path:
    return path.with_suffix(".room")


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
