"""Pool of parser processes for an event loop."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from typing import Any, Self

from bulletin.articles.parsed_feed import FeedDocument, PageText
from bulletin.articles.worker.parser_process import ParserProcess
from bulletin.runtime.deadline import Deadline

FEED_S = 6.0
"""
Processor time. feedparser reads 3 to 5 MB in a second: a feed of 10 MB takes longer only if it is broken on
purpose.
"""
PAGE_S = 5.0
_BUSY = 10.0
"""Factor of the wall time: the parser may share its processor with nine other programs."""
_SPARE_AFTER_S = 0.5
"""Wait for a free process after which the spare one is started."""


class WorkerPool:
    """
    One parser process, and a spare process, started only when the first has kept a job waiting.

    So a hostile feed does not delay the others, and the usual run pays for one process. Where both are busy, the
    smallest document comes next: huge ones leave the time to the others. No job takes longer than `until`.
    """

    def __init__(self, *, until: Deadline | None = None) -> None:
        self._until = until
        self._all = (ParserProcess(), ParserProcess())
        self._idle = [self._all[0]]
        self._spare: ParserProcess | None = self._all[1]
        self._waiting: list[tuple[int, int, asyncio.Future[ParserProcess]]] = []
        """Heap of the jobs that wait: bytes, order of arrival, the process."""
        self._arrivals = itertools.count()
        self._is_started = False
        self.jobs = 0
        """Jobs so far."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the processes, also in the middle of a job."""
        for worker in self._all:
            worker.close()

    async def start_early(self) -> None:
        """
        Start the first process while the network is waited for.

        Only where a job is certain: a process takes a third of a second of CPU time, and stations that share their
        feeds mostly find all of them read.
        """
        if not self._is_started:
            self._is_started = True
            await asyncio.to_thread(self._all[0].start)

    async def read_feed(self, body: bytes, *, url: str, charset: str = "") -> FeedDocument:
        """Document of a feed. Raises ParseError or WorkerError."""
        document: FeedDocument = await self._run("feed", body, FEED_S, url=url, charset=charset)
        return document

    async def read_page(self, body: bytes, *, title: str, summary: str = "", charset: str = "") -> PageText:
        """Text and metadata of an article page. Raises WorkerError."""
        page: PageText = await self._run("page", body, PAGE_S, title=title, summary=summary, charset=charset)
        return page

    async def find_hints(self, body: bytes, *, url: str, charset: str = "") -> dict[str, str]:
        """Addresses of the feeds that a page names, with their titles. Raises WorkerError."""
        hints: dict[str, str] = await self._run("links", body, PAGE_S, url=url, charset=charset)
        return hints

    async def _run(self, job: str, body: bytes, cpu_s: float, **options: Any) -> Any:
        self.jobs += 1
        worker = await self._take(len(body))
        within_s = min(_BUSY * cpu_s, self._until.left_s if self._until else _BUSY * cpu_s)
        try:
            return await asyncio.to_thread(worker.run, job, body, cpu_s=cpu_s, within_s=within_s, **options)
        finally:
            self._give_back(worker)

    async def _take(self, size_bytes: int) -> ParserProcess:
        if self._idle:
            return self._idle.pop()
        free: asyncio.Future[ParserProcess] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (size_bytes, next(self._arrivals), free))
        try:
            await asyncio.wait([free], timeout=_SPARE_AFTER_S)
            if not free.done() and self._spare is not None:
                free.cancel()
                worker, self._spare = self._spare, None
                return worker
            return await free
        except asyncio.CancelledError:
            if free.done() and not free.cancelled():
                self._give_back(free.result())
            free.cancel()
            raise

    def _give_back(self, worker: ParserProcess) -> None:
        while self._waiting:
            _, _, free = heapq.heappop(self._waiting)
            if not free.done():
                free.set_result(worker)
                return
        self._idle.append(worker)
