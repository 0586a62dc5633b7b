"""Archive that cannot be used -> a fallback beside it, until its rows can be merged back."""

from __future__ import annotations

import logging
import sqlite3
import subprocess
import sys
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, RowMapping, Table, and_, or_, select
from sqlalchemy.dialects.sqlite import insert

from bulletin.archive.archive import Archive, FileArchive
from bulletin.archive.database import newsroom_tables, tables
from bulletin.archive.database.check_database_damage import fallback_path
from bulletin.archive.kill_list_safety_copy import KillList, kill_list_path
from bulletin.archive.repair.salvage_readable_rows import salvage
from bulletin.errors import ArchiveError, OutletError
from bulletin.model import SlotState
from bulletin.runtime.files.file_lock import LockedError, hold, share

log = logging.getLogger(__name__)

_USED = "used.lock"
"""Shared lock of all processes that have the fallback open; held exclusively to delete it."""
_OTHERS_S = 10.0
_COPY_S = 60.0
_COPY = "import shutil, sys; shutil.copyfile(sys.argv[1], sys.argv[2])"


def open_fallback(path: Path, *, why: str) -> FileArchive:
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
    text = "archive unusable, a fallback archive records the bulletins meanwhile: archive=%s rows_copied=%d reason=%s"
    log.error(text, path, rows, why)
    archive.notes = (f"{why}: on air without the archive; bulletins are recorded once it works again",)
    return archive


def merge_fallback(archive: FileArchive) -> None:
    """
    Merge the rows of the fallback into the archive that can be used again, and delete the fallback.

    Raises ArchiveError when the archive cannot be written: nothing is lost, and the next call does it.
    """
    fallback = fallback_path(archive.path)
    if not fallback.exists():
        return
    used = fallback.with_name(_USED)
    with share(used, wait_s=_OTHERS_S), Archive.open(fallback, kill_list=archive.kill_list) as source:
        _merge_rows(source, archive)
    text = "archive works again and has the records of the fallback archive: archive=%s fallback=%s"
    log.warning(text, archive.path, fallback)
    try:
        with hold(used):
            for tail in ("", "-wal", "-shm"):
                fallback.with_name(fallback.name + tail).unlink(missing_ok=True)
    except LockedError:
        log.info("fallback archive still used by another process, deleted later: path=%s", fallback)
    except (OutletError, OSError) as error:
        raise ArchiveError(f"{fallback}: merged, but not deleted ({error}); delete the file") from error


_NEW_DECISIONS = (tables.kills, newsroom_tables.editor_edits, newsroom_tables.respelled_names)
"""Decisions of editors, which count for the next bulletin wherever it is recorded."""


def _copy_rows(path: Path, new: Path, *, is_new: bool) -> int:
    """
    Copy the readable rows of the archive into the fallback; into an older fallback only new kills and edits.

    An archive that is locked exclusively refuses every query, but its bytes can be copied, by another process:
    POSIX drops all locks of a process on a file when it closes that file.
    """
    if not path.is_file():
        return 0
    if not _is_locked(path):
        return salvage(path, new) if is_new else salvage(path, new, only=_NEW_DECISIONS)
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


def _merge_rows(fallback: Archive, archive: Archive) -> None:
    """
    Copy slots, bulletins, aired stories and runs, in one transaction.

    Doing it twice changes nothing, so a crash in between loses no slot and repeats none.
    """
    with fallback.reading() as source, archive.writing() as target:
        _merge_bulletins(source, target)
        _merge_aired(source, target)
        _merge_runs(source, target)
        _merge_slots(source, target)


def _merge_slots(source: Connection, target: Connection) -> None:
    """
    Copy new slots, and slots in a better state than the archive's.

    Done is better than missed, missed better than begun, a stand-by better than none.
    """
    old, new = tables.slots.c, insert(tables.slots)
    has_begun = and_(new.excluded.state != SlotState.PLANNED, old.state == SlotState.PLANNED)
    has_standby = and_(new.excluded.standby != "", old.standby == "")
    is_better = and_(
        old.state != SlotState.DONE,
        or_(
            new.excluded.state == SlotState.DONE,
            and_(old.state != SlotState.MISSED, or_(has_begun, has_standby)),
        ),
    )
    key = ["station", "due"]
    put = new.on_conflict_do_update(index_elements=key, set_=dict(new.excluded.items()), where=is_better)
    for row in source.execute(select(tables.slots)).mappings():
        target.execute(put, dict(row))


def _merge_bulletins(source: Connection, target: Connection) -> None:
    for row in _new_rows(source, target, tables.bulletins, tables.bulletins.c.made_at):
        new_id = _copy(target, tables.bulletins, row, corrects_id=None)
        _copy_parts(source, target, tables.tellings.c.bulletin_id, row["id"], new_id)


def _merge_runs(source: Connection, target: Connection) -> None:
    made = tables.bulletins.c
    for row in _new_rows(source, target, tables.runs, tables.runs.c.began_at):
        bulletin = select(made.id).where(made.station == row["station"], made.made_at == row["began_at"])
        new_id = _copy(target, tables.runs, row, bulletin_id=target.execute(bulletin).scalar())
        _copy_parts(source, target, tables.considered.c.run_id, row["id"], new_id)


def _merge_aired(source: Connection, target: Connection) -> None:
    """Copy aired stories; of a story in both archives the row that aired last stays."""
    table, parts = tables.aired, tables.aired_articles
    for row in source.execute(select(table)).mappings():
        values = {name: value for name, value in row.items() if name != "id"}
        put = insert(table).on_conflict_do_update(
            index_elements=["station", "story_id"], set_=values, where=table.c.last_at < row["last_at"]
        )
        new_id = target.execute(put.values(values).returning(table.c.id)).scalar()
        if new_id is not None:
            target.execute(parts.delete().where(parts.c.aired_id == new_id))
            _copy_parts(source, target, parts.c.aired_id, row["id"], new_id)


def _new_rows(source: Connection, target: Connection, table: Table, moment: Column[Any]) -> list[RowMapping]:
    """Rows whose station and moment are unknown to the target, oldest first."""
    known = {(station, at) for station, at in target.execute(select(table.c.station, moment))}
    rows = source.execute(select(table).order_by(moment)).mappings()
    return [row for row in rows if (row["station"], row[moment.name]) not in known]


def _copy(target: Connection, table: Table, row: RowMapping, **other: object) -> int:
    """Copy a row under a new id; return the id."""
    values = {name: value for name, value in row.items() if name != "id"} | other
    return int(target.execute(insert(table).values(values).returning(table.c.id)).scalar_one())


def _copy_parts(source: Connection, target: Connection, owner: Column[Any], old_id: int, new_id: int) -> None:
    rows = source.execute(select(owner.table).where(owner == old_id)).mappings()
    values = [dict(row) | {owner.name: new_id} for row in rows]
    if values:
        target.execute(insert(owner.table), values)
