"""The database file of an archive: opened whole or not at all, set aside when it is damaged, moved when it must be."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, Engine, exc

from bulletin.archive.database.open_database import (
    BUSY_S,
    NEW,
    NOISE,
    REVISIONS,
    CorruptArchiveError,
    damaged,
    identify,
    is_doubtful,
    is_noise,
    read_revision,
    sqlite_error,
)
from bulletin.archive.database.sqlite_engine import check_tables, examine, make_engine, make_tables
from bulletin.archive.kill_lists import apply_changes, find_changes, knows_copy, note_copy, read_entries
from bulletin.archive.repair.archive_copies import copy_before_migration, copy_daily, find_copies, is_copy_due
from bulletin.archive.sealed_kill_list import KillEntry, KillList, join, list_of, why_incomplete
from bulletin.errors import ArchiveError

log = logging.getLogger(__name__)


class DatabaseFile:
    """
    Connections to the file, fit for several threads and processes at once.

    Whatever goes wrong is an ArchiveError, with the file and the remedy.
    """

    def __init__(self, path: Path, engine: Engine, kill_list: KillList) -> None:
        self.path = path
        self.kill_list = kill_list
        """The sealed copy of what is off the air, beside the archive."""
        self.notes: tuple[str, ...] = ()
        """What happened and must be told: a damaged archive was set aside."""
        self._engine = engine
        self._file = identify(path)
        self._mending = threading.Lock()
        self._when_closed: list[Callable[[], None]] = []

    @classmethod
    def open(cls, path: Path, *, busy_s: float = BUSY_S, kill_list: KillList | None = None) -> Self:
        """
        Open the archive at `path`; make it when there is none, migrate it when it is older.

        A damaged file is set aside as `<name>.corrupt-<time>`, and a new one opened that has what could be
        saved and what the newest copy knows, and says so in its `notes`. `kill_list` takes the place of the one
        beside it. Another process that writes is waited for `busy_s` seconds at every step. Raises ArchiveError
        for a file that is locked, not writable, another program's, or written by a newer Bulletin.
        """
        archive = cls(path, make_engine(path, busy_s), kill_list or KillList(list_of(path)))
        try:
            try:
                archive._open(busy_s)
            except CorruptArchiveError as error:
                archive._start_anew(error)
        except BaseException:
            archive.close()
            raise
        return archive

    def _open(self, busy_s: float) -> None:
        revision = read_revision(self.path, busy_s=busy_s)
        if revision == NEW and self._owns_list and (self.kill_list.path.exists() or find_copies(self.path)):
            revision = read_revision(self.path, busy_s=busy_s)  # who makes the first one writes its list last
            if revision == NEW:
                raise damaged(self.path, "it is empty or was deleted")
        self._bring_up(revision)
        self._file = identify(self.path)
        self._join_kills()

    def copy_daily(self, *, now: datetime) -> Path | None:
        """
        Make today's copy beside the archive unless there is one; say where it is.

        Every row is held against the indexes first: SQLite itself has no checksums. Raises CorruptArchiveError
        for damage, which is recovered by then, and ArchiveError where no copy can be made, as for want of room.
        """
        with self._mended():
            if not self._owns_list or not is_copy_due(self.path, now=now):
                return None  # what stands in for an archive is not copied
            if wrong := examine(self.path):
                raise damaged(self.path, wrong)
            return copy_daily(self.path, now=now)

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
            self.path, self.notes, self.kill_list = other.path, other.notes, other.kill_list
            self._engine, self._file, self._when_closed = other._engine, other._file, other._when_closed

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def seal(self, *entries: KillEntry) -> None:
        """Write down in the kill list's copy, too, what was taken off the air or put back. Raises nothing."""
        if not entries or not (self._owns_list or self.kill_list.path.exists()):
            return
        try:
            if not self.kill_list.read().is_whole:  # before it seems whole again
                self._join_kills()
        except ArchiveError as error:
            log.warning("the kill list's copy is not whole: %s", error)
        if not self.kill_list.write({entry.key: entry for entry in entries}):
            self.notes = (*self.notes, f"{self.kill_list.path}: the kill list's copy cannot be written")

    # -- within

    @property
    def _owns_list(self) -> bool:
        """Whether the kill list's copy is that of this archive, and not of one that it stands in for."""
        return self.kill_list.path == list_of(self.path)

    def _start_anew(self, error: CorruptArchiveError) -> None:
        """Go on with a new file, unless this process or another one has made one since the damage was met."""
        # Late: the usual run has no need of it.
        from bulletin.archive.repair.recovery import recover

        with self._mending:
            self._engine.dispose()
            done = recover(self.path, error, file=self._file, kill_list=self.kill_list)
            self._bring_up(read_revision(self.path))
            self._file = identify(self.path)
            if done:
                self.notes = (*self.notes, done.note)
            self._join_kills(doubt=done.doubt if done else "")

    def _join_kills(self, *, doubt: str = "") -> None:
        """
        Look whether all tables are there. What was killed is killed, whichever knows it: the archive or the
        copy of the list.

        `doubt`: why neither may know all. Where one cannot be written now the next start does it.
        """
        sealed = self.kill_list.read_settled()
        with self._translated(is_reading=True, is_asked_well=True), self._engine.connect() as connection:
            check_tables(connection)
            joined = join(read_entries(connection), sealed.entries)
            changes = find_changes(connection, joined)
            is_noted = knows_copy(connection)
        is_there = self._owns_list
        if is_there:  # what stands in for an archive does not know all that the list's copy must have
            name, was_there = self.kill_list.path.name, is_noted or self.kill_list.was_written
            doubt = doubt or why_incomplete(sealed, joined, name=name, was_there=was_there)
            if doubt or not sealed.is_whole or joined != sealed.entries:
                is_there = self.kill_list.write(joined, doubt=doubt or None)
        try:
            if changes or is_there > is_noted:
                with self._transaction() as connection:
                    apply_changes(connection, changes)
                    note_copy(connection)
        except CorruptArchiveError:
            raise
        except ArchiveError as error:
            log.warning("the archive could not be joined with the kill list's copy: %s", error)

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
            self._join_kills()

    def _bring_up(self, revision: str) -> None:
        if revision == NEW:
            with self._transaction() as connection:
                make_tables(connection)
        elif revision != REVISIONS[-1]:
            self._migrate(revision)

    def _migrate(self, revision: str) -> None:
        # Alembic takes a quarter of a second to load: only when there is something to do.
        from bulletin.archive.database.migrate import upgrade

        log.info("archive migrates: path=%s from=%s to=%s", self.path, revision, REVISIONS[-1])
        try:
            copy_before_migration(self.path, revision, now=datetime.now(UTC))
        except CorruptArchiveError:
            raise
        except ArchiveError as error:
            log.warning("no copy before the migration: %s", error)
            self.notes = (*self.notes, f"no copy before the migration: {error}")
        with self._transaction() as connection:
            try:
                upgrade(connection)
            except exc.SQLAlchemyError:
                raise
            except Exception as error:  # Alembic's own, of a version that is noise
                raise damaged(self.path, error) from error

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """What the database holds now, for a part of this room."""
        with self._mended(), self._translated(is_reading=True), self._engine.connect() as connection:
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
        try:
            self._follow()
            yield
        except CorruptArchiveError as error:
            self._start_anew(error)
            raise

    @contextmanager
    def _translated(self, *, is_reading: bool = False, is_asked_well: bool = False) -> Iterator[None]:
        """
        Errors as ArchiveError. `is_reading`: whatever cannot be understood is noise. `is_asked_well`: a question
        that SQLite does not understand is right, and the tables are not.
        """
        try:
            yield
        except exc.DBAPIError as error:
            cause = error.orig or error
            if is_doubtful(cause) and (wrong := str(cause) if is_asked_well else examine(self.path)):
                raise damaged(self.path, wrong) from error
            raise sqlite_error(self.path, cause) from error
        except exc.SQLAlchemyError as error:
            raise ArchiveError(f"{self.path}: {error}") from error
        except NOISE as error:
            if is_reading or is_noise(error):
                raise damaged(self.path, error) from error
            raise
