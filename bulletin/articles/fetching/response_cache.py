"""Cache of answers for some minutes' runs: stations of one process ask an address once."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field

from bulletin.articles.fetching.host_queue import HostQueue
from bulletin.articles.fetching.http_response import HttpResponse
from bulletin.errors import FetchError

CacheKey = tuple[str, str, frozenset[tuple[str, str]]]

_KEPT_S = 90.0
"""The stations of one process are due at the same minute; an hour later feeds have changed."""
_MOST_BYTES = 64 * 2**20


def cache_key(url: str, *, private: str, headers: Mapping[str, str]) -> CacheKey:
    """Key of equal requests: address, private feed on whose behalf it is asked, conditional headers."""
    return url, private, frozenset(headers.items())


@dataclass(slots=True, kw_only=True)
class _Entry:
    future: Future[HttpResponse] = field(default_factory=Future)
    limit_mb: float
    timeout_s: float
    asked_s: float
    """Monotonic."""

    @property
    def bytes(self) -> int:
        return len(self.future.result().body) if self._is_there else 0

    @property
    def has_failed(self) -> bool:
        """Whether it is an error, or an answer with an error status."""
        return self.future.done() and (not self._is_there or self.future.result().status >= 400)

    @property
    def _is_there(self) -> bool:
        return self.future.done() and not self.future.cancelled() and not self.future.exception()


class ResponseCache:
    """
    Cache shared by runs in several threads, each with its own event loop.

    The first run asks for all; the others wait for its answer. If it is cancelled, the next one asks. A failure
    is shared with runs that would not have waited longer or taken more bytes.
    """

    def __init__(
        self,
        *,
        kept_s: float = _KEPT_S,
        most_bytes: int = _MOST_BYTES,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._kept_s = kept_s
        self._most_bytes = most_bytes
        self._clock = clock
        self._lock = threading.Lock()
        self._entries: dict[CacheKey, _Entry] = {}
        self.turns = HostQueue()
        """Queue of each host, whose pauses are for all runs."""

    async def get(
        self,
        key: CacheKey,
        ask: Callable[[], Awaitable[HttpResponse]],
        *,
        limit_mb: float,
        timeout_s: float,
    ) -> HttpResponse:
        """The answer for `key`, by `ask` if there is none yet. Raises FetchError as `ask` does."""
        while True:
            entry, is_new = self._entry_of(key, limit_mb=limit_mb, timeout_s=timeout_s)
            if is_new:
                return await self._ask(key, entry, ask)
            try:
                answer = await asyncio.shield(asyncio.wrap_future(entry.future))
            except asyncio.CancelledError:
                task = asyncio.current_task()
                if not entry.future.cancelled() or (task and task.cancelling()):
                    raise  # this run is cancelled, perhaps together with the other: deadlines may be the same
                continue
            except FetchError:
                if entry.limit_mb >= limit_mb and entry.timeout_s >= timeout_s:
                    raise
                self._drop(key, entry)
                continue
            if len(answer.body) > limit_mb * 1e6:
                raise FetchError(key[0], f"is larger than {limit_mb:g} MB; [fetch] raises that limit")
            return answer

    def forget_failures(self) -> None:
        """Drop failures, so that the next request asks again."""
        with self._lock:
            for key, entry in tuple(self._entries.items()):
                if entry.has_failed:
                    del self._entries[key]

    async def _ask(
        self, key: CacheKey, entry: _Entry, ask: Callable[[], Awaitable[HttpResponse]]
    ) -> HttpResponse:
        try:
            answer = await ask()
        except FetchError as error:
            entry.future.set_exception(error)
            raise
        except BaseException:
            self._drop(key, entry)
            entry.future.cancel()
            raise
        entry.future.set_result(answer)
        return answer

    def _entry_of(self, key: CacheKey, *, limit_mb: float, timeout_s: float) -> tuple[_Entry, bool]:
        """The entry, and whether it is new: then the caller has to fill it."""
        with self._lock:
            self._evict()
            known = self._entries.get(key)
            if known:
                return known, False
            new = _Entry(limit_mb=limit_mb, timeout_s=timeout_s, asked_s=self._clock())
            self._entries[key] = new
            return new, True

    def _drop(self, key: CacheKey, entry: _Entry) -> None:
        with self._lock:
            if self._entries.get(key) is entry:
                del self._entries[key]

    def _evict(self) -> None:
        """Drop old entries, and of the rest the oldest beyond the memory limit."""
        now = self._clock()
        total = 0
        for key, entry in reversed(tuple(self._entries.items())):
            if not entry.future.done():
                continue
            total += entry.bytes
            if now - entry.asked_s > self._kept_s or total > self._most_bytes:
                del self._entries[key]
