"""Adds the number of workers that a piece of work has ended, and an index for the next piece of a host."""

from __future__ import annotations

from alembic import op
from sqlalchemy import inspect

from bulletin.archive.database import group_tables

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    connection, work = op.get_bind(), group_tables.work
    group_tables.metadata.create_all(connection)
    if work.c.lost.name not in {known["name"] for known in inspect(connection).get_columns("work")}:
        op.add_column("work", work.c.lost)
    for index in work.indexes:
        index.create(connection, checkfirst=True)
