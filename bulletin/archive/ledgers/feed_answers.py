"""Answers of a station's feeds in the last week: when each was asked, and whether it answered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, or_
from sqlalchemy.dialects.sqlite import insert

from bulletin.archive.database.newsroom_tables import feed_answers
from bulletin.archive.retry_after_archive_repair import Ledger
from bulletin.model import FeedReport

KEPT = timedelta(days=8)
"""A week, and the day that has begun."""
_T = feed_answers.c


class FeedAnswers(Ledger):
    """Recorder of answers; `FeedHealth` reads them. Every method raises ArchiveError, as the archive's do."""

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
