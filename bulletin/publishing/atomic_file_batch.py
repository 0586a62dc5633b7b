"""Atomic writes of several files of one folder, in a given order."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import time
import uuid
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from io import BufferedReader, BufferedWriter, BytesIO
from pathlib import Path
from typing import Self

from bulletin.errors import OutletError, explain_os_errors, find_write_remedy
from bulletin.runtime.files.file_permissions import make_private, make_public, publish

PART = "part-"
"""Prefix of unfinished files, which are never served."""

_AT_ONCE = 2**20
_MAKE_AGAIN = "run `bulletin make` again"


class Batch:
    """
    Files for one folder: all are written under temporary names, then renamed in their order by `commit`.

    So a full disk is noticed before any file is replaced. A file with the same content keeps its modification time,
    because playouts and caches go by it. Leaving the `with` block deletes files that were not committed. Files are
    world-readable under any umask, unless `is_private`. Raises OutletError.
    """

    def __init__(
        self, folder: Path, *, is_private: bool = False, part_name: str = f"{PART}{{random}}-{{name}}"
    ) -> None:
        self.folder = folder
        self._is_private = is_private
        self._part_name = part_name
        """Pattern of the temporary names, which are unique, so that two writers never share one."""
        self._waiting: list[tuple[Path, Path]] = []
        self.changed = 0
        """Files that were created or got another content."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_outcome: object) -> None:
        for part, _ in self._waiting:
            with suppress(OSError):
                part.unlink(missing_ok=True)

    def put(self, name: str, data: bytes) -> None:
        """Add a file with that content."""
        self._add(name, BytesIO(data))

    def _add(self, name: str, content: BytesIO | BufferedReader) -> None:
        path = self.folder / name
        try:
            size = content.seek(0, os.SEEK_END)
            content.seek(0)
            if has_size(path, size) and _is_equal(path, content):
                part = path
            else:
                part = path.with_name(self._part_name.format(random=uuid.uuid4().hex[:12], name=path.name))
                self._waiting.append((part, path))
                with part.open("xb") as out:
                    content.seek(0)
                    shutil.copyfileobj(content, out, _AT_ONCE)
                    _flush(out)
            if not self._is_private:
                publish(part)
        except OSError as error:
            raise cannot_write(path, error) from error

    def copy(self, name: str, source: Path) -> None:
        """Add a file with the content of `source`."""
        with explain_os_errors(OutletError, f"{source}: the bulletin's file cannot be read", _MAKE_AGAIN):
            sound = source.open("rb")
        with sound:
            self._add(name, sound)

    def commit(self) -> None:
        """Rename all files into place in their order; a reader sees each old or new, never in between."""
        try:
            while self._waiting:
                part, path = self._waiting[0]
                part.replace(path)
                del self._waiting[0]
                self.changed += 1
        except OSError as error:
            raise cannot_write(self.folder, error) from error
        sync_folder(self.folder)


def check_folder(folder: Path, *, room_bytes: int, is_private: bool = False, prefix: str = PART) -> None:
    """Make `folder` if missing; raise OutletError unless it is writable and has `room_bytes` free."""
    try:
        (make_private if is_private else make_public)(folder)
        probe = folder / f"{prefix}{uuid.uuid4().hex[:12]}-probe"
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


def _flush(out: BufferedWriter) -> None:
    """Write a file to the disk: without fsync a power cut lost the last file 40 times of 40."""
    out.flush()
    os.fsync(out.fileno())


def _is_equal(path: Path, content: BytesIO | BufferedReader) -> bool:
    """Whether a file of the same size has that content; reads up to the first difference."""
    with path.open("rb") as file:
        blocks = iter(partial(file.read, _AT_ONCE), b"")
        return all(block == content.read(_AT_ONCE) for block in blocks)


def measure(path: Path) -> tuple[str, int]:
    """SHA-256 in hex and length in bytes of a file. Raises OutletError."""
    try:
        with path.open("rb") as sound:
            digest = hashlib.file_digest(sound, "sha256").hexdigest()
            length = sound.tell()
    except OSError as error:
        reason = f"{path}: the bulletin's sound file cannot be read ({error.strerror or error})"
        raise OutletError(f"{reason}; {_MAKE_AGAIN}") from error
    if not length:
        raise OutletError(f"{path}: the sound file is empty; {_MAKE_AGAIN}")
    return digest, length


def sweep_parts(folder: Path, *, older_than_s: float = 3600.0) -> None:
    """
    Delete the temporary files of killed runs, in subfolders too.

    Younger files may be another run's, unless the caller holds the station's lock: then 0 seconds is right. Scans the
    whole folder, so not for every bulletin.
    """
    for part in folder.rglob(f"{PART}*"):
        with suppress(OSError):  # another run swept it first
            if time.time() - part.stat().st_mtime >= older_than_s:
                part.unlink()


def has_size(path: Path, size_bytes: int) -> bool:
    """Whether the file exists with that size."""
    with suppress(OSError):
        return path.stat().st_size == size_bytes
    return False


def delete_unused(folder: Path, pattern: str, *, used: Iterable[str], readers: Iterable[Path]) -> None:
    """Delete the files of a name pattern that are not in `used` and that no `readers` file names. Raises OutletError."""
    unused = {path.name for path in folder.iterdir() if re.fullmatch(pattern, path.name)} - set(used)
    for reader in readers if unused else ():
        with suppress(OSError):
            unused -= set(re.findall(pattern, reader.read_text("utf-8", "replace")))
    for name in unused:
        delete_file(folder, name)


def delete_file(folder: Path, name: str) -> None:
    """Delete a file if it exists; `name` never points outside the folder. Raises OutletError."""
    path = folder / Path(name).name
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise cannot_write(path, error) from error


def sync_folder(folder: Path) -> None:
    """fsync the folder: without it a rename may not survive a power cut. Windows and some shares cannot."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def cannot_write(path: Path, error: OSError) -> OutletError:
    """OutletError with path, reason and remedy."""
    return OutletError(f"{path}: cannot be written ({error.strerror or error}); {find_write_remedy(error)}")
