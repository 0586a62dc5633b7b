"""Feeds that the pieces of a group have read -> FeedResults of a station, without a request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import TypeVar

from bulletin.archive.record_dataclasses import Catalog, FeedMemory
from bulletin.articles.feeds.feed_to_articles import relabel
from bulletin.articles.fetch_full_text import use_known_pages
from bulletin.articles.parsed_feed import Forecast
from bulletin.articles.read_one_feed import FeedResult, stand_in
from bulletin.articles.weather.forecast_to_articles import report_forecast
from bulletin.articles.worker.parser_process import pack, unpack
from bulletin.model import Article, Feed, FeedState
from bulletin.runtime.redact_secrets import hide

_MOST_FEEDS = 2000
"""Feeds whose articles stay in memory: with all their texts some 50 MB."""
_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    """What became of a feed when it was read for all."""

    state: FeedState
    reason: str = ""
    notes: tuple[str, ...] = ()
    bytes_read: int = 0
    forecast: Forecast | None = None


def keep_outcome(reading: FeedResult, *, catalog: Catalog, now: datetime) -> None:
    """Record what became of a feed, for the reports of the stations that use it. Raises ArchiveError."""
    key, forecast = _outcome_key(reading.feed.url), reading.forecast
    if forecast is None and reading.state is not FeedState.OK:
        before = _read_outcome(catalog.articles_of(key))
        forecast = before.forecast if before else None
    outcome = _Outcome(
        state=reading.state,
        reason=hide(reading.reason),
        notes=tuple(map(hide, reading.notes)),
        bytes_read=reading.bytes_read,
        forecast=forecast,
    )
    text = pack(outcome).decode()
    article = Article(id="outcome", feed="", title="", summary="", text=text, published=now)
    # with both dates, so that retention deletes it like an unused feed
    catalog.keep_feed(FeedMemory(url=key, checked_at=now, next_poll_at=now), (article,))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ready:
    """Articles of a feed with the options of a profile, and with the pages that were known."""

    stamp: tuple[FeedMemory, FeedMemory]
    """The feed and its outcome when they were made."""
    articles: tuple[Article, ...]
    missing: frozenset[str]
    """Links of short articles whose pages were not known."""


class KnownFeeds:
    """
    Articles of feeds in the catalog.

    Those of unchanged feeds stay in memory: for the next station with the same options of the feed they are the same.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._lock = Lock()
        self._stored: dict[str, tuple[FeedMemory, tuple[Article, ...]]] = {}
        self._ready: dict[Feed, _Ready] = {}

    def read(self, feeds: Sequence[Feed], *, now: datetime) -> list[FeedResult]:
        """Each feed as it was read last, with the profile's options, and the known pages. Raises ArchiveError."""
        urls = [name for feed in feeds for name in (feed.url, _outcome_key(feed.url))]
        memories = self._catalog.feed_memories(urls)
        return [self._read_one(feed, memories, now=now) for feed in feeds]

    def _read_one(self, feed: Feed, memories: Mapping[str, FeedMemory], *, now: datetime) -> FeedResult:
        reading, key = FeedResult(feed=feed, is_done=True), _outcome_key(feed.url)
        reading.memory = memories.get(feed.url, reading.memory)
        kept = memories.get(key)
        outcome = _read_outcome(self._articles_of(key, kept)) if kept else None
        if kept is None or outcome is None:
            reading.reason = "no worker has read it yet; `bulletin group status` tells whether one is at work"
            reading.known = self._relabelled(reading)
            stand_in(reading, now=now)
            return reading
        reading.state, reading.reason = outcome.state, outcome.reason
        reading.notes, reading.bytes_read = outcome.notes, outcome.bytes_read
        if outcome.forecast:
            reading.articles = reading.known = report_forecast(outcome.forecast, feed, now=now)[0]
        if reading.state is FeedState.FAILED:
            # the notes of the reading tell how old its articles were then
            reading.notes, reading.articles = (), ()
            reading.known = reading.known or self._relabelled(reading)
            stand_in(reading, now=now)
            use_known_pages(reading, catalog=self._catalog, now=now)
        elif not outcome.forecast:
            self._take_ready(reading, (reading.memory, kept), now=now)
        return reading

    def _take_ready(
        self, reading: FeedResult, stamp: tuple[FeedMemory, FeedMemory], *, now: datetime
    ) -> None:
        """The articles with the pages that are known, from memory where the feed has not been read anew."""
        feed = reading.feed
        with self._lock:
            ready = self._ready.get(feed)
        if ready is None or ready.stamp != stamp:
            reading.articles = self._relabelled(reading)
            missing = use_known_pages(reading, catalog=self._catalog, now=now) if feed.fetches_pages else ()
        elif ready.missing:
            reading.articles = ready.articles
            missing = use_known_pages(reading, catalog=self._catalog, now=now, links=ready.missing)
        else:
            reading.articles = ready.articles
            return
        ready = _Ready(stamp=stamp, articles=reading.articles, missing=frozenset(missing))
        with self._lock:
            _keep(self._ready, feed, ready)

    def _relabelled(self, reading: FeedResult) -> tuple[Article, ...]:
        stored = self._articles_of(reading.feed.url, reading.memory)
        return tuple(relabel(article, reading.feed) for article in stored)

    def _articles_of(self, url: str, memory: FeedMemory) -> tuple[Article, ...]:
        """The articles of a feed, from memory where it has not been read anew."""
        with self._lock:
            kept, articles = self._stored.get(url, (None, ()))
        if kept == memory:
            return articles
        articles = self._catalog.articles_of(url)
        with self._lock:
            _keep(self._stored, url, (memory, articles))
        return articles


def _keep(entries: dict[_Key, _Value], key: _Key, value: _Value) -> None:
    """Add an entry as the newest, and drop the oldest where there are too many."""
    entries.pop(key, None)
    entries[key] = value
    while len(entries) > _MOST_FEEDS:
        del entries[next(iter(entries))]


def _read_outcome(stored: Sequence[Article]) -> _Outcome | None:
    """The outcome in its row of the catalog; None: there is none, or one of another version."""
    try:
        outcome: _Outcome | None = unpack(_Outcome, stored[0].text.encode()) if stored else None
    except ValueError:
        return None
    return outcome


def _outcome_key(url: str) -> str:
    """Name in the catalog: no address has a space, so no feed has it."""
    return f"outcome {url}"
