"""Tables of an archive, in a file or on a server: transactions, queries, and the kill list's copy."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Self, TypeVar

from sqlalchemy import Connection, Executable, RowMapping, Select

from bulletin.archive.kill_list_safety_copy import KillEntry, KillList

Record = TypeVar("Record")


class _Joined(threading.local):
    """The transactions of this thread."""

    connection: Connection | None = None
    """That of `in_one_transaction`."""
    writing: Connection | None = None
    """The innermost of `writing`."""

    def __init__(self) -> None:
        self.sealed: list[KillEntry] = []


class Database(ABC):
    """
    Connections to the tables, safe for several threads and processes.

    Every failure is an ArchiveError that names the database and the remedy.
    """

    is_shared = False
    """Processes of other machines may use it, too."""

    def __init__(self, path: Path, kill_list: KillList) -> None:
        self.path = path
        """The file; of a server its address without the password, which names no file."""
        self.kill_list = kill_list
        """Sealed copy of the kill list, beside the archive; a server has none."""
        self.notes: tuple[str, ...] = ()
        """Events to report: a damaged archive was set aside."""
        self._when_closed = ExitStack()
        self._joined = _Joined()

    @property
    def label(self) -> str:
        """Name for messages: the file, or server and database without the password."""
        return str(self.path)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A read transaction, which sees one state of the tables; within `in_one_transaction` a part of that."""
        if joined := self._joined.connection:
            with self._translated(is_reading=True):
                yield joined
        else:
            with self._read() as connection:
                yield connection

    @contextmanager
    def writing(self, *, lock: str = "") -> Iterator[Connection]:
        """
        A write transaction; within `in_one_transaction` a part of that.

        A file has one writer at a time. On a server transactions run side by side, each statement sees what others
        have committed, and those with the same `lock` ("edits:demo") wait for one another: name one where a
        method reads first and then writes what depends on it.
        """
        if joined := self._joined.connection:
            with self._translated(), joined.begin_nested():
                self._take(joined, lock)
                yield joined
            return
        with self._write() as connection:
            self._take(connection, lock)
            before, self._joined.writing = self._joined.writing, connection
            try:
                yield connection
            finally:
                self._joined.writing = before

    @contextmanager
    def in_one_transaction(self, *, lock: str = "", shared: Collection[str] = ()) -> Iterator[Connection]:
        """
        One write transaction for all `reading` and `writing` of this thread: all of them or none.

        Transactions that take a lock as `shared` do not wait for one another, only for one that has it as its `lock`.
        All locks are taken in the order of their names, so that two transactions never wait for each other. An inner `writing` that fails is undone alone where its error is caught. Entries for the sealed copy of the
        kill list are written after the commit.
        """
        if self._joined.connection:
            with self.writing() as connection:
                self._take_all(connection, lock, shared)
                yield connection
            return
        try:
            with self._write(is_callers=True) as connection:
                self._take_all(connection, lock, shared)
                self._joined.connection = connection
                try:
                    yield connection
                finally:
                    self._joined.connection = None
            self.seal(*self._joined.sealed)
        finally:
            self._joined.sealed.clear()

    def _take_all(self, connection: Connection, lock: str, shared: Collection[str]) -> None:
        for name in sorted({lock, *shared} - {""}):
            self._take(connection, name, is_shared=name != lock)

    @property
    def is_in_transaction(self) -> bool:
        """Whether this thread is within `in_one_transaction`."""
        return self._joined.connection is not None

    def select(self, query: Select[Any], convert: Callable[[RowMapping], Record]) -> tuple[Record, ...]:
        """The rows of `query`, each converted; a row that cannot be converted is damage."""
        with self._reading_once() as connection:
            return tuple(convert(row) for row in connection.execute(query).mappings())

    def scalar(self, query: Select[Any]) -> Any:
        """The first value of the first row of `query`; None: there is no row."""
        with self._reading_once() as connection:
            return connection.execute(query).scalar()

    def execute(self, *commands: Executable) -> int:
        """Run all commands in one write transaction; return the number of rows changed."""
        with self.writing() as connection:
            return sum(connection.execute(command).rowcount for command in commands)

    def seal(self, *entries: KillEntry) -> None:
        """Write entries into the sealed copy of the kill list, too. Raises nothing."""
        if self.is_in_transaction:
            self._joined.sealed.extend(entries)
        elif entries:
            self._seal(entries)

    def copy_daily(self, *, now: datetime) -> Path | None:
        """Make today's copy beside the archive; None: there is one, or the database is a server's."""
        return None

    def spare_connections(self) -> int | None:
        """Connections that the server has left for programs; None: the database is a file."""
        return None

    def close(self) -> None:
        """Close the connections, and run what `when_closed` has collected."""
        self._disconnect()
        self._when_closed.close()

    def when_closed(self, do: Callable[[], None]) -> None:
        """Call `do` when this archive is closed."""
        self._when_closed.callback(do)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _reading_once(self) -> AbstractContextManager[Connection]:
        """A connection for one query, which sees one state of the tables by itself."""
        return self.reading()

    @abstractmethod
    def now(self) -> datetime:
        """The clock for leases, aware UTC: this machine's for a file, the database's for a server."""

    @abstractmethod
    def change_mark(self) -> str:
        """Mark that differs after a change, without a query; a server has none, so its mark always differs."""

    @abstractmethod
    def _read(self) -> AbstractContextManager[Connection]:
        """A read transaction of its own."""

    @abstractmethod
    def _write(self, *, is_callers: bool = False) -> AbstractContextManager[Connection]:
        """A write transaction of its own; `is_callers`: errors that are not the database's are the caller's."""

    @abstractmethod
    def _translated(self, *, is_reading: bool = False) -> AbstractContextManager[None]:
        """Raise database errors as ArchiveError."""

    @abstractmethod
    def _take(self, connection: Connection, lock: str, *, is_shared: bool = False) -> None:
        """Hold a named lock until the transaction ends, alone or with others that share it."""

    @abstractmethod
    def _seal(self, entries: tuple[KillEntry, ...]) -> None: ...

    @abstractmethod
    def _disconnect(self) -> None: ...
