"""Feeds of a group of stations: each is asked once for all of them, and a station's draft reads what is known."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from concurrent.futures import CancelledError as FutureCancelledError
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from threading import Lock, Thread
from typing import Any, TypeVar

from bulletin.archive.record_dataclasses import Catalog
from bulletin.articles.fetch_full_text import fetch_page, missing_pages, read_pages
from bulletin.articles.fetching.http_fetcher import Fetcher
from bulletin.articles.fetching.share_requests_between_runs import HostQueue, ResponseCache
from bulletin.articles.fetching.ssrf_guard import publisher_of, read_url
from bulletin.articles.known_feeds import KnownFeeds, keep_outcome
from bulletin.articles.merge_feed_results import merge_readings
from bulletin.articles.paused_servers_and_feeds import KnownTroubles
from bulletin.articles.read_one_feed import FeedResult, GatherRun, note_timeout, read_feed
from bulletin.articles.worker.parser_process_pool import WorkerPool
from bulletin.config.profile_options import FetchOptions
from bulletin.errors import ArticleError, FetchError
from bulletin.model import Article, Feed, FeedState, Gathered

_T = TypeVar("_T")
_IDLE_S = 5.0
"""Time after which idle parser processes end: between the hours, and while bulletins are mixed, they cost memory alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageToRead:
    """An article page that the catalog does not have; plain values, so that it travels as a piece of work."""

    link: str
    title: str
    """The feed's words for the article, which is found on the page by them."""
    summary: str
    feed_url: str
    is_private: bool = False
    """The feed is one of the stations' own network, and so may be its pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedForAll:
    """What the reading of a feed for all stations leaves to do."""

    pages: tuple[PageToRead, ...] = ()
    """Pages that its articles lack."""
    may_pass: bool = False
    """It failed, and another try in a moment may help."""
    reason: str = ""
    """Why it failed, or has no articles."""


class FeedsForAll:
    """
    Reader of feeds and pages for all stations of a group, one for each worker process.

    Its pieces run on one event loop with the same parser processes and pauses as the feeds of one run. What belongs
    to a station (name, weight, credit, section, language) is applied when its draft reads the catalog. Threads may
    call it at the same time.
    """

    def __init__(self, catalog: Catalog, *, turns: HostQueue | None = None, idle_s: float = _IDLE_S) -> None:
        """`turns` holds the pauses of hosts, by default those of this process; `idle_s` as _IDLE_S."""
        self._catalog = catalog
        self._known = KnownFeeds(catalog)
        self._answers = ResponseCache(turns=turns, kept_s=0)  # a piece of work asks once
        self._fetchers: dict[str, Fetcher] = {}
        self._lock = Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: Thread | None = None
        self._readers: WorkerPool | None = None
        self._idle_s = idle_s
        self._at_work = 0
        """Pieces on the event loop."""

    def read_feed(self, feed: Feed, *, now: datetime, options: FetchOptions) -> FeedForAll:
        """
        Read a feed into the catalog, with what became of it.

        The feed's own faults are recorded. After `options.budget_s` seconds it is given up. Raises ArchiveError.
        """
        return self._do(self._read_feed(feed, now=now, options=options))

    def read_page(self, page: PageToRead, *, now: datetime, options: FetchOptions) -> str:
        """
        Read an article's page into the catalog; why it has no text, or "".

        A passing failure leaves the catalog as it is, so that the page is asked for again with the next reading of
        the feed. After `options.budget_s` seconds it is given up. Raises ArchiveError.
        """
        return self._do(self._read_page(page, now=now, options=options))

    def gather(self, feeds: Sequence[Feed], *, now: datetime, options: FetchOptions) -> Gathered:
        """
        The articles that the catalog has of these feeds, with the options of the profile; no request is made.

        Files and recordings are read, as they are not in the catalog. Raises ArchiveError.
        """
        files = [feed for feed in feeds if "://" not in feed.url or feed.recording]
        read = self._do(self._read_files(files, now=now, options=options)) if files else []
        by_url = {id(reading.feed): reading for reading in read}
        known = self._known.read([feed for feed in feeds if feed not in files], now=now)
        by_url |= {id(reading.feed): reading for reading in known}
        return merge_readings([by_url[id(feed)] for feed in feeds])

    def close(self) -> None:
        """End the parser processes and the event loop."""
        with self._lock:
            loop, thread = self._loop, self._thread
            if loop is None or thread is None:
                return
            asyncio.run_coroutine_threadsafe(self._end(), loop).result()
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()
            self._loop = self._thread = None

    def _do(self, work: Coroutine[Any, Any, _T]) -> _T:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = Thread(target=self._loop.run_forever, name="feeds", daemon=True)
                self._thread.start()
        future = asyncio.run_coroutine_threadsafe(self._counted(work), self._loop)
        try:
            return future.result()
        except FutureCancelledError:
            raise FetchError("the feeds", "the worker is stopping; another one reads them") from None

    async def _counted(self, work: Coroutine[Any, Any, _T]) -> _T:
        self._at_work += 1
        try:
            return await work
        finally:
            self._at_work -= 1
            if not self._at_work and (readers := self._readers):
                asyncio.get_running_loop().call_later(self._idle_s, self._end_idle, readers, readers.jobs)

    def _end_idle(self, readers: WorkerPool, jobs: int) -> None:
        """End the parser processes that have had no job since."""
        if self._readers is readers and not self._at_work and readers.jobs == jobs:
            self._readers = None
            readers.close()

    async def _read_feed(self, feed: Feed, *, now: datetime, options: FetchOptions) -> FeedForAll:
        reading, run = FeedResult(feed=_for_all(feed)), self._run(now, options)
        try:
            async with asyncio.timeout(options.budget_s):
                await read_feed(reading, run)
        except TimeoutError:
            reading.state, reading.may_pass = FeedState.FAILED, True
            note_timeout(reading, options.budget_s)
        keep_outcome(reading, catalog=self._catalog, now=now)
        articles = missing_pages(reading, run) if feed.fetches_pages else ()
        pages = tuple(
            PageToRead(
                link=article.link,
                title=article.title,
                summary=article.summary,
                feed_url=feed.url,
                is_private=feed.is_private,
            )
            for article in articles
        )
        return FeedForAll(pages=pages, may_pass=reading.may_pass, reason=reading.reason)

    async def _read_page(self, page: PageToRead, *, now: datetime, options: FetchOptions) -> str:
        run = self._run(now, options)
        if page.link in self._catalog.pages([page.link]):
            return ""
        article = Article(
            id=page.link,
            feed="",
            title=page.title,
            summary=page.summary,
            text="",
            link=page.link,
            published=now,
        )
        private = read_url(page.feed_url) if page.is_private else None
        try:
            async with asyncio.timeout(options.budget_s):
                return (await fetch_page(article, run, private=private)).reason
        except TimeoutError:
            return f"not read within {options.budget_s:g} s"
        except ArticleError as error:
            return error.reason

    async def _read_files(
        self, feeds: Sequence[Feed], *, now: datetime, options: FetchOptions
    ) -> list[FeedResult]:
        """Read files, and the pages beside recorded ones."""
        run, readings = self._run(now, options), [FeedResult(feed=feed) for feed in feeds]
        for reading in readings:
            try:
                async with asyncio.timeout(options.budget_s):
                    await read_feed(reading, run)
                    reading.is_done = True
                    await read_pages(reading, run)
            except TimeoutError:
                note_timeout(reading, options.budget_s)
        return readings

    def _run(self, now: datetime, options: FetchOptions) -> GatherRun:
        """The shared state of a piece; on the event loop only."""
        if self._readers is None:
            self._readers = WorkerPool()
        key = options.model_dump_json()
        if key not in self._fetchers:
            self._fetchers[key] = Fetcher(options, answers=self._answers)
        return GatherRun(
            now=now,
            options=options,
            fetcher=self._fetchers[key].for_another_run(),
            readers=self._readers,
            catalog=self._catalog,
            troubles=KnownTroubles(catalog=self._catalog, now=now),
        )

    async def _end(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._readers:
            await self._readers.__aexit__()
        for fetcher in self._fetchers.values():
            await fetcher.__aexit__()
        self._fetchers, self._readers = {}, None


def _for_all(feed: Feed) -> Feed:
    """The feed with a name that no profile gave it: ids of articles are the same for all stations, from run to run."""
    try:
        host = publisher_of(read_url(feed.url))
    except FetchError:
        host = "feed"
    return replace(feed, name=f"{host}-{sha256(feed.url.encode()).hexdigest()[:6]}")
