"""
Damaged or lost archive -> a new archive that replaces it.

The new archive has the readable rows of the old one and further rows of the newest daily copy. Content taken
off the air since stays out: the sealed kill list names it.
"""

from __future__ import annotations

import logging
import shutil
import sqlite3
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from bulletin.archive.database.check_database_damage import (
    BUSY_S,
    NEW,
    CorruptArchiveError,
    Identity,
    check_copy,
    identify,
    read_revision,
    set_aside,
)
from bulletin.archive.database.schema import make_tables
from bulletin.archive.database.sqlite_engine import make_engine
from bulletin.archive.join_kill_list_with_its_copy import apply_changes, find_changes, read_entries
from bulletin.archive.kill_list_safety_copy import KillList, SealedKills, join
from bulletin.archive.repair.daily_copies import find_copies
from bulletin.archive.repair.salvage_readable_rows import salvage
from bulletin.errors import ArchiveError, OutletError
from bulletin.runtime.files.file_lock import hold

log = logging.getLogger(__name__)

_OTHERS_S = 60.0
"""Seconds to wait for another process that is recovering the archive."""
_PAGE = 4096
_WHERE = {
    "slots": (
        "o.state IN ('done', 'missed') "
        "AND o.due < (SELECT max(n.due) FROM new.slots n WHERE n.station = o.station)"
    ),
    "outbox": "o.state <> 'waiting'",
    "tellings": (
        "EXISTS (SELECT 1 FROM new.bulletins n JOIN main.bulletins m USING (id, station, made_at) "
        "WHERE n.id = o.bulletin_id)"
    ),
    "aired_articles": (
        "EXISTS (SELECT 1 FROM new.aired n JOIN main.aired m USING (id, station, story_id) "
        "WHERE n.id = o.aired_id)"
    ),
}
"""
Rows of a copy that still hold today, and parts that belong to the same parent row.

Rows that were open yesterday do not: a slot would be made twice, or reported as missed. Nor do slots of a station
without a newer row: the hours since then would be reported as missed.
"""


def recover(
    path: Path, error: CorruptArchiveError, *, file: Identity | None, kill_list: KillList
) -> tuple[str, str]:
    """
    Replace the damaged archive at `path`, which is set aside, by a new one.

    Returns a note for the report, and why entries of the kill list may be missing (empty: none are). One
    process does it while the others wait; these find a new file in place of the damaged one (`file`), and get
    empty texts. Raises ArchiveError when it cannot be done.
    """
    try:
        with hold(path.with_name(f"{path.name}.lock"), wait_s=_OTHERS_S):
            if _is_done(path, file):
                return "", ""
            text = "archive damaged, a new one is built from readable rows and the last daily copy: error=%s"
            log.error(text, str(error).partition("; move")[0])
            return _recover(path, error, kill_list)
    except (OutletError, OSError, sqlite3.Error, SQLAlchemyError) as problem:
        raise ArchiveError(f"{error}; a new archive cannot be created ({problem})") from problem


def _is_done(path: Path, file: Identity | None) -> bool:
    """Whether another process has recovered the archive."""
    if file is not None:
        return identify(path) not in (None, file)
    return _revision(path) not in (None, NEW)


def _revision(path: Path) -> str | None:
    """Revision of the file; NEW when there is nothing to salvage, None when it is damaged."""
    try:
        return read_revision(path)
    except ArchiveError:
        return None


def _recover(path: Path, error: CorruptArchiveError, kill_list: KillList) -> tuple[str, str]:
    is_blank = _revision(path) == NEW
    with _workroom(path) as folder:
        new = folder / "new.sqlite"
        new.touch(0o600)
        with _changing(new) as connection:
            make_tables(connection)
        saved = 0 if is_blank else _salvage(path, folder, new)
        copy, copied = _fill(path, new)
        sealed = kill_list.read()
        with _changing(new) as connection:
            joined = join(read_entries(connection), sealed.entries)
            apply_changes(connection, find_changes(connection, joined))
        aside = None if is_blank else set_aside(path, new=new, now=datetime.now(UTC))
        if is_blank:
            for tail in ("-wal", "-shm"):
                path.with_name(path.name + tail).unlink(missing_ok=True)
            new.replace(path)
    log.error(
        "damaged archive replaced by a new one: old_file=%s rows_recovered=%d daily_copy=%s rows_from_copy=%d",
        *(aside or "none (empty or missing)", saved, copy or "none", copied),
    )
    return _note(error, aside, saved, copy, copied), _doubt(error, sealed)


def _note(error: CorruptArchiveError, aside: Path | None, saved: int, copy: Path | None, copied: int) -> str:
    completed_steps = str(error).partition("; move")[0]
    completed_steps += f": set aside as {aside.name}" if aside else ""
    rest = [f"{saved} of its rows could be saved"] if saved else []
    if copy:
        made = datetime.fromtimestamp(copy.stat().st_mtime, UTC)
        rest.append(f"{copied} rows came from its copy of {made:%d %b %H:%M} UTC")
    return f"{completed_steps}; {', '.join(rest) or 'the memory of aired and seen stories is lost'}"


def _doubt(error: CorruptArchiveError, sealed: SealedKills) -> str:
    if sealed.is_intact:
        return sealed.doubt
    return f"{str(error).partition('; move')[0]}, and so is the copy of the kill list, or there was none"


@contextmanager
def _changing(new: Path) -> Iterator[Connection]:
    engine = make_engine(new, BUSY_S)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


@contextmanager
def _workroom(path: Path) -> Iterator[Path]:
    """A private folder; a folder that a crash has left is deleted if its lock is free."""
    folder = path.with_name(f"{path.stem}.recovery")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _salvage(path: Path, folder: Path, new: Path) -> int:
    """
    Salvage rows from a repaired copy: a truncated file is padded, a damaged header is written anew.

    On a full disk the archive itself is read, unrepaired.
    """
    damaged_copy = folder / "old.sqlite"
    try:
        for tail in ("", "-wal"):
            beside = path.with_name(path.name + tail)
            if beside.exists():
                shutil.copyfile(beside, damaged_copy.with_name(damaged_copy.name + tail))
        if not damaged_copy.exists():
            return 0
        _pad(damaged_copy)
    except OSError as error:
        log.warning("the damaged archive cannot be copied, reading the file itself: %s", error)
        return salvage(path, new)
    saved = salvage(damaged_copy, new)
    if not saved:
        _write_header(damaged_copy)
        saved = salvage(damaged_copy, new)
    return saved


def _pad(path: Path) -> None:
    """Pad a file to the number of pages in its header: SQLite refuses a shorter file."""
    with path.open("rb+") as file:
        head = file.read(32)
        size = file.seek(0, 2)
        new_size = -(-size // _PAGE) * _PAGE
        if len(head) == 32:
            pages = int.from_bytes(head[28:32], "big")
            new_size = max(new_size, min(pages * _PAGE, 4 * size + 64 * _PAGE))
        file.truncate(new_size)


def _write_header(path: Path) -> None:
    """Write a valid header (www.sqlite.org/fileformat2.html, 1.3)."""
    pages = path.stat().st_size // _PAGE
    words = (1, pages, 0, 0, 1, 4, 0, 0, 1, 0, 0, 0)
    head = b"SQLite format 3\0" + struct.pack(">H6B", _PAGE, 2, 2, 0, 64, 32, 32)
    head += struct.pack(">12I20xII", *words, 1, sqlite3.sqlite_version_info[0] * 1_000_000)
    with path.open("rb+") as file:
        file.write(head)


def _fill(path: Path, new: Path) -> tuple[Path | None, int]:
    """Add rows from the newest intact copy; return that copy and how many rows."""
    for copy in find_copies(path):
        try:
            check_copy(copy)
        except ArchiveError as error:
            log.warning("unusable copy of the archive skipped: error=%s", str(error).partition("; ")[0])
        else:
            return copy, salvage(copy, new, where=_WHERE)
    return None, 0
