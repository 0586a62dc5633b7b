"""Parcel -> folder of a playout: fixed or hourly file names, each file whole."""

from __future__ import annotations

import filecmp
import json
import os
import shutil
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bulletin.delivery.delivery_port import PART_SUFFIX, SOUND_SUFFIXES, Parcel, ParcelFile
from bulletin.delivery.file_names import check_names, make_name
from bulletin.errors import DeliveryError
from bulletin.publishing.atomic_files import cannot_write, measure, sync_folder
from bulletin.publishing.side_file import read_moment, read_side
from bulletin.runtime.files.file_permissions import publish

_SIDE_BYTES = 20_000
"""More than any side file of ours."""
_HASH_HEX = 12
"""Digits of the sound's hash at the end of a guid."""
_OLD_S = 3600.0
"""Age at which an unfinished file is deleted."""
_ROOM = 50_000_000
"""Bytes that `check` wants free."""


@dataclass(kw_only=True, repr=False, eq=False)
class PlayoutFolder:
    """
    Folder with the sound under each of `names`, and its side file `<name>.json`.

    Files are replaced whole; one with the same content is left alone, its time of modification too, since
    playouts compare it. Hourly names leave old files behind: expired ones are deleted, so that none airs a day
    later; the newest stays. A name that holds another station's unexpired bulletin is refused.
    """

    name: str
    path: str
    names: Sequence[str] = ("{station}",)
    carts: Sequence[int] = ()
    """Cart numbers: one, or seven from Monday to Sunday."""
    side_file: bool = True
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    is_newest_only = True

    def __post_init__(self) -> None:
        check_names(f"[[deliveries]] {self.name}", self.names, self.carts)

    @property
    def _folder(self) -> Path:
        return Path(self.path)

    def check(self) -> None:
        """Raise DeliveryError unless the folder exists, takes files and has room."""
        self._check(_ROOM)

    def publish(self, parcel: Parcel) -> None:
        """Write sound and side file under each name, then delete expired files."""
        sound = parcel.sound
        if sound is None:
            raise DeliveryError(
                f'{self.name}: a playout folder takes one sound file; set rendition = "fm"', is_lasting=True
            )
        self._check(len(self.names) * sound.path.stat().st_size)
        sha256, length = measure(sound.path)
        suffix = Path(sound.name).suffix
        stems = [make_name(pattern, parcel, self.carts) for pattern in self.names]
        for stem in stems:
            self._check_owner(stem, parcel)
        for stem in stems:
            before = str(read_side(self._folder / f"{stem}.json", most_bytes=_SIDE_BYTES).get("audio", ""))
            self._put(f"{stem}{suffix}", sound)
            if before in {f"{stem}{other}" for other in SOUND_SUFFIXES if other != suffix}:
                # The station has changed from WAV to MP3: the stale file would air for ever.
                self._delete(self._folder / before)
            facts = dict(parcel.facts) | {
                "delivery": self.name,
                "station": parcel.station,
                "audio": f"{stem}{suffix}",
                "sha256": sha256,
                "bytes": length,
            }
            if self.side_file:
                self._put_text(f"{stem}.json", json.dumps(facts, ensure_ascii=False, indent=1) + "\n")
        self._delete_expired(parcel, keep={f"{stem}{suffix}" for stem in stems})

    def withdraw(self, parcel: Parcel) -> None:
        """
        Delete every file of the bulletin; an older one is too old to take its place.

        Side files name the bulletin; without them the sound counts, whose hash the guid ends with.
        """
        self._check(0)
        digest = parcel.guid.rpartition("-")[2]
        for pattern in self.names:
            stem = make_name(pattern, parcel, self.carts)
            for path in (self._folder / f"{stem}{suffix}" for suffix in sorted(SOUND_SUFFIXES)):
                if len(digest) == _HASH_HEX and path.is_file() and measure(path)[0].startswith(digest):
                    self._delete(path)
        for side, facts in self._side_files(parcel.station):
            if facts.get("guid") == parcel.guid:
                self._delete(self._folder / Path(str(facts.get("audio", ""))).name, side)

    def _check(self, room_bytes: int) -> None:
        if not self._folder.is_dir():
            raise DeliveryError(
                f"{self.name}: {self._folder} does not exist; is the share mounted? Else make the folder"
            )
        probe = self._folder / f".{uuid.uuid4().hex[:12]}{PART_SUFFIX}"
        with self._writing(self._folder):
            try:
                probe.write_bytes(b"probe")
            finally:
                probe.unlink(missing_ok=True)
            free = shutil.disk_usage(self._folder).free
        if free < room_bytes:
            raise DeliveryError(
                f"{self.name}: {self._folder}: {free / 1e6:.1f} MB are free, {room_bytes / 1e6:.1f} MB are "
                "needed; free some space"
            )

    def _check_owner(self, stem: str, parcel: Parcel) -> None:
        side = read_side(self._folder / f"{stem}.json", most_bytes=_SIDE_BYTES)
        owner = side.get("station")
        expires = read_moment(side.get("valid_until"))
        if owner not in (None, parcel.station) and expires is not None and expires > self.clock():
            raise DeliveryError(
                f'{self.name}: {self._folder / stem}.json is of the station "{owner}"; give one of the two '
                f"another folder or other names, or delete that file if {owner} is this station's old name",
                is_lasting=True,
            )

    @contextmanager
    def _writing(self, path: Path) -> Iterator[None]:
        """OSError becomes DeliveryError, with the remedy."""
        try:
            yield
        except OSError as error:
            raise DeliveryError(f"{self.name}: {cannot_write(path, error)}") from error

    def _put(self, name: str, item: ParcelFile) -> None:
        path = self._folder / name
        with self._writing(path):
            if not (path.is_file() and filecmp.cmp(path, item.path, shallow=False)):
                self._replace(path, lambda part: shutil.copyfile(item.path, part))

    def _put_text(self, name: str, text: str) -> None:
        path, data = self._folder / name, text.encode()
        with self._writing(path):
            if not (path.is_file() and path.read_bytes() == data):
                self._replace(path, lambda part: part.write_bytes(data))

    def _replace(self, path: Path, write: Callable[[Path], object]) -> None:
        part = path.with_name(f".{path.name}.{uuid.uuid4().hex[:12]}{PART_SUFFIX}")
        try:
            write(part)
            publish(part)
            with part.open("rb+") as file:
                os.fsync(file.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        with suppress(OSError):  # some shares cannot sync a folder
            sync_folder(path.parent)

    def _delete_expired(self, parcel: Parcel, *, keep: set[str]) -> None:
        """Delete expired files of this station and delivery but `keep`, and unfinished files of dead runs."""
        now = self.clock()
        for side, facts in self._side_files(parcel.station):
            audio = Path(str(facts.get("audio", ""))).name
            expires = read_moment(facts.get("valid_until"))
            if audio not in keep and expires is not None and expires <= now:
                self._delete(self._folder / audio, side)
        for part in self._folder.glob(f".*{PART_SUFFIX}"):
            with suppress(OSError):
                if now.timestamp() - part.stat().st_mtime > _OLD_S:
                    part.unlink()

    def _side_files(self, station: str) -> Iterator[tuple[Path, Mapping[str, Any]]]:
        """Side files that this delivery wrote for the station, with their content."""
        for path in sorted(self._folder.glob("*.json")):
            facts = read_side(path, most_bytes=_SIDE_BYTES)
            if facts.get("station") == station and facts.get("delivery") == self.name and facts.get("audio"):
                yield path, facts

    def _delete(self, *paths: Path) -> None:
        for path in paths:
            with self._writing(path):
                path.unlink(missing_ok=True)
