"""Whose turn it is to ask a host: one request at a time and a pause between two, for all runs of a process."""

from __future__ import annotations

import asyncio
import threading
import time

_LOOK_AGAIN_S = 0.02
"""Another run's request is under way: its thread cannot wake our loop."""


class HostQueue:
    """By the host's name; runs have event loops and threads of their own."""

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
        """With the last of them what hosts said is forgotten: the next ones read it in the archive."""
        with self._lock:
            self._runs -= 1
            if not self._runs:
                self._closed.clear()

    def close(self, host: str, reason: str) -> None:
        """It wants to be left alone: no run that is under way asks it again."""
        with self._lock:
            self._closed[host] = reason

    def why_closed(self, host: str) -> str:
        """Nothing when it may be asked."""
        return self._closed.get(host, "")

    async def take(self, host: str) -> None:
        """Wait until nobody asks the host and its pause is over; it is ours until `give_back`."""
        while wait_s := self._wait_s(host):
            await asyncio.sleep(wait_s)

    def rest(self, host: str, *, gap_s: float) -> None:
        """It was asked: nobody does so again within the pause."""
        with self._lock:
            self._free_at[host] = time.monotonic() + gap_s

    def give_back(self, host: str) -> None:
        with self._lock:
            self._taken.discard(host)

    def _wait_s(self, host: str) -> float:
        """Nothing when it is ours now."""
        with self._lock:
            left_s = self._free_at.get(host, 0.0) - time.monotonic()
            if left_s > 0:
                return left_s
            if host in self._taken:
                return _LOOK_AGAIN_S
            self._taken.add(host)
            return 0.0
