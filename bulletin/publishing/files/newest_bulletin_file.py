"""Bulletin -> one sound under a fixed file name, with a side file: for a playout or a smart speaker."""

from __future__ import annotations

import logging
from collections.abc import Callable
from copy import copy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bulletin.errors import OutletError
from bulletin.model import Bulletin, Episode, Level, Rendition, StationWords
from bulletin.model.newer_bulletin import is_newer
from bulletin.publishing.atomic_files import Batch, check_folder, delete_file, measure
from bulletin.publishing.files.flash_briefing import why_no_flash, write_flash
from bulletin.publishing.outlet_port import GUID_HEX, Outlet, make_guid
from bulletin.publishing.plain_text import plain_line
from bulletin.publishing.side_file import VALID_H, SideFile
from bulletin.publishing.swap_standby import FLASH, SOUNDS, delete_other_sounds
from bulletin.runtime.clock_skew import ON_AIR_CLOCKS_DIFFER

log = logging.getLogger(__name__)

_CHECK_ROOM = 50_000_000
"""Bytes; longer bulletins are checked when their size is known."""
_WORDS_ROOM = 100_000


class NewestFile(Outlet):
    """
    The newest rendition of one kind, as `<kind><suffix>`, with its side file `<kind>.json`.

    The file is replaced in one step; its modification time changes only with its content, because some playouts go by
    it. The side file follows the sound. News of an earlier hour never replaces news of a later one, unless that is
    dated ahead by a wrong clock; a stand-by never replaces news of its hour, nor valid news before its hour; valid
    news replaces every stand-by. Otherwise the episode says why nothing was written (`kept_back`). With `flash_at`,
    the address of the folder, `flash.json` for smart speakers is written too; `site` is the link in their app.
    """

    def __init__(
        self,
        *,
        folder: Path,
        station: StationWords,
        kind: str,
        file_name: str = "",
        valid_min: float = 60 * VALID_H,
        flash_at: str = "",
        site: str = "",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.name = kind
        self.folder = folder
        self._station = station
        self._file_name = file_name
        self._valid = timedelta(minutes=valid_min)
        self._flash_at = flash_at
        self._site = site
        self._clock = clock

    def check(self) -> None:
        """Check the folder and its free space."""
        check_folder(self.folder, room_bytes=_CHECK_ROOM)

    def place(self, bulletin: Bulletin) -> Episode:
        """Replace the sound, then its side file; the same bulletin again changes nothing."""
        return self._publish(bulletin, until=None)

    def _publish(self, bulletin: Bulletin, *, until: datetime | None, corrects: str = "") -> Episode:
        """`until` overrides the end of validity; with `corrects` only that guid is replaced."""
        sound = self._rendition(bulletin)
        sha256, length = measure(sound.path)
        check_folder(self.folder, room_bytes=length + _WORDS_ROOM)
        audio = self._file_name or f"{self.name}{sound.path.suffix}"
        guid = make_guid(self._station.id, bulletin, sha256, kind=self.name)
        before = self._read_side_file()
        published = self._clock().replace(microsecond=0)
        if before.guid == guid:
            published = before.made or published
        new = self._describe(bulletin, sound, guid=guid, audio=audio, made=published)
        new = replace(new, size_bytes=length, sha256=sha256, valid_until=until or new.valid_until)
        kept_back = ""
        if before.sound_in(self.folder) and before.guid not in (guid, corrects):
            zone = ZoneInfo(self._station.time_zone)
            kept_back = why_kept_back(before, new, now=self._clock(), zone=zone)
            if corrects:
                kept_back = f"{before.title} has replaced the bulletin to be corrected"
        if not kept_back:
            self._put(new, sound.path)
        return self._episode(bulletin, guid=guid, audio=audio, published=published, kept_back=kept_back)

    def _put(self, side_file: SideFile, sound: Path) -> None:
        audio = side_file.audio
        with Batch(self.folder) as files:
            if sound.resolve() != (self.folder / audio).resolve():
                files.copy(audio, sound)
            if flash := self._flash(side_file):
                files.put(FLASH, flash)
            files.put(self._side_name, side_file.to_json())
            files.commit()
        delete_other_sounds(self.folder, self._stem, audio)
        if self._flash_at and not flash:
            delete_file(self.folder, FLASH)

    def _episode(
        self, bulletin: Bulletin, *, guid: str, audio: str, published: datetime, kept_back: str = ""
    ) -> Episode:
        return Episode(
            guid=guid,
            title=bulletin.script.title,
            published=published,
            outlet=self.name,
            places={"audio": self.folder / audio, "about": self.folder / self._side_name},
            kept_back=kept_back,
        )

    def beside(self, folder: Path) -> NewestFile:
        """The same outlet for another folder, from which `move_in` renames the files into this one."""
        outlet = copy(self)
        outlet.folder = folder
        return outlet

    def withdraw(self, guid: str) -> None:
        """
        Delete the file if it is that bulletin; the one before it is too old to replace it.

        The sound's hash counts too, because a run may have been killed before it wrote the side file.
        """
        sha256_begins = guid.rpartition("-")[2]
        is_current = self._read_side_file().guid == guid
        gone = [
            path
            for path in self.folder.glob(f"{self._stem}.*")
            if path.suffix in SOUNDS
            and (
                is_current or (len(sha256_begins) == GUID_HEX and measure(path)[0].startswith(sha256_begins))
            )
        ]
        for path in gone:
            delete_file(self.folder, path.name)
        if gone or is_current:
            if self._flash_at:
                delete_file(self.folder, FLASH)
            delete_file(self.folder, self._side_name)

    def has(self, guid: str) -> bool:
        """Whether the file is that bulletin."""
        return self._read_side_file().guid == guid

    def correct(self, guid: str, bulletin: Bulletin) -> Episode:
        """
        Replace the file, with the same end of validity, unless another bulletin has replaced it already.
        """
        before = self._read_side_file()
        until = before.valid_until if before.due == bulletin.script.at else None
        return self._publish(bulletin, until=until, corrects=guid)

    def renew(self) -> int:
        """Rewrite `flash.json`, the only file here that contains addresses."""
        if not self._flash_at:
            return 0
        flash = self._flash(self._read_side_file())
        with Batch(self.folder) as files:
            if flash:
                files.put(FLASH, flash)
            files.commit()
        if not flash:
            delete_file(self.folder, FLASH)
        return files.changed

    @property
    def _stem(self) -> str:
        return Path(self._file_name).stem or self.name

    @property
    def _side_name(self) -> str:
        return f"{self._stem}.json"

    def _rendition(self, bulletin: Bulletin) -> Rendition:
        for rendition in bulletin.renditions:
            if rendition.kind == self.name:
                return rendition
        raise OutletError(f"the bulletin has no {self.name} rendition; add it to the station's outputs")

    def _describe(
        self, bulletin: Bulletin, sound: Rendition, *, guid: str, audio: str, made: datetime
    ) -> SideFile:
        """Side file without length and checksum; moments in UTC, as in latest.json."""
        due = bulletin.script.at.astimezone(UTC)
        return SideFile(
            station=self._station.id,
            kind=self.name,
            title=plain_line(bulletin.script.title),
            guid=guid,
            audio=audio,
            media_type=sound.media_type,
            made=made,
            due=due,
            valid_until=due + self._valid,
            level=bulletin.level,
            duration_s=round(sound.duration_s, 3),
            loudness_lufs=round(sound.loudness_lufs, 2),
            true_peak_dbtp=round(sound.true_peak_dbtp, 2),
        )

    def _flash(self, side_file: SideFile) -> bytes | None:
        """The Flash Briefing; None for a station without one, or for a sound that Alexa would refuse."""
        made, duration_s = side_file.made, side_file.duration_s
        if not self._flash_at or made is None or duration_s is None:
            return None
        refusal = why_no_flash(media_type=side_file.media_type, duration_s=duration_s, address=self._flash_at)
        if refusal:
            log.warning("no %s: %s", FLASH, refusal)
            return None
        return write_flash(
            title=side_file.title,
            station=self._station.name,
            guid=side_file.guid,
            made=made,
            address=self._flash_at,
            audio=Path(side_file.audio).name,
            site=self._site,
        )

    def _read_side_file(self) -> SideFile:
        return SideFile.read(self.folder / self._side_name)


def why_kept_back(current: SideFile, new: SideFile, *, now: datetime, zone: ZoneInfo) -> str:
    """
    Why the current bulletin is not replaced by the new one; empty where it is. Pure.

    A bulletin dated ahead of `now`, by a clock that has been set back since, is always replaced.
    """
    due, made = current.due, current.made
    if due is None or new.due is None or new.made is None or (made and made > now + ON_AIR_CLOCKS_DIFFER):
        return ""
    is_later = is_newer((due, made or due), (new.due, new.made))
    there = f"the {current.level or Level.FRESH} bulletin of {due.astimezone(zone):%H:%M} is there"
    until = (new if _is_news(new) else current).valid_until or now
    until_local = f"{until.astimezone(zone):%H:%M}"
    if _is_news(new):
        if _is_news(current):
            return f"{there}, which is newer" if is_later else ""
        return f"{there}, and this one expired at {until_local}" if is_later and until <= now else ""
    if is_later or (_is_news(current) and due == new.due):
        return f"{there}, which goes before a stand-by"
    if _is_news(current) and now < min(until, new.due):
        return f"{there}, valid until {until_local}"
    return ""


def _is_news(side_file: SideFile) -> bool:
    return side_file.level in (None, Level.FRESH, Level.PARTIAL)
