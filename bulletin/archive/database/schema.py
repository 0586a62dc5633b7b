"""Every table of an archive, and its version: created directly, for files and servers; JSON as it is stored."""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache

from sqlalchemy import Connection, bindparam, delete, inspect, text
from sqlalchemy.dialects import registry
from sqlalchemy.schema import CreateIndex, CreateTable, ExecutableDDLElement

from bulletin.archive.database import group_tables
from bulletin.archive.database.check_revision import OLDEST_WRITER, OLDEST_WRITER_NAME, REVISIONS
from bulletin.runtime.redact_secrets import hide

TABLES = group_tables.metadata
"""Every table: those of `tables`, and those of the newsroom and of groups, which that import adds."""

_VERSION_TABLE = "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL CONSTRAINT alembic_version_pkc PRIMARY KEY)"
"""Version table as Alembic creates it."""


def make_tables(connection: Connection) -> None:
    """
    Create today's tables directly instead of running all migrations (a test compares the two).

    Does nothing when another process has created them meanwhile.
    """
    if not inspect(connection).has_table("alembic_version"):
        for statement in create_statements(connection.dialect.name):
            connection.exec_driver_sql(statement)
        connection.execute(text(_VERSION_TABLE))
        version = text("INSERT INTO alembic_version VALUES (:revision)").bindparams(bindparam("revision"))
        connection.execute(version, {"revision": REVISIONS[-1]})
        store_oldest_writer(connection)


@cache
def create_statements(dialect: str) -> tuple[str, ...]:
    """
    SQL that creates every table and its indexes, in the `dialect` of SQLAlchemy: "sqlite" or "postgresql".

    Compiled once: SQLAlchemy would compile it for each database, which takes most of the time to open a new archive.
    """
    tables = TABLES.sorted_tables
    made: list[ExecutableDDLElement] = [CreateTable(table) for table in tables]
    made += [CreateIndex(index) for table in tables for index in table.indexes]
    return tuple(str(each.compile(dialect=registry.load(dialect)())) for each in made)


def store_oldest_writer(connection: Connection) -> None:
    """Store which older programs may use the database beside newer ones, after a migration."""
    meta = group_tables.group_meta
    connection.execute(delete(meta).where(meta.c.name == OLDEST_WRITER_NAME))
    connection.execute(meta.insert().values(name=OLDEST_WRITER_NAME, value=OLDEST_WRITER))


def to_json(value: object) -> str:
    """JSON of a column's value, without secrets."""
    return json.dumps(hide.data(value), default=datetime.isoformat)
