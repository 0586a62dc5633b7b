"""Address of a site -> its feeds."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from urllib.parse import urljoin

from bulletin.articles.fetching.http_fetcher import Fetcher
from bulletin.articles.fetching.http_response import HttpResponse
from bulletin.articles.fetching.share_requests_between_runs import ResponseCache
from bulletin.articles.fetching.ssrf_guard import GuardedTarget, read_url
from bulletin.articles.read_one_feed import explain_status
from bulletin.articles.worker.parser_process import WorkerError
from bulletin.articles.worker.parser_process_pool import WorkerPool
from bulletin.config.profile_options import FetchOptions
from bulletin.errors import ArticleError, FetchError
from bulletin.runtime.deadline import Deadline

_COMMON_PATHS = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json", "/feeds")
"""Paths of the feeds of WordPress, Hugo, Jekyll and most newspapers' systems."""
_MOST_TRIED = 12
_TO_ALLOW = "if it is a site of your own network: --private"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFeed:
    """A feed that was found and read."""

    url: str
    title: str
    entries: int
    newest: datetime | None = None
    """Aware, UTC."""
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Search:
    fetcher: Fetcher
    readers: WorkerPool
    limit_mb: float
    private: GuardedTarget | None

    async def read(self, url: str, title: str = "") -> tuple[HttpResponse, FoundFeed | None]:
        """Answer of an address, and its feed or None; `title` is for an untitled feed. Raises FetchError."""
        answer = await self.fetcher.fetch(url, limit_mb=self.limit_mb, private=self.private)
        if not 200 <= answer.status < 300:
            raise FetchError(url, explain_status(answer.status))
        try:
            document = await self.readers.read_feed(answer.body, url=answer.url, charset=answer.charset)
        except (ArticleError, WorkerError):
            return answer, None
        return answer, FoundFeed(
            url=answer.url,
            title=document.title or title,
            entries=len(document.entries),
            newest=max((e.published for e in document.entries if e.published), default=None),
            language=document.language,
        )

    async def read_all(self, hints: Iterable[tuple[str, str]]) -> tuple[FoundFeed, ...]:
        """Read addresses with their titles side by side; addresses without a feed are left out."""
        reads = (self.read(url, title) for url, title in islice(hints, _MOST_TRIED))
        results = await asyncio.gather(*reads, return_exceptions=True)
        feeds = [result[1] for result in results if isinstance(result, tuple)]
        return tuple({feed.url: feed for feed in feeds if feed}.values())


def discover_feeds(
    url: str,
    *,
    options: FetchOptions,
    answers: ResponseCache | None = None,
    is_private: bool = False,
    to_allow: str = _TO_ALLOW,
) -> tuple[FoundFeed, ...]:
    """
    Find the feeds of the site at `url`, the site's main feed first.

    The address may be a feed itself; else the feeds that its page names are read. A page without feeds is
    searched by the usual paths. An address without a scheme gets https. `is_private` allows an address of the
    station's own network; `to_allow` says to the user how to allow one. `answers` has the turns of the hosts, where
    others ask them, too. Raises FetchError when the site cannot be read.
    """
    address = url.strip() if "://" in url else f"https://{url.strip()}"
    fetcher = Fetcher(options, answers=answers, to_allow=to_allow)
    try:
        return asyncio.run(_discover(address, fetcher=fetcher, options=options, is_private=is_private))
    except TimeoutError as error:
        raise FetchError(address, f"no feed found in {options.budget_s:g} s; name the feed's URL") from error


async def _discover(
    url: str, *, fetcher: Fetcher, options: FetchOptions, is_private: bool
) -> tuple[FoundFeed, ...]:
    private = read_url(url) if is_private else None
    until = Deadline.after(options.budget_s)
    async with WorkerPool(until=until) as readers, fetcher:
        await readers.start_early()
        search = _Search(fetcher=fetcher, readers=readers, limit_mb=options.feed_mb, private=private)
        async with asyncio.timeout(options.budget_s):
            return await _search(url, search)


async def _search(url: str, search: _Search) -> tuple[FoundFeed, ...]:
    answer, feed = await search.read(url)
    if feed:
        return (feed,)
    try:
        hints = await search.readers.find_hints(answer.body, url=answer.url, charset=answer.charset)
    except WorkerError as error:
        raise FetchError(url, f"the page cannot be read ({error}); name the feed's URL") from error
    guesses = ((urljoin(answer.url, path), "") for path in _COMMON_PATHS)
    return await search.read_all(hints.items()) or (await search.read_all(guesses))[:1]
