"""What lies in the public folder for a stream to take, by the side file that says what is valid."""

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
    """A bulletin that may go on air."""

    item: StreamItem
    due: datetime
    """The hour that it was made for; aware."""
    level: Level
    duration_s: float


def find_ready(
    folder: Path, kind: str, *, at: datetime, is_slot: bool = True, aside: Path | None = None
) -> ReadyBulletin:
    """
    The newest bulletin of that rendition, valid at `at`; at a slot none that was made for a later one.

    `aside` is where the stand-by of the next slot is prepared: it is taken where the playout's file holds nothing
    for the slot, since that is put in place at the same moment. Raises StreamError, which says what is there instead.
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
    side = folder / ("latest.json" if kind == "podcast" else f"{kind}.json")
    told = _told(side)
    try:
        due, until = (datetime.fromisoformat(told[name]) for name in ("due", "valid_until"))
        is_valid = at < until and (due <= at or not is_slot)
        path = folder / Path(told["audio"]).name
        level, duration_s, title = Level(told["level"]), float(told["duration_s"]), str(told["title"])
        digest = str(told["sha256"])
    except (KeyError, TypeError, ValueError) as error:
        raise StreamError(f"{side}: cannot be understood ({error!r}); {_REMEDY}") from error
    if not is_valid:
        raise StreamError(
            f"{side}: nothing valid at {at:%H:%M} UTC: it tells of the bulletin of {due:%d %b %H:%M}, valid "
            f"until {until:%d %b %H:%M}; {_REMEDY}"
        )
    data = _read(path)
    if hashlib.sha256(data).hexdigest() != digest:
        raise StreamError(f"{path}: is not the file that {side.name} tells of; try again, or {_REMEDY}")
    return ReadyBulletin(
        item=StreamItem(path=path, title=title, data=data), due=due, level=level, duration_s=duration_s
    )


def take_file(path: Path, *, title: str, due: datetime) -> ReadyBulletin:
    """Any file, by a person's own choice. Raises StreamError."""
    item = StreamItem(path=path, title=title, data=_read(path))
    return ReadyBulletin(item=item, due=due, level=Level.FRESH, duration_s=0.0)


def _told(side: Path) -> dict[str, Any]:
    try:
        told = json.loads(side.read_bytes())
    except FileNotFoundError as error:
        raise StreamError(f"{side}: is not there: nothing to stream yet; {_REMEDY}") from error
    except (OSError, ValueError, RecursionError) as error:
        raise StreamError(f"{side}: cannot be read ({error}); {_REMEDY}") from error
    return told if isinstance(told, dict) else {}


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise StreamError(f"{path}: cannot be read ({error.strerror or error}); {_REMEDY}") from error
