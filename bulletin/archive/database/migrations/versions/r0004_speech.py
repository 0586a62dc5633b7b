"""Adds the speech ledger, and the stand-by of each slot."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bulletin.archive.database.migrations.column_helpers import TIME, needed

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "speech",
        needed("key", sa.Text),
        needed("owner", sa.Text),
        sa.Column("lease_until", TIME),
        needed("begun_at", TIME),
        sa.Column("said_at", TIME),
        sa.PrimaryKeyConstraint("key", name="pk_speech"),
    )
    op.create_index("ix_speech_begun_at", "speech", ["begun_at"])
    op.add_column("slots", needed("standby", sa.Text, server_default=""))
    op.add_column("slots", sa.Column("standby_at", TIME))
