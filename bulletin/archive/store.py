"""The database file of an archive: opened whole or not at all, set aside when it is damaged, moved when it must be."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, Engine, exc

from bulletin.archive.engine import make_engine, make_tables
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
from bulletin.errors import ArchiveError

log = logging.getLogger(__name__)


class Store:
    """
    Connections to the file, fit for several threads and processes at once.

    Whatever goes wrong is an ArchiveError, with the file and the remedy.
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
    def open(cls, path: Path, *, busy_s: float = BUSY_S) -> Self:
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

    def move_to(self, other: Self) -> None:
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
            if there == self._file:  # another thread of ours has seen it, too
                return
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
