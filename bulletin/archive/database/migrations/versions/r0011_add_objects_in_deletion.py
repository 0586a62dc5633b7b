"""Adds the table of objects that are being deleted, and indexes for deleting old objects and pieces of work."""

from __future__ import annotations

from alembic import op

from bulletin.archive.database import group_tables

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    connection = op.get_bind()
    group_tables.metadata.create_all(connection)
    for table in (group_tables.work, group_tables.published_files):
        for index in table.indexes:
            index.create(connection, checkfirst=True)
