"""Address of a PostgreSQL server -> SQLAlchemy engine; the only module of the archive that imports psycopg."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, exc, text
from sqlalchemy.dialects.sqlite.dml import OnConflictDoNothing, OnConflictDoUpdate
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.pool import ConnectionPoolEntry

from bulletin.archive.database.end_silent_connections import WATCH
from bulletin.archive.database.schema import to_json
from bulletin.errors import ArchiveError
from bulletin.runtime.suggest_install_command import command_for_extra

PATIENCE_S = 45.0
"""Longest wait for an answer: longer than a statement may take on the server."""
FORM = "postgresql://user@host/database"
_SCHEMES = ("postgresql://", "postgres://")
_OPTIONS = {"preserve_rowcount": True}
"""Ledgers read the number of rows that an INSERT has added; without this option SQLAlchemy forgets it."""
_POOL = {
    "pool_size": 4,
    "max_overflow": 12,
    "pool_timeout": 20.0,
    "pool_recycle": 1800,
}
"""Connections of one process."""
_TRUSTED_S = 1.0
"""A connection that was idle for longer is tested before use, since the server may have been restarted."""

_CONNECTION = {
    "connect_timeout": "10",
    # a server that no longer answers is noticed in about 20 seconds
    "keepalives": "1",
    "keepalives_idle": "5",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "20000",
    "application_name": "bulletin",
}
"""Options of libpq; those of the address, and PGAPPNAME, win."""

_SESSION = {
    "statement_timeout": "30s",
    "lock_timeout": "10s",
    "idle_in_transaction_session_timeout": "30s",
    "client_min_messages": "warning",
    "timezone": "UTC",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerAddress:
    """A database on a PostgreSQL server."""

    label: str
    """Server and database for messages, without the password."""
    options: dict[str, str] = field(repr=False)
    """Options of libpq, which may hold the password."""

    @property
    def path(self) -> Path:
        """The label as a path; no file has this name."""
        return Path(self.label.replace("://", ":", 1))


def parse_server_address(url: str) -> ServerAddress:
    """
    The database that a PostgreSQL URL names, in every form of libpq; what it omits comes from PGHOST and the like.

    Raises ArchiveError for another URL, and where the extra "group" is not installed.
    """
    psycopg = _import_psycopg()
    if not url.startswith(_SCHEMES):
        raise ArchiveError(f"the group's database is no address of PostgreSQL; write it as {FORM}")
    try:
        named = {name: str(value) for name, value in psycopg.conninfo.conninfo_to_dict(url).items()}
    except psycopg.Error:  # its message quotes the address, which may hold a password
        raise ArchiveError(
            f"the address of the group's database cannot be read; write it as {FORM}"
        ) from None
    defaults = {name: value for name, value in _CONNECTION.items() if name not in named}
    if os.environ.get("PGAPPNAME"):
        defaults.pop("application_name", None)
    session = " ".join(f"-c {name}={value}" for name, value in _SESSION.items())
    options = f"{session} {named.get('options', os.environ.get('PGOPTIONS', ''))}".strip()
    return ServerAddress(label=_label(named), options=defaults | named | {"options": options})


def make_server_engine(address: ServerAddress, *, patience_s: float = PATIENCE_S) -> Engine:
    """
    Engine whose connections are made when they are needed, so no error is raised here.

    A connection is closed when the server does not answer within `patience_s`.
    """
    patient = _patient_connection(patience_s)
    url = "postgresql+psycopg://"
    engine = create_engine(
        url, connect_args=address.options, json_serializer=to_json, execution_options=_OPTIONS, **_POOL
    )

    @event.listens_for(engine, "do_connect")
    def connect(dialect: object, record: object, arguments: object, options: dict[str, Any]) -> Any:
        return patient.connect(**options)

    @event.listens_for(engine, "checkin")
    def note_use(connection: object, record: ConnectionPoolEntry) -> None:
        record.info["used_at"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def test(connection: Any, record: ConnectionPoolEntry, proxy: object) -> None:
        """A test takes as long as most statements: one for all statements of a piece of work is enough."""
        if time.monotonic() - record.info.get("used_at", math.inf) > _TRUSTED_S:
            try:
                engine.dialect.do_ping(connection)
            except engine.dialect.loaded_dbapi.Error as error:
                raise exc.DisconnectionError from error  # the pool connects again

    @event.listens_for(engine, "handle_error")
    def wrap(context: ExceptionContext) -> None:
        """Raise the error of a value that has no JSON as SQLAlchemy does with SQLite, where it makes the JSON."""
        error = context.original_exception
        if isinstance(error, TypeError):
            raise exc.StatementError(str(error), context.statement, context.parameters, error)

    return engine


@contextmanager
def without_limit(connection: Connection) -> Iterator[None]:
    """Let the statements of a transaction take their time, on both sides."""
    driver: Any = connection.connection.driver_connection
    for name in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"):
        connection.execute(text(f"SET LOCAL {name} = 0"))
    driver.has_patience = True
    try:
        yield
    finally:
        driver.has_patience = False


def _patient_connection(patience_s: float) -> Any:
    """Class of psycopg's connections, with a limit for each answer, except with `has_patience`."""
    psycopg = _import_psycopg()

    class PatientConnection(psycopg.Connection):  # type: ignore[misc, name-defined]
        has_patience = False

        def wait(self, *args: Any, **more: Any) -> Any:
            if self.has_patience:
                return super().wait(*args, **more)
            with WATCH.limited(self.pgconn.socket, patience_s=patience_s):
                return super().wait(*args, **more)

    return PatientConnection


def _label(named: dict[str, str]) -> str:
    user = named.get("user", os.environ.get("PGUSER", ""))
    host = named.get("host", os.environ.get("PGHOST", "")) or "localhost"
    port = named.get("port", os.environ.get("PGPORT", ""))
    database = named.get("dbname", os.environ.get("PGDATABASE", "")) or user
    return f"postgresql://{user}{'@' if user else ''}{host}{':' if port else ''}{port}/{database}"


def _import_psycopg() -> Any:
    try:
        import psycopg
        import psycopg.conninfo
    except ImportError as error:  # also where it finds no libpq
        raise ArchiveError(
            f'a group\'s database needs the extra "group" ({error.msg.splitlines()[0]}); install it: '
            f"{command_for_extra('group')}"
        ) from error
    return psycopg


# The ledgers write "ON CONFLICT" in SQLite's form, whose import takes 15 ms; PostgreSQL's takes 75 ms more at each start.
# It lacks one attribute: the name of a constraint, which no ledger uses.
@compiles(OnConflictDoNothing, "postgresql")
def _do_nothing(clause: Any, compiler: Any, **more: Any) -> str:
    clause.constraint_target = None
    return str(compiler.visit_on_conflict_do_nothing(clause, **more))


@compiles(OnConflictDoUpdate, "postgresql")
def _do_update(clause: Any, compiler: Any, **more: Any) -> str:
    clause.constraint_target = None
    return str(compiler.visit_on_conflict_do_update(clause, **more))
