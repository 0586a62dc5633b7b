"""Parcel -> a playout's folder: names that stay or follow the hour, each file whole, its time true."""

from __future__ import annotations

import filecmp
import json
import os
import shutil
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bulletin.delivery.delivery_port import HALF, SOUNDS, Parcel, ParcelFile
from bulletin.delivery.file_names import check_names, make_name
from bulletin.errors import DeliveryError
from bulletin.publishing.atomic_files import cannot_write, measure, sync_folder
from bulletin.publishing.side_file import read_moment, read_side
from bulletin.runtime.files.file_permissions import publish

_SIDE_BYTES = 20_000
"""More than any side file of ours."""
_HASH_HEX = 12
_OLD_S = 3600.0
_ROOM = 50_000_000


class PlayoutFolder:
    """
    The sound under each of `names`, and what it is in `<name>.json`.

    A file is put in place whole; one with the same content is left alone, its time of modification too, since
    playouts go by it. Names that follow the hour leave old files behind: those that have expired are
    deleted, so that none airs a day later; the newest stays. A name that another station's bulletin has, which
    is still true, is not taken.
    """

    is_newest_only = True

    def __init__(
        self,
        *,
        name: str,
        path: str,
        names: Sequence[str] = ("{station}",),
        carts: Sequence[int] = (),
        side_file: bool = True,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        check_names(f"[[deliveries]] {name}", names, carts)
        self.name = name
        self._folder = Path(path)
        self._names, self._carts = tuple(names), tuple(carts)
        self._has_side = side_file
        self._clock = clock

    def check(self) -> None:
        """The folder is there, takes files, and has room."""
        self._check(_ROOM)

    def publish(self, parcel: Parcel) -> None:
        """Sound, then side file, name by name."""
        sound = parcel.sound
        if sound is None:
            raise DeliveryError(
                f'{self.name}: a playout folder takes one sound file; set rendition = "fm"', is_lasting=True
            )
        self._check(len(self._names) * sound.path.stat().st_size)
        sha256, length = measure(sound.path)
        suffix = Path(sound.name).suffix
        stems = [make_name(pattern, parcel, self._carts) for pattern in self._names]
        for stem in stems:
            self._check_owner(stem, parcel)
        for stem in stems:
            before = str(read_side(self._folder / f"{stem}.json", most_bytes=_SIDE_BYTES).get("audio", ""))
            self._put(f"{stem}{suffix}", sound)
            if before in {f"{stem}{other}" for other in SOUNDS if other != suffix}:
                # The station has gone from WAV to MP3: a stale file would air for ever.
                self._drop((self._folder / before,))
            facts = dict(parcel.facts) | {
                "delivery": self.name,
                "station": parcel.station,
                "audio": f"{stem}{suffix}",
                "sha256": sha256,
                "bytes": length,
            }
            if self._has_side:
                self._put_words(f"{stem}.json", json.dumps(facts, ensure_ascii=False, indent=1) + "\n")
        self._delete_expired(parcel, keep={f"{stem}{suffix}" for stem in stems})

    def withdraw(self, parcel: Parcel) -> None:
        """
        Delete every file of it; what was there before is too old to take its place.

        By what the side files say, and by its sound, whose hash the guid ends with.
        """
        self._check(0)
        begins = parcel.guid.rpartition("-")[2]
        for pattern in self._names:
            stem = make_name(pattern, parcel, self._carts)
            for path in (self._folder / f"{stem}{suffix}" for suffix in sorted(SOUNDS)):
                if len(begins) == _HASH_HEX and path.is_file() and measure(path)[0].startswith(begins):
                    self._drop((path,))
        for side, told in self._ours(parcel.station):
            if told.get("guid") == parcel.guid:
                self._drop((self._folder / Path(str(told.get("audio", ""))).name, side))

    # -- what may be wrong

    def _check(self, room_bytes: int) -> None:
        if not self._folder.is_dir():
            raise DeliveryError(
                f"{self.name}: {self._folder} is not there; is the share mounted? Else make the folder"
            )
        probe = self._folder / f".{uuid.uuid4().hex[:12]}{HALF}"
        try:
            try:
                probe.write_bytes(b"probe")
            finally:
                probe.unlink(missing_ok=True)
            free = shutil.disk_usage(self._folder).free
        except OSError as error:
            raise DeliveryError(f"{self.name}: {cannot_write(self._folder, error)}") from error
        if free < room_bytes:
            raise DeliveryError(
                f"{self.name}: {self._folder}: {free / 1e6:.1f} MB are free, {room_bytes / 1e6:.1f} MB are "
                "needed; free some space"
            )

    def _check_owner(self, stem: str, parcel: Parcel) -> None:
        told = read_side(self._folder / f"{stem}.json", most_bytes=_SIDE_BYTES)
        theirs = told.get("station")
        expires = read_moment(told.get("valid_until"))
        is_true = expires is not None and expires > self._clock()
        if theirs not in (None, parcel.station) and is_true:
            raise DeliveryError(
                f'{self.name}: {self._folder / stem}.json is of the station "{theirs}"; give one of the two '
                f"another folder or other names, or delete that file if {theirs} is this station's old name",
                is_lasting=True,
            )

    # -- files

    def _put(self, name: str, item: ParcelFile) -> None:
        path = self._folder / name
        try:
            if path.is_file() and filecmp.cmp(path, item.path, shallow=False):
                return
            self._replace(path, lambda part: shutil.copyfile(item.path, part))
        except OSError as error:
            raise DeliveryError(f"{self.name}: {cannot_write(path, error)}") from error

    def _put_words(self, name: str, words: str) -> None:
        path, data = self._folder / name, words.encode()
        try:
            if not (path.is_file() and path.read_bytes() == data):
                self._replace(path, lambda part: part.write_bytes(data))
        except OSError as error:
            raise DeliveryError(f"{self.name}: {cannot_write(path, error)}") from error

    def _replace(self, path: Path, write: Callable[[Path], object]) -> None:
        part = path.with_name(f".{path.name}.{uuid.uuid4().hex[:12]}{HALF}")
        try:
            write(part)
            publish(part)
            with part.open("rb+") as file:
                os.fsync(file.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        with suppress(OSError):  # some shares know no such thing
            sync_folder(path.parent)

    def _delete_expired(self, parcel: Parcel, *, keep: set[str]) -> None:
        """Of this station and delivery only, and never what was just put there; parts of dead runs too."""
        now = self._clock()
        for side, told in self._ours(parcel.station):
            audio = Path(str(told.get("audio", ""))).name
            expires = read_moment(told.get("valid_until"))
            if audio not in keep and expires is not None and expires <= now:
                self._drop((self._folder / audio, side))
        for part in self._folder.glob(f".*{HALF}"):
            with suppress(OSError):
                if now.timestamp() - part.stat().st_mtime > _OLD_S:
                    part.unlink()

    def _ours(self, station: str) -> Iterator[tuple[Path, Mapping[str, Any]]]:
        for side in sorted(self._folder.glob("*.json")):
            told = read_side(side, most_bytes=_SIDE_BYTES)
            if told.get("station") == station and told.get("delivery") == self.name and told.get("audio"):
                yield side, told

    def _drop(self, paths: tuple[Path, ...]) -> None:
        for path in paths:
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise DeliveryError(f"{self.name}: {cannot_write(path, error)}") from error
