"""An archive that cannot be used -> a private one beside it, until what is written there can be brought home."""

from __future__ import annotations

import logging
import sqlite3
import subprocess
import sys
from contextlib import ExitStack, closing
from pathlib import Path

from bulletin.archive.archive import Archive
from bulletin.archive.database import tables
from bulletin.archive.database.open_database import stand_in_of
from bulletin.archive.merge_back import MergedRows, merge_rows_back
from bulletin.archive.repair.salvage import salvage
from bulletin.archive.sealed_kill_list import KillList, list_of
from bulletin.errors import ArchiveError, OutletError
from bulletin.runtime.files.file_lock import LockedError, hold, share

log = logging.getLogger(__name__)

_USED = "used.lock"
"""Held by all who have it open; only who has it alone may take it away."""
_OTHERS_S = 10.0
_COPY_S = 60.0
_COPY = "import shutil, sys; shutil.copyfile(sys.argv[1], sys.argv[2])"


def open_fallback(path: Path, *, why: str) -> Archive:
    """
    An archive that knows what could be read of the one at `path`: kill list, what aired, bulletins.

    Reading does no harm to one that another program has locked, nor to one of a newer Bulletin, of which
    the tables that we know are read. What is written here stays until `merge_fallback`. Its `notes` say why.
    """
    place = stand_in_of(path)
    place.parent.mkdir(parents=True, exist_ok=True)
    with ExitStack() as used:
        used.enter_context(share(place.with_name(_USED), wait_s=_OTHERS_S))
        is_new = not place.exists()
        archive = Archive.open(place, kill_list=KillList(list_of(path)))
        rows = _learn(path, place, is_new=is_new)
        archive.when_closed(used.pop_all().close)
    log.error("on air without memory: archive=%s rows_known=%d: %s", path, rows, why)
    archive.notes = (f"{why}: on air without it; what airs is written down when it is back",)
    return archive


def merge_fallback(archive: Archive) -> MergedRows:
    """
    Write down in an archive what was done while it could not be used, and forget the stand-in.

    Raises ArchiveError when it cannot be written now: then nothing is lost, the next one does it.
    """
    place = stand_in_of(archive.path)
    if not place.exists():
        return MergedRows()
    used = place.with_name(_USED)
    with share(used, wait_s=_OTHERS_S), Archive.open(place, kill_list=archive.kill_list) as source:
        carried = merge_rows_back(source, archive)
    log.warning("written down late: slots=%d bulletins=%d", carried.slots, carried.bulletins)
    try:
        with hold(used):
            for tail in ("", "-wal", "-shm"):
                place.with_name(place.name + tail).unlink(missing_ok=True)
    except LockedError:
        log.info("the stand-in is still in use: path=%s", place)
    except (OutletError, OSError) as error:
        raise ArchiveError(f"{place}: cannot be taken away ({error}); delete it") from error
    return carried


def _learn(path: Path, new: Path, *, is_new: bool) -> int:
    """
    What the archive knows; of one that is known already only what was killed since.

    One that is held exclusively cannot be asked even for its kill list. Its bytes can be read, by another
    process: where this one closes a file, the system takes all its locks on that file away.
    """
    if not path.is_file():
        return 0
    if not _is_held(path):
        return salvage(path, new) if is_new else salvage(path, new, only=(tables.kills,))
    if not is_new:
        return 0
    copy = new.with_name("copy.sqlite")
    try:
        for tail in ("", "-wal"):
            _copy_elsewhere(path.with_name(path.name + tail), copy.with_name(copy.name + tail))
        return salvage(copy, new) if copy.is_file() else 0
    finally:
        for left in new.parent.glob(f"{copy.name}*"):
            left.unlink(missing_ok=True)


def _is_held(path: Path) -> bool:
    try:
        with closing(sqlite3.connect(path, timeout=0.2)) as db:
            db.execute("SELECT name FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        return error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    except sqlite3.Error:
        pass
    return False


def _copy_elsewhere(path: Path, copy: Path) -> None:
    if not path.is_file():
        return
    command = [sys.executable, "-I", "-S", "-c", _COPY, str(path), str(copy)]
    try:
        subprocess.run(command, timeout=_COPY_S, check=True, capture_output=True)
    except (subprocess.SubprocessError, OSError) as error:
        log.error("the archive's kill list cannot be read: path=%s: %s", path, error)
