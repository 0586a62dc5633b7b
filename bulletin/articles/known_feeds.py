"""Feeds that the pieces of a group have read -> FeedResults of a station, without a request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from bulletin.archive.record_dataclasses import Catalog, FeedMemory
from bulletin.articles.feeds.feed_to_articles import relabel
from bulletin.articles.fetch_full_text import use_known_pages
from bulletin.articles.parsed_feed import Forecast
from bulletin.articles.read_one_feed import FeedResult, stand_in
from bulletin.articles.weather.forecast_to_articles import report_forecast
from bulletin.articles.worker.parser_process import pack, unpack
from bulletin.model import Article, Feed, FeedState
from bulletin.runtime.redact_secrets import hide

_MOST_FEEDS = 1000
"""Feeds whose articles stay in memory."""


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


class KnownFeeds:
    """Articles of feeds in the catalog; those of unchanged feeds stay in memory for the next station."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._lock = Lock()
        self._articles: dict[str, tuple[FeedMemory, tuple[Article, ...]]] = {}

    def read(self, feeds: Sequence[Feed], *, now: datetime) -> list[FeedResult]:
        """Each feed as it was read last, with the profile's options, and the known pages. Raises ArchiveError."""
        return [self._read_one(feed, now=now) for feed in feeds]

    def _read_one(self, feed: Feed, *, now: datetime) -> FeedResult:
        reading = FeedResult(feed=feed, is_done=True)
        reading.memory = self._catalog.feed_memory(feed.url) or reading.memory
        reading.known = tuple(relabel(article, feed) for article in self._stored(reading.memory))
        key = _outcome_key(feed.url)
        outcome = _read_outcome(self._stored(self._catalog.feed_memory(key) or FeedMemory(url=key)))
        if outcome is None:
            reading.reason = "no worker has read it yet; `bulletin group status` tells whether one is at work"
            stand_in(reading, now=now)
            return reading
        if outcome.forecast:
            reading.known, _ = report_forecast(outcome.forecast, feed, now=now)
        reading.state, reading.reason = outcome.state, outcome.reason
        reading.notes, reading.bytes_read = outcome.notes, outcome.bytes_read
        if reading.state is FeedState.FAILED:
            # the notes of the reading tell how old its articles were then
            reading.notes = ()
            stand_in(reading, now=now)
        else:
            reading.articles = reading.known
        if feed.fetches_pages:
            use_known_pages(reading, catalog=self._catalog, now=now)
        return reading

    def _stored(self, memory: FeedMemory) -> tuple[Article, ...]:
        """The articles of a feed, from memory where it has not been read anew."""
        with self._lock:
            kept, articles = self._articles.get(memory.url, (None, ()))
        if kept == memory:
            return articles
        articles = self._catalog.articles_of(memory.url)
        with self._lock:
            self._articles.pop(memory.url, None)
            self._articles[memory.url] = memory, articles
            while len(self._articles) > _MOST_FEEDS:
                del self._articles[next(iter(self._articles))]
        return articles


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
