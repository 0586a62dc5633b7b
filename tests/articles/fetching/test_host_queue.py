"""Several runs side by side are as polite to a host as one: its pauses are for all of them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from bulletin.archive.archive import Archive
from bulletin.articles.fetching.host_backoff import HostBackoff
from bulletin.articles.fetching.http_response import HttpResponse
from bulletin.articles.fetching.response_cache import ResponseCache
from bulletin.articles.gather import gather_articles
from bulletin.config.profile_options import FetchOptions
from bulletin.model import Feed, FeedState, Gathered
from tests.articles.feed_texts import item, rss
from tests.articles.site import Site
from tests.support.factories import NOW

MINUTE = timedelta(minutes=1)


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


def feed(url: str) -> Feed:
    return Feed(url=url, name=url.rpartition("/")[2], is_private=True, fetches_pages=False)


def side_by_side(*runs: Callable[[], Gathered]) -> list[Gathered]:
    found: list[Gathered] = []
    threads = [threading.Thread(target=lambda run=run: found.append(run())) for run in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


@pytest.mark.slow
def test_two_stations_ask_a_host_one_after_the_other_with_a_pause(site: Site) -> None:
    options, answers = FetchOptions(host_gap_s=0.2), ResponseCache()
    urls = [site.reply(f"/{n}", rss(item(f"Story {n}", n=n)), drip_s=0.0005) for n in range(6)]

    def run(own: list[str]) -> Callable[[], Gathered]:
        feeds = [feed(url) for url in own]
        return lambda: gather_articles(feeds, now=NOW, options=options, answers=answers)

    began = time.monotonic()
    found = side_by_side(run(urls[:3]), run(urls[3:]))
    lasted_s = time.monotonic() - began

    assert [one.reached for one in found] == [3, 3]
    assert site.at_once == 1
    assert sorted(site.paths()) == [f"/{n}" for n in range(6)]
    assert lasted_s > 5 * options.host_gap_s


@pytest.mark.slow
def test_between_two_requests_to_a_host_lies_the_pause(site: Site) -> None:
    urls = [site.reply(f"/{n}", rss(item(f"Story {n}", n=n))) for n in range(4)]
    options = FetchOptions(host_gap_s=0.4)

    gather_articles([feed(url) for url in urls], now=NOW, options=options)

    assert len(site.asked) == 4
    assert all(later.at_s - one.at_s >= 0.4 for one, later in pairwise(site.asked))
    assert FetchOptions().host_gap_s >= 1.0


def test_a_host_that_has_refused_one_station_is_not_asked_by_another_that_is_under_way(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without an archive, so that only what the runs tell one another counts."""
    options, answers = FetchOptions(host_gap_s=0.1), ResponseCache(kept_s=0.0)
    both_began = threading.Event()
    begin_run = answers.turns.begin_run
    began: list[None] = []

    def note_run() -> None:
        begin_run()
        began.append(None)
        if len(began) == 2:
            both_began.set()

    monkeypatch.setattr(answers.turns, "begin_run", note_run)
    for n in range(8):
        site.reply(f"/{n}", status=429, headers={"Retry-After": "3600"}, after=both_began)

    def run(numbers: range) -> Callable[[], Gathered]:
        feeds = [feed(site.url(f"/{n}")) for n in numbers]
        return lambda: gather_articles(feeds, now=NOW, options=options, answers=answers)

    side_by_side(run(range(4)), run(range(4, 8)))
    assert len(site.asked) == 1

    run(range(4, 8))()
    assert len(site.asked) == 2, "what the next run must know stands in the archive"


@pytest.mark.parametrize("is_another_process", [False, True])
def test_a_pause_of_a_host_is_for_all_stations_of_an_archive(
    site: Site, tmp_path: Path, is_another_process: bool
) -> None:
    """Another process has connections of its own to the same file."""
    options, path = FetchOptions(host_gap_s=0.0), tmp_path / "archive.sqlite"
    site.reply("/busy", status=503, headers={"Retry-After": "1800"})
    site.reply("/other", rss(item("Fire", n=9)))
    with Archive.open(path) as one, Archive.open(path) as two:
        other = two if is_another_process else one
        gather_articles([feed(site.url("/busy"))], now=NOW, options=options, catalog=one)

        paused = gather_articles(
            [feed(site.url("/other"))], now=NOW + 20 * MINUTE, options=options, catalog=other
        )
        later = gather_articles(
            [feed(site.url("/other"))], now=NOW + 40 * MINUTE, options=options, catalog=other
        )

    assert [one.reports[0].state for one in (paused, later)] == [FeedState.PAUSED, FeedState.OK]
    assert site.paths() == ["/busy", "/other"]


def test_what_another_station_is_told_counts_in_a_run_that_has_begun(site: Site, tmp_path: Path) -> None:
    """The first look at the host found it open; while the run waits for its turn, another one is refused."""
    with Archive.open(tmp_path / "archive.sqlite") as archive:
        mine, theirs = HostBackoff(archive, now=NOW), HostBackoff(archive, now=NOW)
        assert mine.closed_until(site.url("/one")) is None

        theirs.respect_retry_after(
            HttpResponse(url=site.url("/two"), status=429, headers={"retry-after": "1200"})
        )

        assert mine.closed_until(site.url("/one")) == NOW + 20 * MINUTE
