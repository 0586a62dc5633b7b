"""A station's public folder -> what lies there, and parcels of it for the deliveries."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import Any

from bulletin.archive.records import EpisodeRecord, EpisodeStore
from bulletin.delivery.delivery_port import SOUNDS, TREES, Parcel, ParcelFile
from bulletin.errors import DeliveryError
from bulletin.publishing.atomic_files import PART, cannot_write, measure
from bulletin.publishing.podcast.feed_seal import ASIDE
from bulletin.publishing.podcast.latest_json import VALID_H, describe_latest
from bulletin.publishing.side_file import read_moment, read_side
from bulletin.runtime.clock_skew import latest_made

NEWEST = ("fm", "speaker")
"""Renditions of which only the newest lies there."""
_FRONT = frozenset({"latest", "flash", "stories", *NEWEST})
"""Names in the folder that stay while their content changes."""
_LATEST_EPISODES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicFile:
    """Something that is out in the public folder now."""

    guid: str
    title: str
    due: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicFolderReader:
    """One station's public folder."""

    folder: Path
    station: str
    time_zone: str
    episodes: EpisodeStore
    feed_url: str = ""

    def lying(self, kind: str, *, now: datetime | None = None) -> tuple[PublicFile, ...]:
        """What lies there of a rendition, oldest first; with `now` without what a clock made that ran ahead."""
        if kind in NEWEST:
            told = read_side(self.folder / f"{kind}.json")
            return (_lying(told),) if told.get("guid") else ()
        if kind in TREES:
            return self._tree(kind)
        until = latest_made(now) if now else None
        records = self.episodes.episodes(self.station, limit=_LATEST_EPISODES, until=until)
        newest = self.episodes.episodes(self.station, limit=_LATEST_EPISODES, until=until, by_hour=True)
        found = {one.guid: one for one in (*reversed(newest), *reversed(records)) if self._has(one)}
        ordered = sorted(found.values(), key=lambda one: (one.published, one.hour))
        return tuple(PublicFile(guid=one.guid, title=one.title, due=one.due) for one in ordered)

    def pack(self, kind: str, guid: str, *, scratch: Path) -> Parcel | None:
        """
        What is to be handed over, its changing files held fast in `scratch`; None when it lies there no more.

        Raises DeliveryError while a file is just being replaced.
        """
        if kind in NEWEST:
            return self._pack_newest(kind, guid, scratch)
        if kind in TREES:
            return self._pack_tree(kind, guid, scratch)
        return self._pack_episode(guid, scratch)

    def farewell(self, kind: str, guid: str, *, title: str, due: datetime | None) -> Parcel:
        """A parcel for taking a bulletin back: who it is, and no files."""
        return Parcel(
            station=self.station,
            guid=guid,
            title=title,
            kind=kind,
            due=due or datetime(1970, 1, 1, tzinfo=UTC),
            time_zone=self.time_zone,
            facts={"feed_url": self.feed_url} if self.feed_url else {},
        )

    # -- one file under a name that stays

    def _pack_newest(self, kind: str, guid: str, scratch: Path) -> Parcel | None:
        side = self.folder / f"{kind}.json"
        told = read_side(side)
        if told.get("guid") != guid:
            return None
        audio = Path(str(told.get("audio", ""))).name
        held = hold_fast(self.folder / audio, scratch)
        if held is None or measure(held)[0] != told.get("sha256"):
            raise DeliveryError(f"{self.folder / audio}: is just being replaced; trying again soon")
        about = scratch / side.name
        about.write_text(json.dumps(dict(told), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        written_ns = held.stat().st_mtime_ns  # the same every time: uploads go by it
        os.utime(about, ns=(written_ns, written_ns))
        items = [ParcelFile(name=audio, path=held), ParcelFile(name=side.name, path=about)]
        if kind == "speaker" and (flash := hold_fast(self.folder / "flash.json", scratch)):
            items.append(ParcelFile(name="flash.json", path=flash))
        return self._parcel(kind, told, tuple(items))

    # -- one episode of the podcast

    def _pack_episode(self, guid: str, scratch: Path) -> Parcel | None:
        record = self.episodes.find_episode(self.station, guid)
        if record is None or record.withdrawn_at or not self._has(record):
            return None
        names = [record.audio, *(name for _, name, _ in record.files)]
        there = [(name, hold_fast(self.folder / name, scratch)) for name in names]
        items = tuple(ParcelFile(name=name, path=path) for name, path in there if path)
        if not items or items[0].name != record.audio:
            return None
        return self._parcel("podcast", describe_latest(record).to_facts(), items)

    def _has(self, record: EpisodeRecord) -> bool:
        with suppress(OSError):
            return (self.folder / record.audio).stat().st_size == record.bytes
        return False

    # -- the folder, or a part of it

    def _tree(self, kind: str) -> tuple[PublicFile, ...]:
        digest = hashlib.sha256()
        fronts = 0
        for name in self._names(kind):
            if _rank(name) >= _CHANGES:
                with suppress(OSError):
                    stat = (self.folder / name).stat()
                    digest.update(f"{name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
                    fronts += 1
        if not fronts:
            return ()
        latest = self._latest(kind)
        guid = f"{self.station}-{kind}-{digest.hexdigest()[:16]}"
        return (
            PublicFile(guid=guid, title=str(latest.get("title", "")), due=read_moment(latest.get("due"))),
        )

    def _pack_tree(self, kind: str, guid: str, scratch: Path) -> Parcel | None:
        """What readers look at first is held fast first: all that it names lies there by then."""
        fronts = [name for name in self._names(kind) if _rank(name) >= _CHANGES]
        held = {name: hold_fast(self.folder / name, scratch) for name in sorted(fronts, key=_order)[::-1]}
        lasting = {name: self.folder / name for name in self._names(kind) if _rank(name) < _CHANGES}
        paths = {name: path for name, path in (lasting | held).items() if path}
        items = tuple(ParcelFile(name=name, path=paths[name]) for name in sorted(paths, key=_order))
        return self._parcel(kind, {**self._latest(kind), "guid": guid}, items)

    def _names(self, kind: str) -> Iterator[str]:
        top = self.folder / "stories" if kind == "stories" else self.folder
        for folder, folders, files in os.walk(top):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            within = Path(folder).relative_to(self.folder)
            for name in sorted(files):
                # what somebody wrote into a feed is kept here, and may tell what was withdrawn since
                if not name.startswith((".", PART)) and ASIDE not in name:
                    yield (within / name).as_posix()
        if kind == "stories" and (self.folder / "stories.json").is_file():
            yield "stories.json"

    def _latest(self, kind: str) -> Mapping[str, Any]:
        if kind == "stories":
            told = read_side(self.folder / "stories.json")
            return {key: told[key] for key in ("title", "due") if key in told}
        for name in ("latest.json", "fm.json", "speaker.json"):
            if told := read_side(self.folder / name):
                return told
        return {}

    def _parcel(self, kind: str, told: Mapping[str, Any], items: tuple[ParcelFile, ...]) -> Parcel:
        due = read_moment(told.get("due")) or datetime.now(UTC)
        expires = read_moment(told.get("valid_until")) or due + timedelta(hours=VALID_H)
        return Parcel(
            station=self.station,
            guid=str(told["guid"]),
            title=str(told.get("title", "")),
            kind=kind,
            due=due,
            expires=None if kind in TREES else expires,
            level=str(told.get("level", "fresh")),
            time_zone=self.time_zone,
            items=items,
            facts=dict(told) | ({"feed_url": self.feed_url} if self.feed_url else {}),
        )


def hold_fast(path: Path, scratch: Path) -> Path | None:
    """The file as it is now, whatever takes its place later; None when it has gone. Raises DeliveryError."""
    number = sum(1 for _ in scratch.iterdir())
    held = scratch / f"{number}-{path.name}"
    try:
        try:
            held.hardlink_to(path)
        except FileNotFoundError:
            raise
        except OSError:  # another file system, or one without links
            shutil.copy2(path, held)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise DeliveryError(str(cannot_write(held, error))) from error
    return held


_CHANGES = 2
"""Rank from which a name stays while its content changes."""


def _rank(name: str) -> int:
    """
    In which order files must arrive: audio, what belongs to it, the newest, pages, the feed.

    Each that names others after those: flash.json after the sound, the index after the pages, the feed after its
    older pages.
    """
    path = PurePosixPath(name)
    if path.suffix == ".xml":
        return 7 if name == "feed.xml" else 6
    if path.suffix == ".html":
        return 5 if name == "index.html" else 4
    if len(path.parts) == 1 and path.stem in _FRONT:
        return 3 if path.stem == "flash" else 2
    return 0 if path.suffix in SOUNDS else 1


def _order(name: str) -> tuple[int, str, bool, str]:
    """Beside one another what belongs together, the sound before the words about it."""
    return _rank(name), PurePosixPath(name).stem, name.endswith(".json"), name


def _lying(told: Mapping[str, Any]) -> PublicFile:
    return PublicFile(
        guid=str(told["guid"]), title=str(told.get("title", "")), due=read_moment(told.get("due"))
    )
