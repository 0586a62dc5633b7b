"""One process at a time: a lock on a file, which the system takes back when its holder dies."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import FileIO
from pathlib import Path

from bulletin.errors import OutletError

_LOOK_AGAIN_S = 0.02
_AT_WORK = b"at work\n"


class LockedError(OutletError):
    """Another process holds the lock."""


@contextmanager
def hold(path: Path, *, wait_s: float = 0.0) -> Iterator[bool]:
    """
    Hold the lock on `path`, a file that is made and stays; wait at most `wait_s` seconds for it.

    A kill or a power cut frees it: the file's being there means nothing. The block is told whether the holder
    before it died in the middle of its work. Raises LockedError, and OutletError where the folder takes no
    file or no lock.
    """
    file = _open(path, wait_s)
    try:
        yield _mark(file)
    finally:  # which a kill does not come to
        _unmark(file)
        file.close()


@contextmanager
def share(path: Path, *, wait_s: float = 0.0) -> Iterator[None]:
    """
    Hold the lock on `path` with all others who only share it, and with nobody who holds it alone.

    On Windows nobody is kept away. Raises as `hold`.
    """
    file = _open(path, wait_s, is_shared=True)
    try:
        yield
    finally:
        file.close()


def _mark(file: FileIO) -> bool:
    """Say that somebody is at work; whether that was said already. A full disk takes no mark, and needs none."""
    was_left = os.fstat(file.fileno()).st_size > 0
    with suppress(OSError):
        if not was_left:
            file.write(_AT_WORK)
    return was_left


def _unmark(file: FileIO) -> None:
    with suppress(OSError):
        file.truncate(0)


def _open(path: Path, wait_s: float, *, is_shared: bool = False) -> FileIO:
    deadline = time.monotonic() + wait_s
    try:
        # without a buffer: what a full disk does not take would be written, and fail, once more when it is closed
        file = path.open("ab", buffering=0)
        try:
            while not _take(file, is_shared):
                if time.monotonic() >= deadline:
                    raise LockedError(f"{path}: another run is at work there; try again when it has ended")
                time.sleep(_LOOK_AGAIN_S)
        except BaseException:
            file.close()
            raise
    except OSError as error:
        raise OutletError(
            f"{path}: cannot be locked ({error.strerror or error}); choose another folder with --output"
        ) from error
    return file


if sys.platform == "win32":
    import msvcrt

    def _take(file: FileIO, is_shared: bool) -> bool:
        if is_shared:  # it knows no such lock; but it deletes no file that is open
            return True
        file.seek(0)  # each the same byte, whatever stands there
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _take(file: FileIO, is_shared: bool) -> bool:
        try:
            fcntl.flock(file, (fcntl.LOCK_SH if is_shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
