"""Archive of a service, or its fallback: a station goes on air without its archive rather than not at all."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bulletin.archive.archive import Archive, FileArchive
from bulletin.archive.database.check_database_damage import fallback_path
from bulletin.archive.fallback_archive import merge_fallback, open_fallback
from bulletin.archive.kill_list_safety_copy import LOOK_THROUGH
from bulletin.archive.repair.salvage_readable_rows import salvage
from bulletin.errors import ArchiveError, BulletinError
from bulletin.station.build_station_object import ARCHIVE, STATE, make_state

log = logging.getLogger(__name__)

EVERY = timedelta(minutes=1)
"""Pause before a failed archive is tried again."""
BUSY_S = 2.0
"""The longest wait for another program that writes: the next round comes in seconds."""
_BUSY_AGAIN_S = 0.3


def open_service_archive(output: Path, *, busy_s: float = BUSY_S) -> FileArchive:
    """
    The archive of an output folder, for ledger and health; a fallback where it cannot be used.

    It may be from a newer Bulletin, or another program's; the `notes` of the fallback say so. Raises OutletError or
    ArchiveError where nothing can be written at all.
    """
    make_state(output)
    try:
        return _open_real(output, busy_s=busy_s)
    except ArchiveError as error:
        return stand_in(output, why=str(error))


def stand_in(output: Path, *, why: str) -> FileArchive:
    """Open the fallback archive, whose rows are merged into the real one later. Raises as `open_service_archive`."""
    return open_fallback(output / STATE / ARCHIVE, why=why)


def _open_real(output: Path, *, busy_s: float) -> FileArchive:
    """The real archive; where it was deleted, a new one with all rows of the fallback."""
    path = output / STATE / ARCHIVE
    fallback = fallback_path(path)
    is_gone = fallback.exists() and not path.exists()
    archive = Archive.open(path, busy_s=busy_s)
    try:
        if is_gone:
            salvage(fallback, path)
        merge_fallback(archive)
    except BaseException:
        archive.close()
        raise
    return archive


ArchiveReport = Callable[[str, bool], None]
"""Receives a text about the archive, and whether the trouble is over."""


@dataclass(slots=True, kw_only=True)
class ServiceArchive:
    """Checks the archive of a service, and leaves the fallback as soon as the real one can be used."""

    archive: Archive
    """Shared by all parts: when it moves to another file, they keep the object."""
    output: Path
    report: ArchiveReport
    report_kill_list: ArchiveReport = lambda text, is_over: None
    _checked_at: datetime | None = None
    _notes_reported: int = 0

    def check(self, now: datetime, *, is_idle: bool) -> bool:
        """
        Check the archive once a minute. True: the real one is back, and its ledger must be taken over.

        It moves back only while no job runs: a job writes into the ledger in which it began.
        """
        if self._checked_at and timedelta(0) <= now - self._checked_at < EVERY:
            return False
        self._checked_at = now
        doubt = self.archive.doubt
        text = f"the kill list may be incomplete: {doubt}; {LOOK_THROUGH}"
        self.report_kill_list(text if doubt else "the kill list is complete", not doubt)
        try:
            if self._report_notes():
                return False
            if isinstance(self.archive, FileArchive) and self.archive.path != self.output / STATE / ARCHIVE:
                return is_idle and self._move_back(self.archive)
            self._test_archive()
        except BulletinError as error:
            self.report(f"{error}: bulletins are recorded once the archive works again", False)
        return False

    def _move_back(self, archive: FileArchive) -> bool:
        # Nothing was written since: only the reconciler begins jobs, and it runs in this thread.
        archive.move_to(_open_real(self.output, busy_s=_BUSY_AGAIN_S))
        merge_fallback(archive)
        log.warning("archive usable again: path=%s", archive.path)
        self._notes_reported = 0
        if not self._report_notes():
            self._test_archive()
        return True

    def _test_archive(self) -> None:
        """Merge the rows that another process wrote into the fallback, and read once."""
        if isinstance(self.archive, FileArchive):
            merge_fallback(self.archive)
        with self.archive.reading():
            pass
        self.report("the archive works again, and bulletins that aired meanwhile are recorded", True)

    def _report_notes(self) -> bool:
        """Report the archive's state: damage, a fallback archive."""
        new = self.archive.notes[self._notes_reported :]
        self._notes_reported += len(new)
        if new:
            self.report("; ".join(new), False)
        return bool(new)
