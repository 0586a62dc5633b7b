"""Files that come out whole or not at all, several of them together, in a given order."""

from __future__ import annotations

import errno
import filecmp
import hashlib
import os
import shutil
import time
import uuid
from contextlib import suppress
from pathlib import Path
from stat import S_ISREG
from types import TracebackType
from typing import BinaryIO, Self

from bulletin.errors import OutletError
from bulletin.runtime.files.file_permissions import make_private, make_public, publish

PART = "part-"
"""How the name of an unfinished file begins; no reader asks for one."""

_NO_ROOM = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
_NO_LEAVE = {errno.EACCES, errno.EPERM, errno.EROFS}


class Batch:
    """
    Files for one folder: written aside first, then put in place in the order they came.

    A full disk shows while nothing is in place yet. A file that is there already with the same
    content is left alone, its time of modification too: playouts and caches go by it. Leaving the
    `with` block removes whatever has not been put in place. Unless it `is_private` anybody may read them,
    whatever the umask. Raises OutletError.
    """

    def __init__(self, folder: Path, *, is_private: bool = False) -> None:
        self.folder = folder
        self._is_private = is_private
        self._waiting: list[tuple[Path, Path]] = []
        self.changed = 0
        """Files that were put in place: they were not there, or had another content."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for part, _ in self._waiting:
            with suppress(OSError):
                part.unlink(missing_ok=True)

    def put(self, name: str, data: bytes) -> None:
        """Have a file of that content."""
        path = self.folder / name
        try:
            if not (path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data):
                with self._open_part(path) as out:
                    out.write(data)
                    _flush(out)
            elif not self._is_private:
                publish(path)
        except OSError as error:
            raise cannot_write(path, error) from error

    def copy(self, name: str, source: Path) -> None:
        """Have a file of the same content as `source`."""
        path = self.folder / name
        try:
            if not (path.is_file() and filecmp.cmp(path, source, shallow=False)):
                with source.open("rb") as given, self._open_part(path) as out:
                    shutil.copyfileobj(given, out, 2**20)
                    _flush(out)
            elif not self._is_private:
                publish(path)
        except OSError as error:
            raise cannot_write(path, error) from error

    def commit(self) -> None:
        """Put all in place, first come first; a reader sees each file old or new, never between."""
        try:
            while self._waiting:
                part, path = self._waiting[0]
                part.replace(path)
                del self._waiting[0]
                self.changed += 1
            sync_folder(self.folder)
        except OSError as error:
            raise cannot_write(self.folder, error) from error

    def _open_part(self, path: Path) -> BinaryIO:
        """A name of its own for each try: two programs that write at once don't share a half file."""
        part = path.with_name(f"{PART}{uuid.uuid4().hex[:12]}-{path.name}")
        self._waiting.append((part, path))
        out = part.open("xb")
        if not self._is_private:
            publish(part)
        return out


def check_folder(folder: Path, *, room_bytes: int, is_private: bool = False) -> None:
    """Raise OutletError unless files can be made in `folder` (which is made if need be) and have room."""
    try:
        (make_private if is_private else make_public)(folder)
        probe = folder / f"{PART}{uuid.uuid4().hex[:12]}-probe"
        try:
            probe.write_bytes(b"probe")
        finally:
            probe.unlink(missing_ok=True)
        free = shutil.disk_usage(folder).free
    except OSError as error:
        raise cannot_write(folder, error) from error
    if free < room_bytes:
        raise OutletError(
            f"{folder}: {free / 1e6:.1f} MB are free, {room_bytes / 1e6:.1f} MB are needed; "
            "free some space or choose another folder"
        )


def measure(path: Path) -> tuple[str, int]:
    """SHA-256 in hex, and length in bytes."""
    try:
        with path.open("rb") as sound:
            digest = hashlib.file_digest(sound, "sha256").hexdigest()
            length = sound.tell()
    except OSError as error:
        raise OutletError(f"{path}: cannot be read ({error.strerror or error}); make it again") from error
    if not length:
        raise OutletError(f"{path}: is empty; make it again")
    return digest, length


def sweep_parts(folder: Path, *, older_than_s: float = 3600.0) -> int:
    """
    Remove what a run left behind that was killed, in subfolders too; say how many files.

    Younger parts may be another run's work: with the station's lock in hand, 0 seconds is right. It looks at
    every name in the folder: nothing to do for each bulletin.
    """
    swept = 0
    now = time.time()
    for within, _, names in os.walk(folder):
        for name in names:
            if not name.startswith(PART):
                continue
            part = Path(within, name)
            with suppress(OSError):  # another run swept it first
                if now - part.stat().st_mtime >= older_than_s:
                    part.unlink()
                    swept += 1
    return swept


def size_of(folder: Path, name: str) -> int | None:
    """Bytes of the file; None where there is none."""
    try:
        # a feed asks after a hundred for each bulletin, and pathlib takes as long as the system does
        found = os.stat(f"{folder}/{name}")  # noqa: PTH116
    except OSError:
        return None
    return found.st_size if S_ISREG(found.st_mode) else None


def delete_file(folder: Path, name: str) -> None:
    """Have no file of that name in the folder, whatever path `name` pretends to be. Raises OutletError."""
    path = folder / Path(name).name
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise cannot_write(path, error) from error


def sync_folder(folder: Path) -> None:
    """A rename outlives a power cut only when its folder was written down too (not on Windows)."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def cannot_write(path: Path, error: OSError) -> OutletError:
    """The error for people: what, why, and what to do."""
    if error.errno in _NO_ROOM:
        remedy = "free some space or choose another folder"
    elif error.errno in _NO_LEAVE:
        remedy = "allow writing there or choose another folder"
    else:
        remedy = "choose another folder"
    return OutletError(f"{path}: cannot be written ({error.strerror or error}); {remedy}")


def _flush(out: BinaryIO) -> None:
    # Without it a power cut lost the last file 40 times of 40, name and all.
    out.flush()
    os.fsync(out.fileno())
