"""Feeds of a group: asked once, read by every station with its own options."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bulletin.archive.archive import Archive
from bulletin.articles.feeds_for_all import FeedsForAll, PageToRead
from bulletin.articles.gather_articles import gather_articles
from bulletin.config.profile_options import FetchOptions
from bulletin.model import Feed, FeedState
from tests.articles.feed_texts import item, rss
from tests.articles.site import Site
from tests.articles.test_fetch_full_text import STORY, serve
from tests.support.factories import NOW

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("lasting_workers")]
GERMAN = "Der Rat hat am Dienstag den Haushalt beschlossen, und die Bibliotheken sind nicht betroffen. " * 6
ENGLISH = "The council approved its budget on Tuesday, and the libraries are not affected by the cuts. " * 6


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "archive.sqlite") as archive:
        yield archive


@pytest.fixture
def reader(archive: Archive) -> Iterator[FeedsForAll]:
    reader = FeedsForAll(archive)
    yield reader
    reader.close()


def read(reader: FeedsForAll, feed: Feed, options: FetchOptions, *, hours: int = 0) -> None:
    """The pieces of a feed and its pages, which travel as plain values."""
    now = NOW + timedelta(hours=hours)
    for page in reader.read_feed(feed, now=now, options=options).pages:
        reader.read_page(PageToRead(**asdict(page)), now=now, options=options)


def test_every_station_reads_what_one_request_brought(
    site: Site, options: FetchOptions, reader: FeedsForAll, tmp_path: Path
) -> None:
    """With their own options two stations have the articles that they would have fetched themselves."""
    feed = serve(site, 1, 2)
    other = replace(feed, name="paper", credit="the Paper", weight=0.5, category="sport", language="en-US")
    alone = []
    for number, own in enumerate((feed, other)):
        with Archive.open(tmp_path / f"{number}.sqlite") as catalog:
            alone.append(gather_articles([own], now=NOW, options=options, catalog=catalog))
    site.asked.clear()

    read(reader, feed, options)
    shared = [reader.gather([own], now=NOW, options=options) for own in (feed, other)]

    assert sorted(site.paths()) == ["/1", "/2", "/feed"]
    for mine, ours in zip(alone, shared, strict=True):
        assert [replace(a, id="", aliases=()) for a in ours.articles] == [
            replace(a, id="", aliases=()) for a in mine.articles
        ]
        assert (ours.reports[0].feed, ours.reports[0].state) == (mine.reports[0].feed, FeedState.OK)
    assert [a.text for a in shared[0].articles] == [STORY.strip()] * 2
    assert [a.id for a in shared[0].articles] == [a.id for a in shared[1].articles]


def test_a_page_is_used_as_soon_as_a_piece_has_read_it(
    site: Site, options: FetchOptions, reader: FeedsForAll
) -> None:
    """Articles stay in memory for the next station; pages that another worker reads meanwhile are not missed."""
    feed = serve(site, 1, 2)
    first, second = reader.read_feed(feed, now=NOW, options=options).pages
    seen = []
    for page in (None, first, second):
        if page:
            reader.read_page(page, now=NOW, options=options)
        seen.append([a.from_page for a in reader.gather([feed], now=NOW, options=options).articles])

    assert [sum(from_page) for from_page in seen] == [0, 1, 2]


def test_a_text_in_two_languages_is_stored_whole(
    site: Site, options: FetchOptions, reader: FeedsForAll
) -> None:
    entry = item("Haushalt", words=f"&lt;p&gt;{GERMAN}&lt;/p&gt;&lt;p&gt;{ENGLISH}&lt;/p&gt;")
    feed = Feed(url=site.reply("/feed", rss(entry)), name="two", is_private=True, language="de-DE")

    read(reader, feed, options)
    texts = [
        reader.gather([replace(feed, language=language)], now=NOW, options=options).articles[0].text
        for language in ("de-DE", "en-GB")
    ]

    assert [text.split()[0] for text in texts] == ["Der", "The"]


def test_a_failed_feed_is_reported_to_each_station_and_its_articles_stand_in(
    site: Site, options: FetchOptions, reader: FeedsForAll
) -> None:
    feed = serve(site, 1)
    read(reader, feed, options)
    site.reply("/feed", status=500)
    read(reader, feed, options, hours=1)

    now = NOW + timedelta(hours=1)
    report = reader.gather([feed], now=now, options=options).reports[0]
    late = reader.gather([feed], now=now + timedelta(hours=6), options=options).reports[0]
    unread = reader.gather([replace(feed, url=feed.url + "2")], now=now, options=options).reports[0]

    assert (report.state, report.articles) == (FeedState.FAILED, 1)
    assert "answered 500" in report.reason
    assert report.notes == ("its articles of 60 minutes ago are used",)
    assert (late.state, late.articles) == (FeedState.FAILED, 0)
    assert "no worker has read it" in unread.reason


@pytest.mark.parametrize(
    ("status", "may_pass"), [(500, True), (502, True), (404, False), (410, False), (503, False), (200, False)]
)
def test_only_a_server_that_is_broken_or_silent_is_worth_another_try_in_a_moment(
    site: Site, options: FetchOptions, reader: FeedsForAll, status: int, may_pass: bool
) -> None:
    """A feed that is gone, no feed, or whose server asked for a pause is not."""
    feed = Feed(url=site.reply("/feed", "no feed", status=status), name="feed", is_private=True)
    silent = replace(feed, url="http://127.0.0.1:9/feed")

    assert reader.read_feed(feed, now=NOW, options=options).may_pass is may_pass
    assert reader.read_feed(silent, now=NOW, options=options).may_pass


def test_a_name_that_could_not_be_looked_up_is_looked_up_again(
    site: Site, options: FetchOptions, reader: FeedsForAll, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker runs for weeks: a name server that is away for a minute costs no feed for longer."""
    look_up = socket.getaddrinfo

    def fail(host: str, *rest: Any, **more: Any) -> Any:
        if more.get("flags") == socket.AI_NUMERICHOST:
            return look_up(host, *rest, **more)
        raise socket.gaierror(socket.EAI_AGAIN, "try again")

    feed = serve(site, 1)
    feed = replace(feed, url=feed.url.replace("127.0.0.1", "localhost"))
    with monkeypatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", fail)
        assert reader.read_feed(feed, now=NOW, options=options).may_pass
    assert not reader.read_feed(feed, now=NOW, options=options).reason


def test_a_slow_feed_ends_at_its_budget_and_holds_no_other(
    site: Site, options: FetchOptions, reader: FeedsForAll
) -> None:
    slow = Feed(url=site.reply("/slow", rss(), drip_s=5), name="slow", is_private=True)

    reader.read_feed(slow, now=NOW, options=options.model_copy(update={"budget_s": 0.2}))
    read(reader, serve(site, 1), options)
    report = reader.gather([slow], now=NOW, options=options).reports[0]

    assert report.state is FeedState.FAILED
    assert "the 0.2 s for all feeds were over" in report.reason


def test_a_file_is_read_by_each_station(tmp_path: Path, options: FetchOptions, reader: FeedsForAll) -> None:
    path = tmp_path / "own.rss"
    path.write_text(rss(item("Bridge closes")), encoding="utf-8")
    feed = Feed(url=str(path), name="own")

    gathered = reader.gather([feed], now=NOW, options=options)

    assert [article.title for article in gathered.articles] == ["Bridge closes"]
