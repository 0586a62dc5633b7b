"""Articles with few words -> the same with the text of their pages."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Collection
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bulletin.archive.record_dataclasses import Catalog, PageMemory
from bulletin.articles.feeds.feed_entry_identity import canonical
from bulletin.articles.fetching.http_response import HttpResponse
from bulletin.articles.fetching.ssrf_guard import GuardedTarget, check_url, is_own
from bulletin.articles.markup.keep_text_in_station_language import keep_language
from bulletin.articles.parsed_feed import PART, PageText
from bulletin.articles.read_one_feed import FeedResult, GatherRun, explain_status, read_local
from bulletin.articles.worker.parser_process import WorkerError
from bulletin.errors import ArticleError, FetchError
from bulletin.model import Article
from bulletin.runtime.redact_secrets import HIDDEN

_SHORT_WORDS = 120
"""The longest cut of a story is 35 seconds: to an article of more words a page adds nothing."""
_OLDEST = timedelta(hours=48)
_PASSING = {408, 425, 429}
"""Temporary statuses below 500; from 500 on all are temporary."""


_Page = PageText | PageMemory


async def read_pages(reading: FeedResult, run: GatherRun) -> None:
    """Read the pages of the feed's newest short articles; `reading.articles` grows page by page."""
    feed = reading.feed
    folder = feed.recording.pages if feed.recording else None
    short = _short_articles(reading.articles, run.now)
    if folder:
        short = [
            article for article in short if (name := page_name(article.link)) and (folder / name).is_file()
        ]
    elif feed.recording or not feed.fetches_pages:
        return
    else:
        short = _use_memory(reading, run.catalog, short)[: run.options.pages_per_feed]
    outcomes: Counter[str] = Counter()
    await asyncio.gather(*(_read_page(article, reading, run, folder, outcomes) for article in short))
    read, parts = outcomes.pop("", 0), outcomes.pop(PART, 0)
    notes = [f"{read + parts} read"]
    if parts:
        notes.append(f"{parts} of them in part ({PART})")
    if outcomes:
        reason, count = outcomes.most_common(1)[0]
        notes.append(f"{outcomes.total()} without an article ({count}: {reason.split(';')[0]})")
    if len(notes) > 1:
        reading.notes += (f"pages: {', '.join(notes)}",)


def missing_pages(reading: FeedResult, run: GatherRun) -> list[Article]:
    """The newest short articles whose pages the catalog does not have, as many as the options allow."""
    short = _short_articles(reading.articles, run.now)
    return _use_memory(reading, run.catalog, short)[: run.options.pages_per_feed]


def use_known_pages(
    reading: FeedResult, *, catalog: Catalog, now: datetime, links: Collection[str] | None = None
) -> list[str]:
    """
    Give the articles of the feed the text of the pages that the catalog has; return the links of the others.

    `links` are the pages to look for; by default those of all short articles.
    """
    short = _short_articles(reading.articles, now)
    wanted = [article for article in short if links is None or article.link in links]
    return [article.link for article in _use_memory(reading, catalog, wanted)]


def _short_articles(articles: tuple[Article, ...], now: datetime) -> list[Article]:
    """Recent articles with few words and a page, newest first."""
    short = [
        a
        for a in articles
        if a.link and not a.from_page and not a.is_forecast and len(a.text.split()) < _SHORT_WORDS
    ]
    recent = [a for a in short if now - a.published <= _OLDEST]
    return sorted(recent, key=lambda a: (-a.published.timestamp(), a.position))


def _use_memory(reading: FeedResult, catalog: Catalog | None, articles: list[Article]) -> list[Article]:
    """Apply the pages that the catalog has; returns the articles whose pages must be fetched."""
    pages = catalog.pages([article.link for article in articles]) if catalog and articles else {}
    for article in articles:
        if known := pages.get(article.link):
            _apply(reading, article, _in_language(known, reading))
    # an address without its secret cannot be asked
    return [a for a in articles if a.link not in pages and HIDDEN not in a.link]


async def _read_page(
    article: Article, reading: FeedResult, run: GatherRun, folder: Path | None, outcomes: Counter[str]
) -> None:
    """Read a page from the recording's `folder`, or its address."""
    try:
        if folder is None:
            page: _Page = await _page_once(article, reading, run)
        else:
            page = await _read_recorded_page(folder / page_name(article.link), article, run)
    except (ArticleError, WorkerError) as error:
        outcomes[error.reason] += 1
        return
    page = _in_language(page, reading)
    outcomes[page.reason] += 1
    _apply(reading, article, page)


async def _read_recorded_page(path: Path, article: Article, run: GatherRun) -> PageText | PageMemory:
    """Read a page of a recording; the catalog's key is a hash: an edited recording keeps its link."""
    body = await asyncio.to_thread(read_local, path, limit_mb=run.options.page_mb)
    key = "recording:" + sha256(article.title.encode(errors="replace") + b"\0" + body).hexdigest()
    if run.catalog and (known := run.catalog.pages([key]).get(key)):
        return known
    page = await _extract(body, article, run)
    _store(key, page, run)
    return page


async def _page_once(article: Article, reading: FeedResult, run: GatherRun) -> PageText:
    """Fetch the page; two feeds with one link share it."""
    key = canonical(article.link)
    if key not in run.pages:
        run.pages[key] = asyncio.create_task(fetch_page(article, run, private=reading.private))
    return await asyncio.shield(run.pages[key])


async def fetch_page(article: Article, run: GatherRun, *, private: GuardedTarget | None) -> PageText:
    """
    Fetch the page of an article and store it; `private` is the feed of the station's own network that names it.

    Raises FetchError and WorkerError where another try may succeed.
    """
    target = check_url(article.link, private=private)
    if run.troubles.closed_until(article.link):
        raise FetchError(article.link, "the server asked for fewer requests; trying again later")
    answer = await run.fetcher.fetch(
        article.link, limit_mb=run.options.page_mb, private=private if is_own(target, private) else None
    )
    run.troubles.respect_retry_after(answer)
    page = await _read_answer(answer, article, run)
    _store(article.link, page, run)
    return page


def _store(link: str, page: PageText, run: GatherRun) -> None:
    if run.catalog:
        run.catalog.keep_page(PageMemory(link=link, fetched_at=run.now, **asdict(page)))


async def _read_answer(answer: HttpResponse, article: Article, run: GatherRun) -> PageText:
    if not 200 <= answer.status < 300:
        reason = explain_status(answer.status).split(":")[0].split(";")[0]
        if answer.status >= 500 or answer.status in _PASSING:
            raise FetchError(article.link, reason)
        return PageText(reason=reason)
    kind = answer.headers.get("content-type", "text/html").split(";")[0].strip().lower()
    if "html" not in kind and "text/plain" not in kind:
        return PageText(reason=f"is not a web page but {kind[:40]}")
    return await _extract(answer.body, article, run, charset=answer.charset)


async def _extract(body: bytes, article: Article, run: GatherRun, *, charset: str = "") -> PageText:
    return await run.readers.read_page(body, title=article.title, summary=article.summary, charset=charset)


def _in_language(page: _Page, reading: FeedResult) -> _Page:
    """The half of a page in two languages that is in the feed's: pages are stored for all profiles."""
    text = keep_language(page.text, language=reading.feed.language)
    if page.text and not text:
        return replace(page, text="", reason="the page is in two languages")
    return replace(page, text=text)


def page_name(link: str) -> str:
    """ "https://gazette.example/news/bridge?from=rss" -> "bridge.html"; empty where that is no file name."""
    name = unquote(Path(urlsplit(link).path).name).removesuffix(".html")
    return f"{name}.html" if re.fullmatch(r"[\w][\w.-]{0,120}", name) else ""


def _apply(reading: FeedResult, article: Article, page: PageText | PageMemory) -> None:
    """Take the page's section and type, and its text where it is longer than the feed's."""
    better = replace(article, page_section=page.section, page_type=page.page_type)
    if len(page.text.split()) > len(article.text.split()):
        better = replace(better, text=page.text, from_page=True)
    reading.articles = tuple(better if a.id == article.id else a for a in reading.articles)
