"""Answers of a station's feeds in the last week: when each was asked, and whether it answered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, func, or_, select
from sqlalchemy.dialects.sqlite import insert

from bulletin.archive.database.newsroom_tables import feed_answers
from bulletin.archive.database.rows_to_dataclasses import from_row
from bulletin.archive.retry_after_archive_repair import Ledger
from bulletin.model import FeedReport, FeedState

KEPT = timedelta(days=8)
"""A week, and the day that has begun."""
_T = feed_answers.c


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedAnswer:
    """Result of asking one feed once."""

    station: str
    feed: str
    """Name of the feed."""
    url: str
    """Its address, without secrets."""
    at: datetime
    """When the run that asked it began; aware, UTC."""
    state: FeedState
    articles: int
    reason: str = ""
    """Why it failed, with the remedy."""

    @property
    def is_good(self) -> bool:
        """Whether it answered as a feed does."""
        return self.state in (FeedState.OK, FeedState.UNCHANGED)


class FeedAnswers(Ledger):
    """Answers of feeds in an archive. Every method raises ArchiveError, as the archive's do."""

    def record(self, station: str, reports: Iterable[FeedReport], *, at: datetime) -> None:
        """Record the answers of one run, and delete those of more than eight days ago or of a clock ahead."""
        rows = [
            {
                "station": station,
                "feed": report.feed.name or report.feed.url,
                "url": report.feed.url,
                "at": at,
                "state": report.state,
                "articles": report.articles,
                "reason": report.reason,
            }
            for report in reports
        ]
        is_old = and_(_T.station == station, or_(_T.at < at - KEPT, _T.at > at + KEPT))
        with self._archive.writing() as connection:
            connection.execute(delete(feed_answers).where(is_old))
            if rows:
                connection.execute(insert(feed_answers).on_conflict_do_nothing(), rows)

    def week(self, station: str, *, since: datetime) -> tuple[FeedAnswer, ...]:
        """Answers from `since` on, by feed and then by time."""
        query = select(feed_answers).where(_T.station == station, _T.at >= since)
        return self._archive.select(query.order_by(_T.feed, _T.at), lambda row: from_row(FeedAnswer, row))

    def last(self, station: str) -> tuple[FeedAnswer, ...]:
        """The last answer of each feed."""
        newest = (
            select(_T.feed, func.max(_T.at).label("at"))
            .where(_T.station == station)
            .group_by(_T.feed)
            .subquery()
        )
        same = and_(_T.feed == newest.c.feed, _T.at == newest.c.at, _T.station == station)
        query = select(feed_answers).join(newest, same).order_by(_T.feed)
        return self._archive.select(query, lambda row: from_row(FeedAnswer, row))
