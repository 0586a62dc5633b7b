"""One feed -> FeedResult: fetched or opened, parsed, stored. Faults of the feed are in the result."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from bulletin.archive.record_dataclasses import Catalog, FeedMemory
from bulletin.articles.feeds.feed_to_articles import adapt_for_all, relabel
from bulletin.articles.fetching.http_fetcher import Fetcher
from bulletin.articles.fetching.http_response import HttpResponse
from bulletin.articles.fetching.ssrf_guard import GuardedTarget, read_url
from bulletin.articles.fetching.when_to_poll_feeds import (
    after_failure,
    after_success,
    body_hash,
    conditional_headers,
    is_due,
)
from bulletin.articles.parsed_feed import Forecast, PageText
from bulletin.articles.paused_servers_and_feeds import KnownTroubles
from bulletin.articles.worker.parser_process import WorkerError
from bulletin.articles.worker.parser_process_pool import WorkerPool
from bulletin.config.profile_options import FetchOptions
from bulletin.errors import ArticleError, FetchError
from bulletin.model import Article, Feed, FeedState

_STILL_GOOD = timedelta(hours=6)
"""A failed feed is replaced by its articles of the last good read for so long."""
_REMEDIES: Mapping[int, str] = {
    401: "the publisher wants a password; ask for an open feed",
    403: "the publisher refuses; set [fetch] contact, or ask them",
    404: "the feed does not exist any more; `bulletin feeds add` with the site's address finds the new one",
    410: "the feed has gone for good; take it out of the profile",
    429: "the server was asked too often; it is asked again later",
    451: "it may not be read from here, for legal reasons",
    503: "the server is overloaded; it is asked again later",
}


@dataclass(slots=True, kw_only=True)
class GatherRun:
    """State that all feeds of one run share."""

    now: datetime
    options: FetchOptions
    fetcher: Fetcher
    readers: WorkerPool
    catalog: Catalog | None
    troubles: KnownTroubles
    pages: dict[str, asyncio.Task[PageText]] = field(default_factory=dict)
    """Pages in progress or read, so that two feeds with one story ask once."""


@dataclass(slots=True, kw_only=True)
class FeedResult:
    """State of one feed; when time runs out it is used as it is."""

    feed: Feed
    articles: tuple[Article, ...] = ()
    state: FeedState = FeedState.FAILED
    reason: str = ""
    notes: tuple[str, ...] = ()
    bytes_read: int = 0
    memory: FeedMemory = field(init=False)
    known: tuple[Article, ...] = ()
    """Articles of the last good read, with the profile's present options."""
    private: GuardedTarget | None = None
    """Host of a feed of the station's own network."""
    stored: tuple[Article, ...] = ()
    """New articles as every profile that reads the feed may use them."""
    forecast: Forecast | None = None
    """The figures of a forecast, which each profile tells in its own units and hours."""
    is_done: bool = False
    may_pass: bool = False
    """It failed without an answer, or the server is broken: another try in a moment may help."""
    seconds: float = 0.0

    def __post_init__(self) -> None:
        self.memory = FeedMemory(url=self.feed.url)

    def remember(self, catalog: Catalog) -> None:
        """Read what the catalog knows of the feed."""
        self.memory = catalog.feed_memory(self.feed.url) or self.memory
        self.known = tuple(relabel(article, self.feed) for article in catalog.articles_of(self.feed.url))


async def read_feed(reading: FeedResult, run: GatherRun) -> None:
    """Fill in state and articles of `reading`, or the reason why there are none."""
    if run.catalog and not reading.feed.recording:
        reading.remember(run.catalog)
    try:
        if "://" in reading.feed.url:
            await _read_address(reading, run)
        else:
            await _read_file(reading, run)
    except (ArticleError, WorkerError) as error:
        reading.state = FeedState.FAILED
        reading.reason = error.reason


async def _read_file(reading: FeedResult, run: GatherRun) -> None:
    feed = reading.feed
    await run.readers.start_early()
    body = await asyncio.to_thread(read_local, Path(feed.url), limit_mb=run.options.feed_mb)
    reading.bytes_read = len(body)
    await _take_in(reading, run, body)
    if run.catalog and not feed.recording and reading.articles:
        run.catalog.keep_feed(FeedMemory(url=feed.url, checked_at=run.now), reading.stored)


def read_local(path: Path, *, limit_mb: float) -> bytes:
    """Content of a file within the limit. Raises FetchError."""
    limit = int(limit_mb * 1e6)
    try:
        if path.is_dir():
            raise FetchError(str(path), "is a folder; name the feed's file")
        if not path.is_file():  # a pipe or a device would be waited for
            raise FetchError(str(path), "no such file; check the path in the profile")
        with path.open("rb") as file:
            body = file.read(limit + 1)
    except (OSError, ValueError) as error:
        raise FetchError(str(path), f"cannot be read ({error})") from error
    if len(body) > limit:
        raise FetchError(str(path), f"is larger than {limit_mb:g} MB")
    return body


async def _read_address(reading: FeedResult, run: GatherRun) -> None:
    feed, memory, catalog = reading.feed, reading.memory, run.catalog
    if feed.is_private:
        reading.private = read_url(feed.url)
    if _waits(reading, run):
        reading.articles = reading.known
        return
    answer = None
    try:
        answer = await _ask(reading, run)
        ttl_s = await _accept(reading, run, answer)
    except (ArticleError, WorkerError):
        stand_in(reading, now=run.now)
        status, headers = (answer.status, answer.headers) if answer else (0, {})
        memory = after_failure(memory, now=run.now, status=status, headers=headers)
        reading.may_pass = memory.next_poll_at is None and (answer is None or status >= 500)
        if catalog:
            catalog.keep_feed(memory, ())
        raise
    if catalog:
        body = None if answer.status == 304 else answer.body
        memory = after_success(memory, now=run.now, headers=answer.headers, body=body, ttl_s=ttl_s)
        catalog.keep_feed(memory, reading.stored)
    if answer.moved_to:
        reading.notes += (f"has moved for good to {answer.moved_to}; write that in the profile",)


def _waits(reading: FeedResult, run: GatherRun) -> bool:
    """Whether a pause of the feed or its host forbids a request; the reason is in `reading`."""
    memory = reading.memory
    if (
        (until := memory.next_poll_at)
        and not is_due(memory, now=run.now)
        and (reading.known or memory.failures)
    ):
        if memory.failures:
            reading.state = FeedState.PAUSED
            reading.reason = f"it failed before; it is tried again at {until:%H:%M} UTC"
        else:
            reading.state = FeedState.UNCHANGED
            reading.notes = (f"not due before {until:%H:%M} UTC",)
        return True
    if until := run.troubles.closed_until(reading.feed.url):
        reading.state = FeedState.PAUSED
        reading.reason = f"its host refuses more requests; it is tried again at {until:%H:%M} UTC"
    return until is not None


async def _ask(reading: FeedResult, run: GatherRun) -> HttpResponse:
    headers = conditional_headers(reading.memory, now=run.now) if reading.known else {}
    if not reading.known:
        await run.readers.start_early()
    answer = await run.fetcher.fetch(
        reading.feed.url, limit_mb=run.options.feed_mb, private=reading.private, headers=headers
    )
    run.troubles.respect_retry_after(answer)
    reading.bytes_read = len(answer.body)
    if answer.status == 304 and not headers:
        raise FetchError(answer.url, "answered 304 (not modified) instead of a feed; trying again later")
    return answer


async def _accept(reading: FeedResult, run: GatherRun, answer: HttpResponse) -> float:
    """Take the articles of an answer; returns the time to live in seconds that the feed asks for."""
    is_same = bool(reading.known) and body_hash(answer.body) == reading.memory.body_sha256
    if answer.status == 304 or is_same:
        reading.state, reading.articles = FeedState.UNCHANGED, reading.known
        return 0.0
    if not 200 <= answer.status < 300:
        raise FetchError(answer.url, explain_status(answer.status))
    return await _take_in(reading, run, answer.body, base=answer.url, charset=answer.charset)


async def _take_in(
    reading: FeedResult, run: GatherRun, body: bytes, *, base: str = "", charset: str = ""
) -> float:
    try:
        document = await run.readers.read_feed(body, url=base or reading.feed.url, charset=charset)
    except WorkerError as error:
        if error.is_its_fault:
            run.troubles.set_suspect(reading.feed.url, is_suspect=True)
        raise
    run.troubles.set_suspect(reading.feed.url, is_suspect=False)
    articles, notes = adapt_for_all(document, reading.feed, now=run.now, base=base, known=reading.known)
    reading.stored, reading.forecast = articles, document.forecast
    reading.articles = tuple(relabel(article, reading.feed) for article in articles)
    reading.notes += (*document.notes, *notes)
    reading.state = FeedState.OK if articles else FeedState.EMPTY
    if not articles:
        reading.reason = "the feed holds no entry now"
    return document.ttl_s


def explain_status(status: int) -> str:
    """Meaning of an HTTP status for the station, with the remedy."""
    if status in _REMEDIES:
        return f"answered {status}: {_REMEDIES[status]}"
    if status >= 500:
        return f"answered {status}: the server is broken; it is tried again next time"
    return f"answered {status}; open the address in a browser to see why"


def stand_in(reading: FeedResult, *, now: datetime) -> None:
    """Replace a failed feed by its articles of the last good read: one failure takes no story off the air."""
    checked_at = reading.memory.checked_at
    if not reading.known or checked_at is None or now - checked_at > _STILL_GOOD:
        return
    reading.articles = reading.known
    minutes = int((now - checked_at).total_seconds() // 60)
    age = f"{minutes} minutes ago" if minutes >= 0 else "the last read, by a fast clock,"
    reading.notes += (f"its articles of {age} are used",)


def note_timeout(reading: FeedResult, budget_s: float) -> None:
    """Time is up: a feed that was read keeps its articles, without the last pages; another has failed."""
    late = f"the {budget_s:g} s for all feeds were over"
    if reading.is_done:
        reading.notes += (f"some pages were not read: {late}",)
    else:
        reading.reason = f"{late} before it was read; raise [fetch] budget_s, or drop slow feeds"
