"""Adds the aired sentences of each story, so that a repeat uses others."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bulletin.archive.database.migrations.column_helpers import needed

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("aired", needed("sentences", sa.JSON, server_default="[]"))
