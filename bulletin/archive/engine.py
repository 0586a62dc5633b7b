"""The door to SQLite: how a connection is set up, and the tables of a new archive."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, create_mock_engine, event, inspect, text
from sqlalchemy.dialects import sqlite

from bulletin.archive import tables
from bulletin.archive.opening import REVISIONS
from bulletin.redact import hide

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
        json_serializer=lambda value: json.dumps(hide.data(value)),
    )

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _: Any) -> None:
        # Python's driver would begin transactions by its own rules; SQLAlchemy's "begin" below does it.
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys = ON")
        # FULL also in WAL mode: what was aired survives a power cut, as the files beside it do.
        connection.execute("PRAGMA synchronous = FULL")
        # What is deleted is overwritten: it may be a secret that an earlier Bulletin wrote down.
        connection.execute("PRAGMA secure_delete = ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def make_tables(connection: Connection) -> None:
    """
    Make today's tables at once, without walking through all migrations (a test compares the two).

    Another process may have been here since the file was looked at: then nothing is left to do.
    """
    if inspect(connection).has_table("alembic_version"):
        return
    for statement in _statements():
        connection.exec_driver_sql(statement)
    connection.execute(text(_VERSION_TABLE))
    connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": REVISIONS[-1]})


@lru_cache(maxsize=1)
def _statements() -> tuple[str, ...]:
    """What makes the tables of an empty file, worded once: to word it takes longer than to do it."""
    said: list[str] = []
    dialect = sqlite.dialect()
    engine = create_mock_engine(
        "sqlite://", lambda what, *_, **__: said.append(str(what.compile(dialect=dialect)))
    )
    tables.metadata.create_all(engine, checkfirst=False)
    return tuple(said)
