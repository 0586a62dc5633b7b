"""A damaged archive -> what of it can still be read, into a new one; sqlite3 only."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Column, Float, Integer, Table

from bulletin.archive import tables
from bulletin.archive.columns import Moment, Notes

log = logging.getLogger(__name__)

_WORTH = (
    tables.kills,
    tables.podcasts,
    tables.own_stories,
    tables.feeds,
    tables.slots,
    tables.bulletins,
    tables.tellings,
    tables.episodes,
    tables.aired,
    tables.aired_articles,
    tables.outbox,
)
"""What cannot be had again, parents first. Articles and pages are fetched again, and what runs weighed is let go."""


def salvage(damaged: Path, new: Path, *, only: Sequence[Table] = _WORTH) -> int:
    """
    Copy every row that is whole into the tables of `new`; say how many. Raises nothing.

    A killed story must not come back on air, nor a feed lose its episodes, for want of one good page.
    """
    saved = 0
    try:
        with (
            closing(sqlite3.connect(damaged, timeout=1)) as old,
            closing(sqlite3.connect(new, timeout=10)) as db,
        ):
            old.text_factory = lambda raw: raw.decode("utf-8", "replace")
            db.execute("PRAGMA foreign_keys = ON")
            for table in only:
                with suppress(sqlite3.DatabaseError):
                    saved += _copy(old, db, table)
                    db.commit()
    except (sqlite3.Error, OSError) as error:
        log.warning("no more can be saved of the damaged archive: %s", error)
    return saved


def _copy(old: sqlite3.Connection, db: sqlite3.Connection, table: Table) -> int:
    there = {row[1] for row in old.execute(f'PRAGMA table_info("{table.name}")')}
    columns = [column for column in table.columns if column.name in there]
    names = ", ".join(f'"{column.name}"' for column in columns)
    marks = ", ".join("?" for _ in columns)
    saved = 0
    for row in _rows(old, table.name, names):
        if all(map(_is_whole, columns, row)):
            with suppress(sqlite3.IntegrityError):
                command = f'INSERT OR IGNORE INTO "{table.name}" ({names}) VALUES ({marks})'
                saved += db.execute(command, row).rowcount
    return saved


def _rows(old: sqlite3.Connection, table: str, names: str) -> Iterator[Sequence[Any]]:
    """From the front up to the damage, then from the back."""
    for order in ("ASC", "DESC"):
        try:
            yield from old.execute(f'SELECT {names} FROM "{table}" ORDER BY rowid {order}')
        except sqlite3.DatabaseError:
            continue
        return


def _is_whole(column: Column[Any], value: Any) -> bool:
    """Whether a value can be what stands in such a column: noise must not trouble whoever reads it next year."""
    if value is None:
        return bool(column.nullable)
    kind = column.type
    with suppress(ValueError, TypeError):
        if isinstance(kind, JSON | Notes):
            return json.loads(value) is not None
        if isinstance(kind, Moment):
            return datetime.fromisoformat(value).tzinfo is None
        if isinstance(kind, Integer):
            return isinstance(value, int)
        if isinstance(kind, Float):
            return isinstance(value, int | float)
        return isinstance(value, str) and "\ufffd" not in value
    return False
