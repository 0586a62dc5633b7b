"""FeedResults -> Gathered: the articles of all feeds, each once, and a report of each feed."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace

from bulletin.articles.read_one_feed import FeedResult
from bulletin.model import Article, FeedReport, Gathered

log = logging.getLogger(__name__)


def merge_readings(readings: Sequence[FeedResult]) -> Gathered:
    """The articles of all feeds, each once, and a report of each feed; nothing where no feed could be reached."""
    reports = tuple(_report(reading) for reading in readings)
    gathered = Gathered(articles=_merge(readings), reports=reports)
    if not gathered.reached:
        gathered = replace(gathered, articles=())
    counts = (len(gathered.articles), len(readings), gathered.reached)
    log.info("articles gathered: articles=%d feeds=%d reached=%d", *counts)
    return gathered


def _report(reading: FeedResult) -> FeedReport:
    return FeedReport(
        feed=reading.feed,
        state=reading.state,
        articles=len(reading.articles),
        newest=max((a.published for a in reading.articles if a.is_dated), default=None),
        reason=reading.reason,
        notes=reading.notes,
        seconds=round(reading.seconds, 3),
        bytes_read=reading.bytes_read,
    )


def _merge(readings: Sequence[FeedResult]) -> tuple[Article, ...]:
    """
    All articles in the order of their feeds; one of two feeds comes from the feed with more weight.

    A publisher's local and its national feed share entries; the same entry is not two sources.
    """
    articles = [article for reading in readings for article in reading.articles]
    taken: set[str] = set()
    chosen: set[int] = set()
    for article in sorted(articles, key=lambda article: -article.weight):
        names = (article.id, *article.aliases)
        if taken.isdisjoint(names):
            taken.update(names)
            chosen.add(id(article))
    return tuple(article for article in articles if id(article) in chosen)
