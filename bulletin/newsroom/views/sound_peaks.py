"""Sound file -> heights of its waveform, measured once on the server: a phone need not decode a long file."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from pathlib import Path

from bulletin.publishing.measure_waveform_bars import measure_wave
from bulletin.runtime.files.atomic_write import atomic_file

_FOLDER = "peaks"
_KEPT = 200
"""Measured files; the oldest are deleted first."""


def read_peaks(path: Path, *, state: Path) -> tuple[int, ...]:
    """Heights, 1 to 100, that were measured earlier; empty: not measured, or the file has changed since."""
    with suppress(OSError, ValueError):
        heights = json.loads(_file_of(path, state).read_text("ascii"))
        return tuple(height for height in heights if isinstance(height, int))
    return ()


def measure_peaks(path: Path, *, state: Path) -> tuple[int, ...]:
    """The same, measured now if need be: decodes the whole file. Empty for a file without sound."""
    known = read_peaks(path, state=state)
    if known:
        return known
    heights = measure_wave(path)
    if heights:
        with suppress(OSError):  # a full disk: it is measured again next time
            file = _file_of(path, state)
            file.parent.mkdir(parents=True, exist_ok=True)
            with atomic_file(file) as part:
                part.write_text(json.dumps(heights), "ascii")
            _sweep(file.parent)
    return heights


def _file_of(path: Path, state: Path) -> Path:
    about = path.stat()
    key = f"{path.name}|{about.st_mtime_ns}|{about.st_size}".encode()
    return state / "newsroom" / _FOLDER / f"{hashlib.sha256(key).hexdigest()[:24]}.json"


def _sweep(folder: Path) -> None:
    files = sorted(folder.glob("*.json"), key=lambda file: file.stat().st_mtime)
    for file in files[:-_KEPT]:
        file.unlink(missing_ok=True)
