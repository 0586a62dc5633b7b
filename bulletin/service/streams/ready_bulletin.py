"""Public folder -> the valid bulletin that a stream sends, by its side file."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bulletin.model import Level
from bulletin.streaming.stream_port import StreamError, StreamItem

_REMEDY = "`bulletin make` makes a new one"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyBulletin:
    """A bulletin that may be sent."""

    item: StreamItem
    due: datetime
    """Its slot; aware."""
    level: Level
    duration_s: float


def find_ready(
    folder: Path, kind: str, *, at: datetime, is_slot: bool = True, aside: Path | None = None
) -> ReadyBulletin:
    """
    The bulletin of a rendition that is valid at `at`; with `is_slot` none of a later slot.

    `aside` is the folder of the prepared stand-by, which is sent where the on-air file is not for this slot: both are
    swapped at the same moment. Raises StreamError, which says what is there instead.
    """
    try:
        ready = _find(folder, kind, at=at, is_slot=is_slot)
    except StreamError:
        if aside is None:
            raise
        with suppress(StreamError):
            return _find(aside, kind, at=at, is_slot=is_slot)
        raise
    if aside and is_slot and ready.due < at:
        with suppress(StreamError):
            prepared = _find(aside, kind, at=at, is_slot=True)
            return prepared if prepared.due > ready.due else ready
    return ready


def _find(folder: Path, kind: str, *, at: datetime, is_slot: bool) -> ReadyBulletin:
    path = folder / ("latest.json" if kind == "podcast" else f"{kind}.json")
    side_file = _read_side_file(path)
    try:
        due, until = (datetime.fromisoformat(side_file[name]) for name in ("due", "valid_until"))
        is_valid = at < until and (due <= at or not is_slot)
        audio = folder / Path(side_file["audio"]).name
        level, duration_s = Level(side_file["level"]), float(side_file["duration_s"])
        title, digest = str(side_file["title"]), str(side_file["sha256"])
    except (KeyError, TypeError, ValueError) as error:
        raise StreamError(f"{path}: cannot be understood ({error!r}); {_REMEDY}") from error
    if not is_valid:
        raise StreamError(
            f"{path}: nothing valid at {at:%H:%M} UTC: it tells of the bulletin of {due:%d %b %H:%M}, valid "
            f"until {until:%d %b %H:%M}; {_REMEDY}"
        )
    data = _read(audio)
    if hashlib.sha256(data).hexdigest() != digest:
        raise StreamError(f"{audio}: is not the file that {path.name} tells of; try again, or {_REMEDY}")
    return ReadyBulletin(
        item=StreamItem(path=audio, title=title, data=data), due=due, level=level, duration_s=duration_s
    )


def take_file(path: Path, *, title: str, due: datetime) -> ReadyBulletin:
    """Any file that a person chose. Raises StreamError."""
    item = StreamItem(path=path, title=title, data=_read(path))
    return ReadyBulletin(item=item, due=due, level=Level.FRESH, duration_s=0.0)


def _read_side_file(path: Path) -> dict[str, Any]:
    if not path.exists():
        raise StreamError(f"{path}: is not there: nothing to stream yet; {_REMEDY}")
    try:
        side_file = json.loads(_read(path))
    except (ValueError, RecursionError) as error:
        raise StreamError(f"{path}: cannot be read ({error}); {_REMEDY}") from error
    return side_file if isinstance(side_file, dict) else {}


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise StreamError(f"{path}: cannot be read ({error.strerror or error}); {_REMEDY}") from error
