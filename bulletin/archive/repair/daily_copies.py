"""Archive in use -> its copies: one a day, one before each migration; sqlite3 only."""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from bulletin.archive.database.check_database_damage import BUSY_S, damaged, translated
from bulletin.errors import ArchiveError, explain_os_errors
from bulletin.runtime.files.atomic_write import atomic_file

log = logging.getLogger(__name__)

FOLDER = "copies"
"""Beside the archive."""
KEPT = 7
"""Daily copies."""
_KEPT_MIGRATIONS = 2
_SPARE_BYTES = 100 * 2**20
"""Free space that a copy leaves on the disk, for bulletins."""
_STAMP = "%Y%m%dT%H%M%SZ"
_REMEDY = "check that the file exists and that this user may read it"


def copy_archive(path: Path, to: Path, *, busy_s: float = BUSY_S) -> None:
    """
    Copy the archive at `path`, which may be in use, to the file `to` (mode 0600), whole or not at all.

    An older file is replaced. Raises CorruptArchiveError for an archive that is damaged, and ArchiveError where
    it is missing or locked, the disk has no room, or the folder of `to` cannot be written.
    """
    _check_room(path, to)
    uri = f"{path.absolute().as_uri()}?mode=rw"  # copying must not create an archive
    with explain_os_errors(ArchiveError, f"{to}: the archive cannot be copied there"):
        to.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with translated(path), atomic_file(to) as part:
            part.touch(mode=0o600, exist_ok=False)
            with closing(sqlite3.connect(uri, uri=True, timeout=busy_s, isolation_level=None)) as db:
                db.execute("VACUUM INTO ?", [str(part)])
            _check(path, part)
            with part.open("rb+") as file:
                os.fsync(file.fileno())


def copy_daily(path: Path, *, now: datetime) -> Path:
    """
    Make today's copy of the archive at `path`, and delete the oldest; return its path.

    Raises ArchiveError, also when the disk has little room.
    """
    to = _daily_name(path, now)
    copy_archive(path, to)
    # copies dated in the future by a fast clock go first, then the oldest
    _prune(sorted(_daily(path), key=lambda copy: (copy.name <= to.name, copy.name)), kept=KEPT)
    log.info("archive copied: path=%s copy=%s", path, to)
    return to


def is_copy_due(path: Path, *, now: datetime) -> bool:
    """Whether there is no copy of today of the archive at `path`."""
    return path.exists() and not _daily_name(path, now).exists()


def copy_before_migration(path: Path, revision: str, *, now: datetime) -> Path:
    """Copy an archive of an older `revision` as it is. Raises ArchiveError."""
    to = _folder(path) / f"{path.stem}-before-migration-{now.astimezone(UTC):{_STAMP}}-{revision}.sqlite"
    copy_archive(path, to)
    _prune(sorted(_folder(path).glob(f"{path.stem}-before-migration-*.sqlite")), kept=_KEPT_MIGRATIONS)
    log.info("archive copied before its upgrade to a newer format: path=%s copy=%s", path, to)
    return to


def find_copies(path: Path) -> tuple[Path, ...]:
    """Daily copies of the archive at `path`, the latest first."""
    return tuple(sorted(_daily(path), key=lambda copy: copy.stat().st_mtime, reverse=True))


def _daily_name(path: Path, now: datetime) -> Path:
    return _folder(path) / f"{path.stem}-{now.astimezone(UTC):%Y%m%d}.sqlite"


def _folder(path: Path) -> Path:
    return path.parent / FOLDER


def _daily(path: Path) -> Iterator[Path]:
    return _folder(path).glob(f"{path.stem}-{'[0-9]' * 8}.sqlite")


def _prune(copies: list[Path], *, kept: int) -> None:
    for path in copies[:-kept]:
        path.unlink(missing_ok=True)


def _check(path: Path, copy: Path) -> None:
    """Check the copy: a damaged page is copied without an error."""
    with closing(sqlite3.connect(copy)) as db:
        (verdict,) = db.execute("PRAGMA quick_check(1)").fetchone()
        db.execute("PRAGMA user_version = 0")  # the copy may be used without a sealed kill list
    if verdict != "ok":
        raise damaged(path, str(verdict))


def _check_room(path: Path, to: Path) -> None:
    folder_of_copy = next(folder for folder in to.absolute().parents if folder.is_dir())
    with explain_os_errors(ArchiveError, f"{path}: the archive cannot be copied", _REMEDY):
        needed, free = path.stat().st_size, shutil.disk_usage(folder_of_copy).free
    if free < needed + _SPARE_BYTES:
        raise ArchiveError(
            f"{path}: not copied, the disk has {free / 2**20:.0f} MB left where "
            f"{(needed + _SPARE_BYTES) / 2**20:.0f} MB are needed; free some space"
        )
