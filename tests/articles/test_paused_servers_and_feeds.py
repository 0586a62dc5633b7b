"""Pauses of hosts and feeds, shared by all runs on the same archive."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bulletin.archive.archive import Archive
from bulletin.articles.fetching.http_response import HttpResponse
from bulletin.articles.gather_articles import gather_articles
from bulletin.articles.paused_servers_and_feeds import KnownTroubles
from bulletin.config.profile_options import FetchOptions
from bulletin.model import Feed, FeedState
from tests.articles.feed_texts import item, rss
from tests.articles.site import Site
from tests.support.factories import NOW

MINUTE = timedelta(minutes=1)


def feed(url: str) -> Feed:
    return Feed(url=url, name=url.rpartition("/")[2], is_private=True, fetches_pages=False)


@pytest.mark.slow
@pytest.mark.parametrize("is_another_process", [False, True])
def test_a_pause_of_a_host_is_for_all_stations_of_an_archive(
    site: Site, tmp_path: Path, is_another_process: bool
) -> None:
    """Another process opens its own connections to the same file."""
    options, path = FetchOptions(host_gap_s=0.0), tmp_path / "archive.sqlite"
    site.reply("/busy", status=503, headers={"Retry-After": "1800"})
    site.reply("/other", rss(item("Fire", n=9)))
    with Archive.open(path) as first, Archive.open(path) as second:
        another = second if is_another_process else first
        gather_articles([feed(site.url("/busy"))], now=NOW, options=options, catalog=first)

        paused = gather_articles(
            [feed(site.url("/other"))], now=NOW + 20 * MINUTE, options=options, catalog=another
        )
        later = gather_articles(
            [feed(site.url("/other"))], now=NOW + 40 * MINUTE, options=options, catalog=another
        )

    assert [gathered.reports[0].state for gathered in (paused, later)] == [FeedState.PAUSED, FeedState.OK]
    assert site.paths() == ["/busy", "/other"]


def test_a_pause_found_by_another_station_counts_in_a_running_run(site: Site, tmp_path: Path) -> None:
    """The host was open at the first look; then another station gets a 429."""
    with Archive.open(tmp_path / "archive.sqlite") as archive:
        mine, theirs = (KnownTroubles(catalog=archive, now=NOW) for _ in range(2))
        assert mine.closed_until(site.url("/one")) is None

        theirs.respect_retry_after(
            HttpResponse(url=site.url("/two"), status=429, headers={"retry-after": "1200"})
        )

        assert mine.closed_until(site.url("/one")) == NOW + 20 * MINUTE
