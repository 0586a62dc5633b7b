"""What addresses answered a moment ago: stations of one process ask an address once between them."""

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

Question = tuple[str, str, frozenset[tuple[str, str]]]

_KEPT_S = 90.0
"""The stations of one process are due at the same minute; an hour later it is another news."""
_MOST_BYTES = 64 * 2**20


def question_of(url: str, *, private: str, headers: Mapping[str, str]) -> Question:
    """What makes two requests the same: the address, on whose behalf it is asked, and what is known of it."""
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
        """With an error, or with an answer that is one."""
        return self.future.done() and (not self._is_there or self.future.result().status >= 400)

    @property
    def _is_there(self) -> bool:
        return self.future.done() and not self.future.cancelled() and not self.future.exception()


class ResponseCache:
    """
    Answers of the last minute or so, for several runs at once, each with an event loop and thread of its own.

    Whoever asks first does it for all; the others wait for that answer. If the first is cut off, the next
    one asks. A failure is shared as well, with those who would not have waited longer or taken more.
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
        self._entries: dict[Question, _Entry] = {}
        self.turns = HostQueue()
        """Whose turn it is to ask a host: its pauses are for all of them."""

    async def get(
        self,
        question: Question,
        ask: Callable[[], Awaitable[HttpResponse]],
        *,
        limit_mb: float,
        timeout_s: float,
    ) -> HttpResponse:
        """The answer to `question`, by `ask` if nobody has it. Raises FetchError as `ask` does."""
        while True:
            entry, is_mine = self._take(question, limit_mb=limit_mb, timeout_s=timeout_s)
            if is_mine:
                return await self._ask(question, entry, ask)
            try:
                answer = await asyncio.shield(asyncio.wrap_future(entry.future))
            except asyncio.CancelledError:
                task = asyncio.current_task()
                if not entry.future.cancelled() or (task and task.cancelling()):
                    raise  # it is we who are cut off, if only as well: two stations have the same deadline
                continue
            except FetchError:
                if entry.limit_mb >= limit_mb and entry.timeout_s >= timeout_s:
                    raise
                self._drop(question, entry)
                continue
            if len(answer.body) > limit_mb * 1e6:
                raise FetchError(question[0], f"is larger than {limit_mb:g} MB; [fetch] raises that limit")
            return answer

    def forget_failures(self) -> None:
        """Have what failed asked again by whoever asks next."""
        with self._lock:
            for question, entry in tuple(self._entries.items()):
                if entry.has_failed:
                    del self._entries[question]

    async def _ask(
        self, question: Question, entry: _Entry, ask: Callable[[], Awaitable[HttpResponse]]
    ) -> HttpResponse:
        try:
            answer = await ask()
        except FetchError as error:
            entry.future.set_exception(error)
            raise
        except BaseException:
            self._drop(question, entry)
            entry.future.cancel()
            raise
        entry.future.set_result(answer)
        return answer

    def _take(self, question: Question, *, limit_mb: float, timeout_s: float) -> tuple[_Entry, bool]:
        """What is known of a question; the entry is the caller's to fill when there was none."""
        with self._lock:
            self._forget()
            known = self._entries.get(question)
            if known:
                return known, False
            made = _Entry(limit_mb=limit_mb, timeout_s=timeout_s, asked_s=self._clock())
            self._entries[question] = made
            return made, True

    def _drop(self, question: Question, entry: _Entry) -> None:
        with self._lock:
            if self._entries.get(question) is entry:
                del self._entries[question]

    def _forget(self) -> None:
        """What is old goes, and of the rest the oldest beyond the memory that may be taken."""
        now = self._clock()
        held = 0
        for question, entry in reversed(tuple(self._entries.items())):
            if not entry.future.done():
                continue
            held += entry.bytes
            if now - entry.asked_s > self._kept_s or held > self._most_bytes:
                del self._entries[question]
