"""Adds the moment at which a piece of work was begun: the time that pieces take is learnt from it."""

from __future__ import annotations

from alembic import op
from sqlalchemy import inspect

from bulletin.archive.database import group_tables

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    connection = op.get_bind()
    group_tables.metadata.create_all(connection)
    column = group_tables.work.c.begun_at
    if column.name not in {known["name"] for known in inspect(connection).get_columns("work")}:
        op.add_column("work", column)
