"""A path -> what state the archive there is in; sqlite3 only, so that the usual run stays quick."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import time
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

from bulletin.errors import ArchiveError

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008")
"""Every revision of migrations/, oldest first; the last is the one that this Bulletin writes."""

NEW = ""
"""What `read_revision` says of a file without tables."""

Identity = tuple[int, int]
"""Of a file: its device and its number there."""

BUSY_S = 10.0
"""How long a writer waits for another one."""

_CHECKED_BYTES = 64 * 2**20
"""Larger files are not read from end to end at every start (64 MB: about 0.1 s)."""

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
"""A disk that does not give back what was written; other errors of the disk may pass."""

_DOUBTFUL_CODES = {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CONSTRAINT}
"""Of a damaged file, or of a wrong question."""

NOISE = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError)
"""What comes of values that nobody wrote."""

_OURS = frozenset(
    {"aired", "bulletins", "considered", "episodes", "kills", "own_stories", "podcasts", "slots"}
)
"""Tables that no other program has; two of them are proof."""

_REMEDY = "; move it away and start again"


class CorruptArchiveError(ArchiveError):
    """The file is damaged or no database."""


def read_revision(path: Path, *, busy_s: float = BUSY_S) -> str:
    """
    Say which revision the archive at `path` is of; NEW for none yet, "base" for one to be migrated.

    Makes an empty archive file when there is none. Raises CorruptArchiveError for a damaged file,
    ArchiveError, with the remedy, for one that is locked, unreadable, newer or somebody else's.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(path, timeout=busy_s)) as db:
            revision = _inspect(db, path)
            _switch_to_wal(db, busy_s)
    except OSError as error:
        raise ArchiveError(f"{path}: cannot be made ({error.strerror}); choose another folder") from error
    except sqlite3.Error as error:
        raise sqlite_error(path, error) from error
    except NOISE as error:  # sqlite3 raises UnicodeDecodeError where its own message quotes noise
        raise damaged(path, error) from error
    return revision


def check_copy(path: Path) -> str:
    """
    Say which revision a copy of an archive is of, without a trace on it.

    Raises CorruptArchiveError for a damaged one, ArchiveError for one that this Bulletin cannot read.
    """
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True)) as db:
            return _inspect(db, path)
    except sqlite3.Error as error:
        raise sqlite_error(path, error) from error
    except NOISE as error:
        raise damaged(path, error) from error


def stand_in_of(path: Path) -> Path:
    """Where what stands in for the archive at `path` lies, if it is needed."""
    return path.parent / "without-memory" / "stand-in.sqlite"


def identify(path: Path) -> Identity | None:
    """Which file it is, whatever it is called later; None: there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def set_aside(path: Path, *, new: Path | None = None, now: datetime | None = None) -> Path:
    """
    Rename a damaged archive, its log too, to `<name>.corrupt-<UTC time>`; say where it is now.

    `new` takes its place; where the file system has hard links there is never none. Raises ArchiveError.
    """
    stamp = (now or datetime.now(UTC)).astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    aside = path.with_name(f"{path.stem}.corrupt-{stamp}")
    number = 1
    while aside.exists():
        number += 1
        aside = path.with_name(f"{path.stem}.corrupt-{stamp}-{number}")
    try:
        for tail in ("-wal", "-shm"):  # first: a new archive must not find the log of another
            beside = path.with_name(path.name + tail)
            if beside.exists():
                beside.rename(aside.with_name(aside.name + tail))
        if new:
            _put_in_place(new, path, aside)
        else:
            path.rename(aside)
    except OSError as error:
        raise ArchiveError(
            f"{path}: is damaged, and cannot be set aside ({error.strerror}); move it"
        ) from error
    return aside


def _put_in_place(new: Path, path: Path, aside: Path) -> None:
    try:
        os.link(path, aside)
    except OSError:
        path.rename(aside)
    new.replace(path)


def sqlite_error(path: Path, error: BaseException) -> ArchiveError:
    """Turn an error of sqlite3 into one that names the file and the remedy."""
    extended = getattr(error, "sqlite_errorcode", 0)
    code = extended & 0xFF  # the primary code
    if code in _DAMAGE_CODES or extended in _UNREADABLE_CODES or is_noise(error):
        return damaged(path, error)
    if code in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_ERROR} and (wrong := _wrong_header(path)):
        return damaged(path, wrong)
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return ArchiveError(f"{path}: another program keeps it locked; try again later")
    if code == sqlite3.SQLITE_FULL:
        return ArchiveError(f"{path}: the disk is full; free some space")
    if code == sqlite3.SQLITE_IOERR:  # what a full disk looks like while the log beside it is mapped
        return ArchiveError(f"{path}: cannot be read or written ({error}); is the disk full or broken?")
    if code in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}:
        return ArchiveError(
            f"{path}: cannot be written ({error}); allow writing there or name another archive"
        )
    return ArchiveError(f"{path}: {error}")


def is_doubtful(error: BaseException) -> bool:
    """Whether an error of sqlite3 may come of a damaged file: `sqlite_error` cannot tell."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _DOUBTFUL_CODES


def damaged(path: Path, error: BaseException | str) -> CorruptArchiveError:
    """The error for people; the noise itself is not for them."""
    said = " ".join(str(error).removeprefix("*** in database main ***").split())
    return CorruptArchiveError(f"{path}: is damaged ({said[:80]}){_REMEDY}")


def is_noise(error: BaseException) -> bool:
    """
    Whether a value was read that nobody can have written: no UTF-8, no JSON, no date.

    SQLite keeps no checksums: where a long text is overwritten, its own checks find nothing.
    """
    return isinstance(error, json.JSONDecodeError | UnicodeDecodeError) or str(error).startswith(
        ("Could not decode to UTF-8", "Couldn't parse datetime", "Invalid isoformat string")
    )


def _inspect(db: sqlite3.Connection, path: Path) -> str:
    tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not tables:
        if db.execute("PRAGMA page_count").fetchone()[0] > 1:
            raise damaged(path, "its tables are gone")
        return NEW
    if "alembic_version" not in tables:
        if len(tables & _OURS) > 1:
            raise damaged(path, "the table with its version is gone")
        raise ArchiveError(f"{path}: is a database of another program; name another archive")
    if path.stat().st_size <= _CHECKED_BYTES:
        (verdict,) = db.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            raise damaged(path, str(verdict))
    row = db.execute("SELECT version_num FROM alembic_version").fetchone()
    revision = str(row[0]) if row else "base"
    if revision not in ("base", *REVISIONS):
        if not re.fullmatch(r"\d{4}", revision) or revision < REVISIONS[-1]:
            raise damaged(path, f"there is no version {ascii(revision)[:20]}")
        raise ArchiveError(
            f"{path}: was written by a newer Bulletin (archive {revision}, this one knows {REVISIONS[-1]}); "
            "update Bulletin, or name another archive"
        )
    return revision


def _wrong_header(path: Path) -> str:
    """What is wrong with a header that SQLite takes for one of a file format to come; empty: nothing."""
    with suppress(OSError), path.open("rb") as file:
        head = file.read(100)
        if len(head) == 100 and not (head[18] in (1, 2) and head[19] in (1, 2) and head[47] <= 4):
            return "its header is wrong"
    return ""


def _switch_to_wal(db: sqlite3.Connection, busy_s: float) -> None:
    """
    Readers don't wait for the writer. The mode stays with the file, so this is done once in its life.

    SQLite doesn't wait its busy time for this lock, so two first starts at once have to take turns.
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
