"""Address of a site -> its feeds."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin

from bulletin.articles.feed_document import FeedDocument, FeedHint
from bulletin.articles.feed_reader import explain_status
from bulletin.articles.fetching.guarded_fetch import Fetcher
from bulletin.articles.fetching.http_response import HttpResponse
from bulletin.articles.fetching.ssrf_guard import GuardedTarget, read_url
from bulletin.articles.worker.parser_process import WorkerError
from bulletin.articles.worker.worker_pool import WorkerPool
from bulletin.config.profile_options import FetchOptions
from bulletin.errors import ArticleError, FetchError
from bulletin.runtime.deadline import Deadline

_COMMON_PATHS = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json", "/feeds")
"""Where WordPress, Hugo, Jekyll and most newspapers' systems have theirs."""
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


@dataclass(slots=True, kw_only=True)
class _Search:
    fetcher: Fetcher
    readers: WorkerPool
    options: FetchOptions
    private: GuardedTarget | None


def discover_feeds(url: str, *, options: FetchOptions, is_private: bool = False) -> tuple[FoundFeed, ...]:
    """
    Find the feeds of the site at `url`, the site's main feed first.

    The address may be a feed itself; else the feeds that its page names are read, and only without any the usual
    paths. An address without a scheme is asked by https. `is_private` allows an address of the station's own
    network. Raises FetchError when the site cannot be read.
    """
    address = url.strip() if "://" in url else f"https://{url.strip()}"
    return asyncio.run(_discover(address, options=options, is_private=is_private))


async def _discover(url: str, *, options: FetchOptions, is_private: bool) -> tuple[FoundFeed, ...]:
    target = read_url(url)
    until = Deadline.after(options.budget_s)
    async with WorkerPool(until=until) as readers, Fetcher(options, to_allow=_TO_ALLOW) as fetcher:
        search = _Search(
            fetcher=fetcher, readers=readers, options=options, private=target if is_private else None
        )
        try:
            async with asyncio.timeout(options.budget_s):
                return await _search(url, search)
        except TimeoutError as error:
            raise FetchError(url, f"its feeds were not found within {options.budget_s:g} s") from error


async def _search(url: str, search: _Search) -> tuple[FoundFeed, ...]:
    answer = await _get(url, search)
    document = await _read(answer, search)
    if document is not None:
        return (_to_found(answer.url, document),)
    try:
        hints = await search.readers.find_hints(answer.body, url=answer.url, charset=answer.charset)
    except WorkerError as error:
        raise FetchError(url, f"its page cannot be read: {error}") from error
    named = await _try_all(hints, search)
    if named:
        return named
    guesses = [FeedHint(url=urljoin(answer.url, path)) for path in _COMMON_PATHS]
    return (await _try_all(guesses, search))[:1]


async def _get(url: str, search: _Search) -> HttpResponse:
    answer = await search.fetcher.fetch(url, limit_mb=search.options.feed_mb, private=search.private)
    if not 200 <= answer.status < 300:
        raise FetchError(url, explain_status(answer.status))
    return answer


async def _read(answer: HttpResponse, search: _Search) -> FeedDocument | None:
    try:
        return await search.readers.read_feed(answer.body, url=answer.url, charset=answer.charset)
    except (ArticleError, WorkerError):
        return None


async def _try_all(hints: Sequence[FeedHint], search: _Search) -> tuple[FoundFeed, ...]:
    """Read the hints side by side; those that are no feeds are left out."""
    tried = await asyncio.gather(*(_try(hint, search) for hint in hints[:_MOST_TRIED]))
    return tuple({feed.url: feed for feed in tried if feed is not None}.values())


async def _try(hint: FeedHint, search: _Search) -> FoundFeed | None:
    try:
        answer = await _get(hint.url, search)
    except FetchError:
        return None
    document = await _read(answer, search)
    return _to_found(answer.url, document, title=hint.title) if document else None


def _to_found(url: str, document: FeedDocument, *, title: str = "") -> FoundFeed:
    return FoundFeed(
        url=url,
        title=document.title or title,
        entries=len(document.entries),
        newest=max((e.published for e in document.entries if e.published), default=None),
        language=document.language,
    )
