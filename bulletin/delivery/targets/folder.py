"""Parcel -> folder of a playout: fixed or hourly file names, each file whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, Literal

from bulletin.config.tables.delivery_options import FolderOptions
from bulletin.delivery.delivered_file_names import check_names, make_name
from bulletin.delivery.delivery_interface import PART_SUFFIX, SOUND_SUFFIXES, LastingError, Parcel
from bulletin.errors import DeliveryError, OutletError
from bulletin.publishing.atomic_file_batch import Batch, check_folder, delete_file, measure
from bulletin.publishing.json_sidecar_file import read_moment, read_side, write_json
from bulletin.publishing.outlet_interface import GUID_HEX

_SIDE_BYTES = 20_000
"""Size limit of a side file that is read; ours are smaller."""
_OLD_S = 3600.0
"""Age at which an unfinished file is deleted."""
_ROOM = 50_000_000
"""Bytes that `check` wants free."""


class PlayoutFolder(FolderOptions):
    """
    Folder with the sound under each of `names`, and its side file `<name>.json`.

    Files are replaced whole; one with the same content is left alone, its time of modification too, since
    playouts compare it. Hourly names leave old files behind: expired ones are deleted, so that none airs a day
    later; the newest stays. A name that holds another station's unexpired bulletin is refused.
    """

    kind: Literal["folder"] = "folder"
    is_newest_only: ClassVar[bool] = True
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    def model_post_init(self, _: object) -> None:
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
            raise LastingError(f'delivery {self.name}: a folder takes one sound file; set rendition = "fm"')
        self._check(len(self.names) * sound.path.stat().st_size)
        suffix = Path(sound.name).suffix
        stems = [make_name(pattern, parcel, self.carts) for pattern in self.names]
        for stem in stems:
            self._check_owner(stem, parcel)
        with self._writing():
            for stem in stems:
                self._put(stem, suffix, sound.path, parcel)
            self._delete_expired(parcel, keep={f"{stem}{suffix}" for stem in stems})

    def _put(self, stem: str, suffix: str, sound: Path, parcel: Parcel) -> None:
        sha256, length = measure(sound)
        before = str(read_side(self._folder / f"{stem}.json", most_bytes=_SIDE_BYTES).get("audio", ""))
        facts = dict(parcel.facts) | {
            "delivery": self.name,
            "station": parcel.station,
            "audio": f"{stem}{suffix}",
            "sha256": sha256,
            "bytes": length,
        }
        with Batch(self._folder, part_name=f".{{name}}.{{random}}{PART_SUFFIX}") as files:
            files.copy(f"{stem}{suffix}", sound)
            if self.side_file:
                files.put(f"{stem}.json", write_json(facts))
            parcel.confirm()
            files.commit()
        if before in {f"{stem}{other}" for other in SOUND_SUFFIXES if other != suffix}:
            # The station has changed from WAV to MP3: the stale file would air for ever.
            delete_file(self._folder, before)

    def withdraw(self, parcel: Parcel) -> None:
        """
        Delete every file of the bulletin; an older one is too old to take its place.

        Side files name the bulletin; without them the sound counts, whose hash the guid ends with.
        """
        self._check(0)
        digest = parcel.guid.rpartition("-")[2]
        stems = [make_name(pattern, parcel, self.carts) for pattern in self.names]
        with self._writing():
            for path in (self._folder / f"{stem}{suffix}" for stem in stems for suffix in SOUND_SUFFIXES):
                if len(digest) == GUID_HEX and path.is_file() and measure(path)[0].startswith(digest):
                    delete_file(self._folder, path.name)
            for side, facts in self._side_files(parcel.station):
                if facts.get("guid") == parcel.guid:
                    self._delete(side, facts)

    def _check(self, room_bytes: int) -> None:
        if not self._folder.is_dir():
            raise DeliveryError(
                f"delivery {self.name}: {self._folder} does not exist; mount the share or create the folder"
            )
        with self._writing():
            check_folder(self._folder, room_bytes=room_bytes, prefix=".")

    def _check_owner(self, stem: str, parcel: Parcel) -> None:
        side = read_side(self._folder / f"{stem}.json", most_bytes=_SIDE_BYTES)
        owner = side.get("station")
        expires = read_moment(side.get("valid_until"))
        if owner not in (None, parcel.station) and expires is not None and expires > self.clock():
            raise LastingError(
                f'delivery {self.name}: {self._folder / stem}.json belongs to the station "{owner}"; give one of the two '
                f"another folder or other names, or delete that file if {owner} is this station's old name"
            )

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """OutletError becomes DeliveryError."""
        try:
            yield
        except OutletError as error:
            raise DeliveryError(f"delivery {self.name}: {error}") from error

    def _delete_expired(self, parcel: Parcel, *, keep: set[str]) -> None:
        """Delete expired files of this station and delivery but `keep`, and unfinished files of dead runs."""
        now = self.clock()
        for side, facts in self._side_files(parcel.station):
            expires = read_moment(facts.get("valid_until"))
            if facts["audio"] not in keep and expires is not None and expires <= now:
                self._delete(side, facts)
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

    def _delete(self, side: Path, facts: Mapping[str, Any]) -> None:
        """Delete a side file and its sound."""
        delete_file(self._folder, str(facts["audio"]))
        delete_file(self._folder, side.name)
