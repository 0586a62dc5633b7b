"""Damaged archive, or a copy of one -> its readable rows, in a new archive; sqlite3 only."""

from __future__ import annotations

import json
import logging
import sqlite3
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Column, Float, Integer, Table

from bulletin.archive.database import newsroom_tables, tables
from bulletin.archive.database.check_database_damage import NOISE
from bulletin.archive.database.rows_to_dataclasses import bulletin_from_row, from_row, slot_from_row
from bulletin.archive.database.tables import MomentColumn, NotesColumn
from bulletin.archive.record_dataclasses import Aired, EpisodeRecord, FeedMemory, Source
from bulletin.model import Article

log = logging.getLogger(__name__)

WORTH = (
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
    newsroom_tables.editor_edits,
    newsroom_tables.newsroom_users,
    newsroom_tables.newsroom_sessions,
    newsroom_tables.newsroom_audit,
    newsroom_tables.newsroom_requests,
    newsroom_tables.newsroom_api_keys,
    newsroom_tables.respelled_names,
)
"""Tables that cannot be rebuilt, parents first. Articles and pages are fetched again; journals of runs are dropped."""

_MOST_GAPS = 5000
"""Unreadable places in one table."""
_LONGEST_GAP = 2**32
"""Rows; no archive has as many."""

_READERS: Mapping[str, Callable[[dict[str, Any]], object]] = {
    "own_stories": lambda row: from_row(Article, row["article"]),
    "feeds": lambda row: from_row(FeedMemory, row),
    "slots": slot_from_row,
    "bulletins": bulletin_from_row,
    "tellings": lambda row: [from_row(Source, source) for source in row["sources"]],
    "episodes": lambda row: from_row(EpisodeRecord, row),
    "aired": lambda row: from_row(Aired, row, article_ids=()),
}
"""The conversion of each table's rows: a row that cannot be converted later is not salvaged."""


def salvage(
    damaged: Path, new: Path, *, only: Sequence[Table] = WORTH, where: Mapping[str, str] | None = None
) -> int:
    """
    Copy every intact row that `new` lacks into its tables; return how many. Raises nothing.

    One damaged page must not bring a killed story back on air, nor cost a feed its episodes. `damaged` may be of an
    older revision. `where` has conditions for rows "o" of some tables, which may look into the tables of "new".
    """
    saved = 0
    try:
        with (
            closing(sqlite3.connect(damaged, timeout=1)) as old,
            closing(sqlite3.connect(new, timeout=10)) as db,
        ):
            old.text_factory = lambda raw: raw.decode("utf-8", "replace")
            # one damaged table definition must not hide the others
            old.execute("PRAGMA writable_schema = ON")
            if where:
                old.execute("ATTACH ? AS new", [str(new)])
            for table in only:
                with suppress(sqlite3.Error, *NOISE):
                    saved += _copy(old, db, table, where=(where or {}).get(table.name, "1"))
                    db.commit()  # the conditions of other tables see its rows
            saved -= _drop_orphans(db)
            db.commit()
    except (sqlite3.Error, OSError, *NOISE) as error:
        log.warning("salvage of the damaged archive stopped: %s", error)
    return saved


def _drop_orphans(db: sqlite3.Connection) -> int:
    """Delete rows whose parent row was lost; return how many. An episode without its bulletin stays."""
    db.execute("UPDATE episodes SET bulletin_id = NULL WHERE bulletin_id NOT IN (SELECT id FROM bulletins)")
    return sum(
        db.execute(f"DELETE FROM {parts} WHERE {owner} NOT IN (SELECT id FROM {owners})").rowcount
        for parts, owner, owners in (
            ("tellings", "bulletin_id", "bulletins"),
            ("aired_articles", "aired_id", "aired"),
        )
    )


def _copy(old: sqlite3.Connection, db: sqlite3.Connection, table: Table, *, where: str) -> int:
    old_names = {row[1] for row in old.execute(f'PRAGMA main.table_info("{table.name}")')}
    columns = [column for column in table.columns if column.name in old_names]
    names, marks = ", ".join(f'"{column.name}"' for column in columns), ", ".join("?" for _ in columns)
    command = f'INSERT OR IGNORE INTO "{table.name}" ({names}) VALUES ({marks})'
    query = (
        f'SELECT o.rowid, {names} FROM main."{table.name}" o WHERE {where} AND o.rowid >= ? ORDER BY o.rowid'
    )
    inserted = 0
    for row in _rows(old, query):
        if _is_readable(table, columns, row):
            with suppress(sqlite3.IntegrityError):
                inserted += db.execute(command, row).rowcount
    return inserted


def _rows(old: sqlite3.Connection, query: str) -> Iterator[Sequence[Any]]:
    """The rows before and after each damaged page."""
    start: int | None = 1
    for _ in range(_MOST_GAPS):
        if start is None:
            return
        try:
            for rowid, *row in old.execute(query, (start,)):
                if rowid < start:  # a damaged tree leads back
                    raise sqlite3.DatabaseError("rows out of order")
                start = rowid + 1
                yield row
        except (sqlite3.Error, *NOISE):
            start = _behind_gap(lambda at: old.execute(f"{query} LIMIT 1", (at,)).fetchone(), start)
        else:
            return


def _behind_gap(read: Callable[[int], tuple[int, ...] | None], start: int) -> int | None:
    """The first readable rowid after the gap at `start`, by bisection; None: there is none."""
    step = 1
    while not _can_read(read, start + step):
        step *= 2
        if step > _LONGEST_GAP:
            return None
    reach = range(start + step // 2 + 1, start + step)
    return reach.start + bisect_left(reach, True, key=lambda at: _can_read(read, at))


def _can_read(read: Callable[[int], tuple[int, ...] | None], at: int) -> bool:
    try:
        row = read(at)
    except (sqlite3.Error, *NOISE):
        return False
    return row is None or row[0] >= at


def _is_readable(table: Table, columns: Sequence[Column[Any]], row: Sequence[Any]) -> bool:
    """Whether every value fits its column and, if all columns are there, the row can be converted."""
    try:
        values = {column.name: _value(column, value) for column, value in zip(columns, row, strict=True)}
        if len(columns) == len(table.columns) and table.name in _READERS:
            _READERS[table.name](values)
    except NOISE:
        return False
    return True


def _value(column: Column[Any], value: Any) -> Any:
    """The value as it will be read. Raises one of NOISE when it does not fit its column."""
    if value is None:
        if not column.nullable:
            raise ValueError(f"{column.name} is missing")
        return None
    kind = column.type
    if isinstance(kind, JSON | NotesColumn):
        if (parsed := json.loads(value)) is None:
            raise ValueError(f"{column.name} is null")
        return parsed
    if isinstance(kind, MomentColumn):
        if len(value) != len("2026-11-25 07:00:00.000000"):
            raise ValueError(f"{value} is not a valid date and time")
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    is_fit = (
        isinstance(value, int)
        if isinstance(kind, Integer)
        else isinstance(value, int | float)
        if isinstance(kind, Float)
        else isinstance(value, str) and "\ufffd" not in value
    )
    if not is_fit:
        raise ValueError(f"{column.name} is unreadable")
    return value
