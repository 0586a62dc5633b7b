"""Path -> SQLAlchemy engine of an archive; check of its tables."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event

from bulletin.archive.database.check_database_damage import (
    NOISE,
    CorruptArchiveError,
    is_doubtful,
    sqlite_error,
)
from bulletin.archive.database.schema import TABLES, create_statements, to_json
from bulletin.runtime.redact_secrets import hide, hide_marked


def make_engine(path: Path, busy_s: float) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"timeout": busy_s},
        json_serializer=to_json,
    )

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _: Any) -> None:
        # No implicit transactions of Python's driver: "begin" below starts them.
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys = ON")
        # FULL also in WAL mode: records of aired bulletins survive a power cut, as their files do.
        connection.execute("PRAGMA synchronous = FULL")
        # Deleted rows are overwritten: they may hold a secret that an earlier Bulletin stored.
        connection.execute("PRAGMA secure_delete = ON")
        # For `hide_secrets` of ledgers/delete_old_rows.py.
        for name, redact in (("note", hide), ("words", hide_marked), ("address", hide.address)):
            connection.create_function(f"bulletin_{name}", 1, redact, deterministic=True)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def check_tables(connection: Connection) -> None:
    """Query every column of every table. Raises DBAPIError when one is missing."""
    for query in _queries_of_every_column():
        connection.exec_driver_sql(query)


@cache
def _queries_of_every_column() -> tuple[str, ...]:
    """
    Not compiled by SQLAlchemy, which would do so for each archive.

    Names are in brackets, because SQLite takes an unknown name in double quotes for a string.
    """
    return tuple(
        f"SELECT {', '.join(f'[{column.name}]' for column in table.columns)} FROM [{table.name}] LIMIT 0"
        for table in TABLES.tables.values()
    )


def examine(path: Path) -> str:
    """
    Fault of the file, found by reading every page: rows against indexes, tables against today's; empty: none.
    """
    try:
        with closing(sqlite3.connect(path, timeout=1)) as db:
            (verdict,) = db.execute("PRAGMA integrity_check(1)").fetchone()
            if verdict != "ok":
                return str(verdict)
            return "" if _shape_today() <= _shape(db) else "its tables have changed"
    except sqlite3.Error as error:
        is_damage = is_doubtful(error) or isinstance(sqlite_error(path, error), CorruptArchiveError)
        return str(error) if is_damage else ""
    except NOISE as error:
        return str(error)


def _shape(db: sqlite3.Connection) -> set[tuple[object, ...]]:
    """Columns and indexes of all tables, without their order and without names of indexes."""
    columns = db.execute(
        'SELECT t.name, c.name, c.type, c."notnull", c.pk '
        "FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table'"
    )
    indexes = db.execute(
        'SELECT t.name, i."unique", (SELECT group_concat(name) FROM pragma_index_info(i.name)) '
        "FROM sqlite_master t, pragma_index_list(t.name) i WHERE t.type = 'table'"
    )
    return {*columns, *indexes}


@cache
def _shape_today() -> set[tuple[object, ...]]:
    with closing(sqlite3.connect(":memory:")) as db:
        for statement in create_statements("sqlite"):
            db.execute(statement)
        return _shape(db)
