"""Scratch folder of one run, deleted when the run ends, however it ends."""

from __future__ import annotations

import logging
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bulletin.errors import OutletError, explain_os_errors
from bulletin.runtime.files.file_lock import LockedError, hold

log = logging.getLogger(__name__)

PREFIX = "run-"
_ALIVE = "alive"
"""File in the folder that its run keeps locked: without the lock the run is dead."""
_GATE = "runs.lock"
"""File beside the folders, locked while a run makes its own."""
_WAIT_S = 60.0


@contextmanager
def scratch_folder(parent: Path) -> Iterator[Path]:
    """
    New scratch folder in `parent`; the folders of killed runs are deleted first.

    Raises OutletError when a folder cannot be created there.
    """
    with ExitStack() as run:
        with hold(parent / _GATE, wait_s=_WAIT_S):  # a new folder is not locked yet
            sweep_runs(parent)
            with explain_os_errors(
                OutletError,
                f"{parent}: a folder cannot be created there",
                "free some space or choose another folder with --output",
            ):
                folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
            for _ in range(2):  # Ctrl-C may interrupt the first
                run.callback(shutil.rmtree, folder, ignore_errors=True)
            run.enter_context(hold(folder / _ALIVE))
        yield folder


def sweep_runs(parent: Path) -> None:
    """Delete the scratch folders of dead runs."""
    for folder in parent.glob(f"{PREFIX}*"):
        try:
            with hold(folder / _ALIVE):
                pass
        except LockedError:
            continue
        except OutletError:
            log.warning("left-over folder cannot be checked: folder=%s", folder)
            continue
        shutil.rmtree(folder, ignore_errors=True)


def run_of(folder: Path) -> str:
    """Name of the run that a scratch folder, or a folder in it, belongs to."""
    return next(
        (path.name for path in (folder, *folder.parents) if path.name.startswith(PREFIX)), folder.name
    )


def is_at_work(run: str, *, folder: Path) -> bool:
    """Whether a run with its scratch folder in `folder` may be alive; False when it has certainly ended."""
    alive = folder / run / _ALIVE
    if not alive.exists():
        return False
    try:
        with hold(alive):
            return False
    except OutletError:  # the run holds the lock, or it cannot be read
        return True
