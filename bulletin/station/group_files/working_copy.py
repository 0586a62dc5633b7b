"""
Working copy of a station: its published files as files of this machine, from the ledger and the store.

Outlets read and write the files of a station's folder. `check_out` makes the folder what listeners see now, and
`find_changes` tells what the outlets changed. Sounds, which outlets copy and compare but do not read, are placeholders:
sparse files of the same size that name their object, so a worker downloads no hour of old sound.
"""

from __future__ import annotations

import hashlib
import logging
import os
import uuid
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain, count
from pathlib import Path, PurePosixPath

from bulletin.archive.database.group_tables import STANDBY
from bulletin.archive.ledgers.group.published_files import PublishedFile
from bulletin.errors import StoreError, explain_os_errors, find_write_remedy
from bulletin.publishing.atomic_file_batch import PART
from bulletin.publishing.media_types import media_type_of
from bulletin.publishing.move_standby_files_on_air import SOUNDS
from bulletin.runtime.files.file_permissions import make_private, make_public, publish
from bulletin.runtime.files.placeholder_file import read_placeholder, write_placeholder
from bulletin.storage.store_interface import Store

log = logging.getLogger(__name__)

OBJECTS = "objects"
"""Folder of the store's keys."""
_LEAST_PLACEHOLDER = 4096
_LOOKED_UP_FIRST = 256 * 1024
"""Bytes of an object that is sent only after a look whether it is there; a smaller one costs less than the look."""
_DOWNLOADS = 8
"""Requests at the same time."""
_MICROSECOND = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NO_TYPE = "application/octet-stream"


class LostObjectError(StoreError):
    """A published object that the store does not have any more, or has damaged."""


def _keeps(file: PublishedFile) -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingCopy:
    """Folders of a station on this machine."""

    public: Path
    standby: Path
    """Private folder of the prepared stand-by."""
    sign: Path
    """Private file that marks the folders as a copy of the group's files: those of another time are not deleted."""

    @property
    def is_marked(self) -> bool:
        """Whether the folders are a copy of the group's files."""
        return self.sign.exists()

    def mark(self) -> None:
        """Mark the folders as a copy of the group's files. Raises StoreError."""
        if not self.is_marked:
            with explain_os_errors(StoreError, f"{self.sign}: cannot be written", find_write_remedy):
                make_private(self.sign.parent)
                self.sign.touch()

    def set_aside(self) -> Path:
        """Rename the public folder to "<station>.before-group", and return its new path. Raises StoreError."""
        stem = f"{self.public.name}.before-group"
        names = chain([stem], (f"{stem}-{number}" for number in count(2)))
        aside = next(free for free in map(self.public.with_name, names) if not free.exists())
        with explain_os_errors(StoreError, f"{self.public}: cannot be renamed", find_write_remedy):
            self.public.rename(aside)
        return aside

    def path_of(self, name: str) -> Path:
        """File of a published path."""
        parts = PurePosixPath(name).parts
        return (
            self.standby.joinpath(*parts[1:])
            if parts[0] == STANDBY.rstrip("/")
            else self.public.joinpath(*parts)
        )

    def files(self) -> Iterator[tuple[str, Path]]:
        """Published path and file of everything there; unfinished and hidden files are left out."""
        for top, prefix in ((self.public, ""), (self.standby, STANDBY)):
            for within, folders, names in os.walk(top):
                folders[:] = [name for name in folders if not name.startswith(".")]
                parent = within[len(str(top)) + 1 :].replace(os.sep, "/")  # pathlib takes ten times as long
                start = f"{prefix}{parent}/" if parent else prefix
                for name in names:
                    if not name.startswith((".", PART)):
                        yield start + name, Path(within, name)


def object_key(sha256: str) -> str:
    """Key of an object in the store, by its content."""
    return f"{OBJECTS}/{sha256[:2]}/{sha256}"


def check_out(
    copy: WorkingCopy,
    files: Mapping[str, PublishedFile],
    *,
    store: Store,
    with_sounds: bool = False,
    is_lost: Callable[[PublishedFile], bool] = _keeps,
) -> frozenset[str]:
    """
    Make the folders of a station what the ledger says: fetch changed files, delete others; return lost hashes.

    Sounds are placeholders unless `with_sounds`. The caller holds the station's publish lock. Raises StoreError, and
    LostObjectError for an object that is missing or damaged, unless `is_lost` says that it will not come back: then the
    file is left out, since a lost page must keep no bulletin off the air.
    """
    with explain_os_errors(StoreError, f"{copy.public}: cannot be written", find_write_remedy):
        make_public(copy.public)
        make_private(copy.standby)
        lost = set[str]()
        for name, path in list(copy.files()):
            if name not in files:
                path.unlink(missing_ok=True)
        missing = []
        for file in files.values():
            path, wants_sound = copy.path_of(file.path), with_sounds or not _is_sound(file)
            if _is_current(path, file) and not (wants_sound and read_placeholder(path)):
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            if wants_sound:
                missing.append((file, path))
            else:
                _put_placeholder(file, path)
        with ThreadPoolExecutor(_DOWNLOADS) as pool:
            downloads = [(file, path, pool.submit(_download, file, path, store)) for file, path in missing]
            for file, path, done in downloads:
                try:
                    done.result()
                except LostObjectError as error:
                    if not is_lost(file):
                        raise
                    path.unlink(missing_ok=True)
                    lost.add(file.sha256)
                    log.error(
                        "published file left out, `bulletin republish` writes feeds and pages again: %s",
                        error,
                    )
    return frozenset(lost)


def find_changes(
    copy: WorkingCopy, before: Mapping[str, PublishedFile], *, lost: Collection[str] = ()
) -> tuple[dict[str, PublishedFile], dict[str, Path]]:
    """
    The files of a station now, and the file of each object that is new in them, or is `lost` in the store.

    A file with its former content keeps its date of change, and a copy of a placeholder is the object that it names.
    """
    after: dict[str, PublishedFile] = {}
    objects: dict[str, Path] = {}
    with explain_os_errors(StoreError, f"{copy.public}: cannot be read", find_write_remedy):
        for name, path in copy.files():
            status = path.stat()
            known = before.get(name)
            if known and _is_current(path, known):
                after[name] = known
                continue
            sha256 = read_placeholder(path)
            if not sha256:
                with path.open("rb") as content:
                    sha256 = hashlib.file_digest(content, "sha256").hexdigest()
                objects[sha256] = path
            changed_at = _EPOCH + timedelta(microseconds=status.st_mtime_ns // 1000)
            if known and known.sha256 == sha256:
                changed_at = known.changed_at
            after[name] = PublishedFile(
                path=name,
                sha256=sha256,
                bytes=status.st_size,
                media_type=media_type_of(name) or _NO_TYPE,
                changed_at=changed_at,
            )
            _set_time(path, after[name])
    known_objects = {file.sha256 for file in before.values()}.difference(lost)
    return after, {sha256: path for sha256, path in objects.items() if sha256 not in known_objects}


def upload(objects: Mapping[str, Path], after: Mapping[str, PublishedFile], *, store: Store) -> int:
    """Store the objects that the store does not have; return how many are new there. Raises StoreError."""
    types = {file.sha256: file.media_type for file in after.values()}

    def put(sha256: str, path: Path) -> bool:
        key = object_key(sha256)
        if path.stat().st_size > _LOOKED_UP_FIRST and store.exists(key):
            return False
        with explain_os_errors(StoreError, f"{path}: cannot be read"):
            data = path.read_bytes()
        headers = {"Content-Type": types[sha256], "Cache-Control": "public, max-age=31536000, immutable"}
        return store.put_new(key, data, headers=headers)

    with ThreadPoolExecutor(_DOWNLOADS) as pool:
        return sum(pool.map(put, objects.keys(), objects.values()))


def fetch_object(sha256: str, store: Store, *, name: str) -> bytes:
    """Content of a published object. Raises LostObjectError where it is missing or damaged, StoreError."""
    data = store.get(object_key(sha256))
    if data is None:
        raise LostObjectError(
            f"store {store.label}: the object of {name} is missing ({sha256[:12]}…); restore the store's backup, or "
            "withdraw the bulletin"
        )
    if hashlib.sha256(data).hexdigest() != sha256:
        raise LostObjectError(
            f"store {store.label}: the object of {name} is damaged ({sha256[:12]}…); restore the store's backup, or "
            "withdraw the bulletin"
        )
    return data


def fetch_sound(path: Path, *, store: Store) -> None:
    """Put the sound in place of its placeholder, with the same time of change; any other file stays. Raises StoreError."""
    if sha256 := read_placeholder(path):
        data = fetch_object(sha256, store, name=path.name)
        with explain_os_errors(StoreError, f"{path}: cannot be written", find_write_remedy):
            time_ns = path.stat().st_mtime_ns
            part = path.with_name(f"{PART}{uuid.uuid4().hex[:12]}-{path.name}")
            part.write_bytes(data)
            os.utime(part, ns=(time_ns, time_ns))
            part.replace(path)


def _is_sound(file: PublishedFile) -> bool:
    return file.path.endswith(SOUNDS) and file.bytes >= _LEAST_PLACEHOLDER


def _is_current(path: Path, file: PublishedFile) -> bool:
    """By size and time of change, which every file gets from its row."""
    with suppress(OSError):
        status = path.stat()
        return status.st_size == file.bytes and status.st_mtime_ns == _time_ns(file)
    return False


def _put_placeholder(file: PublishedFile, path: Path) -> None:
    part = path.with_name(f"{PART}{uuid.uuid4().hex[:12]}-{path.name}")
    write_placeholder(part, sha256=file.sha256, size=file.bytes)
    _put_in_place(part, file, path)


def _download(file: PublishedFile, path: Path, store: Store) -> None:
    data = fetch_object(file.sha256, store, name=file.path)
    part = path.with_name(f"{PART}{uuid.uuid4().hex[:12]}-{path.name}")
    part.write_bytes(data)
    _put_in_place(part, file, path)


def _put_in_place(part: Path, file: PublishedFile, path: Path) -> None:
    if not file.path.startswith(STANDBY):
        publish(part)
    _set_time(part, file)
    part.replace(path)


def _set_time(path: Path, file: PublishedFile) -> None:
    time_ns = _time_ns(file)
    os.utime(path, ns=(time_ns, time_ns))


def _time_ns(file: PublishedFile) -> int:
    return (file.changed_at - _EPOCH) // _MICROSECOND * 1000
