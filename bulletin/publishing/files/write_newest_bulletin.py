"""Bulletin -> one sound under a fixed file name, with a side file: for a playout or a smart speaker."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo

from bulletin.model import Bulletin, Episode, Level, Rendition, StationWords
from bulletin.model.sort_bulletins_by_time import is_newer
from bulletin.publishing.atomic_file_batch import Batch, check_folder, delete_file, measure
from bulletin.publishing.clean_text_for_feeds import plain_line, plain_title
from bulletin.publishing.json_sidecar_file import VALID_H, SideFile, write_json
from bulletin.publishing.move_standby_files_on_air import FLASH, SOUNDS, delete_other_sounds
from bulletin.publishing.outlet_interface import GUID_HEX, Outlet, make_guid, rendition_of
from bulletin.runtime.latest_credible_time import ON_AIR_CLOCKS_DIFFER

log = logging.getLogger(__name__)

_CHECK_ROOM = 50_000_000
"""Bytes; longer bulletins are checked when their size is known."""
_WORDS_ROOM = 100_000
SHORTEST_S, LONGEST_S = 10.0, 600.0
"""Seconds of sound (developer.amazon.com, "Flash Briefing Skill API feed reference")."""

_NAME_CHARS = 255


@dataclass(kw_only=True, eq=False)
class NewestFile(Outlet):
    """
    The newest rendition of one kind, as `<kind><suffix>`, with its side file `<kind>.json`.

    The file is replaced in one step; its modification time changes only with its content, because some playouts go by
    it. The side file follows the sound. News of an earlier hour never replaces news of a later one, unless that is
    dated ahead by a wrong clock; a stand-by never replaces news of its hour, nor valid news before its hour; valid
    news replaces every stand-by. Otherwise the episode says why nothing was written (`kept_back`). With `flash_at`,
    the address of the folder, `flash.json` for smart speakers is written too; `site` is the link in their app.
    """

    folder: Path
    station: StationWords
    kind: str
    valid_min: float = 60 * VALID_H
    flash_at: str = ""
    site: str = ""
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    def __post_init__(self) -> None:
        self.name = self.kind

    def check(self) -> None:
        """Check the folder and its free space."""
        check_folder(self.folder, room_bytes=_CHECK_ROOM)

    def place(self, bulletin: Bulletin) -> Episode:
        """Replace the sound, then its side file; the same bulletin again changes nothing."""
        return self._publish(bulletin, until=None)

    def _publish(self, bulletin: Bulletin, *, until: datetime | None, corrects: str = "") -> Episode:
        """`until` overrides the end of validity; with `corrects` only that guid is replaced."""
        sound = rendition_of(bulletin, self.kind)
        before = self._read_side_file()
        new = self._describe(bulletin, sound, before=before)
        if until:
            new = replace(new, valid_until=until)
        check_folder(self.folder, room_bytes=(new.size_bytes or 0) + _WORDS_ROOM)
        kept_back = ""
        if before.sound_in(self.folder) and before.guid not in (new.guid, corrects):
            zone = ZoneInfo(self.station.time_zone)
            kept_back = why_kept_back(before, new, now=self.clock(), zone=zone)
            if corrects:
                kept_back = f"{before.title} has replaced the bulletin to be corrected"
        if not kept_back:
            self._put(new, sound.path)
        return Episode(
            guid=new.guid,
            title=bulletin.script.title,
            published=new.made or self.clock(),
            outlet=self.name,
            places={"audio": self.folder / new.audio, "about": self._side_path},
            kept_back=kept_back,
        )

    def _put(self, side_file: SideFile, sound: Path) -> None:
        flash = self._flash(side_file)
        with Batch(self.folder) as files:
            if sound.resolve() != (self.folder / side_file.audio).resolve():
                files.copy(side_file.audio, sound)
            if flash:
                files.put(FLASH, flash)
            files.put(self._side_path.name, side_file.to_json())
            files.commit()
        delete_other_sounds(self.folder, self.kind, side_file.audio)
        if self.flash_at and not flash:
            delete_file(self.folder, FLASH)

    def beside(self, folder: Path) -> NewestFile:
        """The same outlet for another folder, from which `move_in` renames the files into this one."""
        return replace(self, folder=folder)

    def withdraw(self, guid: str) -> None:
        """
        Delete the file if it is that bulletin; the one before it is too old to replace it.

        The sound's hash counts too, because a run may have been killed before it wrote the side file.
        """
        digest = guid.rpartition("-")[2]
        is_current = self.has(guid)
        gone = [
            path
            for path in self.folder.glob(f"{self.kind}.*")
            if path.suffix in SOUNDS
            and (is_current or (len(digest) == GUID_HEX and measure(path)[0].startswith(digest)))
        ]
        if gone or is_current:
            extra = [self.folder / FLASH] if self.flash_at else []
            for path in (*gone, *extra, self._side_path):
                delete_file(self.folder, path.name)

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
        if not self.flash_at:
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
    def _side_path(self) -> Path:
        return self.folder / f"{self.kind}.json"

    def _describe(self, bulletin: Bulletin, sound: Rendition, *, before: SideFile) -> SideFile:
        """Facts about a sound, with the first date of publication; moments in UTC, as in latest.json."""
        sha256, length = measure(sound.path)
        guid = make_guid(self.station.id, bulletin, sha256, kind=self.kind)
        due = bulletin.script.at.astimezone(UTC)
        made = before.made if before.guid == guid else None
        return SideFile(
            station=self.station.id,
            kind=self.kind,
            title=plain_line(bulletin.script.title),
            guid=guid,
            audio=f"{self.kind}{sound.path.suffix}",
            media_type=sound.media_type,
            made=made or self.clock().replace(microsecond=0),
            due=due,
            valid_until=due + timedelta(minutes=self.valid_min),
            level=bulletin.level,
            duration_s=round(sound.duration_s, 3),
            loudness_lufs=round(sound.loudness_lufs, 2),
            true_peak_dbtp=round(sound.true_peak_dbtp, 2),
            size_bytes=length,
            sha256=sha256,
        )

    def _flash(self, side_file: SideFile) -> bytes | None:
        """The Flash Briefing; None for a station without one, or for a sound that Alexa would refuse."""
        if not self.flash_at or side_file.made is None:
            return None
        if refusal := why_no_flash(side_file, address=self.flash_at):
            log.warning("%s not written: %s", FLASH, refusal)
            return None
        return write_flash(
            side_file, station=self.station.name, made=side_file.made, address=self.flash_at, site=self.site
        )

    def _read_side_file(self) -> SideFile:
        return SideFile.read(self._side_path)


def why_no_flash(side_file: SideFile, *, address: str) -> str:
    """Why Alexa would refuse the sound, and the remedy; "" if it would not. `address` is the public folder's."""
    duration_s = side_file.duration_s or 0.0
    if side_file.media_type != "audio/mpeg":
        return 'Alexa takes MP3: [outputs.speaker] format = "mp3"'
    if not address.startswith("https://"):
        return "Alexa takes only https: set [outputs.podcast] base_url to an https address"
    if not SHORTEST_S <= duration_s <= LONGEST_S:
        return f"it is {duration_s:.0f} seconds long; Alexa takes 10 seconds to 10 minutes"
    return ""


def write_flash(side_file: SideFile, *, station: str, made: datetime, address: str, site: str) -> bytes:
    """
    One JSON object; `address` is the public folder's, `site` the link of the app if it is https, `station` the title
    of a bulletin without one.

    `updateDate` is in UTC with the tenth of a second of Amazon's example. `mainText` is empty, as for all sound.
    """
    return write_json(
        {
            "uid": f"urn:bulletin:{quote(side_file.guid[:_NAME_CHARS])}",
            "updateDate": f"{made.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.0Z",
            "titleText": plain_title(side_file.title) or plain_title(station),
            "mainText": "",
            "streamUrl": address + quote(Path(side_file.audio).name),
            "redirectionUrl": site if site.startswith("https://") else address,
        }
    )


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
        return f"{there}, which comes before a stand-by (spare bulletin)"
    if _is_news(current) and now < min(until, new.due):
        return f"{there}, valid until {until_local}"
    return ""


def _is_news(side_file: SideFile) -> bool:
    return side_file.level in (None, Level.FRESH, Level.PARTIAL)
