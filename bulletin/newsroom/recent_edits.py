"""Edits of a station in the last days, kept in memory: each look reads only the records that came since."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime

from bulletin.archive.database.check_database_damage import Identity, identify
from bulletin.model import Edit
from bulletin.newsroom.desk import Desk
from bulletin.pipeline.decisions.read_edits_of_bulletin import HELD

_MOST = 64
"""Stations that are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """Records of one station in one archive file."""

    file: Identity | None
    edits: tuple[Edit, ...]


_known: dict[tuple[str, str], _Known] = {}
_lock = threading.Lock()


def recent_edits(desk: Desk) -> tuple[Edit, ...]:
    """
    Every edit and undo of the last days, oldest first. Raises ArchiveError.

    Records are only added, so those that are known are right as long as the archive is the same file.
    """
    key, since = (str(desk.archive.path), desk.station), desk.now() - HELD
    with _lock:
        known = _known.get(key)
    last, file = desk.edits.last_id(desk.station), identify(desk.archive.path)
    if known is None or known.file != file or _last_id(known.edits) > last:
        known = _Known(file=file, edits=desk.edits.edits(desk.station, since=since, with_undone=True))
    elif _last_id(known.edits) < last:
        newer = desk.edits.edits(desk.station, after_id=_last_id(known.edits), with_undone=True)
        known = _Known(file=file, edits=(*_without_old(known.edits, since), *newer))
    with _lock:
        if len(_known) >= _MOST and key not in _known:
            _known.clear()
        _known[key] = known
    return known.edits


def _last_id(edits: tuple[Edit, ...]) -> int:
    return edits[-1].id if edits else 0


def _without_old(edits: tuple[Edit, ...], since: datetime) -> tuple[Edit, ...]:
    return tuple(edit for edit in edits if edit.made_at >= since)
