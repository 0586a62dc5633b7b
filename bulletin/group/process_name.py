"""Name of a process in its group: one process of the whole group has it at a time."""

from __future__ import annotations

import re
import socket
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path

from bulletin.archive.ledgers.group.group_workers import GroupWorker, WorkerLedger
from bulletin.errors import OutletError, RunningError, explain_os_errors
from bulletin.runtime.files.file_lock import LockedError, hold
from bulletin.station.build_station_object import STATE, make_state

_LOCKS = "processes"
"""Folder of the locks: a station's own lock is beside it, and may have the name of a process."""
_HOME = "identity"
_WAIT_S = 10.0


def machine_name() -> str:
    """Name of this machine in the group's register."""
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", socket.gethostname()) or "machine"


def read_home(output: Path) -> str:
    """
    Identity of an output folder, made once: machines may have one host name, and one machine several folders.

    Raises OutletError.
    """
    folder = _make_folder(output)
    path = folder / _HOME
    with (
        hold(folder / f"{_HOME}.lock", wait_s=_WAIT_S),
        explain_os_errors(OutletError, f"{path}: cannot be used", "choose another folder with --output"),
    ):
        if not path.exists() or not path.read_text("ascii", "replace").strip():
            path.write_text(uuid.uuid4().hex, "ascii")
        return path.read_text("ascii", "replace").strip()


@contextmanager
def hold_name(name: str | None, *, role: str, output: Path, register: WorkerLedger) -> Iterator[str]:
    """
    A process's name, held on this machine until its end; by default "<machine>-<role>-<number>".

    The system frees the names of killed processes, so the next one has the same. Names of live processes with another
    output folder are passed over. Raises RunningError where another process has the `name`, OutletError, ArchiveError.
    """
    folder, home = _make_folder(output), read_home(output)
    elsewhere = {one.name for one in register.alive() if not one.is_at(machine_name(), home)}
    names = [name] if name else (f"{machine_name()}-{role}-{number}" for number in count(1))
    with ExitStack() as stack:
        for candidate in names:
            if candidate in elsewhere and not name:
                continue
            try:
                stack.enter_context(hold(folder / f"{candidate}.lock", wait_s=0.0))
            except LockedError as error:
                if name:
                    raise RunningError(
                        f"{name}: another process of this machine has that name; give another --name"
                    ) from error
                continue
            yield candidate
            return


def enter_group(row: GroupWorker, register: WorkerLedger) -> None:
    """Write a process that begins into the register. Raises RunningError where its name is taken, ArchiveError."""
    if other := register.enter(row):
        where = f"on {other.machine}" if other.machine != row.machine else "with another output folder"
        raise RunningError(
            f"{row.name}: a {other.role} of that name runs {where}; give this one another --name"
        )


def _make_folder(output: Path) -> Path:
    make_state(output)
    folder = output / STATE / _LOCKS
    with explain_os_errors(OutletError, f"{folder}: cannot be made", "choose another folder with --output"):
        folder.mkdir(exist_ok=True)
    return folder
