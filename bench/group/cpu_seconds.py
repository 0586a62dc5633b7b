"""CPU seconds of processes, as Linux counts them."""

from __future__ import annotations

import os
from pathlib import Path

CORES = os.cpu_count() or 1
_TICKS = os.sysconf("SC_CLK_TCK")


def of_session(leader: int) -> float:
    """CPU seconds of a process that leads a session, and of its children, ended ones too."""
    ticks = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = _fields(path)
        except OSError:
            continue
        if int(fields[3]) == leader:
            ticks += sum(map(int, fields[11:15] if int(path.parent.name) == leader else fields[11:13]))
    return ticks / _TICKS


def of_process(pid: int) -> float:
    """CPU seconds of one process and of its ended children."""
    return sum(map(int, _fields(Path(f"/proc/{pid}/stat"))[11:15])) / _TICKS


def of_machine() -> float:
    """CPU seconds of everything on this machine since its start, but idle and waiting."""
    fields = list(map(int, Path("/proc/stat").read_text().splitlines()[0].split()[1:9]))
    return (sum(fields) - fields[3] - fields[4]) / _TICKS


def _fields(path: Path) -> list[str]:
    return path.read_text("utf-8", "replace").rpartition(")")[2].split()
