"""Public folder -> the valid bulletin that a stream sends, by its side file."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bulletin.model import Level
from bulletin.publishing.side_file import SideFile
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
    bulletins: list[ReadyBulletin] = []
    errors: list[StreamError] = []
    for source in filter(None, (folder, aside)):
        try:
            bulletins.append(_find(source, kind, at=at, is_slot=is_slot))
        except StreamError as error:
            errors.append(error)
    if not bulletins:
        raise errors[0]
    return max(bulletins, key=lambda ready: ready.due) if is_slot else bulletins[0]


def _find(folder: Path, kind: str, *, at: datetime, is_slot: bool) -> ReadyBulletin:
    side = folder / ("latest.json" if kind == "podcast" else f"{kind}.json")
    try:
        facts = SideFile.parse(side.read_bytes())
    except FileNotFoundError as error:
        raise StreamError(f"{side}: is not there: nothing to stream yet; {_REMEDY}") from error
    except (OSError, ValueError, RecursionError) as error:
        raise StreamError(f"{side}: cannot be read ({error}); {_REMEDY}") from error
    due, until, level, duration_s = facts.due, facts.valid_until, facts.level, facts.duration_s
    if due is None or until is None or level is None or duration_s is None or not facts.audio:
        raise StreamError(f"{side}: cannot be understood, a field is missing or malformed; {_REMEDY}")
    if at >= until or (due > at and is_slot):
        raise StreamError(
            f"{side}: nothing valid at {at:%H:%M} UTC: it tells of the bulletin of {due:%d %b %H:%M}, valid "
            f"until {until:%d %b %H:%M}; {_REMEDY}"
        )
    path = folder / Path(facts.audio).name
    data = _read(path)
    if hashlib.sha256(data).hexdigest() != facts.sha256:
        raise StreamError(f"{path}: is not the file that {side.name} tells of; try again, or {_REMEDY}")
    return ReadyBulletin(
        item=StreamItem(path=path, title=facts.title, data=data), due=due, level=level, duration_s=duration_s
    )


def take_file(path: Path, *, title: str, due: datetime) -> ReadyBulletin:
    """Any file that a person chose. Raises StreamError."""
    item = StreamItem(path=path, title=title, data=_read(path))
    return ReadyBulletin(item=item, due=due, level=Level.FRESH, duration_s=0.0)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise StreamError(f"{path}: cannot be read ({error.strerror or error}); {_REMEDY}") from error
