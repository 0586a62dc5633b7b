"""Open alerts of a station <-> a file: a service that was killed still tells when they are over."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from bulletin.runtime.files.atomic_write import write_atomically
from bulletin.service.monitoring.alert_rules import AlertKind, Trouble, Troubles

FOLDER = "alerts"
"""In the private folder, one file for each station: another service may keep other stations of that folder."""
_RESERVE, _RESERVE_BYTES = ".room", 4096
"""A block of most file systems; some twenty-five alerts."""


def read_open_alerts(path: Path) -> Troubles:
    """The open alerts of a file; none where it is missing or damaged."""
    with suppress(OSError, ValueError, TypeError, KeyError, RecursionError):
        return {
            (AlertKind(entry["kind"]), str(entry["about"])): Trouble(
                since=datetime.fromisoformat(entry["since"]).astimezone(UTC),
                times=int(entry["times"]),
                told_at=datetime.fromisoformat(entry["told_at"]).astimezone(UTC)
                if entry["told_at"]
                else None,
            )
            for entry in json.loads(path.read_bytes())
        }
    return {}


def write_open_alerts(path: Path, troubles: Troubles) -> bool:
    """
    Write the file whole or not at all; True when it is written. Raises nothing: a full disk is itself an alert.

    On a full disk the text goes into the blocks that `reserve_blocks` holds.
    """
    entries = [
        {
            "kind": kind,
            "about": about,
            "since": trouble.since.isoformat(),
            "times": trouble.times,
            "told_at": trouble.told_at.isoformat() if trouble.told_at else None,
        }
        for (kind, about), trouble in troubles.items()
    ]
    text = json.dumps(entries, indent=1)
    try:
        try:
            write_atomically(path, text)
        except OSError:
            _write_into_reserve(path, text)
    except OSError:
        is_written = False
    else:
        is_written = True
    reserve_blocks(path)
    return is_written


def reserve_blocks(path: Path) -> None:
    """Reserve disk blocks for the file at `path`, so that it can be written on a full disk. Raises nothing."""
    reserve = path.with_suffix(_RESERVE)
    with suppress(OSError):
        if not reserve.is_file():
            write_atomically(reserve, " " * _RESERVE_BYTES)


def _write_into_reserve(path: Path, text: str) -> None:
    """Overwrite the reserve and rename it to `path`; the blocks of the file before are free for the next reserve."""
    data = text.encode().ljust(_RESERVE_BYTES)
    if len(data) > _RESERVE_BYTES:
        raise OSError(f"{path}: needs more than the {_RESERVE_BYTES} bytes of its reserve")
    reserve = path.with_suffix(_RESERVE)
    with reserve.open("r+b", buffering=0) as file:
        file.write(data)
    reserve.replace(path)
