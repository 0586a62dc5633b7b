"""Queue of each host: one request at a time and a pause between two, for all runs of a process."""

from __future__ import annotations

import asyncio
import threading
import time

_POLL_S = 0.02
"""A request of another run is under way: its thread cannot wake our event loop."""


class HostQueue:
    """Queues by host name; runs have event loops and threads of their own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken: set[str] = set()
        self._free_at: dict[str, float] = {}
        """Monotonic seconds."""
        self._closed: dict[str, str] = {}
        self._runs = 0

    def begin_run(self) -> None:
        with self._lock:
            self._runs += 1

    def end_run(self) -> None:
        """End a run; the last one forgets closed hosts, which the next ones read in the archive."""
        with self._lock:
            self._runs -= 1
            if not self._runs:
                self._closed.clear()

    def close(self, host: str, reason: str) -> None:
        """Refuse the host to all runs that are under way: it asks to be left alone."""
        with self._lock:
            self._closed[host] = reason

    def why_closed(self, host: str) -> str:
        """The reason of a closed host; empty when it may be asked."""
        return self._closed.get(host, "")

    async def take(self, host: str) -> None:
        """Wait for the host's turn and pause; the turn is ours until `give_back`."""
        while wait_s := self._wait_s(host):
            await asyncio.sleep(wait_s)

    def rest(self, host: str, *, gap_s: float) -> None:
        """Start the host's pause after a request."""
        with self._lock:
            self._free_at[host] = time.monotonic() + gap_s

    def give_back(self, host: str) -> None:
        with self._lock:
            self._taken.discard(host)

    def _wait_s(self, host: str) -> float:
        """Seconds until the next look; 0 when the turn is ours now."""
        with self._lock:
            left_s = self._free_at.get(host, 0.0) - time.monotonic()
            if left_s > 0:
                return left_s
            if host in self._taken:
                return _POLL_S
            self._taken.add(host)
            return 0.0
