"""Path -> database file of an archive: opened, migrated, and recovered when it is damaged."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from sqlalchemy import Connection, Engine, exc

from bulletin.archive.database.check_database_damage import (
    BUSY_S,
    NEW,
    NOISE,
    CorruptArchiveError,
    UnfitValueError,
    damaged,
    explain_unfit_value,
    identify,
    is_doubtful,
    is_noise,
    read_revision,
    sqlite_error,
)
from bulletin.archive.database.check_revision import REVISIONS, is_newer
from bulletin.archive.database.schema import make_tables
from bulletin.archive.database.sqlite_engine import check_tables, examine, make_engine
from bulletin.archive.database_interface import Database
from bulletin.archive.join_kill_list_with_its_copy import (
    apply_changes,
    find_changes,
    knows_copy,
    note_copy,
    read_entries,
)
from bulletin.archive.kill_list_safety_copy import KillEntry, KillList, join, kill_list_path, why_incomplete
from bulletin.archive.repair.daily_copies import copy_before_migration, copy_daily, find_copies, is_copy_due
from bulletin.errors import ArchiveError

log = logging.getLogger(__name__)


class DatabaseFile(Database):
    """Connections to an SQLite file, which is recovered when it is damaged."""

    def __init__(self, path: Path, engine: Engine, kill_list: KillList) -> None:
        super().__init__(path, kill_list)
        self._engine = engine
        self._file = identify(path)
        self._recovery = threading.Lock()

    @classmethod
    def open_file(cls, path: Path, *, busy_s: float = BUSY_S, kill_list: KillList | None = None) -> Self:
        """
        Open the archive at `path`; create it when it is missing, migrate it when it is older.

        A damaged file is set aside as `<name>.corrupt-<time>`. The new file has the salvaged rows and the
        rows of the newest copy; its `notes` say so. `kill_list` replaces the sealed copy beside the file.
        Each step waits `busy_s` seconds for another process that writes. Raises ArchiveError for a file that
        is locked, not writable, another program's, or written by a newer Bulletin.
        """
        archive = cls(path, make_engine(path, busy_s), kill_list or KillList(kill_list_path(path)))
        with ExitStack() as on_error:
            on_error.callback(archive.close)
            try:
                archive._open(busy_s)
            except CorruptArchiveError as error:
                archive._start_anew(error)
            on_error.pop_all()
        return archive

    def _open(self, busy_s: float) -> None:
        revision = read_revision(self.path, busy_s=busy_s)
        if revision == NEW and self._owns_list and (self.kill_list.path.exists() or find_copies(self.path)):
            revision = read_revision(self.path, busy_s=busy_s)  # another process may just have created it
            if revision == NEW:
                raise damaged(self.path, "it is empty or was deleted")
        self._bring_up(revision)
        self._file = identify(self.path)
        self._join_kills()

    def copy_daily(self, *, now: datetime) -> Path | None:
        """
        Make today's copy beside the archive unless there is one; return its path.

        Every row is compared with the indexes first: SQLite itself has no checksums. Raises CorruptArchiveError
        for damage, after the recovery, and ArchiveError when no copy can be made, as on a full disk.
        """
        with self._recovering_from_damage():
            if not self._owns_list or not is_copy_due(self.path, now=now):
                return None  # a fallback archive is not copied
            if fault := examine(self.path):
                raise damaged(self.path, fault)
            return copy_daily(self.path, now=now)

    def now(self) -> datetime:
        return datetime.now(UTC)

    def change_mark(self) -> str:
        marks = []
        for path in (self.path, self.path.with_name(f"{self.path.name}-wal")):
            with suppress(OSError):
                status = path.stat()
                marks.append(f"{status.st_mtime_ns}:{status.st_size}")
        return " ".join(marks)

    def _disconnect(self) -> None:
        self._engine.dispose()

    def move_to(self, other: Self) -> None:
        """Take over the file of `other`, for all users of this object; `other` must not be used any more."""
        with self._recovery:
            self.close()
            self.path, self.notes, self.kill_list = other.path, other.notes, other.kill_list
            self._engine, self._file, self._when_closed = other._engine, other._file, other._when_closed

    def _seal(self, entries: tuple[KillEntry, ...]) -> None:
        if not (self._owns_list or self.kill_list.path.exists()):
            return
        try:
            if not self.kill_list.read().is_intact:  # writing would make it look intact
                self._join_kills()
        except ArchiveError as error:
            log.warning("copy of the kill list damaged: %s", error)
        if not self.kill_list.write({entry.key: entry for entry in entries}):
            self.notes = (*self.notes, f"{self.kill_list.path}: the kill list's copy cannot be written")

    @property
    def _owns_list(self) -> bool:
        """Whether the sealed kill list belongs to this archive; a fallback uses that of its archive."""
        return self.kill_list.path == kill_list_path(self.path)

    def _start_anew(self, error: CorruptArchiveError) -> None:
        """Recover into a new file, unless another thread or process has done so since the damage was met."""
        # Imported late: few runs need it.
        from bulletin.archive.repair.rebuild_damaged_database import recover

        with self._recovery:
            self._engine.dispose()
            note, doubt = recover(self.path, error, file=self._file, kill_list=self.kill_list)
            self._bring_up(read_revision(self.path))
            self._file = identify(self.path)
            self.notes = (*self.notes, *filter(None, [note]))
            self._join_kills(doubt=doubt)

    def _join_kills(self, *, doubt: str = "") -> None:
        """
        Check the tables, then merge the kill lists of the archive and of its sealed copy into both.

        `doubt`: why neither may be complete. If one cannot be written now, the next start does it.
        """
        sealed = self.kill_list.read_settled()
        with self._translated(is_reading=True, is_query_valid=True), self._engine.connect() as connection:
            check_tables(connection)
            joined = join(read_entries(connection), sealed.entries)
            changes = find_changes(connection, joined)
            is_noted = knows_copy(connection)
        is_copied = self._owns_list
        if is_copied:  # a fallback archive does not know every entry that the sealed copy must have
            name, was_there = self.kill_list.path.name, is_noted or self.kill_list.was_written
            doubt = doubt or why_incomplete(sealed, joined, name=name, was_there=was_there)
            if doubt or not sealed.is_intact or joined != sealed.entries:
                is_copied = self.kill_list.write(joined, doubt=doubt or None)
        try:
            if changes or is_copied > is_noted:
                with self._transaction() as connection:
                    apply_changes(connection, changes)
                    note_copy(connection)
        except ArchiveError as error:
            if isinstance(error, CorruptArchiveError):
                raise
            log.warning("archive not compared with the copy of its kill list: %s", error)

    def _follow(self) -> None:
        """Switch to the new file when another process has set ours aside: rows written to ours would be lost."""
        current = identify(self.path)
        if current is None or current == self._file:
            return
        with self._recovery:
            if current == self._file:  # another thread has switched
                return
            log.warning(
                "another process replaced the archive file, the new one is in use now: path=%s", self.path
            )
            self.notes = (*self.notes, f"{self.path}: another archive has replaced it")
            self._engine.dispose()
            self._file = current
            self._join_kills()

    def _bring_up(self, revision: str) -> None:
        if revision == NEW:
            with self._transaction() as connection:
                make_tables(connection)
        elif revision != REVISIONS[-1] and not is_newer(revision):
            self._migrate(revision)

    def _migrate(self, revision: str) -> None:
        # Alembic takes a quarter of a second to import: only when there is a migration to run.
        from bulletin.archive.database.migrate import upgrade

        log.info("archive upgrade begins: path=%s from=%s to=%s", self.path, revision, REVISIONS[-1])
        try:
            copy_before_migration(self.path, revision, now=datetime.now(UTC))
        except ArchiveError as error:
            if isinstance(error, CorruptArchiveError):
                raise
            log.warning("archive not copied before its upgrade: %s", error)
            self.notes = (*self.notes, f"archive not copied before its upgrade: {error}")
        with self._translated(is_reading=True), self._transaction() as connection:
            upgrade(connection)

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        with (
            self._recovering_from_damage(),
            self._translated(is_reading=True),
            self._engine.connect() as connection,
        ):
            yield connection

    @contextmanager
    def _write(self, *, is_callers: bool = False) -> Iterator[Connection]:
        with self._recovering_from_damage(), self._transaction(is_callers=is_callers) as connection:
            yield connection

    def _take(self, connection: Connection, lock: str, *, is_shared: bool = False) -> None:
        """The one writer of a file holds every lock."""

    @contextmanager
    def _transaction(self, *, is_callers: bool = False) -> Iterator[Connection]:
        """A write transaction; it takes the write lock at its start, so it cannot fail half-way for lack of it."""
        with self._translated(is_callers=is_callers), self._engine.connect() as connection:
            connection = connection.execution_options(writes=True)
            with connection.begin():
                yield connection

    @contextmanager
    def _recovering_from_damage(self) -> Iterator[None]:
        """Recover from damage, then raise it all the same: the caller's work has failed (`retry_after_damage`)."""
        try:
            self._follow()
            yield
        except CorruptArchiveError as error:
            self._start_anew(error)
            raise

    @contextmanager
    def _translated(
        self, *, is_reading: bool = False, is_query_valid: bool = False, is_callers: bool = False
    ) -> Iterator[None]:
        """
        Raise database errors as ArchiveError.

        `is_reading`: a value that cannot be converted is damage. `is_query_valid`: the query is known to be right,
        so the tables are wrong when SQLite refuses it. `is_callers`: other errors are the caller's.
        """
        try:
            yield
        except exc.DBAPIError as error:
            cause = error.orig or error
            if is_doubtful(cause) and (fault := str(cause) if is_query_valid else examine(self.path)):
                raise damaged(self.path, fault) from error
            raise sqlite_error(self.path, cause) from error
        except exc.SQLAlchemyError as error:
            first_line = str(error).partition("\n")[0]  # the rest is SQL
            text = "not read or changed, because of a mistake in Bulletin; report this message"
            raise ArchiveError(f"{self.path}: the archive was {text}: {first_line}") from error
        except NOISE as error:
            if is_callers:
                raise
            if reason := explain_unfit_value(error):
                raise UnfitValueError(f"{self.path.name}: {reason}") from error
            if is_reading or is_noise(error):
                raise damaged(self.path, error) from error
            raise
