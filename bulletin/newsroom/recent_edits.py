"""Edits of a station in the last days, kept in memory: each look reads only the records that came since."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from bulletin.archive.database.check_database_damage import Identity, identify
from bulletin.archive.ledgers.editor_edits import HELD
from bulletin.model import Edit
from bulletin.newsroom.desk import Desk

_MOST = 64
"""Stations that are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """Records of one station in one archive file."""

    file: Identity | None
    last: int
    """Number of the station's last record, which may be older than those kept."""
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
    if known is None or known.file != file or known.last > last:
        edits = desk.edits.edits(desk.station, since=since, with_undone=True)
    elif known.last < last:
        newer = desk.edits.edits(desk.station, after_id=known.last, with_undone=True)
        edits = (*known.edits, *newer)
    else:
        edits = known.edits
    edits = tuple(edit for edit in edits if edit.made_at >= since)
    last = max(last, edits[-1].id if edits else 0)  # one may have come between the two queries
    with _lock:
        if len(_known) >= _MOST and key not in _known:
            _known.clear()
        _known[key] = _Known(file=file, last=last, edits=edits)
    return edits
