"""Room that is kept on the disk, and given up when it is full: stand-by and ledger can be written all the same."""

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
"""In the private folder, shared by its stations."""
SIZE = 16 * 2**20
"""Bytes: a stand-by of twenty seconds as WAV, twice (it is mixed aside and then copied), and the ledger's log."""
_LEAST = 2 * 2**20
"""Less is not worth keeping."""
_SPARE = 2**20
"""Bytes that are left to others, the ledger among them: the reserve must not itself fill the disk."""
_NO_ROOM = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
_SAID = ("No space left on device", "Disk quota exceeded", "disk is full", "are needed; free some space")


class DiskReserve:
    """The reserve of one private folder."""

    def __init__(self, state: Path) -> None:
        self._path = state / FILE

    def keep(self) -> None:
        """Have the reserve, or as much of it as there is room for. Raises nothing."""
        try:
            held = self._path.stat().st_size if self._path.exists() else 0
            if held >= SIZE:
                return
            size = min(SIZE, held + self._room() - _SPARE)
            if size >= max(_LEAST, held + 1):
                self._allocate(size)
                log.info("reserve kept on the disk: path=%s bytes=%d", self._path, size)
        except OSError:  # full by now: it is tried again
            return

    def give_up(self) -> bool:
        """Have its room free. False: it was given up before."""
        try:
            self._path.unlink()
        except OSError:
            return False
        log.warning("disk full, the reserve is given up: path=%s", self._path)
        return True

    def use(self, step: Callable[[], _T]) -> _T:
        """Do something; where the disk is full, once more in the room of the reserve. Raises as `step` does."""
        try:
            return step()
        except Exception as error:
            # libsndfile says "System error" of a full disk
            if not ((is_disk_full(error) or self._room() < _SPARE) and self.give_up()):
                raise
            return step()

    def _room(self) -> int:
        """Bytes that are free; what cannot be told is no want of room."""
        try:
            return shutil.disk_usage(self._path.parent).free
        except OSError:
            return SIZE

    def _allocate(self, size: int) -> None:
        """Blocks, not only a length: a file with holes would hold nothing."""
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


def is_disk_full(error: BaseException | None) -> bool:
    """Whether something failed for want of room, by itself or by its cause."""
    seen = set[int]()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            return True
        if any(said in str(error) for said in _SAID):
            return True
        error = error.__cause__ or error.__context__
    return False
