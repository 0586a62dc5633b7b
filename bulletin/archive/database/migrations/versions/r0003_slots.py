"""Adds the slot ledger."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bulletin.archive.database.migrations.column_helpers import TIME, needed

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "slots",
        needed("station", sa.Text),
        needed("due", TIME),
        needed("state", sa.Text),
        needed("level", sa.Text),
        needed("owner", sa.Text),
        sa.Column("lease_until", TIME),
        needed("tries", sa.Integer),
        sa.Column("begun_at", TIME),
        sa.Column("ready_at", TIME),
        needed("note", sa.Text),
        sa.PrimaryKeyConstraint("station", "due", name="pk_slots"),
    )
    op.create_index("ix_slots_state_due", "slots", ["state", "due"])
