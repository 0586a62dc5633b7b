"""Archive: feeds seen, stories aired, bulletins made. Import it late: SQLAlchemy is slow to load."""

from __future__ import annotations

from pathlib import Path

from bulletin.archive.contents.aired_stories import AiredArchive
from bulletin.archive.contents.episodes import EpisodeArchive
from bulletin.archive.contents.feeds_and_articles import CatalogArchive
from bulletin.archive.database.check_database_damage import BUSY_S
from bulletin.archive.kill_list_safety_copy import KillList
from bulletin.archive.self_healing_database import DatabaseFile


class Archive(CatalogArchive, AiredArchive, EpisodeArchive):
    """
    Feeds seen, stories aired and bulletins made; safe for several threads and processes.

    It is the `Catalog` of gathering and holds the episodes of the podcast. Every method raises ArchiveError, with the
    database and the remedy, when the database refuses. The archive of one machine is a file, that of a group of
    machines is on a PostgreSQL server (`archive/server_archive.py`).
    """

    @classmethod
    def open(cls, path: Path, *, busy_s: float = BUSY_S, kill_list: KillList | None = None) -> FileArchive:
        """Open the archive in the file at `path`, as `DatabaseFile.open_file`."""
        return FileArchive.open_file(path, busy_s=busy_s, kill_list=kill_list)


class FileArchive(Archive, DatabaseFile):
    """
    Archive of one machine, in an SQLite file.

    A method that meets damage sets the file aside, as `open` does, and works in the new file: a run goes on.
    """
