"""Adds the outbox of deliveries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bulletin.archive.database.migrations.column_helpers import TIME, needed

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "outbox",
        needed("id", sa.Integer),
        needed("station", sa.Text),
        needed("delivery", sa.Text),
        needed("guid", sa.Text),
        needed("action", sa.Text),
        needed("title", sa.Text),
        sa.Column("due", TIME),
        needed("state", sa.Text),
        needed("tries", sa.Integer),
        needed("next_try_at", TIME),
        needed("note", sa.Text),
        needed("created_at", TIME),
        sa.Column("done_at", TIME),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint(
            "station", "delivery", "guid", "action", name="uq_outbox_station_delivery_guid_action"
        ),
    )
    op.create_index("ix_outbox_station_delivery_state", "outbox", ["station", "delivery", "state"])
