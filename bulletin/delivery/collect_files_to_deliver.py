"""Public folder of a station -> the published bulletins, and parcels of them for the deliveries."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Protocol

from bulletin.archive.record_dataclasses import EpisodeRecord
from bulletin.delivery.delivery_interface import FOLDER_RENDITIONS, SOUND_SUFFIXES, Parcel, ParcelFile
from bulletin.errors import DeliveryError
from bulletin.publishing.atomic_file_batch import PART, cannot_write, has_size, measure
from bulletin.publishing.json_sidecar_file import VALID_H, describe_latest, read_moment, read_side
from bulletin.publishing.podcast.detect_hand_edited_feed import ASIDE
from bulletin.runtime.files.placeholder_file import read_placeholder
from bulletin.runtime.latest_credible_time import latest_made

if TYPE_CHECKING:
    from bulletin.archive.contents.episodes import EpisodeArchive

NEWEST_RENDITIONS = ("fm", "speaker")
"""Renditions with one file, that of the newest bulletin."""
_FRONT = frozenset({"latest", "flash", "stories", *NEWEST_RENDITIONS})
"""Stems of files in the folder that stay while their content changes."""
_LATEST_EPISODES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicFile:
    """A bulletin, or a rendition of many files, in the public folder."""

    guid: str
    title: str
    due: datetime | None = None


class FetchSound(Protocol):
    """Source of the sounds that a machine of a group does not have."""

    def __call__(self, sha256: str, *, name: str) -> bytes:
        """Content of an object; `name` is for messages. Raises StoreError."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicFolderReader:
    """Reader of one station's public folder."""

    folder: Path
    station: str
    time_zone: str
    episodes: EpisodeArchive
    feed_url: str = ""
    fetch: FetchSound | None = None
    """For sounds that are placeholders in the folder; without it their delivery fails."""

    def list_published(self, kind: str, *, now: datetime | None = None) -> tuple[PublicFile, ...]:
        """Bulletins of a rendition, oldest first; with `now` without those dated later by a wrong clock."""
        if kind in NEWEST_RENDITIONS:
            side = read_side(self.folder / f"{kind}.json")
            return (_to_public_file(side),) if side.get("guid") else ()
        if kind in FOLDER_RENDITIONS:
            return self._folder_state(kind)
        until = latest_made(now) if now else None
        latest = self.episodes.episodes(self.station, limit=_LATEST_EPISODES, until=until)
        by_hour = self.episodes.episodes(self.station, limit=_LATEST_EPISODES, until=until, by_hour=True)
        records = {record.guid: record for record in (*by_hour, *latest) if self._has_sound(record)}
        ordered = sorted(records.values(), key=lambda record: (record.published, record.hour))
        return tuple(PublicFile(guid=record.guid, title=record.title, due=record.due) for record in ordered)

    def pack(self, kind: str, guid: str, *, scratch: Path) -> Parcel | None:
        """
        A parcel whose changing files are linked or copied to `scratch`; None when the bulletin is gone.

        Sounds are whole, also where the folder has a placeholder. Raises DeliveryError while a file is being replaced,
        StoreError for a sound that cannot be fetched.
        """
        if kind in NEWEST_RENDITIONS:
            return self._pack_newest(kind, guid, scratch)
        if kind in FOLDER_RENDITIONS:
            return self._pack_folder(kind, guid, scratch)
        return self._pack_episode(guid, scratch)

    def empty_parcel(self, kind: str, guid: str, *, title: str, due: datetime | None) -> Parcel:
        """A parcel without files, to withdraw a bulletin."""
        facts = {"guid": guid, "title": title, "due": due.isoformat() if due else ""}
        return self._parcel(kind, facts, {})

    # -- one file under a name that stays

    def _pack_newest(self, kind: str, guid: str, scratch: Path) -> Parcel | None:
        side = copy_as_is(self.folder / f"{kind}.json", scratch)
        content = read_side(side) if side else {}
        if content.get("guid") != guid:
            return None
        audio = Path(str(content.get("audio", ""))).name
        copies = {f"{kind}.json": side, audio: self._copy(audio, scratch)}
        sound = copies[audio]
        if sound is None or measure(sound)[0] != content.get("sha256"):
            raise DeliveryError(f"{self.folder / audio}: is being replaced; trying again soon")
        if kind == "speaker":
            copies["flash.json"] = copy_as_is(self.folder / "flash.json", scratch)
        return self._parcel(kind, content, copies)

    # -- one episode of the podcast

    def _pack_episode(self, guid: str, scratch: Path) -> Parcel | None:
        record = self.episodes.find_episode(self.station, guid)
        if record is None or record.withdrawn_at or not self._has_sound(record):
            return None
        names = [record.audio, *(name for _, name, _ in record.files)]
        copies = {name: self._copy(name, scratch) for name in names}
        if copies[record.audio] is None:
            return None
        return self._parcel("podcast", describe_latest(record).to_facts(), copies)

    def _has_sound(self, record: EpisodeRecord) -> bool:
        return has_size(self.folder / record.audio, record.bytes)

    # -- the folder, or a part of it

    def _folder_state(self, kind: str) -> tuple[PublicFile, ...]:
        """One entry whose guid is a hash of the files that change."""
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
        guid = f"{self.station}-{kind}-{digest.hexdigest()[:16]}"
        return (_to_public_file({**self._latest(kind), "guid": guid}),)

    def _pack_folder(self, kind: str, guid: str, scratch: Path) -> Parcel | None:
        """Parcel of a whole folder; files that name others are copied first, so every named file exists."""
        ranks = {name: _rank(name) for name in self._names(kind)}
        fronts = sorted(
            (name for name, rank in ranks.items() if rank >= _CHANGES), key=upload_order, reverse=True
        )
        copies = {name: self._copy(name, scratch) for name in fronts}
        lasting = {
            name: self._copy(name, scratch) if read_placeholder(self.folder / name) else self.folder / name
            for name, rank in ranks.items()
            if rank < _CHANGES
        }
        return self._parcel(kind, {**self._latest(kind), "guid": guid}, lasting | copies)

    def _copy(self, name: str, scratch: Path) -> Path | None:
        """A copy that stays, of the whole sound where the folder has a placeholder."""
        path = self.folder / name
        copy = copy_as_is(path, scratch)
        sha256 = read_placeholder(copy) if copy else ""
        if not copy or not sha256:
            return copy
        if self.fetch is None:
            raise DeliveryError(
                f"{path}: the sound is not on this machine; a worker of the group delivers it"
            )
        return replace_placeholder(copy, self.fetch(sha256, name=name))

    def _names(self, kind: str) -> Iterator[str]:
        top = self.folder / "stories" if kind == "stories" else self.folder
        for folder, folders, files in os.walk(top):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            within = Path(folder).relative_to(self.folder)
            for name in sorted(files):
                # a feed that was set aside may hold stories that were withdrawn since
                if not name.startswith((".", PART)) and ASIDE not in name:
                    yield (within / name).as_posix()
        if kind == "stories" and (self.folder / "stories.json").is_file():
            yield "stories.json"

    def _latest(self, kind: str) -> Mapping[str, Any]:
        if kind == "stories":
            content = read_side(self.folder / "stories.json")
            return {key: content[key] for key in ("title", "due") if key in content}
        for name in ("latest.json", "fm.json", "speaker.json"):
            if content := read_side(self.folder / name):
                return content
        return {}

    def _parcel(self, kind: str, facts: Mapping[str, Any], paths: Mapping[str, Path | None]) -> Parcel:
        """`paths` by name; files that have gone are left out."""
        due = read_moment(facts.get("due")) or datetime.now(UTC)
        expires = read_moment(facts.get("valid_until")) or due + timedelta(hours=VALID_H)
        return Parcel(
            station=self.station,
            guid=str(facts["guid"]),
            title=str(facts.get("title", "")),
            kind=kind,
            due=due,
            expires=None if kind in FOLDER_RENDITIONS else expires,
            level=str(facts.get("level", "fresh")),
            time_zone=self.time_zone,
            items=tuple(
                ParcelFile(name=name, path=path)
                for name in sorted(paths, key=upload_order)
                if (path := paths[name])
            ),
            facts=dict(facts) | ({"feed_url": self.feed_url} if self.feed_url else {}),
        )


def copy_as_is(path: Path, scratch: Path) -> Path | None:
    """
    Link to or copy of the present file, which stays when the file is replaced; None when it has gone.

    Raises DeliveryError when it cannot be made.
    """
    copy = scratch / f"{len(list(scratch.iterdir()))}-{path.name}"
    try:
        try:
            copy.hardlink_to(path)
        except OSError:  # another file system, or one without links
            shutil.copy2(path, copy)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise DeliveryError(str(cannot_write(copy, error))) from error
    return copy


def replace_placeholder(copy: Path, sound: bytes) -> Path:
    """The sound in place of the copy of its placeholder, with the same date. Raises DeliveryError."""
    try:
        changed_ns = copy.stat().st_mtime_ns
        copy.unlink()  # it may be a link to the placeholder, which stays
        copy.write_bytes(sound)
        os.utime(copy, ns=(changed_ns, changed_ns))
    except OSError as error:
        raise DeliveryError(str(cannot_write(copy, error))) from error
    return copy


_CHANGES = 2
"""Rank from which a file's content changes under the same name."""


def _rank(name: str) -> int:
    """
    Order of upload: audio, files about it, the newest, pages, the feed.

    Each file comes after the files that it names: flash.json after the sound, the index after the pages, the
    feed after its older pages.
    """
    path = PurePosixPath(name)
    if path.suffix == ".xml":
        return 7 if name == "feed.xml" else 6
    if path.suffix == ".html":
        return 5 if name == "index.html" else 4
    if name == "now.json":  # open pages load the index again once it names a new bulletin
        return 6
    if len(path.parts) == 1 and path.stem in _FRONT:
        return 3 if path.stem == "flash" else 2
    return 0 if path.suffix in SOUND_SUFFIXES else 1


def upload_order(name: str) -> tuple[int, str, bool, str]:
    """Related files side by side, the sound before the JSON about it."""
    return _rank(name), PurePosixPath(name).stem, name.endswith(".json"), name


def _to_public_file(side: Mapping[str, Any]) -> PublicFile:
    return PublicFile(
        guid=str(side["guid"]), title=str(side.get("title", "")), due=read_moment(side.get("due"))
    )
