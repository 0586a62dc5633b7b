"""What is on its way to places outside the output folder."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_TIME = sa.DateTime(timezone=True)


def _needed(name: str, kind: Any, **more: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, **more)


def upgrade() -> None:
    op.create_table(
        "outbox",
        _needed("id", sa.Integer),
        _needed("station", sa.Text),
        _needed("delivery", sa.Text),
        _needed("guid", sa.Text),
        _needed("action", sa.Text),
        _needed("title", sa.Text),
        sa.Column("due", _TIME),
        _needed("state", sa.Text),
        _needed("tries", sa.Integer),
        _needed("next_try_at", _TIME),
        _needed("note", sa.Text),
        _needed("created_at", _TIME),
        sa.Column("done_at", _TIME),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint(
            "station", "delivery", "guid", "action", name="uq_outbox_station_delivery_guid_action"
        ),
    )
    op.create_index("ix_outbox_station_delivery_state", "outbox", ["station", "delivery", "state"])
