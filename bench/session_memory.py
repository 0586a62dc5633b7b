"""Memory of processes together with the processes that they start, sampled while they work."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

MOST_MB = 600.0
"""Limit of a worker, its parser processes included."""
_EVERY_S = 1.0
_LEAST_REST = 100
"""The thread rests so many times as long as it reads: reading takes at most 1 % of a core."""
_KB_OF_MB = 1024


class MemoryWatch:
    """
    Peaks of sessions by name, in MB.

    A worker of a group leads a session, to which its parser processes belong. Pages that they share count once: PSS
    divides them between their users. Where Linux does not tell PSS, RSS counts them several times.
    """

    def __init__(self, leaders: Callable[[], Mapping[str, int]]) -> None:
        self._leaders = leaders
        self._sessions: dict[int, int] = {}
        """Process -> its session, of the last sample: a process that is known is not asked again."""
        self.together_mb: dict[str, float] = {}
        """Peak of the sum of a session's processes."""
        self.alone_mb: dict[str, float] = {}
        """Peak of the leader itself, as the kernel counts it."""

    def sample(self) -> None:
        """Look once."""
        leaders = self._leaders()
        if not leaders:
            return
        sessions = self._read_sessions()
        for name, leader in leaders.items():
            members = {leader, *(pid for pid, session in sessions.items() if session == leader)}
            together_mb = sum(map(shared_memory_mb, members))
            self.together_mb[name] = max(self.together_mb.get(name, 0.0), together_mb)
            with suppress(OSError, StopIteration):
                self.alone_mb[name] = max(self.alone_mb.get(name, 0.0), peak_mb(leader))

    def _read_sessions(self) -> dict[int, int]:
        pids = [int(path.name) for path in Path("/proc").glob("[0-9]*")]
        sessions = {}
        for pid in pids:
            with suppress(OSError):
                sessions[pid] = self._sessions.get(pid) or os.getsid(pid)
        self._sessions = sessions
        return sessions


@contextmanager
def watching_memory(leaders: Callable[[], Mapping[str, int]]) -> Iterator[MemoryWatch]:
    """Sample every second, or more seldom where reading takes long, in a thread; once more at the end."""
    watch, is_over = MemoryWatch(leaders), threading.Event()

    def look() -> None:
        rest_s = 0.0
        while not is_over.wait(rest_s):
            began_s = time.thread_time()
            watch.sample()
            rest_s = max(_EVERY_S, _LEAST_REST * (time.thread_time() - began_s))

    thread = threading.Thread(target=look, name="memory", daemon=True)
    thread.start()
    try:
        yield watch
    finally:
        is_over.set()
        thread.join()
        watch.sample()


def shared_memory_mb(pid: int) -> float:
    """PSS of a process, or its RSS; 0 where it has ended."""
    with suppress(OSError, StopIteration):
        return _read_mb(Path(f"/proc/{pid}/smaps_rollup"), "Pss:")
    with suppress(OSError, StopIteration):
        return _read_mb(Path(f"/proc/{pid}/status"), "VmRSS:")
    return 0.0


def peak_mb(pid: int) -> float:
    """The most memory (RSS) of a process so far. Raises OSError, StopIteration where it has ended."""
    return _read_mb(Path(f"/proc/{pid}/status"), "VmHWM:")


def _read_mb(path: Path, name: str) -> float:
    lines = path.read_text("ascii", "replace").splitlines()
    return next(int(line.split()[1]) / _KB_OF_MB for line in lines if line.startswith(name))
