"""Adds the kill list, and the whole aired text of each story."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bulletin.archive.database.migrations.column_helpers import TIME, needed

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "kills",
        needed("station", sa.Text),
        needed("entry", sa.Text),
        needed("added_at", TIME),
        sa.PrimaryKeyConstraint("station", "entry", name="pk_kills"),
    )
    op.add_column("aired", needed("heard", sa.Text, server_default=""))
