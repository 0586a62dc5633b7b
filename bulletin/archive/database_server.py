"""Database of an archive on a PostgreSQL server: opened, created or migrated, and used by many machines."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Self

from sqlalchemy import BigInteger, Connection, Engine, exc, func, inspect, literal, select, text
from sqlalchemy.dialects.sqlite import insert

from bulletin.archive.database.check_database_damage import NOISE, UnfitValueError, explain_unfit_value
from bulletin.archive.database.check_revision import (
    BASE,
    OLDEST_WRITER_NAME,
    REVISIONS,
    describe_newer,
    is_known,
    is_newer,
    may_use,
)
from bulletin.archive.database.group_tables import group_meta
from bulletin.archive.database.postgres_engine import (
    PATIENCE_S,
    ServerAddress,
    make_server_engine,
    parse_server_address,
    without_limit,
)
from bulletin.archive.database.postgres_errors import server_error
from bulletin.archive.database.schema import TABLES, make_tables
from bulletin.archive.database_interface import Database
from bulletin.archive.kill_list_safety_copy import Entries, KillEntry, KillList, SealedKills
from bulletin.errors import ArchiveError

log = logging.getLogger(__name__)

GROUP_NAME = "group"
"""Row of group_meta with the name of the group."""
_MIGRATION = "migration"
_MIGRATION_LOCK_S = 10
"""Longest wait of a migration for a table that others use, during which they wait for it."""


class _NoCopy(KillList):
    """A server's kill list has no copy beside it: the server detects damage, and its operators back it up."""

    def __init__(self) -> None:
        super().__init__(Path(os.devnull))

    def read(self) -> SealedKills:
        return SealedKills(entries={}, is_intact=True, is_counted=True)

    def write(self, entries: Entries, *, doubt: str | None = None) -> bool:
        return True


class DatabaseServer(Database):
    """
    Connections to a database on a PostgreSQL server.

    A connection that was lost costs the method that used it, an ArchiveError; the next method connects anew.
    """

    is_shared = True

    def __init__(self, address: ServerAddress, engine: Engine) -> None:
        super().__init__(address.path, _NoCopy())
        self._label = address.label
        self._engine = engine
        self._marks = count()

    @classmethod
    def open_server(
        cls, url: str, *, group: str = "", patience_s: float = PATIENCE_S, only_looks: bool = False
    ) -> Self:
        """
        Open the database of a group; create its tables where it has none, migrate them where they are older.

        A server that does not answer within `patience_s` counts as away. With `only_looks` an empty database stays
        empty, and gets no name.
        Raises ArchiveError for a server that is away or refuses the user, a read-only standby, a database of
        another program, of another group, or of a newer Bulletin that this one must not write beside.
        """
        address = parse_server_address(url)
        server = cls(address, make_server_engine(address, patience_s=patience_s))
        try:
            server._open(group, only_looks=only_looks)
        except BaseException:
            server.close()
            raise
        return server

    @property
    def label(self) -> str:
        return self._label

    def now(self) -> datetime:
        query = select(func.timezone("UTC", func.clock_timestamp()))
        if writing := self._joined.writing:
            return self._aware(writing.execute(query).scalar_one())
        return self._aware(self.scalar(query))

    @staticmethod
    def _aware(moment: datetime) -> datetime:
        return moment.replace(tzinfo=UTC)

    def change_mark(self) -> str:
        return str(next(self._marks))

    def spare_connections(self) -> int | None:
        query = """SELECT current_setting('max_connections')::int
            - current_setting('superuser_reserved_connections')::int
            - (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend')"""
        with self._read() as connection:
            return int(connection.execute(text(query)).scalar_one())

    def _open(self, group: str, *, only_looks: bool) -> None:
        with self._read() as connection:
            self._check_server(connection)
            revision = self._read_revision(connection)
        if only_looks and not revision:
            raise ArchiveError(
                f"{self.label}: the database is empty; the first `bulletin group plan` or `worker` makes its tables"
            )
        if revision != REVISIONS[-1] and not is_newer(revision):
            self._bring_up()
        with self._read() as connection:
            self._check_tables(connection)
        if group:
            self._claim(group, only_looks=only_looks)

    def _check_server(self, connection: Connection) -> None:
        encoding, is_standby = connection.execute(
            text("SELECT current_setting('server_encoding'), pg_is_in_recovery()")
        ).one()
        if encoding != "UTF8":
            remedy = "create it with ENCODING 'UTF8' TEMPLATE template0"
            raise ArchiveError(f"{self.label}: the database stores texts as {encoding}; {remedy}")
        if is_standby:
            raise ArchiveError(f"{self.label}: the database is a read-only standby; name the primary server")

    def _read_revision(self, connection: Connection) -> str:
        """Revision of the database; empty: it has none of our tables. Raises ArchiveError for one not to be used."""
        present = set(inspect(connection).get_table_names())
        if "alembic_version" not in present:
            if others := sorted(present & set(TABLES.tables)):
                raise self._not_ours(f'a table "{others[0]}"')
            return ""
        revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or BASE
        if is_known(revision):
            return revision
        if not is_newer(revision):
            raise self._not_ours(f"the revision {revision[:20]}")
        meta = select(group_meta.c.value).where(group_meta.c.name == OLDEST_WRITER_NAME)
        oldest = connection.execute(meta).scalar() if group_meta.name in present else None
        if not may_use(revision, oldest or ""):
            raise ArchiveError(f"{self.label}: {describe_newer(revision)}; update Bulletin on this machine")
        return revision

    def _not_ours(self, what: str) -> ArchiveError:
        remedy = "give the group a database of its own"
        return ArchiveError(f"{self.label}: has {what} of another program; {remedy}")

    def _bring_up(self) -> None:
        """Create or migrate the tables, unless another process does so now: it is waited for."""
        with self._write() as connection, without_limit(connection):
            self._take(connection, _MIGRATION)
            connection.execute(text(f"SET LOCAL lock_timeout = '{_MIGRATION_LOCK_S}s'"))
            revision = self._read_revision(connection)
            if revision == "":
                make_tables(connection)
                log.info("archive created: database=%s", self.label)
            elif revision != REVISIONS[-1] and not is_newer(revision):
                # Alembic takes a quarter of a second to import: only when there is a migration to run.
                from bulletin.archive.database.migrate import upgrade

                log.info(
                    "archive upgrade begins: database=%s from=%s to=%s", self.label, revision, REVISIONS[-1]
                )
                upgrade(connection)

    def _check_tables(self, connection: Connection) -> None:
        """Compare with today's tables, in one query. Raises ArchiveError when a column is missing."""
        query = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()"
        present = {(table, column) for table, column in connection.execute(text(query))}
        needed = {(table.name, column.name) for table in TABLES.tables.values() for column in table.columns}
        if missing := sorted(needed - present):
            name = ".".join(missing[0])
            raise ArchiveError(
                f"{self.label}: the column {name} is missing; restore the database from a backup"
            )

    def _claim(self, group: str, *, only_looks: bool) -> None:
        """Note the name of the group, the first one of which owns the database; with `only_looks` compare it."""
        row = insert(group_meta).values(name=GROUP_NAME, value=group).on_conflict_do_nothing()
        query = select(group_meta.c.value).where(group_meta.c.name == GROUP_NAME)
        owner = self.scalar(query)
        if owner is None and not only_looks:
            self.execute(row)
            owner = self.scalar(query)
        if owner not in (group, None):
            raise ArchiveError(
                f'{self.label}: belongs to the group "{owner}", not to "{group}"; correct [group] name, or give '
                'each group a database of its own (renamed on purpose: docs/RUNBOOK.md, "The group was renamed")'
            )

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        """A read-only transaction that sees one state of the tables, as SQLite's do."""
        with self._translated(is_reading=True), self._engine.connect() as connection:
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with (
                connection.begin()
            ):  # ended by a COMMIT: after a ROLLBACK psycopg forgets prepared statements
                yield connection

    @contextmanager
    def _reading_once(self) -> Iterator[Connection]:
        """Without BEGIN and COMMIT: half of the round trips."""
        if self.is_in_transaction:
            with self.reading() as joined:
                yield joined
            return
        with self._translated(is_reading=True), self._engine.connect() as connection:
            yield connection.execution_options(isolation_level="AUTOCOMMIT")

    @contextmanager
    def _write(self, *, is_callers: bool = False) -> Iterator[Connection]:
        with (
            self._translated(is_callers=is_callers),
            self._engine.connect() as connection,
            connection.begin(),
        ):
            yield connection

    def _take(self, connection: Connection, lock: str, *, is_shared: bool = False) -> None:
        if lock:
            key = int.from_bytes(hashlib.sha256(lock.encode()).digest()[:8], "big", signed=True)
            take = func.pg_advisory_xact_lock_shared if is_shared else func.pg_advisory_xact_lock
            connection.execute(select(take(literal(key, BigInteger))))

    @contextmanager
    def _translated(self, *, is_reading: bool = False, is_callers: bool = False) -> Iterator[None]:
        """
        Raise database errors as ArchiveError.

        `is_reading`: so is a value that cannot be converted. `is_callers`: other errors are the caller's.
        """
        try:
            yield
        except exc.DBAPIError as error:
            raise server_error(self.label, error.orig or error) from error
        except exc.TimeoutError as error:
            text = "all connections of this process are in use; run fewer stations in one process"
            raise ArchiveError(f"{self.label}: {text}") from error
        except exc.SQLAlchemyError as error:
            first_line = str(error).partition("\n")[0]  # the rest is SQL
            text = "not read or changed, because of a mistake in Bulletin; report this message"
            raise ArchiveError(f"{self.label}: {text}: {first_line}") from error
        except NOISE as error:
            if is_callers:
                raise
            if reason := explain_unfit_value(error):
                raise UnfitValueError(f"{self.label}: {reason}") from error
            if is_reading:
                cause = " ".join(str(error).split())[:120]
                raise ArchiveError(
                    f"{self.label}: a row cannot be read ({cause}); update Bulletin on this machine"
                ) from error
            raise

    def _seal(self, entries: tuple[KillEntry, ...]) -> None:
        """The kill list has no copy."""

    def _disconnect(self) -> None:
        self._engine.dispose()
