"""Bulletin -> one file under a name that stays: what a playout or a speaker takes whenever it likes."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bulletin.errors import OutletError
from bulletin.model import Bulletin, Episode, Level, Rendition, StationWords
from bulletin.model.newer_bulletin import is_newer
from bulletin.publishing.atomic_files import Batch, check_folder, delete_file, measure
from bulletin.publishing.files.flash_briefing import why_no_flash, write_flash
from bulletin.publishing.outlet_port import GUID_HEX, make_guid
from bulletin.publishing.plain_text import plain_line
from bulletin.publishing.podcast.latest_json import VALID_H
from bulletin.publishing.side_file import read_moment, read_side
from bulletin.publishing.swap_standby import FLASH, SOUNDS, delete_other_sounds
from bulletin.runtime.clock_skew import ON_AIR_CLOCKS_DIFFER

log = logging.getLogger(__name__)

_CHECK_ROOM = 50_000_000
"""Bytes; ten minutes of WAV in stereo take more, and are asked for when they are there."""
_WORDS_ROOM = 100_000


class Newest:
    """
    The newest rendition of one kind, as `<kind><suffix>`, and `<kind>.json` to tell what it is.

    The file is put in place whole; its time of modification changes only with its content, since some
    playouts go by it. The JSON file follows the sound: as long as they disagree about `sha256`, the
    sound has just been replaced. News for an earlier hour never replaces news for a later one, unless that
    was put there by a clock that was ahead; a stand-by never replaces news of its hour, nor news that is still
    valid before its hour has come; news that is valid replaces every stand-by. What is kept back is told by the
    episode (`kept_back`). With `flash_at`, the address of the folder, a smart
    speaker's `flash.json` is written too; `site` is where its app leads people.
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
        """The folder and its room."""
        check_folder(self.folder, room_bytes=_CHECK_ROOM)

    def publish(self, bulletin: Bulletin) -> Episode:
        """Put sound, then side file in place; the same bulletin again changes nothing."""
        return self._publish(bulletin, until=None)

    def _publish(self, bulletin: Bulletin, *, until: datetime | None, corrects: str = "") -> Episode:
        """`until`: valid until then, else for the usual time. `corrects`: only in the place of that guid."""
        sound = self._rendition(bulletin)
        sha256, length = measure(sound.path)
        check_folder(self.folder, room_bytes=length + _WORDS_ROOM)
        audio = self._file_name or f"{self.name}{sound.path.suffix}"
        guid = make_guid(self._station.id, bulletin, sha256, kind=self.name)
        before = self._told()
        published = self._clock().replace(microsecond=0)
        if before.get("guid") == guid:
            published = read_moment(before.get("made")) or published
        facts = self._facts(bulletin, sound, guid=guid, audio=audio, made=published)
        facts |= {"bytes": length, "sha256": sha256}
        if until:
            facts["valid_until"] = until.isoformat()
        kept_back = ""
        if self._lies(before) and before.get("guid") not in (guid, corrects):
            zone = ZoneInfo(self._station.time_zone)
            kept_back = why_kept_back(before, facts, now=self._clock(), zone=zone)
            if corrects:
                kept_back = f"{before.get('title')} has taken the place of what is corrected"
        if not kept_back:
            self._put(facts, sound.path)
        return self._episode(bulletin, guid=guid, audio=audio, published=published, kept_back=kept_back)

    def _put(self, facts: Mapping[str, object], sound: Path) -> None:
        audio = str(facts["audio"])
        with Batch(self.folder) as files:
            if sound.resolve() != (self.folder / audio).resolve():
                files.copy(audio, sound)
            if flash := self._flash(facts):
                files.put(FLASH, flash)
            files.put(self._side_name, (json.dumps(facts, ensure_ascii=False, indent=1) + "\n").encode())
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

    def beside(self, folder: Path) -> Newest:
        """The same in another folder: what is prepared there can be renamed into this one (`swap.move_in`)."""
        return Newest(
            folder=folder,
            station=self._station,
            kind=self.name,
            file_name=self._file_name,
            valid_min=self._valid / timedelta(minutes=1),
            flash_at=self._flash_at,
            site=self._site,
            clock=self._clock,
        )

    def withdraw(self, guid: str) -> None:
        """
        Remove the file if it is that bulletin; the one before it is too old to take its place.

        By its content too: a run that died before the side file was written left the sound behind.
        """
        sha256_begins = guid.rpartition("-")[2]
        is_told = self._told().get("guid") == guid
        gone = [
            path
            for path in self.folder.glob(f"{self._stem}.*")
            if path.suffix in SOUNDS
            and (is_told or (len(sha256_begins) == GUID_HEX and measure(path)[0].startswith(sha256_begins)))
        ]
        for path in gone:
            delete_file(self.folder, path.name)
        if gone or is_told:
            if self._flash_at:
                delete_file(self.folder, FLASH)
            delete_file(self.folder, self._side_name)

    def has(self, guid: str) -> bool:
        """Whether the file is that bulletin."""
        return self._told().get("guid") == guid

    def correct(self, guid: str, bulletin: Bulletin) -> Episode:
        """
        Replace the file; where another bulletin has replaced it already, that one stays.

        It is valid for as long as the one in whose place it is put.
        """
        told = self._told()
        is_same = read_moment(told.get("due")) == bulletin.script.at
        return self._publish(
            bulletin, until=read_moment(told.get("valid_until")) if is_same else None, corrects=guid
        )

    def renew(self) -> int:
        """`flash.json` alone: nothing else beside the sound tells an address."""
        if not self._flash_at:
            return 0
        flash = self._flash(self._told())
        with Batch(self.folder) as files:
            if flash:
                files.put(FLASH, flash)
            files.commit()
        if not flash:
            delete_file(self.folder, FLASH)
        return files.changed

    def sweep(self) -> None:
        """There is nothing that could be left over."""

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

    def _facts(
        self, bulletin: Bulletin, sound: Rendition, *, guid: str, audio: str, made: datetime
    ) -> dict[str, object]:
        """Times in UTC, ISO 8601, as in latest.json."""
        due = bulletin.script.at.astimezone(UTC)
        return {
            "station": self._station.id,
            "kind": self.name,
            "title": plain_line(bulletin.script.title),
            "guid": guid,
            "audio": audio,
            "media_type": sound.media_type,
            "made": made.isoformat(),
            "due": due.isoformat(),
            "valid_until": (due + self._valid).isoformat(),
            "level": str(bulletin.level),
            "duration_s": round(sound.duration_s, 3),
            "loudness_lufs": round(sound.loudness_lufs, 2),
            "true_peak_dbtp": round(sound.true_peak_dbtp, 2),
        }

    def _flash(self, facts: Mapping[str, object]) -> bytes | None:
        """From what the side file says; None where speakers are not served, or would refuse it."""
        made, duration_s = read_moment(facts.get("made")), facts.get("duration_s")
        if not self._flash_at or made is None or not isinstance(duration_s, int | float):
            return None
        why = why_no_flash(
            media_type=str(facts.get("media_type")), duration_s=duration_s, address=self._flash_at
        )
        if why:
            log.warning("no %s: %s", FLASH, why)
            return None
        return write_flash(
            title=str(facts.get("title", "")),
            station=self._station.name,
            guid=str(facts.get("guid", "")),
            made=made,
            address=self._flash_at,
            audio=Path(str(facts.get("audio"))).name,
            site=self._site,
        )

    def _lies(self, told: Mapping[str, object]) -> bool:
        """Whether the sound that the side file tells of is there: somebody may have deleted it."""
        return (self.folder / Path(str(told.get("audio", "-"))).name).is_file()

    def _told(self) -> Mapping[str, object]:
        """What the side file says; nothing when there is none, or none that can be read."""
        return read_side(self.folder / self._side_name)


def why_kept_back(
    lying: Mapping[str, object], new: Mapping[str, object], *, now: datetime, zone: ZoneInfo
) -> str:
    """
    Why what lies there is not replaced, by both side files; empty where it gives way. Pure.

    What a clock put there that has been set back since gives way to everything.
    """
    due, made = read_moment(lying.get("due")), read_moment(lying.get("made"))
    new_due, new_made = read_moment(new["due"]), read_moment(new["made"])
    if due is None or new_due is None or new_made is None or (made and made > now + ON_AIR_CLOCKS_DIFFER):
        return ""
    is_later = is_newer((due, made or due), (new_due, new_made))
    there = f"the {lying.get('level', Level.FRESH)} bulletin of {due.astimezone(zone):%H:%M} is there"
    until = read_moment((new if _is_news(new) else lying).get("valid_until")) or now
    told_until = f"{until.astimezone(zone):%H:%M}"
    if _is_news(new):
        if _is_news(lying):
            return f"{there}, which is newer" if is_later else ""
        return f"{there}, and this one is over since {told_until}" if is_later and until <= now else ""
    if is_later or (_is_news(lying) and due == new_due):
        return f"{there}, which goes before a stand-by"
    if _is_news(lying) and now < min(until, new_due):
        return f"{there}, valid until {told_until}"
    return ""


def _is_news(facts: Mapping[str, object]) -> bool:
    return facts.get("level", Level.FRESH) in (Level.FRESH, Level.PARTIAL)
