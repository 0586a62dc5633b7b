"""Open alerts of a station <-> a file: a service that was killed still tells when they are over."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from pydantic import TypeAdapter

from bulletin.runtime.files.atomic_write import write_atomically
from bulletin.service.monitoring.alert_rules import Trouble, Troubles

FOLDER = "alerts"
"""In the private folder, one file for each station: another service may keep other stations of that folder."""
_LEAST_BYTES = 4096
"""Size of a file, a block of most file systems: it is overwritten in place, so a full disk has room for it."""
_ADAPTER = TypeAdapter(list[Trouble])


def read_open_alerts(path: Path) -> Troubles:
    """The open alerts of a file; none where it is missing or damaged."""
    with suppress(OSError, ValueError):
        return {
            (trouble.kind, trouble.about): trouble for trouble in _ADAPTER.validate_json(path.read_bytes())
        }
    return {}


def write_open_alerts(path: Path, troubles: Troubles) -> bool:
    """Write the file; True when it is written. Raises nothing: a full disk is itself an alert."""
    text = _ADAPTER.dump_json([*troubles.values()], indent=1).decode().ljust(_LEAST_BYTES)
    with suppress(OSError):
        if path.is_file() and len(text.encode()) == path.stat().st_size == _LEAST_BYTES:
            with path.open("r+b", buffering=0) as file:
                file.write(text.encode())
        else:
            write_atomically(path, text)
        return True
    return False
