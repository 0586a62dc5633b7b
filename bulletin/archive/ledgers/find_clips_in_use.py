"""Archive -> hashes of the recorded clips that a story, a bulletin or an edit still needs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import String, cast, or_, select

from bulletin.archive.archive import Archive
from bulletin.archive.database import tables
from bulletin.archive.database.newsroom_tables import editor_edits

_HASH_LENGTH = 64
_KEY = "sha256"


def find_clips_in_use(archive: Archive, *, since: datetime) -> frozenset[str]:
    """
    Hashes of the clips of all stations' own stories, of editors' edits, and of bulletins on air at `since` or later.

    A published bulletin may have to be corrected, and the last one becomes the stand-by. Raises ArchiveError.
    """
    own, bulletins = tables.own_stories, tables.bulletins
    used: set[str] = set()
    with archive.reading() as connection:
        for query in (
            select(own.c.article).where(_names_clip(own.c.article)),
            select(bulletins.c.running_order).where(
                bulletins.c.at >= since, _names_clip(bulletins.c.running_order)
            ),
            select(editor_edits.c.details).where(_names_clip(editor_edits.c.details)),
            select(editor_edits.c.approved).where(_names_clip(editor_edits.c.approved)),
        ):
            for (value,) in connection.execute(query):
                used.update(_hashes(value))
    return frozenset(used)


def _names_clip(column: Any) -> Any:
    """Whether the JSON text of a column may hold a clip, so that others need no decoding."""
    text = cast(column, String)
    return or_(text.like(f'%"{_KEY}": "%'), text.like(f'%"{_KEY}":"%'))


def _hashes(value: Any) -> Iterator[str]:
    """Every hash of a clip in decoded JSON, however deep."""
    if isinstance(value, str) and value.startswith(("{", "[")):
        value = json.loads(value)
    if isinstance(value, dict):
        found = value.get(_KEY)
        if isinstance(found, str) and len(found) == _HASH_LENGTH:
            yield found
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            if isinstance(item, dict | list):
                yield from _hashes(item)
