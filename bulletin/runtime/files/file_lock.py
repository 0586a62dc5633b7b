"""Lock on a file, for one process at a time; the system releases it when its holder dies."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from io import FileIO
from pathlib import Path

from bulletin.errors import OutletError, explain_os_errors

_POLL_S = 0.02
_MARK = b"at work\n"
"""Content of the file while it is locked; it stays behind a killed holder."""


class LockedError(OutletError):
    """Another process holds the lock."""


@contextmanager
def hold(path: Path, *, wait_s: float = 0.0) -> Iterator[bool]:
    """
    Hold the lock on `path`, a file that is made and stays; wait at most `wait_s` seconds for it.

    Yields whether the last holder was killed at work; the system frees its lock, so the file alone means
    nothing. Raises LockedError, and OutletError where the folder takes no file or no lock.
    """
    with _locked(path, wait_s) as file:
        was_left = os.fstat(file.fileno()).st_size > 0
        with suppress(OSError):  # a full disk takes no mark, and needs none
            if not was_left:
                file.write(_MARK)
        try:
            yield was_left
        finally:  # a killed process never gets here
            with suppress(OSError):
                file.truncate(0)


@contextmanager
def share(path: Path, *, wait_s: float = 0.0) -> Iterator[None]:
    """
    Hold a shared lock on `path`, which excludes exclusive holders.

    On Windows it excludes none. Raises as `hold`.
    """
    with _locked(path, wait_s, is_shared=True):
        yield


@contextmanager
def _locked(path: Path, wait_s: float, *, is_shared: bool = False) -> Iterator[FileIO]:
    with ExitStack() as stack:
        deadline = time.monotonic() + wait_s
        with explain_os_errors(
            OutletError, f"{path}: cannot be locked", "choose another folder with --output"
        ):
            # unbuffered: a write that a full disk refused would be repeated, and fail, at the close
            file = stack.enter_context(path.open("ab", buffering=0))
            while not _take(file, is_shared):
                if time.monotonic() >= deadline:
                    raise LockedError(f"{path}: in use by another run; try again after that run")
                time.sleep(_POLL_S)
        yield file


if sys.platform == "win32":
    import msvcrt

    def _take(file: FileIO, is_shared: bool) -> bool:
        if is_shared:  # Windows has no shared lock here; but it deletes no open file
            return True
        file.seek(0)  # always the same byte, at any length of the file
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
