"""Path -> SQLAlchemy engine of an archive; creation and check of its tables."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, create_mock_engine, event, inspect, text
from sqlalchemy.dialects import sqlite

from bulletin.archive.database import tables
from bulletin.archive.database.open_database import (
    NOISE,
    REVISIONS,
    CorruptArchiveError,
    is_doubtful,
    sqlite_error,
)
from bulletin.runtime.redaction import hide

_VERSION_TABLE = """
CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
)
"""
"""As Alembic makes it."""


def make_engine(path: Path, busy_s: float) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"timeout": busy_s},
        json_serializer=lambda value: json.dumps(hide.data(value), default=datetime.isoformat),
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

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def make_tables(connection: Connection) -> None:
    """
    Create today's tables at once instead of running all migrations (a test compares the two).

    Does nothing when another process has created them meanwhile.
    """
    if inspect(connection).has_table("alembic_version"):
        return
    for statement in _statements():
        connection.exec_driver_sql(statement)
    connection.execute(text(_VERSION_TABLE))
    connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": REVISIONS[-1]})


def check_tables(connection: Connection) -> None:
    """Query every column of every table. Raises DBAPIError when one is missing."""
    for table in tables.metadata.tables.values():
        columns = ", ".join(f't."{column.name}"' for column in table.columns)
        connection.exec_driver_sql(f'SELECT {columns} FROM "{table.name}" t LIMIT 0')


def examine(path: Path) -> str:
    """
    Fault of the file, found by reading every page: rows against indexes, tables against today's; empty: none.
    """
    try:
        with closing(sqlite3.connect(path, timeout=1)) as db, closing(sqlite3.connect(":memory:")) as model:
            for statement in _statements():
                model.execute(statement)
            (verdict,) = db.execute("PRAGMA integrity_check(1)").fetchone()
            if verdict != "ok":
                return str(verdict)
            return "" if _shape(model) <= _shape(db) else "its tables have changed"
    except sqlite3.Error as error:
        is_damage = is_doubtful(error) or isinstance(sqlite_error(path, error), CorruptArchiveError)
        return str(error) if is_damage else ""
    except NOISE as error:
        return str(error)


def _shape(db: sqlite3.Connection) -> set[tuple[object, ...]]:
    """Columns and indexes of all tables, without their order and without names of indexes."""
    names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found: set[tuple[object, ...]] = set()
    for name in names:
        columns = db.execute('SELECT name, type, "notnull", pk FROM pragma_table_info(?)', [name])
        found |= {(name, *column) for column in columns}
        for index, is_unique in db.execute(
            'SELECT name, "unique" FROM pragma_index_list(?)', [name]
        ).fetchall():
            parts = db.execute("SELECT name FROM pragma_index_info(?)", [index]).fetchall()
            found.add((name, is_unique, *(part for (part,) in parts)))
    return found


@lru_cache(maxsize=1)
def _statements() -> tuple[str, ...]:
    """The statements that create all tables; cached, for compiling them takes longer than running them."""
    statements: list[str] = []
    dialect = sqlite.dialect()
    engine = create_mock_engine(
        "sqlite://", lambda ddl, *_, **__: statements.append(str(ddl.compile(dialect=dialect)))
    )
    tables.metadata.create_all(engine, checkfirst=False)
    return tuple(statements)
