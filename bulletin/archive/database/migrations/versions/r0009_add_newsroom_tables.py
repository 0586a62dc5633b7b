"""Adds the tables of the newsroom."""

from __future__ import annotations

from alembic import op

from bulletin.archive.database import newsroom_tables

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    newsroom_tables.metadata.create_all(op.get_bind())
