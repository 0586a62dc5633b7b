"""Answers of feeds over some days, and their last items; read with few queries."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import BigInteger, Integer, cast, extract, func, select

from bulletin.archive.database import newsroom_tables, tables
from bulletin.archive.retry_after_archive_repair import Ledger
from bulletin.model import FeedState
from bulletin.runtime.redact_secrets import hide

CELL_H = 3
"""Hours of one cell of the strip."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthCell:
    """Answers of a feed in three hours."""

    begins: datetime
    good: int
    """Answers with articles, or unchanged."""
    failed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedAnswer:
    """The last answer of a feed."""

    at: datetime
    state: str
    articles: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem:
    """An entry of a feed at its last good answer."""

    title: str
    link: str
    published: datetime


class FeedHealth(Ledger):
    """Rows about feeds that the newsroom shows. Every method raises ArchiveError."""

    def cells(self, station: str, *, since: datetime) -> Mapping[str, tuple[HealthCell, ...]]:
        """Name of each feed -> its cells from `since` on that have answers, oldest first."""
        table = newsroom_tables.feed_answers.c
        number = (cast(extract("epoch", table.at), BigInteger) // (3600 * CELL_H)).label("number")
        is_bad = table.state.in_((FeedState.FAILED, FeedState.EMPTY))
        failed = func.sum(cast(is_bad, Integer)).label("failed")
        query = (
            select(table.feed, number, func.count().label("answers"), failed)
            .where(table.station == station, table.at >= since)
            .group_by(table.feed, number)
            .order_by(table.feed, number)
        )
        cells: dict[str, list[HealthCell]] = {}
        with self._archive.reading() as connection:
            for feed, cell, answers, bad in connection.execute(query):
                begins = datetime.fromtimestamp(0, UTC) + timedelta(hours=int(cell) * CELL_H)
                cells.setdefault(feed, []).append(HealthCell(begins=begins, good=answers - bad, failed=bad))
        return {feed: tuple(of_feed) for feed, of_feed in cells.items()}

    def last_answers(self, station: str) -> Mapping[str, FeedAnswer]:
        """Name of each feed -> its last answer."""
        table = newsroom_tables.feed_answers.c
        last = (
            select(table.feed, func.max(table.at).label("at"))
            .where(table.station == station)
            .group_by(table.feed)
            .subquery()
        )
        query = select(table.feed, table.at, table.state, table.articles, table.reason).join_from(
            newsroom_tables.feed_answers, last, (table.feed == last.c.feed) & (table.at == last.c.at)
        )
        with self._archive.reading() as connection:
            return {
                row.feed: FeedAnswer(at=row.at, state=row.state, articles=row.articles, reason=row.reason)
                for row in connection.execute(query.where(table.station == station))
            }

    def last_items(self, urls: Collection[str], *, limit: int) -> Mapping[str, tuple[FeedItem, ...]]:
        """Address of each feed -> its first entries at the last good answer."""
        table = tables.articles.c
        addresses = {hide.address(url): url for url in urls}
        title, link = (table.article[name].as_string() for name in ("title", "link"))
        query = (
            select(table.feed_url, table.published, title.label("title"), link.label("link"))
            .where(table.feed_url.in_(addresses), table.place < limit)
            .order_by(table.feed_url, table.place)
        )
        items: dict[str, list[FeedItem]] = {}
        with self._archive.reading() as connection:
            for row in connection.execute(query):
                item = FeedItem(title=row.title or "", link=row.link or "", published=row.published)
                items.setdefault(addresses[row.feed_url], []).append(item)
        return {url: tuple(of_feed) for url, of_feed in items.items()}
