"""Base classes of the deliveries to a remote folder: only changed files, in order, each whole."""

from __future__ import annotations

import json
import tempfile
import uuid
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path, PurePosixPath
from typing import Any, ClassVar

from bulletin.config.tables.delivery_options import UploadOptions
from bulletin.delivery.cut_off_slow_deliveries import TimeLimit
from bulletin.delivery.delivered_file_names import check_names, make_name
from bulletin.delivery.delivery_interface import FOLDER_RENDITIONS, PART_SUFFIX, LastingError, Parcel

FILE_LIST = "bulletin-files.json"
"""File in the remote folder that names its station and the delivery that uploaded each file."""
_OLD_SUFFIX = ".bulletin-old"
"""Ending of the former file where a server cannot rename onto a file."""
_SAVE_EVERY = 25
"""Files between two saves of the list: an interrupted upload goes on near the file where it stopped."""
_PROBE = "bulletin-check.txt"


class RemoteFolder(ABC):
    """Open connection to a folder of a server. Every method raises DeliveryError, or its library's errors."""

    confirm: Callable[[], None] = staticmethod(lambda: None)
    """`Parcel.confirm`, called just before a file takes its place."""

    @abstractmethod
    def read(self, name: str) -> bytes | None:
        """The content of a file; None when there is no such file."""

    @abstractmethod
    def put(self, name: str, source: Path) -> None:
        """Upload a file, whole or not at all; make missing folders."""

    @abstractmethod
    def delete(self, name: str) -> None:
        """Delete a file unless it is missing."""

    @abstractmethod
    def names(self, folder: str) -> Iterable[str]:
        """Names of the files in a folder ("": the top), as far as the server lists them."""


class RenamingFolder(RemoteFolder):
    """Remote folder in which files are uploaded under another name, then renamed."""

    def __init__(self) -> None:
        self._made: set[str] = set()

    def put(self, name: str, source: Path) -> None:
        for folder in parents_of(name):
            if folder not in self._made:
                self.make_folder(folder)
                self._made.add(folder)
        # A new name each time, as a dead upload may still be written to.
        part = f"{name}.{uuid.uuid4().hex[:8]}{PART_SUFFIX}"
        self.upload(part, source)
        self.confirm()
        self.rename(part, name)

    @abstractmethod
    def make_folder(self, folder: str) -> None:
        """Make a folder unless it exists."""

    @abstractmethod
    def upload(self, part: str, source: Path) -> None:
        """Write a new file."""

    @abstractmethod
    def rename(self, part: str, name: str) -> None:
        """Rename a file; an existing target is replaced."""


class Upload(UploadOptions):
    """Delivery to a remote folder; a kind implements `connect`."""

    is_newest_only: ClassVar[bool] = False

    def model_post_init(self, _: object) -> None:
        check_names(f"[[deliveries]] {self.name}", self.names, carts=None)

    @abstractmethod
    def connect(self, limit: TimeLimit) -> AbstractContextManager[RemoteFolder]:
        """Open the connection, watched by `limit`; errors of the library become DeliveryError."""

    def check(self) -> None:
        """Raise DeliveryError unless the login works and a small file can be written, renamed and deleted."""
        with self._open() as (_, remote):
            remote.read(FILE_LIST)
            _put_text(remote, _PROBE, "Written and deleted by `bulletin check`.\n")
            remote.delete(_PROBE)

    def publish(self, parcel: Parcel) -> None:
        """Upload in the parcel's order, then delete the files that have gone or expired."""
        with self._open() as (limit, remote):
            remote.confirm = parcel.confirm
            listed = self._read_list(remote, parcel)
            sources = self._named_files(parcel)
            stamps = {name: _stamp(path) for name, path in sources.items()}
            new = [name for name in sources if listed.get(name, {}).get("is") != stamps[name]]
            obsolete = self._obsolete(parcel, listed, sources)
            total_bytes = sum(sources[name].stat().st_size for name in new)
            limit.extend(total_bytes=total_bytes, files=len(new) + len(obsolete))
            _sweep(remote, {name.rpartition("/")[0] for name in (*new, "")})
            for count, name in enumerate(new, 1):
                remote.put(name, sources[name])
                listed[name] = self._entry(parcel, stamps[name])
                if count % _SAVE_EVERY == 0:
                    _save_list(remote, parcel, listed)
            listed |= {name: self._entry(parcel, stamp) for name, stamp in stamps.items()}
            for name in obsolete:
                remote.confirm()
                remote.delete(name)
                del listed[name]
            _save_list(remote, parcel, listed)

    def withdraw(self, parcel: Parcel) -> None:
        """Delete the files that this delivery uploaded for the bulletin."""
        with self._open() as (limit, remote):
            remote.confirm = parcel.confirm
            listed = self._read_list(remote, parcel)
            ours = (parcel.guid, self.name)
            withdrawn = [
                name for name, entry in listed.items() if (entry.get("guid"), entry.get("by")) == ours
            ]
            limit.extend(total_bytes=0, files=len(withdrawn))
            for name in withdrawn:
                remote.confirm()
                remote.delete(name)
                del listed[name]
            if withdrawn:
                _save_list(remote, parcel, listed)

    @contextmanager
    def _open(self) -> Iterator[tuple[TimeLimit, RemoteFolder]]:
        with (
            TimeLimit(self.name, timeout_s=self.timeout_s, within_s=self.within_s) as limit,
            self.connect(limit) as remote,
        ):
            yield limit, remote

    def _entry(self, parcel: Parcel, stamp: str) -> dict[str, Any]:
        """Entry of a file in the list."""
        until = {"until": parcel.expires.isoformat()} if parcel.expires else {}
        return {"by": self.name, "guid": parcel.guid, **until, "is": stamp}

    def _named_files(self, parcel: Parcel) -> dict[str, Path]:
        """The parcel's files by their remote names: by the profile's patterns where there is one sound file."""
        sound = parcel.sound
        if not self.names or sound is None or parcel.kind in FOLDER_RENDITIONS:
            return {item.name: item.path for item in parcel.items}
        stem = Path(sound.name).stem
        items = [item for item in parcel.items if item.name.startswith(stem)]
        stems = [make_name(pattern, parcel) for pattern in self.names]
        return {f"{name}{item.name.removeprefix(stem)}": item.path for name in stems for item in items}

    def _obsolete(self, parcel: Parcel, listed: Mapping[str, Any], names: Collection[str]) -> list[str]:
        """This delivery's obsolete files: all others for a whole folder, else expired ones."""
        ours = [name for name, entry in listed.items() if entry.get("by") == self.name and name not in names]
        if parcel.kind in FOLDER_RENDITIONS:
            return ours
        if parcel.kind == "podcast":
            return []
        due = parcel.due.isoformat()
        return [name for name in ours if listed[name].get("until", due) <= due]

    def _read_list(self, remote: RemoteFolder, parcel: Parcel) -> dict[str, dict[str, Any]]:
        """Entries of the list by file name. Raises DeliveryError where the folder is another station's."""
        raw = remote.read(FILE_LIST)
        try:
            content = json.loads(raw) if raw else {}
            files = {
                name: dict(entry) for name, entry in content.get("files", {}).items() if _is_inside(name)
            }
        except (ValueError, AttributeError, TypeError, RecursionError):
            return {}  # damaged: every file is uploaded again
        if content.get("station", parcel.station) != parcel.station:
            raise LastingError(
                f'delivery {self.name}: the folder there belongs to the station "{content["station"]}" ({FILE_LIST} says so); give '
                f"this one its own folder, or delete {FILE_LIST} there if that is this station's old name"
            )
        return files


def _is_inside(name: str) -> bool:
    """Whether a name is inside the folder: a forged list must not delete files outside."""
    return not name.startswith("/") and ".." not in name.split("/")


def _stamp(path: Path) -> str:
    stat = path.stat()
    return f"{stat.st_size}-{stat.st_mtime_ns}"


def _save_list(remote: RemoteFolder, parcel: Parcel, listed: Mapping[str, Any]) -> None:
    content = {"station": parcel.station, "files": dict(sorted(listed.items()))}
    _put_text(remote, FILE_LIST, json.dumps(content, indent=0) + "\n")


def _put_text(remote: RemoteFolder, name: str, text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_text(text, encoding="utf-8")
        remote.put(name, path)


def _sweep(remote: RemoteFolder, folders: Iterable[str]) -> None:
    """Delete the unfinished files of dead uploads."""
    for folder in sorted(folders):
        for name in remote.names(folder):
            if name.endswith((PART_SUFFIX, _OLD_SUFFIX)):
                remote.delete(f"{folder}/{name}".lstrip("/"))


def replace_by_steps(
    part: str, name: str, *, rename: Callable[[str, str], object], delete: Callable[[str], object]
) -> None:
    """
    Rename `part` to `name` on servers that cannot rename onto a file: set the old file aside, and back on failure.

    There is a moment with no file. A server that refuses every rename keeps its old file.
    """
    aside = f"{name}{_OLD_SUFFIX}"
    delete(aside)
    rename(name, aside)
    try:
        rename(part, name)
    except Exception:
        rename(aside, name)
        raise
    delete(aside)


def parents_of(name: str) -> list[str]:
    """ "a/b/c.mp3" -> ["a", "a/b"]"""
    return [str(folder) for folder in reversed(PurePosixPath(name).parents) if str(folder) not in (".", "/")]
