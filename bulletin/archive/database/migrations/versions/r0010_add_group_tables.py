"""Adds the tables of a group of stations."""

from __future__ import annotations

from alembic import op

from bulletin.archive.database import group_tables

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    group_tables.metadata.create_all(op.get_bind())
