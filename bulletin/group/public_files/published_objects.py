"""Published files of a group as a server reads them: names from the ledger, content from the store."""

from __future__ import annotations

import os
import threading
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path
from typing import BinaryIO, ClassVar

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.group.published_files import PublishedFile, PublishedFiles
from bulletin.errors import ArchiveError, StoreError, explain_os_errors, find_write_remedy
from bulletin.publishing.atomic_file_batch import PART
from bulletin.service.http.serve_published_files import OpenedFile, public_path
from bulletin.station.group_files.working_copy import fetch_object, object_key
from bulletin.storage.store_interface import Store

_FRESH_S = 1.0
"""A name is looked up again after this time, so a withdrawn story is gone within it."""
_STALE_S = 60.0
"""While the database is away, names that were looked up stay valid for this time."""
_MOST_NAMES = 20_000
_LOCKS = 64


class ObjectFiles:
    """
    Objects of a store as files of this machine, at most `limit_mb` of them; the least recently used go first.

    Objects never change, so a file that is here needs no other machine. Each is fetched once, for any number of
    listeners.
    """

    def __init__(self, store: Store, *, folder: Path, limit_mb: float = 1000.0) -> None:
        self._store, self._folder = store, folder
        self._limit_bytes = limit_mb * 1e6
        self._locks = [threading.Lock() for _ in range(_LOCKS)]
        self._written_bytes = self._limit_bytes  # the first file looks what is there

    def open(self, file: PublishedFile) -> BinaryIO:
        """The content of a published file. Raises StoreError."""
        kept = self._store.path_of(object_key(file.sha256))
        if kept:
            with suppress(FileNotFoundError):
                return kept.open("rb")
        path = self._folder / file.sha256[:2] / file.sha256
        with self._locks[int(file.sha256[:8], 16) % _LOCKS]:
            with suppress(FileNotFoundError):
                opened = path.open("rb")
                with suppress(OSError):
                    os.utime(path)
                return opened
            data = fetch_object(file.sha256, self._store, name=file.path)
            with explain_os_errors(StoreError, f"{path}: cannot be written", find_write_remedy):
                self._keep(path, data)
                opened = path.open("rb")
        self._prune(len(data))
        return opened

    def _keep(self, path: Path, data: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{PART}{uuid.uuid4().hex}")
        try:
            part.write_bytes(data)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)

    def _prune(self, new_bytes: int) -> None:
        """Delete the least recently used files over the limit, now and then."""
        self._written_bytes += new_bytes
        if self._written_bytes < self._limit_bytes / 10:
            return
        self._written_bytes = 0
        files = []
        for path in self._folder.glob("*/*"):
            with suppress(OSError):
                status = path.stat()
                files.append((status.st_mtime, status.st_size, path))
        over = sum(size for _, size, _ in files) - self._limit_bytes
        for _, size, path in sorted(files):
            if over <= 0:
                break
            over -= size
            path.unlink(missing_ok=True)


class PublishedNames:
    """The object of each public name, looked up at most once a second."""

    def __init__(self, archive: Archive, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._files, self._clock = PublishedFiles(archive), clock
        self._known: dict[tuple[str, str], tuple[float, PublishedFile]] = {}

    def find(self, station: str, path: str) -> PublishedFile | None:
        """The file of that name. Raises ArchiveError while the database is away, unless it is known from before."""
        name, now = (station, path), self._clock()
        seen_at, known = self._known.get(name, (0.0, None))
        if known and now - seen_at < _FRESH_S:
            return known
        try:
            found = self._files.find(station, path)
        except ArchiveError:
            if known and now - seen_at < _STALE_S:
                return known
            raise
        if len(self._known) >= _MOST_NAMES:
            self._known.clear()
        if found:
            self._known[name] = now, found
        else:
            self._known.pop(name, None)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedStation:
    """A station of the group, for the routes of the public server."""

    waits: ClassVar[bool] = True

    station: str
    names: PublishedNames
    objects: ObjectFiles
    feed_url: str = ""
    hub: str = ""

    def open(self, name: str) -> OpenedFile | None:
        path = public_path(name)
        file = self.names.find(self.station, path) if path else None
        if file is None:
            return None
        validators = {
            "ETag": f'"{file.sha256}"',
            "Last-Modified": formatdate(file.changed_at.timestamp(), usegmt=True),
        }
        return OpenedFile(relative=Path(file.path), file=self.objects.open(file), headers=validators)
