"""Disk reserve: space that is freed on a full disk, so that stand-by and ledger can be written."""

from __future__ import annotations

import errno
import logging
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

log = logging.getLogger(__name__)
_T = TypeVar("_T")

FILE = "reserve"
"""File in the private folder; shared by its stations."""
SIZE = 16 * 2**20
"""Bytes: a stand-by of twenty seconds as WAV, twice (it is mixed aside and then copied), and the ledger's log."""
_LEAST = 2 * 2**20
"""The smallest reserve."""
_SPARE = 2**20
"""Bytes left free, for the ledger among others: the reserve must not itself fill the disk."""
_DISK_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
_MESSAGES = ("No space left on device", "Disk quota exceeded", "disk is full", "are needed; free some space")


class DiskReserve:
    """The reserve of one private folder."""

    def __init__(self, state: Path) -> None:
        self._path = state / FILE

    def keep(self) -> None:
        """Write the reserve, as large as there is space for. Raises nothing."""
        with suppress(OSError):  # full by now; the next call tries again
            held = self._path.stat().st_size if self._path.exists() else 0
            size = min(SIZE, held + free_bytes(self._path.parent) - _SPARE)
            if size >= max(_LEAST, held + 1):
                self._allocate(size)
                log.info("disk reserve created: path=%s bytes=%d", self._path, size)

    def give_up(self) -> bool:
        """Delete the reserve. False: it was deleted before."""
        try:
            self._path.unlink()
        except OSError:
            return False
        log.warning("disk full, deleted the file that kept space in reserve: path=%s", self._path)
        return True

    def use(self, step: Callable[[], _T]) -> _T:
        """Run a step; on a full disk retry it in the space of the reserve. Raises as `step` does."""
        try:
            return step()
        except Exception as error:
            # libsndfile says "System error" of a full disk
            if not ((is_disk_full(error) or free_bytes(self._path.parent) < _SPARE) and self.give_up()):
                raise
            return step()

    def _allocate(self, size: int) -> None:
        """Allocate blocks, not only a length: a file with holes would reserve nothing."""
        descriptor = os.open(self._path, os.O_CREAT | os.O_WRONLY, 0o600)
        try:
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(descriptor, 0, size)
            else:
                os.write(descriptor, os.urandom(size))
        except OSError:
            with suppress(OSError):
                self._path.unlink()
            raise
        finally:
            os.close(descriptor)


def free_bytes(folder: Path) -> int:
    """Free space of a folder's disk; 0 where the folder is missing."""
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return 0


def is_disk_full(error: BaseException | None) -> bool:
    """Whether an error, or one of its causes, comes from a full disk."""
    seen = set[int]()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if isinstance(error, OSError) and error.errno in _DISK_FULL:
            return True
        if any(message in str(error) for message in _MESSAGES):
            return True
        error = error.__cause__ or error.__context__
    return False
