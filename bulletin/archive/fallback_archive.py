"""Archive that cannot be used -> a fallback beside it, until its rows can be merged back."""

from __future__ import annotations

import logging
import sqlite3
import subprocess
import sys
from contextlib import ExitStack, closing
from pathlib import Path

from bulletin.archive.archive import Archive
from bulletin.archive.database import tables
from bulletin.archive.database.open_database import fallback_path
from bulletin.archive.merge_fallback_rows import merge_rows_back
from bulletin.archive.repair.salvage import salvage
from bulletin.archive.sealed_kill_list import KillList, kill_list_path
from bulletin.errors import ArchiveError, OutletError
from bulletin.runtime.files.file_lock import LockedError, hold, share

log = logging.getLogger(__name__)

_USED = "used.lock"
"""Shared lock of all processes that have the fallback open; held exclusively to delete it."""
_OTHERS_S = 10.0
_COPY_S = 60.0
_COPY = "import shutil, sys; shutil.copyfile(sys.argv[1], sys.argv[2])"


def open_fallback(path: Path, *, why: str) -> Archive:
    """
    Open a fallback with the rows that can be read of the archive at `path`: kill list, aired stories, bulletins.

    Reading is harmless, also when another program has the archive locked or a newer Bulletin wrote it. Rows
    written to the fallback stay until `merge_fallback`. Its `notes` say why it is used.
    """
    fallback = fallback_path(path)
    fallback.parent.mkdir(parents=True, exist_ok=True)
    with ExitStack() as used:
        used.enter_context(share(fallback.with_name(_USED), wait_s=_OTHERS_S))
        is_new = not fallback.exists()
        archive = Archive.open(fallback, kill_list=KillList(kill_list_path(path)))
        rows = _copy_rows(path, fallback, is_new=is_new)
        archive.when_closed(used.pop_all().close)
    log.error("on air without memory: archive=%s rows_known=%d: %s", path, rows, why)
    archive.notes = (f"{why}: on air without it; what airs is written down when it is back",)
    return archive


def merge_fallback(archive: Archive) -> None:
    """
    Merge the rows of the fallback into the archive that can be used again, and delete the fallback.

    Raises ArchiveError when the archive cannot be written: nothing is lost, and the next call does it.
    """
    fallback = fallback_path(archive.path)
    if not fallback.exists():
        return
    used = fallback.with_name(_USED)
    with share(used, wait_s=_OTHERS_S), Archive.open(fallback, kill_list=archive.kill_list) as source:
        merge_rows_back(source, archive)
    log.warning("fallback archive merged: path=%s", fallback)
    try:
        with hold(used):
            for tail in ("", "-wal", "-shm"):
                fallback.with_name(fallback.name + tail).unlink(missing_ok=True)
    except LockedError:
        log.info("fallback archive still in use: path=%s", fallback)
    except (OutletError, OSError) as error:
        raise ArchiveError(f"{fallback}: cannot be deleted ({error}); delete it") from error


def _copy_rows(path: Path, new: Path, *, is_new: bool) -> int:
    """
    Copy the readable rows of the archive into the fallback; into an older fallback only new kills.

    An archive that is locked exclusively refuses every query, but its bytes can be copied, by another process:
    POSIX drops all locks of a process on a file when it closes that file.
    """
    if not path.is_file():
        return 0
    if not _is_locked(path):
        return salvage(path, new) if is_new else salvage(path, new, only=(tables.kills,))
    if not is_new:
        return 0
    copy = new.with_name("copy.sqlite")
    try:
        for tail in ("", "-wal"):
            _copy_in_subprocess(path.with_name(path.name + tail), copy.with_name(copy.name + tail))
        return salvage(copy, new) if copy.is_file() else 0
    finally:
        for left in new.parent.glob(f"{copy.name}*"):
            left.unlink(missing_ok=True)


def _is_locked(path: Path) -> bool:
    try:
        with closing(sqlite3.connect(path, timeout=0.2)) as db:
            db.execute("SELECT name FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        return error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    except sqlite3.Error:
        pass
    return False


def _copy_in_subprocess(path: Path, copy: Path) -> None:
    if not path.is_file():
        return
    command = [sys.executable, "-I", "-S", "-c", _COPY, str(path), str(copy)]
    try:
        subprocess.run(command, timeout=_COPY_S, check=True, capture_output=True)
    except (subprocess.SubprocessError, OSError) as error:
        log.error("the archive's kill list cannot be read: path=%s: %s", path, error)
