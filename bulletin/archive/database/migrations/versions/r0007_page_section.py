"""Adds section and type of pages; deletes pages without text, which are read once more."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bulletin.archive.database.migrations.column_helpers import needed

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    for name in ("section", "page_type"):
        op.add_column("pages", needed(name, sa.Text, server_default=""))
    op.execute("DELETE FROM pages WHERE text = ''")
