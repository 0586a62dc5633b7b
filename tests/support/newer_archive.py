"""Archive of today -> one that a newer Bulletin has migrated."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from bulletin.archive.database.check_revision import OLDEST_WRITER_NAME

NEWER = "9999"
"""Its revision."""


def make_newer(path: Path, *, oldest_writer: str = NEWER) -> None:
    """Mark the archive as migrated to NEWER; programs of the revision `oldest_writer` may still write it."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("UPDATE alembic_version SET version_num = ?", [NEWER])
        db.execute("UPDATE group_meta SET value = ? WHERE name = ?", [oldest_writer, OLDEST_WRITER_NAME])
        db.commit()
