"""A service's archive, or what stands in for it: a station goes on air without memory rather than not at all."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bulletin.archive.archive import Archive
from bulletin.archive.database.open_database import fallback_path
from bulletin.archive.fallback_archive import merge_fallback, open_fallback
from bulletin.archive.repair.salvage import salvage
from bulletin.archive.sealed_kill_list import LOOK_THROUGH
from bulletin.errors import ArchiveError, BulletinError
from bulletin.station.station import ARCHIVE, STATE, make_state

log = logging.getLogger(__name__)

EVERY = timedelta(minutes=1)
"""How often an archive that could not be used is tried again."""
BUSY_S = 2.0
"""The tick must not wait longer for another program that writes: its next turn comes in seconds."""
_BUSY_AGAIN_S = 0.3


def open_service_archive(output: Path, *, busy_s: float = BUSY_S) -> Archive:
    """
    The archive of an output folder, for ledger and health; a stand-in where that cannot be used.

    It may be from a newer Bulletin, or another program's; then its `notes` say so. Raises OutletError or
    ArchiveError when nothing can be written there at all.
    """
    make_state(output)
    try:
        return _open_home(output, busy_s=busy_s)
    except ArchiveError as error:
        return stand_in(output, why=str(error))


def stand_in(output: Path, *, why: str) -> Archive:
    """In place of the archive; what is written there is brought home later. Raises as `open_service_archive`."""
    return open_fallback(output / STATE / ARCHIVE, why=why)


def _open_home(output: Path, *, busy_s: float) -> Archive:
    """Of one that was taken away, a new one with all that its stand-in knows."""
    path = output / STATE / ARCHIVE
    place = fallback_path(path)
    is_gone = place.exists() and not path.exists()
    archive = Archive.open(path, busy_s=busy_s)
    try:
        if is_gone:
            salvage(place, path)
        merge_fallback(archive)
    except BaseException:
        archive.close()
        raise
    return archive


Tell = Callable[[str, bool], None]
"""What there is to say of the archive, and whether the trouble is over."""


@dataclass(slots=True, kw_only=True)
class ServiceArchive:
    """Looks after the archive of a service: what stands in for it gives way as soon as it can be used."""

    archive: Archive
    """In everybody's hands: it moves, nobody else has to know."""
    output: Path
    tell: Tell
    tell_of_kills: Tell = lambda text, is_over: None
    """The same of the kill list."""
    _looked: datetime | None = None
    _told: int = 0
    """Notes of the archive that were told."""

    def look(self, now: datetime, *, is_idle: bool) -> bool:
        """
        Once a minute. True: the archive came home, and its ledger must be taken over.

        Only while nobody works: whoever does will write into the ledger where the work began.
        """
        if self._looked and timedelta(0) <= now - self._looked < EVERY:
            return False
        self._looked = now
        self._look_at_kills()
        try:
            if self._tell_notes():
                return False
            if self._is_away:
                return is_idle and self._come_home()
            self._look_at_home()
        except BulletinError as error:
            self.tell(f"{error}: what airs is written down when it is back", False)
        return False

    @property
    def _is_away(self) -> bool:
        return self.archive.path != self.output / STATE / ARCHIVE

    def _come_home(self) -> bool:
        home = _open_home(self.output, busy_s=_BUSY_AGAIN_S)
        # Nobody wrote since: the tick alone begins work, and it is we who are called by it.
        self.archive.move_to(home)
        merge_fallback(self.archive)
        log.warning("the archive can be used again: path=%s", self.archive.path)
        self._told = 0
        if not self._tell_notes():
            self._look_at_home()
        return True

    def _look_at_home(self) -> None:
        """What somebody did without it, and whether it answers."""
        merge_fallback(self.archive)
        with self.archive.reading():
            pass
        self.tell("it can be read and written again, and knows what aired meanwhile", True)

    def _look_at_kills(self) -> None:
        if doubt := self.archive.doubt:
            self.tell_of_kills(f"the kill list may be incomplete: {doubt}; {LOOK_THROUGH}", False)
        else:
            self.tell_of_kills("the kill list is complete", True)

    def _tell_notes(self) -> bool:
        """What the archive has met since: damage, another one in its place."""
        new = self.archive.notes[self._told :]
        self._told += len(new)
        if new:
            self.tell("; ".join(new), False)
        return bool(new)
