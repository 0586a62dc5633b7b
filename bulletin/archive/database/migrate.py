"""Archive of an older revision -> the newest one; the only module that imports Alembic."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

_HERE = Path(__file__).parent / "migrations"


def upgrade(connection: Connection, *, to: str = "head") -> None:
    """Run the missing migrations within the connection's transaction: all of them or none."""
    command.upgrade(make_config(connection), to)


def make_config(connection: Connection) -> Config:
    """Alembic's settings, without an ini file."""
    config = Config()
    # ConfigParser would read a "%" of the folder's name as its own.
    config.set_main_option("script_location", str(_HERE).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
