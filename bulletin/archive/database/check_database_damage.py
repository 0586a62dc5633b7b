"""Path -> revision and state of the archive there; sqlite3 only, which is quick to import."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from itertools import chain, count
from pathlib import Path

from bulletin.archive.database.check_revision import (
    BASE,
    OLDEST_WRITER_NAME,
    describe_newer,
    is_known,
    is_newer,
    may_use,
)
from bulletin.errors import ArchiveError, explain_os_errors, find_write_remedy

NEW = ""
"""Revision of a file without tables."""

Identity = tuple[int, int]
"""Device and inode of a file."""

BUSY_S = 10.0
"""Seconds that a writer waits for another one."""

_CHECKED_BYTES = 64 * 2**20
"""Largest file that is read from end to end at every start (64 MB: about 0.1 s)."""

_DAMAGE_CODES = {
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_INTERNAL,
    sqlite3.SQLITE_TOOBIG,
    sqlite3.SQLITE_SCHEMA,
    sqlite3.SQLITE_FORMAT,
    sqlite3.SQLITE_MISMATCH,
}
_UNREADABLE_CODES = {
    sqlite3.SQLITE_IOERR_READ,
    sqlite3.SQLITE_IOERR_SHORT_READ,
    sqlite3.SQLITE_IOERR_CORRUPTFS,
}
"""The disk cannot read its own data; other disk errors may be temporary."""

_DOUBTFUL_CODES = {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CONSTRAINT}
"""Codes of a damaged file, or of a wrong query."""

NOISE = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError)
"""Errors raised by the conversion of damaged values."""

_LOCKED = "another program keeps it locked; try again later"
_CHOOSE = "choose another folder with --output"
_NOT_WRITABLE = f"the archive cannot be written ({{}}); give this user write permission, or {_CHOOSE}"
_MESSAGES = {
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_FULL: "the disk is full; free some space",
    # also of a full disk, while the log is memory-mapped
    sqlite3.SQLITE_IOERR: "cannot be read or written ({}); is the disk full or broken?",
    sqlite3.SQLITE_READONLY: _NOT_WRITABLE,
    sqlite3.SQLITE_CANTOPEN: _NOT_WRITABLE,
    sqlite3.SQLITE_PERM: _NOT_WRITABLE,
}
"""Primary code -> message with SQLite's own words, and the remedy."""

_OURS = frozenset(
    {"aired", "bulletins", "considered", "episodes", "kills", "own_stories", "podcasts", "slots"}
)
"""Our tables: two of them prove that the file is an archive."""

_REMEDY = "; move the file to another folder, and the next run starts a new archive"


class CorruptArchiveError(ArchiveError):
    """The file is damaged, or not a database."""


class UnfitValueError(ArchiveError):
    """A number or text of a query, which no row can hold: a mistake of the request, not damage."""


def read_revision(path: Path, *, busy_s: float = BUSY_S) -> str:
    """
    Revision of the archive at `path`; NEW for an empty file, BASE for one before the first revision.

    Creates an empty file when there is none. Raises CorruptArchiveError for a damaged file,
    ArchiveError, with the remedy, for a file that is locked, unreadable, newer or another program's.
    """
    with explain_os_errors(ArchiveError, f"{path.parent}: the folder cannot be created", find_write_remedy):
        path.parent.mkdir(parents=True, exist_ok=True)
    with translated(path), closing(sqlite3.connect(path, timeout=busy_s)) as db:
        revision = _inspect(db, path)
        _switch_to_wal(db, busy_s)
        return revision


def check_copy(path: Path) -> str:
    """
    Revision of a copy of an archive, which is not changed.

    Raises CorruptArchiveError for a damaged copy, ArchiveError for a copy that this Bulletin cannot read.
    """
    uri = f"{path.absolute().as_uri()}?immutable=1"
    with translated(path), closing(sqlite3.connect(uri, uri=True)) as db:
        return _inspect(db, path)


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Raise errors of sqlite3 as ArchiveError."""
    try:
        yield
    except sqlite3.Error as error:
        raise sqlite_error(path, error) from error
    except NOISE as error:  # sqlite3 raises UnicodeDecodeError when its message quotes damaged text
        raise damaged(path, error) from error


def fallback_path(path: Path) -> Path:
    """Path of the fallback for the archive at `path`."""
    return path.parent / "without-memory" / "stand-in.sqlite"


def identify(path: Path) -> Identity | None:
    """Identity of a file, which survives renaming; None: no such file."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def set_aside(path: Path, *, new: Path, now: datetime) -> Path:
    """
    Rename a damaged archive and its log to `<name>.corrupt-<UTC time>`; return the new path.

    `new` takes its place, without a gap on file systems with hard links. Raises ArchiveError.
    """
    stamp = f"{path.stem}.corrupt-{now:%Y%m%dT%H%M%SZ}"
    names = chain([stamp], (f"{stamp}-{number}" for number in count(2)))
    aside = next(free for free in map(path.with_name, names) if not free.exists())
    with explain_os_errors(ArchiveError, f"{path}: is damaged, and cannot be set aside", "move it"):
        for tail in ("-wal", "-shm"):  # first: the new archive must not find the old log
            beside = path.with_name(path.name + tail)
            if beside.exists():
                beside.rename(aside.with_name(aside.name + tail))
        try:
            aside.hardlink_to(path)
        except OSError:
            path.rename(aside)
        new.replace(path)
    return aside


def sqlite_error(path: Path, error: BaseException) -> ArchiveError:
    """ArchiveError for an error of sqlite3, with the file and the remedy."""
    extended = getattr(error, "sqlite_errorcode", 0)
    code = extended & 0xFF  # the primary code
    if code in _DAMAGE_CODES or extended in _UNREADABLE_CODES or is_noise(error):
        return damaged(path, error)
    if code in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_ERROR} and _has_wrong_header(path):
        return damaged(path, "its header is wrong")
    return ArchiveError(f"{path}: {_MESSAGES.get(code, '{}').format(error)}")


def is_doubtful(error: BaseException) -> bool:
    """Whether an error of sqlite3 may be due to a damaged file, which `sqlite_error` cannot decide."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _DOUBTFUL_CODES


def damaged(path: Path, error: BaseException | str) -> CorruptArchiveError:
    """CorruptArchiveError with a short, readable cause."""
    cause = " ".join(str(error).removeprefix("*** in database main ***").split())
    return CorruptArchiveError(f"{path}: the archive is damaged ({cause[:80]}){_REMEDY}")


def is_noise(error: BaseException) -> bool:
    """
    Whether an error is due to a damaged value: invalid UTF-8, JSON or date.

    SQLite keeps no checksums: its own checks miss a long text that was overwritten.
    """
    return isinstance(error, json.JSONDecodeError | UnicodeDecodeError) or str(error).startswith(
        ("Could not decode to UTF-8", "Couldn't parse datetime", "Invalid isoformat string")
    )


def explain_unfit_value(error: BaseException) -> str:
    """Why sqlite3 takes a value of a query for no value of SQLite; empty: the error is another one."""
    if isinstance(error, OverflowError) and "SQLite INTEGER" in str(error):
        return "a number is too large; correct it"
    if isinstance(error, UnicodeEncodeError):
        return "a text has half of a character (a lone surrogate); correct it"
    return ""


def _inspect(db: sqlite3.Connection, path: Path) -> str:
    tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not tables:
        if db.execute("PRAGMA page_count").fetchone()[0] > 1:
            raise damaged(path, "its tables are missing")
        return NEW
    if "alembic_version" not in tables:
        if len(tables & _OURS) > 1:
            raise damaged(path, "its version table is missing")
        raise ArchiveError(f"{path}: is a database of another program; name another archive")
    if path.stat().st_size <= _CHECKED_BYTES:
        (verdict,) = db.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            raise damaged(path, str(verdict))
    row = db.execute("SELECT version_num FROM alembic_version").fetchone()
    revision = str(row[0]) if row else BASE
    if not is_known(revision) and not may_use(revision, _read_oldest_writer(db, tables)):
        if not is_newer(revision):
            raise damaged(path, f"unknown archive version {ascii(revision)[:20]}")
        raise ArchiveError(f"{path}: {describe_newer(revision)}; update Bulletin, or {_CHOOSE}")
    return revision


def _read_oldest_writer(db: sqlite3.Connection, tables: set[str]) -> str:
    """The oldest revision whose programs may use a file of a newer one; empty: it does not say."""
    if "group_meta" not in tables:
        return ""
    query = "SELECT value FROM group_meta WHERE name = ?"
    row = db.execute(query, [OLDEST_WRITER_NAME]).fetchone()
    return str(row[0]) if row else ""


def _has_wrong_header(path: Path) -> bool:
    """Whether the header is damaged in a way that SQLite takes for a future file format."""
    with suppress(OSError), path.open("rb") as file:
        head = file.read(100)
        return len(head) == 100 and not (head[18] in (1, 2) and head[19] in (1, 2) and head[47] <= 4)
    return False


def _switch_to_wal(db: sqlite3.Connection, busy_s: float) -> None:
    """
    Switch to write-ahead logging, in which readers don't wait for the writer; the mode stays with the file.

    SQLite's busy time-out does not cover this lock, so two simultaneous first starts take turns here.
    """
    deadline = time.monotonic() + busy_s
    while True:
        try:
            (mode,) = db.execute("PRAGMA journal_mode").fetchone()
            if mode != "wal":
                db.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return
