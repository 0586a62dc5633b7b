"""Archive of an older revision -> the newest one; the only module that imports Alembic."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from bulletin.archive.database.schema import store_oldest_writer

_MIGRATIONS = Path(__file__).parent / "migrations"
_FIRST_STEP = "0008"
"""Revision of the oldest file in migrations/, which upgrades an archive of any earlier revision."""


def upgrade(connection: Connection) -> None:
    """Run the missing migrations within the connection's transaction: all of them or none."""
    config = Config()
    # ConfigParser would read a "%" of the folder's name as its own.
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    old = text("DELETE FROM alembic_version WHERE version_num < :first")
    connection.execute(old, {"first": _FIRST_STEP})
    command.upgrade(config, "head")
    store_oldest_writer(connection)
