"""Requests that the runs of one process share: recent answers, and one request at a time for each host."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable
from concurrent.futures import Future
from contextlib import asynccontextmanager

from bulletin.articles.fetching.http_response import HttpResponse
from bulletin.errors import FetchError

_KEPT_S = 90.0
"""The stations of one process are due at the same minute; an hour later feeds have changed."""
_MOST_BYTES = 64 * 2**20
_POLL_S = 0.02
"""Polling interval for another run's request: its thread cannot wake our event loop."""


class HostQueue:
    """One request at a time for each host, and a pause between two; each run has its own event loop and threads."""

    def __init__(self) -> None:
        self._locks: dict[str, threading.Lock] = {}
        self._free_at: dict[str, float] = {}
        """Monotonic seconds."""

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait for the host's turn and pause."""
        lock = self._locks.setdefault(host, threading.Lock())
        while not lock.acquire(blocking=False):
            await asyncio.sleep(_POLL_S)
        try:
            await asyncio.sleep(max(0.0, self._free_at.get(host, 0.0) - time.monotonic()))
            yield
        finally:
            lock.release()

    def rest(self, host: str, *, gap_s: float) -> None:
        """Start the host's pause after a request."""
        self._free_at[host] = time.monotonic() + gap_s


class ResponseCache:
    """
    Cache of answers shared by runs in several threads, each with its own event loop.

    The first run asks for all; the others wait for its answer or failure. If it is cancelled, the next run
    asks.
    """

    def __init__(
        self,
        *,
        kept_s: float = _KEPT_S,
        most_bytes: int = _MOST_BYTES,
        clock: Callable[[], float] = time.monotonic,
        turns: HostQueue | None = None,
    ) -> None:
        self._kept_s = kept_s
        self._most_bytes = most_bytes
        self._clock = clock
        self._lock = threading.Lock()
        self._entries: dict[Hashable, tuple[float, Future[HttpResponse]]] = {}
        """Answers and requests under way, with the time of the request."""
        self.turns = turns or HostQueue()
        """Queue of each host, whose pauses are for all runs."""

    async def get(self, key: Hashable, ask: Callable[[], Awaitable[HttpResponse]]) -> HttpResponse:
        """The answer for `key`, by `ask` if there is none yet. Raises FetchError as `ask` does."""
        while True:
            with self._lock:
                self._evict()
                is_new = key not in self._entries
                _, future = self._entries.setdefault(key, (self._clock(), Future()))
            if is_new:
                return await self._ask(key, future, ask)
            try:
                return await asyncio.shield(asyncio.wrap_future(future))
            except asyncio.CancelledError:
                task = asyncio.current_task()
                if not future.cancelled() or (task and task.cancelling()):
                    raise  # this run is cancelled, perhaps together with the other: deadlines may be the same

    def forget_failures(self) -> None:
        """Drop errors and error statuses, so that the next request asks again."""
        with self._lock:
            for key, (_, future) in tuple(self._entries.items()):
                if future.done() and (future.exception() or future.result().status >= 400):
                    del self._entries[key]

    async def _ask(
        self, key: Hashable, future: Future[HttpResponse], ask: Callable[[], Awaitable[HttpResponse]]
    ) -> HttpResponse:
        try:
            answer = await ask()
        except FetchError as error:
            future.set_exception(error)
            raise
        except BaseException:
            with self._lock:
                del self._entries[key]
            future.cancel()
            raise
        future.set_result(answer)
        return answer

    def _evict(self) -> None:
        """Drop old entries, and of the rest the oldest beyond the memory limit."""
        total = 0
        for key, (asked_s, future) in reversed(tuple(self._entries.items())):
            if future.done():
                total += 0 if future.exception() else len(future.result().body)
                if self._clock() - asked_s > self._kept_s or total > self._most_bytes:
                    del self._entries[key]
