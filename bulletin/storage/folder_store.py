"""Store in a folder: of this machine, or shared by several (NFS, SMB)."""

from __future__ import annotations

import errno
import hashlib
import os
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from bulletin.errors import OutletError, StoreError, find_write_remedy
from bulletin.runtime.files.file_lock import hold
from bulletin.runtime.files.file_permissions import make_public, publish
from bulletin.storage.store_interface import Store, StoredBytes, StoredObject, check_key

_PARTS, _LOCKS = ".parts", ".locks"
"""Folders of unfinished files and of locks; no key begins with a dot."""
_LOCK_FILES = 64
_LOCK_WAIT_S = 20.0
_PART_AGE_S = 24 * 3600.0
"""An unfinished file of this age belongs to a writer that died."""
_NO_LINKS = {
    errno.EPERM,
    errno.EOPNOTSUPP,
    errno.ENOSYS,
    errno.EMLINK,
    getattr(errno, "ENOTSUP", errno.EPERM),
}


class FolderStore(Store):
    """
    Each object is a file with the name of its key.

    A new object is a finished file that gets its name by a hard link, which exactly one writer can make. Puts
    that replace an object hold a lock file. With `is_public` a web server of another user may read the objects.
    """

    def __init__(self, folder: Path, *, is_public: bool = False) -> None:
        self._folder, self._is_public = folder, is_public
        self.label = str(folder)

    def put_new(self, key: str, data: bytes, *, headers: Mapping[str, str] | None = None) -> bool:
        del headers
        path = self._path(key)
        if path.exists():
            return False
        with self._explained(key), self._part(data) as part:
            self._make_folder_of(path)
            try:
                os.link(part, path)
            except FileExistsError:
                return False
            except OSError as error:
                if error.errno not in _NO_LINKS:
                    raise
                return self._put_new_without_links(key, part)
            _sync_folder(path.parent)
        return True

    def _put_new_without_links(self, key: str, part: Path) -> bool:
        """As `put_new`, on a file system that has no hard links."""
        path = self._path(key)
        with self._lock(key):
            if path.exists():
                return False
            part.replace(path)
            _sync_folder(path.parent)
        return True

    def put(
        self,
        key: str,
        data: bytes,
        *,
        if_unchanged: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> str:
        del headers
        path = self._path(key)
        with self._explained(key), self._part(data) as part:
            tag = _tag_of(part.stat())
            self._make_folder_of(path)
            with self._lock(key):
                if if_unchanged is not None and self._tag(path) != if_unchanged:
                    return ""
                part.replace(path)
                _sync_folder(path.parent)
        return tag

    def get_with_tag(self, key: str) -> StoredBytes | None:
        path = self._path(key)
        with self._explained(key):
            try:
                with path.open("rb") as file:
                    tag, data = _tag_of(os.fstat(file.fileno())), file.read()
            except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
                self._check_folder()
                return None
        return StoredBytes(data=data, tag=tag)

    def exists(self, key: str) -> bool:
        if self._path(key).is_file():
            return True
        with self._explained(key):
            self._check_folder()
        return False

    def list(self, prefix: str = "") -> Iterator[StoredObject]:
        top = self._path(prefix) if prefix else self._folder
        with self._explained(prefix):
            self._check_folder()
        for within, folders, names in os.walk(top):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                path = Path(within, name)
                with suppress(OSError):  # deleted meanwhile
                    status = path.stat()
                    yield StoredObject(
                        key=path.relative_to(self._folder).as_posix(),
                        size_bytes=status.st_size,
                        changed_at=datetime.fromtimestamp(status.st_mtime, UTC),
                        tag=_tag_of(status),
                    )

    def delete(self, key: str) -> None:
        with self._explained(key):
            try:
                self._path(key).unlink()
            except (FileNotFoundError, NotADirectoryError):
                self._check_folder()

    def path_of(self, key: str) -> Path | None:
        return self._path(key)

    def sweep(self) -> None:
        """Delete unfinished files of writers that died."""
        for part in (self._folder / _PARTS).glob("*"):
            with suppress(OSError):
                if time.time() - part.stat().st_mtime > _PART_AGE_S:
                    part.unlink()

    def _path(self, key: str) -> Path:
        return self._folder / check_key(key)

    def _make_folder_of(self, path: Path) -> None:
        if self._is_public:
            make_public(path.parent)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)

    def _check_folder(self) -> None:
        """Raise FileNotFoundError if the folder is away: an unmounted share has no object, which is not the same as an empty one."""
        if not self._folder.is_dir():
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(self._folder))

    def _tag(self, path: Path) -> str | None:
        try:
            return _tag_of(path.stat())
        except FileNotFoundError:
            return None

    @contextmanager
    def _part(self, data: bytes) -> Iterator[Path]:
        """A complete file of `data` on the disk, deleted at the end unless it was moved."""
        self._check_folder()
        parts = self._folder / _PARTS
        parts.mkdir(exist_ok=True)
        part = parts / uuid.uuid4().hex
        try:
            with part.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            if self._is_public:
                publish(part)
            yield part
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)

    @contextmanager
    def _lock(self, key: str) -> Iterator[None]:
        folder = self._folder / _LOCKS
        folder.mkdir(exist_ok=True)
        number = int(hashlib.sha256(key.encode()).hexdigest(), 16) % _LOCK_FILES
        with hold(folder / f"{number}.lock", wait_s=_LOCK_WAIT_S):
            yield

    @contextmanager
    def _explained(self, key: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            reason = error.strerror or str(error)
            remedy = find_write_remedy(error)
            if error.errno == errno.ENOENT and not self._folder.is_dir():
                remedy = "make the folder, or mount the share"
            raise StoreError(f"store {self.label}: {key}: {reason}; {remedy}") from error
        except OutletError as error:
            raise StoreError(f"store {self.label}: {key}: {error}") from error


def _tag_of(status: os.stat_result) -> str:
    """Each put makes another file, with a time and a number of its own."""
    return f"{status.st_mtime_ns:x}-{status.st_size:x}-{status.st_ino:x}"


def _sync_folder(folder: Path) -> None:
    """fsync the folder: without it a new name may not survive a power cut. Windows and some shares cannot."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
