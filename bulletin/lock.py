"""One process at a time: a lock on a file, which the system takes back when its holder dies."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from bulletin.errors import OutletError

_LOOK_AGAIN_S = 0.02


class LockedError(OutletError):
    """Another process holds the lock."""


@contextmanager
def hold(path: Path, *, wait_s: float = 0.0) -> Iterator[None]:
    """
    Hold the lock on `path`, a file that is made and stays; wait at most `wait_s` seconds for it.

    A kill or a power cut frees it: the file's being there means nothing. Raises LockedError, and
    OutletError where the folder takes no file or no lock.
    """
    file = _open(path, wait_s)
    try:
        yield
    finally:
        file.close()


def _open(path: Path, wait_s: float) -> BinaryIO:
    deadline = time.monotonic() + wait_s
    try:
        file = path.open("ab")
        try:
            while not _take(file):
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

    def _take(file: BinaryIO) -> bool:
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _take(file: BinaryIO) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
