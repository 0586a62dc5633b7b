"""The section and the type of a page; what an older Bulletin could not read is read once more."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    for name in ("section", "page_type"):
        op.add_column("pages", sa.Column(name, sa.Text, nullable=False, server_default=""))
    op.execute("DELETE FROM pages WHERE text = ''")
