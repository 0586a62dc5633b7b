"""The ledger of speech, so that two stations say a sentence once; and which stand-by lies there for a slot."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "speech",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True)),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("key", name="pk_speech"),
    )
    op.create_index("ix_speech_begun_at", "speech", ["begun_at"])
    op.add_column("slots", sa.Column("standby", sa.Text, nullable=False, server_default=""))
    op.add_column("slots", sa.Column("standby_at", sa.DateTime(timezone=True)))
