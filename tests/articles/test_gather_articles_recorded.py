"""48 recorded feeds of real publishers; their text is not part of the project."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bulletin.articles.gather_articles import gather_articles
from bulletin.config.profile_options import FetchOptions
from bulletin.model import Feed, FeedState, Gathered
from tests.articles.site import Site

RECORDED = Path(__file__).parents[2].parent / "shared" / "data" / "feeds" / "recorded"
NOW = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
MARKS = ("<p>", "</", "<br", "<!--", "&nbsp;", "&amp;", "&#")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not RECORDED.is_dir(), reason="the recorded feeds are not here"),
]


@pytest.fixture(scope="module")
def gathered() -> Gathered:
    with Site() as site:
        feeds = []
        for number, path in enumerate(sorted(p for p in RECORDED.iterdir() if p.suffix != ".csv")):
            kind = "application/json" if path.suffix == ".json" else "application/xml"
            url = site.reply(f"/{number}", path.read_bytes(), headers={"Content-Type": kind})
            feeds.append(Feed(url=url, name=path.name, is_private=True, fetches_pages=False))
        options = FetchOptions(host_gap_s=0, timeout_s=20, budget_s=120)
        return gather_articles(feeds, now=NOW, options=options)


def test_every_recorded_feed_is_read(gathered: Gathered) -> None:
    assert len(gathered.reports) == 48
    assert [r.feed.name for r in gathered.reports if r.state is not FeedState.OK or not r.articles] == []
    assert sum(report.articles for report in gathered.reports) >= 1500


def test_every_article_is_plain_and_named(gathered: Gathered) -> None:
    for article in gathered.articles:
        assert article.id
        assert article.title
        assert article.title == " ".join(article.title.split())
        if "journal.3960.org" not in article.feed:  # a web developer who writes about markup
            assert not any(mark in article.title + article.text for mark in MARKS)
        assert article.link.startswith(("http://", "https://")) or not article.link
        assert NOW - timedelta(days=365 * 31) < article.published <= NOW


def test_no_article_is_listed_twice(gathered: Gathered) -> None:
    ids = [article.id for article in gathered.articles]

    assert len(ids) == len(set(ids))


def test_nearly_all_dates_are_read(gathered: Gathered) -> None:
    """Two feeds (RSS 0.90 and 0.92) have no dates; in the others at most 1 % of entries lack one."""
    dated: dict[str, list[bool]] = {}
    for article in gathered.articles:
        dated.setdefault(article.feed, []).append(article.is_dated)
    without = [name for name, flags in dated.items() if not any(flags)]
    others = [is_dated for name, flags in dated.items() if name not in without for is_dated in flags]

    assert len(without) == 2
    assert sum(others) >= 0.99 * len(others)


def test_languages_are_those_of_the_publishers(gathered: Gathered) -> None:
    language = {article.feed.split("_")[0]: article.language for article in gathered.articles}

    assert language["www.bbc.com"] == "en-GB"
    assert language["www.nytimes.com"] == "en-US"
    assert language["www.lefigaro.fr"] == "fr"
    assert language["www.varthabharati.in"] == "kn"
