"""Every sentence that was said of a story, so that it is re-told with others."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("aired", sa.Column("sentences", sa.JSON, nullable=False, server_default="[]"))
