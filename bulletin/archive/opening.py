"""A path -> what state the archive there is in; sqlite3 only, so that the usual run stays quick."""

from __future__ import annotations

import json
import logging
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from bulletin.errors import ArchiveError, OutletError
from bulletin.lock import hold

log = logging.getLogger(__name__)

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008")
"""Every revision of migrations/, oldest first; the last is the one that this Bulletin writes."""

NEW = ""
"""What `read_revision` says of a file without tables."""

Identity = tuple[int, int]
"""Of a file: its device and its number there."""

BUSY_S = 10.0
"""How long a writer waits for another one."""

_OTHERS_S = 60.0
"""How long another process may take to save what it can of a damaged archive."""

_CHECKED_BYTES = 64 * 2**20
"""Larger files are not read from end to end at every start (64 MB: about 0.1 s)."""

_CORRUPT_CODES = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


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
    return revision


def replace_damaged(
    path: Path, error: CorruptArchiveError, *, file: Identity | None, make: Callable[[], None]
) -> str:
    """
    Set a damaged archive aside, have a new one made, and save what can be; say what must be told of it.

    One process does it, and the others wait: they find another file than the one (`file`) that was damaged,
    and nothing is to be told. Raises ArchiveError when the file cannot be moved.
    """
    try:
        with hold(path.with_name(f"{path.name}.lock"), wait_s=_OTHERS_S):
            if file is not None and identify(path) not in (None, file):
                return ""
            aside = set_aside(path)
            log.error("archive damaged, starting a new one: path=%s aside=%s", path, aside)
            make()
            # Late: the usual run has no need of it.
            from bulletin.archive.salvage import salvage

            saved = salvage(aside, path)
    except OutletError as problem:
        raise ArchiveError(f"{error}; a new one cannot be made: {problem}") from problem
    rest = f"{saved} of its rows could be saved" if saved else "what was aired and seen before is forgotten"
    log.error("archive damaged: saved_rows=%d", saved)
    return f"{str(error).removesuffix(_REMEDY)}: set aside as {aside.name}; {rest}"


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


def set_aside(path: Path, *, now: datetime | None = None) -> Path:
    """Rename a damaged archive, its log too, to `<name>.corrupt-<UTC time>`; say where it is now."""
    stamp = (now or datetime.now(UTC)).astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    aside = path.with_name(f"{path.stem}.corrupt-{stamp}")
    number = 1
    while aside.exists():
        number += 1
        aside = path.with_name(f"{path.stem}.corrupt-{stamp}-{number}")
    try:
        path.rename(aside)
        for tail in ("-wal", "-shm"):
            log = path.with_name(path.name + tail)
            if log.exists():
                log.rename(aside.with_name(aside.name + tail))
    except OSError as error:
        raise ArchiveError(
            f"{path}: is damaged, and cannot be set aside ({error.strerror}); move it"
        ) from error
    return aside


def sqlite_error(path: Path, error: BaseException) -> ArchiveError:
    """Turn an error of sqlite3 into one that names the file and the remedy."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the low byte is the primary code
    if code in _CORRUPT_CODES or is_noise(error):
        return damaged(path, error)
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
        return NEW
    if "alembic_version" not in tables:
        raise ArchiveError(f"{path}: is a database of another program; name another archive")
    if path.stat().st_size <= _CHECKED_BYTES:
        (verdict,) = db.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            raise damaged(path, str(verdict))
    row = db.execute("SELECT version_num FROM alembic_version").fetchone()
    revision = str(row[0]) if row else "base"
    if revision not in ("base", *REVISIONS):
        raise ArchiveError(
            f"{path}: was written by a newer Bulletin (archive {revision}, this one knows {REVISIONS[-1]}); "
            "update Bulletin, or name another archive"
        )
    return revision


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
