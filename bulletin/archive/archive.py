"""The archive of one machine: SQLite, opened whole or not at all. Import it late: SQLAlchemy is slow to load."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, Engine, exc

from bulletin.archive import catalog, history, shelf
from bulletin.archive.engine import make_engine, make_tables
from bulletin.archive.mending import outlive_damage
from bulletin.archive.opening import (
    BUSY_S,
    NEW,
    REVISIONS,
    CorruptArchiveError,
    damaged,
    identify,
    is_noise,
    read_revision,
    replace_damaged,
    sqlite_error,
)
from bulletin.archive.records import Aired, BulletinRecord, EpisodeRecord, FeedMemory, Kill, PageMemory
from bulletin.errors import ArchiveError
from bulletin.model import Article, Bulletin, Episode

log = logging.getLogger(__name__)


@outlive_damage
class Archive:
    """
    What was seen, aired and made; fit for several threads and processes at once.

    It is a `Catalog` for gathering and an `EpisodeStore` for the podcast. Every method raises
    ArchiveError, with the file and the remedy, when the database does not do as told. One that meets damage
    sets the file aside, as `open` does, and does its work in the new one: a run goes on.
    """

    def __init__(self, path: Path, engine: Engine) -> None:
        self.path = path
        self.notes: tuple[str, ...] = ()
        """What happened and must be told: a damaged archive was set aside."""
        self._engine = engine
        self._file = identify(path)
        self._mending = threading.Lock()
        self._when_closed: list[Callable[[], None]] = []

    @classmethod
    def open(cls, path: Path, *, busy_s: float = BUSY_S) -> Archive:
        """
        Open the archive at `path`; make it when there is none, migrate it when it is older.

        A damaged file is set aside as `<name>.corrupt-<time>`, and a new one opened that has what could be
        saved, and says so in its `notes`. Another process that writes is waited for `busy_s` seconds at every
        step. Raises ArchiveError for a file that is locked, not writable, another program's, or written by a
        newer Bulletin.
        """
        archive = cls(path, make_engine(path, busy_s))
        try:
            revision = read_revision(path, busy_s=busy_s)
            archive._bring_up(revision)
            archive._file = identify(path)
        except CorruptArchiveError as error:
            archive._start_anew(error)
        except BaseException:
            archive.close()
            raise
        return archive

    def close(self) -> None:
        self._engine.dispose()
        while self._when_closed:
            self._when_closed.pop()()

    def when_closed(self, do: Callable[[], None]) -> None:
        """Have something done once nobody uses this file any more."""
        self._when_closed.append(do)

    def move_to(self, other: Archive) -> None:
        """Be what `other` is from now on, for all who hold this one; `other` is given up."""
        with self._mending:
            self.close()
            self.path, self.notes = other.path, other.notes
            self._engine, self._file, self._when_closed = other._engine, other._file, other._when_closed

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
        self,
        station: str,
        *,
        limit: int | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> tuple[EpisodeRecord, ...]:
        """What has gone out and has not been withdrawn, newest first; `until` itself does not belong to it."""
        with self.reading() as connection:
            return shelf.read_episodes(connection, station, limit=limit, since=since, until=until)

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

    def _start_anew(self, error: CorruptArchiveError) -> None:
        """Go on with a new file, unless this process or another one has made one since the damage was met."""
        with self._mending:
            self._engine.dispose()
            note = replace_damaged(
                self.path, error, file=self._file, make=lambda: self._bring_up(read_revision(self.path))
            )
            self.notes = (*self.notes, *filter(None, [note]))
            self._file = identify(self.path)

    def _follow(self) -> None:
        """Another process may have set the file aside: what is written there is lost."""
        there = identify(self.path)
        if there is None or there == self._file:
            return
        with self._mending:
            log.warning("another archive took the place of ours: path=%s", self.path)
            self.notes = (*self.notes, f"{self.path}: another one is in its place now")
            self._engine.dispose()
            self._file = there

    def _bring_up(self, revision: str) -> None:
        if revision == REVISIONS[-1]:
            return
        with self._transaction() as connection:
            if revision == NEW:
                make_tables(connection)
            else:
                # Alembic takes a quarter of a second to load: only when there is something to do.
                from bulletin.archive.migrate import upgrade

                log.info("archive migrates: path=%s from=%s to=%s", self.path, revision, REVISIONS[-1])
                upgrade(connection)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """What the database holds now, for a part of this room."""
        with self._mended(), self._translated(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction; it takes the write lock at once, so that it never fails half-way for want of it."""
        with self._mended(), self._transaction() as connection:
            yield connection

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with self._translated(), self._engine.connect() as connection:
            connection = connection.execution_options(writes=True)
            with connection.begin():
                yield connection

    @contextmanager
    def _mended(self) -> Iterator[None]:
        """Damage that is met here is not met again; what was being done has failed all the same."""
        self._follow()
        try:
            yield
        except CorruptArchiveError as error:
            self._start_anew(error)
            raise

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except exc.DBAPIError as error:
            raise sqlite_error(self.path, error.orig or error) from error
        except exc.SQLAlchemyError as error:
            raise ArchiveError(f"{self.path}: {error}") from error
        except ValueError as error:
            if is_noise(error):
                raise damaged(self.path, error) from error
            raise
