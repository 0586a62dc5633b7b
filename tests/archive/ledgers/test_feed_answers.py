"""
Feed health of a week: every answer is kept for eight days, without secrets.

Each test also runs on PostgreSQL (mark.clients).
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from bulletin.archive.archive import Archive
from bulletin.archive.database.newsroom_tables import feed_answers
from bulletin.archive.ledgers.feed_answers import FeedAnswers
from bulletin.archive.ledgers.feed_health import FeedHealth
from bulletin.model import Feed, FeedReport, FeedState
from tests.support.factories import NOW

DAY = timedelta(days=1)


def report(name: str, state: FeedState, **more: object) -> FeedReport:
    feed = Feed(name=name, url=f"https://{name}.example/feed?token=very-secret-token-1234")
    return FeedReport(feed=feed, state=state, **more)  # type: ignore[arg-type]


def test_answers_are_kept_for_eight_days(archive: Archive) -> None:
    answers = FeedAnswers(archive)
    failed = report("gazette", FeedState.FAILED, reason="timed out; check the network")
    answers.record("demo", [report("gazette", FeedState.OK, articles=7)], at=NOW)
    answers.record("demo", [failed], at=NOW + DAY)
    answers.record("other", [failed], at=NOW)

    health = FeedHealth(archive)
    assert [(cell.good, cell.failed) for cell in health.cells("demo", since=NOW)["gazette"]] == [
        (1, 0),
        (0, 1),
    ]
    assert health.last_answers("demo")["gazette"].reason == "timed out; check the network"

    answers.record("demo", [], at=NOW + 9 * DAY)
    assert [cell.failed for cell in health.cells("demo", since=NOW)["gazette"]] == [1]
    assert len(health.cells("other", since=NOW - DAY)["gazette"]) == 1


def test_a_secret_in_an_address_is_not_kept(archive: Archive) -> None:
    FeedAnswers(archive).record("demo", [report("gazette", FeedState.OK)], at=NOW)

    assert "very-secret" not in str(archive.scalar(select(feed_answers.c.url)))


def test_an_answer_of_a_clock_that_ran_ahead_does_not_stay(archive: Archive) -> None:
    answers = FeedAnswers(archive)
    answers.record("demo", [report("gazette", FeedState.OK)], at=NOW + 400 * DAY)

    answers.record("demo", [report("gazette", FeedState.FAILED)], at=NOW)

    assert FeedHealth(archive).last_answers("demo")["gazette"].state == FeedState.FAILED
