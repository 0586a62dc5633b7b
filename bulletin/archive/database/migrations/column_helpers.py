"""Columns as the migrations create them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

TIME = sa.DateTime(timezone=True)


def needed(name: str, kind: Any, **options: Any) -> sa.Column[Any]:
    """A column that is NOT NULL."""
    return sa.Column(name, kind, nullable=False, **options)
