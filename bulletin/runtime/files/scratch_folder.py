"""A folder for the clips of one run, gone when the run ends, however it ends."""

from __future__ import annotations

import logging
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bulletin.errors import OutletError
from bulletin.runtime.files.file_lock import LockedError, hold

log = logging.getLogger(__name__)

PREFIX = "run-"
_ALIVE = "alive"
"""The file in it that its run keeps locked: who can lock it knows that the run is dead."""
_GATE = "runs.lock"
_WAIT_S = 60.0


@contextmanager
def scratch_folder(place: Path) -> Iterator[Path]:
    """
    A new folder in `place`; those of runs that were killed are swept away first.

    Raises OutletError when no folder can be made there.
    """
    with ExitStack() as run:
        with hold(place / _GATE, wait_s=_WAIT_S):  # nobody sweeps what is not locked yet
            sweep_runs(place)
            folder = run.enter_context(_folder_in(place))
            run.enter_context(hold(folder / _ALIVE))
        yield folder


@contextmanager
def _folder_in(place: Path) -> Iterator[Path]:
    try:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=place))
    except OSError as error:
        raise OutletError(
            f"{place}: no folder can be made there ({error.strerror or error}); "
            "free some space or choose another folder with --output"
        ) from error
    try:
        yield folder
    finally:
        try:
            shutil.rmtree(folder, ignore_errors=True)
        finally:  # a Ctrl-C may come half-way
            shutil.rmtree(folder, ignore_errors=True)


def sweep_runs(place: Path) -> int:
    """Remove the folders of runs whose process is dead; say how many."""
    swept = 0
    for folder in place.glob(f"{PREFIX}*"):
        try:
            with hold(folder / _ALIVE):
                pass
        except LockedError:
            continue
        except OutletError:
            log.warning("left-over folder cannot be looked at: folder=%s", folder)
            continue
        shutil.rmtree(folder, ignore_errors=True)
        swept += 1
    return swept


def run_of(folder: Path) -> str:
    """The name of the run to which a scratch folder, or a folder within, belongs."""
    return next((one.name for one in (folder, *folder.parents) if one.name.startswith(PREFIX)), folder.name)


def is_at_work(run: str, *, place: Path) -> bool:
    """Whether a run with its scratch folder in `place` may be alive; False when it is known to be over or dead."""
    alive = place / run / _ALIVE
    if not alive.exists():
        return False
    try:
        with hold(alive):
            return False
    except OutletError:  # it holds the lock, or nobody can tell
        return True
