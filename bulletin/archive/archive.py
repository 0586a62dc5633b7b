"""The archive of one machine: SQLite, opened whole or not at all. Import it late: SQLAlchemy is slow to load."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import URL, Connection, Engine, create_engine, event, exc, inspect, text

from bulletin.archive import catalog, history, shelf, tables
from bulletin.archive.opening import (
    BUSY_S,
    NEW,
    REVISIONS,
    CorruptArchiveError,
    read_revision,
    set_aside,
    sqlite_error,
)
from bulletin.archive.records import Aired, BulletinRecord, EpisodeRecord, FeedMemory, Kill, PageMemory
from bulletin.errors import ArchiveError
from bulletin.model import Article, Bulletin, Episode

log = logging.getLogger(__name__)

_VERSION_TABLE = """
CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
)
"""
"""As Alembic makes it."""


class Archive:
    """
    What was seen, aired and made; fit for several threads and processes at once.

    It is a `Catalog` for gathering and an `EpisodeStore` for the podcast. Every method raises
    ArchiveError, with the file and the remedy, when the database does not do as told.
    """

    def __init__(self, path: Path, engine: Engine, *, notes: tuple[str, ...] = ()) -> None:
        self.path = path
        self.notes = notes
        """What happened when it was opened and must be told: a damaged archive was set aside."""
        self._engine = engine

    @classmethod
    def open(cls, path: Path, *, busy_s: float = BUSY_S) -> Archive:
        """
        Open the archive at `path`; make it when there is none, migrate it when it is older.

        A damaged file is set aside as `<name>.corrupt-<time>`, and a new one opened that says so in
        its `notes`. Another process that writes is waited for `busy_s` seconds at every step. Raises ArchiveError for a file that is locked, not writable, another program's,
        or written by a newer Bulletin.
        """
        notes: tuple[str, ...] = ()
        try:
            revision = read_revision(path, busy_s=busy_s)
        except CorruptArchiveError as error:
            aside = set_aside(path)
            note = f"{error}: set aside as {aside.name}; what was aired and seen before is forgotten"
            log.error("archive damaged, starting a new one: path=%s aside=%s", path, aside)
            notes = (note,)
            revision = read_revision(path, busy_s=busy_s)
        archive = cls(path, _make_engine(path, busy_s), notes=notes)
        try:
            archive._bring_up(revision)
        except BaseException:
            archive.close()
            raise
        return archive

    def close(self) -> None:
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # -- what gathering remembers (Catalog)

    def feed_memory(self, url: str) -> FeedMemory | None:
        with self.reading() as connection:
            return catalog.read_feed(connection, url)

    def keep_feed(self, memory: FeedMemory, articles: Sequence[Article]) -> None:
        """Remember a feed and, when `articles` is not empty, replace what it held."""
        with self.writing() as connection:
            catalog.write_feed(connection, memory, articles)

    def articles_of(self, url: str) -> tuple[Article, ...]:
        """What the feed held when it was last read, in its order."""
        with self.reading() as connection:
            return catalog.read_articles(connection, url)

    def page(self, link: str) -> PageMemory | None:
        with self.reading() as connection:
            return catalog.read_page(connection, link)

    def keep_page(self, page: PageMemory) -> None:
        with self.writing() as connection:
            catalog.write_page(connection, page)

    # -- the station's own stories

    def add_own_story(self, station: str, article: Article) -> None:
        """Take in a story that no feed brings; the same id again replaces it."""
        with self.writing() as connection:
            catalog.write_own_story(connection, station, article)

    def own_stories(self, station: str, now: datetime) -> tuple[Article, ...]:
        """Those that have not expired: breaking ones first, then the newest."""
        with self.reading() as connection:
            return catalog.read_own_stories(connection, station, now)

    def remove_own_story(self, station: str, article_id: str) -> bool:
        """Say whether there was one of that id."""
        with self.writing() as connection:
            return catalog.delete_own_story(connection, station, article_id)

    # -- the kill list

    def kills(self, station: str) -> tuple[Kill, ...]:
        """The station's kill list, in the order in which it was written."""
        with self.reading() as connection:
            return catalog.read_kills(connection, station)

    def add_kill(self, station: str, kill: Kill) -> None:
        """Put an entry on the list; one that stands on it already stays as it is."""
        with self.writing() as connection:
            catalog.write_kill(connection, station, kill)

    def remove_kill(self, station: str, entry: str) -> bool:
        """Say whether it stood on the list."""
        with self.writing() as connection:
            return catalog.delete_kill(connection, station, entry)

    # -- what was on air

    def aired(self, station: str, *, since: datetime) -> Mapping[str, Aired]:
        """
        What was on air at `since` or later, each story under several keys.

        The keys are the story's own id and the id and aliases of every article that was ever part
        of it, so that a story is found again though it is called after another article today. Where
        two stories claim a key, a story's own id goes before, then the one aired last.
        """
        with self.reading() as connection:
            return history.read_aired(connection, station, since)

    def record_bulletin(
        self,
        station: str,
        bulletin: Bulletin,
        episodes: Sequence[Episode] = (),
        *,
        made_at: datetime,
        timings: Mapping[str, float],
        corrects_id: int | None = None,
    ) -> None:
        """
        Remember a bulletin, where it went, and that its stories have aired at `made_at`: all or nothing.

        `timings` are seconds per stage. The same station and `made_at` again change nothing. The stories of
        a stand-by, and of a correction of another bulletin, do not count as told once more.
        """
        with self.writing() as connection:
            history.write_bulletin(
                connection,
                station,
                bulletin,
                episodes,
                made_at=made_at,
                timings=timings,
                corrects_id=corrects_id,
            )

    def last_bulletin(self, station: str) -> BulletinRecord | None:
        """The one made last."""
        with self.reading() as connection:
            return history.read_last_bulletin(connection, station)

    def bulletins(self, station: str) -> tuple[BulletinRecord, ...]:
        """All that it made, newest first."""
        with self.reading() as connection:
            return history.read_bulletins(connection, station)

    def run_times(self, station: str, *, limit: int) -> tuple[float, ...]:
        """Seconds that the last runs took, newest first."""
        with self.reading() as connection:
            return history.read_run_times(connection, station, limit)

    # -- the podcast (EpisodeStore)

    def episodes(
        self, station: str, *, limit: int | None = None, since: datetime | None = None
    ) -> tuple[EpisodeRecord, ...]:
        """What has gone out and has not been withdrawn, newest first."""
        with self.reading() as connection:
            return shelf.read_episodes(connection, station, limit=limit, since=since)

    def find_episode(self, station: str, guid: str) -> EpisodeRecord | None:
        """The episode of that guid, withdrawn or not."""
        with self.reading() as connection:
            return shelf.find_episode(connection, station, guid)

    def add_episode(self, record: EpisodeRecord) -> None:
        """Remember an episode; one that is known already (by guid) stays as it was published."""
        with self.writing() as connection:
            shelf.write_episode(connection, record)

    def withdraw_episode(self, station: str, guid: str, *, at: datetime) -> EpisodeRecord | None:
        """Never list an episode again. None when the station has none of that guid."""
        with self.writing() as connection:
            return shelf.withdraw_episode(connection, station, guid, at)

    def podcast_guid(self, station: str, feed_url: str) -> str:
        """The feed's identity for life, UUIDv5 of the address that it had first."""
        with self.writing() as connection:
            return shelf.keep_podcast_guid(connection, station, feed_url)

    # -- within

    def _bring_up(self, revision: str) -> None:
        if revision == REVISIONS[-1]:
            return
        with self.writing() as connection:
            if revision == NEW:
                _make_tables(connection)
            else:
                # Alembic takes a quarter of a second to load: only when there is something to do.
                from bulletin.archive.migrate import upgrade

                log.info("archive migrates: path=%s from=%s to=%s", self.path, revision, REVISIONS[-1])
                upgrade(connection)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """What the database holds now, for a part of this room."""
        with self._translated(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction; it takes the write lock at once, so that it never fails half-way for want of it."""
        with self._translated(), self._engine.connect() as connection:
            connection = connection.execution_options(writes=True)
            with connection.begin():
                yield connection

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except exc.DBAPIError as error:
            raise sqlite_error(self.path, error.orig or error) from error
        except exc.SQLAlchemyError as error:
            raise ArchiveError(f"{self.path}: {error}") from error


def _make_engine(path: Path, busy_s: float) -> Engine:
    engine = create_engine(URL.create("sqlite", database=str(path)), connect_args={"timeout": busy_s})

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _: Any) -> None:
        # Python's driver would begin transactions by its own rules; SQLAlchemy's "begin" below does it.
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys = ON")
        # FULL also in WAL mode: what was aired survives a power cut, as the files beside it do.
        connection.execute("PRAGMA synchronous = FULL")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _make_tables(connection: Connection) -> None:
    """
    Make today's tables at once, without walking through all migrations (a test compares the two).

    Another process may have been here since the file was looked at: then nothing is left to do.
    """
    if inspect(connection).has_table("alembic_version"):
        return
    tables.metadata.create_all(connection)
    connection.execute(text(_VERSION_TABLE))
    connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": REVISIONS[-1]})
