"""A service's archive, or what stands in for it: a station goes on air without memory rather than not at all."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bulletin.archive.archive import Archive
from bulletin.archive.standin import open_stand_in
from bulletin.errors import ArchiveError
from bulletin.scratch import scratch_folder
from bulletin.station import ARCHIVE, STATE, make_folder

_STAND_IN = "without-memory"
_BUSY_S = 2.0
"""The tick must not wait longer for another program that writes: its next turn comes in seconds."""


def open_memory(output: Path) -> Archive:
    """
    The archive of an output folder, for ledger and health; one of its own where that cannot be used.

    It may be from a newer Bulletin, or another program's; then its `notes` say so. Raises OutletError or
    ArchiveError when nothing can be written there at all.
    """
    state = output / STATE
    make_folder(state)
    try:
        return Archive.open(state / ARCHIVE, busy_s=_BUSY_S)
    except ArchiveError as error:
        shutil.rmtree(state / _STAND_IN, ignore_errors=True)
        return open_stand_in(state / ARCHIVE, state / _STAND_IN, why=str(error))


@contextmanager
def stand_in(output: Path, *, why: str) -> Iterator[Archive]:
    """In place of the archive for a single piece of work; forgotten afterwards. Raises as `open_memory`."""
    with (
        scratch_folder(output / STATE) as folder,
        open_stand_in(output / STATE / ARCHIVE, folder, why=why) as archive,
    ):
        yield archive
