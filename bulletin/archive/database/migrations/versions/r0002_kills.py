"""A kill list for each station, and everything that was ever said of a story."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "kills",
        sa.Column("station", sa.Text, nullable=False),
        sa.Column("entry", sa.Text, nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("station", "entry", name="pk_kills"),
    )
    op.add_column("aired", sa.Column("heard", sa.Text, nullable=False, server_default=""))
