from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bulletin.archive.archive import Archive
from bulletin.articles.gather_articles import gather_articles
from bulletin.articles.paused_servers_and_feeds import KnownTroubles
from bulletin.config.profile_options import FetchOptions
from bulletin.model import Feed, FeedState, Gathered, Recording
from tests.articles.feed_texts import HEAVY, item, rss
from tests.articles.site import Site
from tests.support.factories import NOW

HOUR = timedelta(hours=1)
pytestmark = pytest.mark.usefixtures("lasting_workers")


def make_feed(url: str, name: str = "gazette", **changes: Any) -> Feed:
    """A feed on loopback, which must be marked private to be read."""
    fields = {"url": url, "name": name, "credit": "the Gazette", "is_private": True, "fetches_pages": False}
    return Feed(**(fields | changes))


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    archive = Archive.open(tmp_path / "archive.sqlite")
    yield archive
    archive.close()


@pytest.fixture
def gazette(tmp_path: Path) -> Path:
    path = tmp_path / "gazette.rss"
    path.write_text(rss(item("Bridge closes", n=1), item("Council meets", n=2)), "utf-8")
    return path


def test_feeds_become_articles(site: Site, options: FetchOptions, gazette: Path) -> None:
    url = site.reply("/feed", rss(item("Fire in a warehouse", n=9)))

    gathered = gather_articles(
        [make_feed(str(gazette)), make_feed(url, "valley", weight=2.0)], now=NOW, options=options
    )

    assert [(a.feed, a.title) for a in gathered.articles] == [
        ("gazette", "Bridge closes"),
        ("gazette", "Council meets"),
        ("valley", "Fire in a warehouse"),
    ]
    assert [(r.feed.name, r.state, r.articles, r.newest) for r in gathered.reports] == [
        ("gazette", FeedState.OK, 2, NOW - HOUR),
        ("valley", FeedState.OK, 1, NOW - HOUR),
    ]
    assert gathered.reports[1].bytes_read > 0
    assert gathered.reached == 2


def test_no_feed_is_no_error(options: FetchOptions) -> None:
    assert gather_articles([], now=NOW, options=options) == Gathered(articles=(), reports=())


def test_progress_reports_each_feed_once(gazette: Path, options: FetchOptions) -> None:
    steps: list[tuple[int, int, str]] = []

    feeds = [make_feed(str(gazette), "a"), make_feed("/nowhere.rss", "b")]
    gather_articles(feeds, now=NOW, options=options, progress=lambda *step: steps.append(step))

    assert [(done, total) for done, total, _ in steps] == [(1, 2), (2, 2)]
    assert {name for *_, name in steps} == {"a", "b"}


def test_one_bad_feed_does_not_stop_the_others(site: Site, options: FetchOptions, gazette: Path) -> None:
    site.reply("/broken", rss(item())[:80])
    site.reply("/html", "<!doctype html><html>maintenance</html>")
    site.reply("/gone", status=410)
    site.reply("/down", status=500)
    feeds = [make_feed(site.url(f"/{name}"), name) for name in ("html", "gone", "down", "missing", "broken")]

    gathered = gather_articles([*feeds, make_feed(str(gazette))], now=NOW, options=options)

    assert len(gathered.articles) == 2
    assert [report.state for report in gathered.reports[:4]] == [FeedState.FAILED] * 4
    assert [report.reason.split("; ")[0] for report in gathered.reports[:4]] == [
        "is a web page, not a feed",
        "answered 410: the feed has gone for good",
        "answered 500: the server is broken",
        "answered 404: the feed does not exist any more",
    ]
    assert gathered.reports[4].state is FeedState.EMPTY


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://127.0.0.1:9/feed", "cannot be reached"),
        ("ftp://news.example/feed", "only http and https"),
        ("http://user:pw@news.example/feed", "user name or password"),
        ("http://[::1", "not a valid address"),
        ("/nowhere/feed.rss", "no such file"),
        ("\0", "no such file|cannot be read"),
    ],
)
def test_an_invalid_address_is_a_report(url: str, reason: str, options: FetchOptions) -> None:
    gathered = gather_articles([make_feed(url)], now=NOW, options=options)

    assert gathered.reports[0].state is FeedState.FAILED
    assert any(part in gathered.reports[0].reason for part in reason.split("|"))


def test_a_public_feed_on_loopback_is_refused(site: Site, options: FetchOptions) -> None:
    url = site.reply("/feed", rss(item()))

    report = gather_articles([make_feed(url, is_private=False)], now=NOW, options=options).reports[0]

    assert "write private = true" in report.reason
    assert site.asked == []


def test_a_folder_and_a_large_file_are_reports(tmp_path: Path, options: FetchOptions) -> None:
    large = tmp_path / "large.rss"
    large.write_text(rss(item(words="word " * 50_000)), "utf-8")
    small = options.model_copy(update={"feed_mb": 0.1})

    feeds = [make_feed(str(tmp_path), "folder"), make_feed(str(large), "large")]
    reports = gather_articles(feeds, now=NOW, options=small).reports

    assert "is a folder" in reports[0].reason
    assert "larger than 0.1 MB" in reports[1].reason


@pytest.mark.skipif(sys.platform == "win32" or not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_not_waited_for(tmp_path: Path, options: FetchOptions) -> None:
    os.mkfifo(tmp_path / "pipe.rss")

    report = gather_articles([make_feed(str(tmp_path / "pipe.rss"))], now=NOW, options=options).reports[0]

    assert "no such file" in report.reason


def test_an_empty_feed_is_no_error(site: Site, options: FetchOptions) -> None:
    report = gather_articles([make_feed(site.reply("/feed", rss()))], now=NOW, options=options).reports[0]

    assert (report.state, report.reason) == (FeedState.EMPTY, "the feed holds no entry now")


def test_the_same_entry_in_two_feeds_is_kept_from_the_weightier(gazette: Path, tmp_path: Path) -> None:
    local = tmp_path / "local.rss"
    text = rss(item("Bridge closes", n=1)).replace(">g1<", ">https://gazette.example/1<")
    local.write_text(text, "utf-8")
    feeds = [make_feed(str(gazette)), make_feed(str(local), "local", weight=3.0)]

    gathered = gather_articles(feeds, now=NOW, options=FetchOptions())

    assert [(a.feed, a.title) for a in gathered.articles] == [
        ("gazette", "Council meets"),
        ("local", "Bridge closes"),
    ]


def test_a_recording_keeps_the_age_of_its_articles(gazette: Path, options: FetchOptions) -> None:
    feed = make_feed(str(gazette), recording=Recording(made_at=NOW))

    gathered = gather_articles([feed], now=NOW + 1000 * HOUR, options=options)

    assert [a.published for a in gathered.articles] == [NOW + 999 * HOUR] * 2


def test_an_unchanged_feed_is_remembered(site: Site, options: FetchOptions, archive: Archive) -> None:
    feed = make_feed(site.reply("/feed", rss(item()), etag='"1"'))
    first = gather_articles([feed], now=NOW, options=options, catalog=archive)

    again = gather_articles([feed], now=NOW + HOUR, options=options, catalog=archive)

    assert [asked.headers.get("if-none-match") for asked in site.asked] == [None, '"1"']
    assert again.reports[0].state is FeedState.UNCHANGED
    assert again.articles == first.articles


def test_the_same_body_with_another_etag_is_unchanged(
    site: Site, options: FetchOptions, archive: Archive
) -> None:
    feed = make_feed(site.reply("/feed", rss(item()), etag='"1"'))
    gather_articles([feed], now=NOW, options=options, catalog=archive)
    site.reply("/feed", rss(item()), etag='"2"')

    again = gather_articles([feed], now=NOW + HOUR, options=options, catalog=archive)

    assert again.reports[0].state is FeedState.UNCHANGED
    assert len(again.articles) == 1


def test_a_feed_fetched_a_moment_ago_is_not_fetched_again(
    site: Site, options: FetchOptions, archive: Archive
) -> None:
    feed = make_feed(site.reply("/feed", rss(item())))
    gather_articles([feed], now=NOW, options=options, catalog=archive)

    again = gather_articles(
        [replace(feed, category="local")], now=NOW + HOUR / 60, options=options, catalog=archive
    )

    assert len(site.asked) == 1
    assert [(a.title, a.category) for a in again.articles] == [("Bridge closes", "local")]


def test_a_failing_feed_is_replaced_by_its_last_articles(
    site: Site, options: FetchOptions, archive: Archive, gazette: Path
) -> None:
    feeds = [make_feed(site.reply("/feed", rss(item("Fire", n=9))), "valley"), make_feed(str(gazette))]
    gather_articles(feeds, now=NOW, options=options, catalog=archive)
    site.reply("/feed", status=500)

    soon, at_last, late, set_back = (
        gather_articles(feeds, now=NOW + hours * HOUR, options=options, catalog=archive)
        for hours in (1, 6, 6.01, -8)
    )

    assert soon.reports[0].state is FeedState.FAILED
    assert "by a fast clock" in set_back.reports[0].notes[0]
    assert soon.reports[0].notes == ("its articles of 60 minutes ago are used",)
    assert [a.title for a in soon.articles] == ["Fire", "Bridge closes", "Council meets"]
    assert at_last.articles == soon.articles
    assert [a.title for a in late.articles] == ["Bridge closes", "Council meets"]


@pytest.mark.slow
def test_a_feed_that_had_to_be_killed_is_read_last_the_next_time(
    options: FetchOptions, archive: Archive, gazette: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The feed is read last until it succeeds, since its publisher may repair it."""
    hostile = tmp_path / "hostile.rss"
    hostile.write_bytes(HEAVY)
    feeds = [make_feed(str(hostile), "hostile"), make_feed(str(gazette))]
    runs: list[list[str]] = []

    def read(number: int) -> Gathered:
        done: list[str] = []
        now = NOW + number * HOUR
        gathered = gather_articles(
            feeds, now=now, options=options, catalog=archive, progress=lambda n, of, name: done.append(name)
        )
        runs.append(done)
        return gathered

    with monkeypatch.context() as patched:
        patched.setattr("bulletin.articles.worker.parser_process_pool.FEED_S", 0.2)
        assert "more than 0.2 s of processor time" in read(1).reports[0].reason
        assert KnownTroubles(catalog=archive, now=NOW).is_suspect(str(hostile))
        read(2)
    hostile.write_bytes(gazette.read_bytes())
    mended = read(3)

    assert runs[1:] == [["gazette", "hostile"]] * 2
    assert [report.state for report in mended.reports] == [FeedState.OK] * 2
    assert not KnownTroubles(catalog=archive, now=NOW).is_suspect(str(hostile))
    assert archive.feed_memory(str(gazette))


def test_stored_articles_are_not_used_if_no_feed_is_reached(
    site: Site, options: FetchOptions, archive: Archive
) -> None:
    feed = make_feed(site.reply("/feed", rss(item())))
    gather_articles([feed], now=NOW, options=options, catalog=archive)
    site.reply("/feed", status=500)

    gathered = gather_articles([feed], now=NOW + HOUR, options=options, catalog=archive)

    assert (gathered.articles, gathered.reached) == ((), 0)


def test_retry_after_is_obeyed_in_the_next_run(site: Site, options: FetchOptions, archive: Archive) -> None:
    feed = make_feed(site.reply("/feed", status=429, headers={"Retry-After": "7200"}))
    gather_articles([feed], now=NOW, options=options, catalog=archive)

    report = gather_articles([feed], now=NOW + HOUR, options=options, catalog=archive).reports[0]

    assert (report.state, report.reason) == (
        FeedState.PAUSED,
        "it failed before; it is tried again at 09:00 UTC",
    )
    assert len(site.asked) == 1


@pytest.mark.parametrize("status", [429, 503])
def test_no_feed_of_a_host_with_retry_after_is_fetched(
    site: Site, options: FetchOptions, archive: Archive, status: int
) -> None:
    busy = make_feed(site.reply("/busy", status=status, headers={"Retry-After": "7200"}), "busy")
    other = make_feed(site.reply("/other", rss(item("Fire", n=9))), "other")
    gather_articles([busy], now=NOW, options=options, catalog=archive)

    paused = gather_articles([other, busy], now=NOW + HOUR, options=options, catalog=archive)
    later = gather_articles([other], now=NOW + 2.1 * HOUR, options=options, catalog=archive)

    assert [report.state for report in paused.reports] == [FeedState.PAUSED, FeedState.PAUSED]
    assert paused.reports[0].reason == "its host refuses more requests; it is tried again at 09:00 UTC"
    assert later.reports[0].state is FeedState.OK
    assert site.paths() == ["/busy", "/other"]


def test_a_feed_that_is_gone_is_fetched_once_a_day_with_a_remedy(
    site: Site, options: FetchOptions, archive: Archive
) -> None:
    feed = make_feed(site.reply("/feed", status=410))
    reports = [
        gather_articles([feed], now=NOW + hours * HOUR, options=options, catalog=archive).reports[0]
        for hours in (0, 1, 23, 24)
    ]

    assert [report.state for report in reports] == [
        FeedState.FAILED,
        FeedState.PAUSED,
        FeedState.PAUSED,
        FeedState.FAILED,
    ]
    assert "take it out of the profile" in reports[-1].reason


def test_an_unrequested_304_is_a_failure(site: Site, options: FetchOptions) -> None:
    report = gather_articles([make_feed(site.reply("/feed", status=304))], now=NOW, options=options).reports[
        0
    ]

    assert "304" in report.reason


def test_a_feed_that_moved_says_where(site: Site, options: FetchOptions) -> None:
    site.reply("/new", rss(item()))
    feed = make_feed(site.reply("/old", status=301, headers={"Location": "/new"}))

    report = gather_articles([feed], now=NOW, options=options).reports[0]

    assert report.notes == (f"has moved for good to {site.url('/new')}; write that in the profile",)


def test_an_undated_entry_of_a_file_keeps_its_first_day(
    tmp_path: Path, options: FetchOptions, archive: Archive
) -> None:
    path = tmp_path / "own.rss"
    path.write_text(rss(item(date="soon")), "utf-8")

    for hour in (0, 30):
        gathered = gather_articles(
            [make_feed(str(path))], now=NOW + hour * HOUR, options=options, catalog=archive
        )

    assert [a.published for a in gathered.articles] == [NOW]


@pytest.mark.slow
def test_time_is_up_for_slow_feeds_only(site: Site, options: FetchOptions, gazette: Path) -> None:
    site.reply("/slow", rss(item(n=7)), drip_s=0.2)
    feeds = [make_feed(site.url("/slow"), "slow"), make_feed(str(gazette))]

    # enough to read a file on a busy machine
    gathered = gather_articles(feeds, now=NOW, options=options.model_copy(update={"budget_s": 5.0}))

    assert [report.state for report in gathered.reports] == [FeedState.FAILED, FeedState.OK]
    assert "the 5 s for all feeds were over" in gathered.reports[0].reason
    assert len(gathered.articles) == 2
