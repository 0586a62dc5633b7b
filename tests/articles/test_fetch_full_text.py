from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bulletin.archive.archive import Archive
from bulletin.articles.fetch_full_text import page_name
from bulletin.articles.gather_articles import gather_articles
from bulletin.articles.worker import parser_process_pool
from bulletin.articles.worker.parser_process import ParserProcess
from bulletin.config.profile_options import FetchOptions
from bulletin.model import Feed, Gathered, Recording
from tests.articles.feed_texts import item, page, rss
from tests.articles.site import Site
from tests.support.factories import NOW

TITLE = "Council approves its budget"
STORY = (
    "The council approved its budget on Tuesday evening after a debate that lasted for almost five hours. "
    * 5
)
HTML = {"Content-Type": "text/html"}
pytestmark = pytest.mark.usefixtures("lasting_workers")


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    archive = Archive.open(tmp_path / "archive.sqlite")
    yield archive
    archive.close()


def serve(site: Site, *numbers: int, host: str = "", date: str = "", words: str = "Short.") -> Feed:
    """A feed whose entries have pages on the same site."""
    items = "".join(
        item(TITLE, n=n, words=words, date=date).replace(
            f"https://gazette.example/{n}", f"{host or site.url()}{n}" if host else site.url(f"/{n}")
        )
        for n in numbers
    ).replace(TITLE, TITLE + " {}")
    for n in numbers:
        items = items.replace("{}", str(n), 1)
        site.reply(f"/{n}", page(f"{TITLE} {n}", STORY), headers=HTML)
    return Feed(url=site.reply("/feed", rss(items)), name="gazette", is_private=True)


def gather(feed: Feed, options: FetchOptions, **more: Any) -> Gathered:
    return gather_articles([feed], now=NOW, options=options, **more)


@pytest.mark.slow
def test_a_short_entry_gets_the_text_of_its_page(site: Site, options: FetchOptions) -> None:
    article = gather(serve(site, 1), options).articles[0]

    assert (article.text, article.from_page, article.summary) == (STORY.strip(), True, "Short.")


@pytest.mark.slow
def test_section_and_type_of_a_page_are_kept_even_where_its_text_is_not(
    site: Site, options: FetchOptions, archive: Archive
) -> None:
    words = "The council met in Wexcombe. " * 20
    feed = serve(site, 1, words=words)
    facts = '<script type="application/ld+json">{"@type": "Review", "articleSection": "Books"}</script>'
    site.reply("/1", page(f"{TITLE} 1", STORY[:203], head=facts), headers=HTML)

    for hour in (0, 1):
        gathered = gather_articles([feed], now=NOW + timedelta(hours=hour), options=options, catalog=archive)
        article = gathered.articles[0]

        assert (article.page_section, article.page_type) == ("Books", "Review")
        assert (article.text, article.from_page) == (words.strip(), False)
    assert site.paths().count("/1") == 1


def test_an_entry_with_a_title_only_gets_the_text_of_its_page(site: Site, options: FetchOptions) -> None:
    article = gather(serve(site, 1, words=""), options).articles[0]

    assert (article.text, article.from_page, article.summary) == (STORY.strip(), True, "")


def test_a_long_entry_needs_no_page(site: Site, options: FetchOptions) -> None:
    article = gather(serve(site, 1, words="word " * 150), options).articles[0]

    assert not article.from_page
    assert site.paths() == ["/feed"]


def test_pages_are_left_alone_where_the_profile_says_so(site: Site, options: FetchOptions) -> None:
    feed = serve(site, 1)
    gather_articles(
        [Feed(url=feed.url, name="g", is_private=True, fetches_pages=False)], now=NOW, options=options
    )

    assert site.paths() == ["/feed"]


def test_the_number_of_pages_per_feed_is_limited(site: Site, options: FetchOptions) -> None:
    gathered = gather(serve(site, *range(1, 6)), options.model_copy(update={"pages_per_feed": 2}))

    assert sorted(site.paths()) == ["/1", "/2", "/feed"]
    assert sum(a.from_page for a in gathered.articles) == 2


def test_old_entries_need_no_page(site: Site, options: FetchOptions) -> None:
    gather(serve(site, 1, date="Tue, 17 Nov 2026 06:00:00 GMT"), options)

    assert site.paths() == ["/feed"]


def test_each_page_is_fetched_once(site: Site, options: FetchOptions, archive: Archive) -> None:
    feed = serve(site, 1, 2)
    site.reply("/2", page("Elsewhere", "Subscribe to continue reading."), headers=HTML)
    for hour in (0, 1):
        gathered = gather_articles([feed], now=NOW + timedelta(hours=hour), options=options, catalog=archive)

    assert sorted(site.paths()) == ["/1", "/2", "/feed", "/feed"]
    assert [a.from_page for a in gathered.articles] == [True, False]


def test_pages_that_failed_for_once_are_tried_again_and_those_refused_for_good_are_not(
    site: Site, options: FetchOptions, archive: Archive
) -> None:
    feed = serve(site, *range(1, 8))
    for number, status in enumerate((408, 500, 520, 401, 404, 410, 451), 1):
        site.reply(f"/{number}", status=status)
    gather(feed, options, catalog=archive)
    for number in range(1, 8):
        site.reply(f"/{number}", page(f"{TITLE} {number}", STORY), headers=HTML)

    again = gather_articles([feed], now=NOW + timedelta(hours=1), options=options, catalog=archive)

    assert [article.from_page for article in again.articles] == [True] * 3 + [False] * 4
    assert [site.paths().count(f"/{number}") for number in range(1, 8)] == [2] * 3 + [1] * 4


@pytest.mark.slow
def test_a_page_whose_parsing_timed_out_is_tried_again(
    site: Site, options: FetchOptions, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed = serve(site, 1)
    with monkeypatch.context() as patched:
        patched.setattr("bulletin.articles.worker.parser_process_pool.PAGE_S", 1e-6)
        patched.setattr(
            parser_process_pool, "ParserProcess", ParserProcess
        )  # a new process must load trafilatura first, and is always late
        first = gather(feed, options, catalog=archive)

    again = gather_articles([feed], now=NOW + timedelta(hours=1), options=options, catalog=archive)

    assert "this machine is too busy" in first.reports[0].notes[-1]
    assert "on purpose" not in first.reports[0].notes[-1]
    assert [first.articles[0].from_page, again.articles[0].from_page] == [False, True]


def test_a_page_is_tried_again_when_a_library_was_missing(
    site: Site, options: FetchOptions, archive: Archive, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    feed = serve(site, 1)
    (tmp_path / "trafilatura.py").write_text("raise ImportError('half installed')", "utf-8")
    with monkeypatch.context() as patched:
        patched.setattr(parser_process_pool, "ParserProcess", ParserProcess)
        patched.syspath_prepend(str(tmp_path))  # a worker gets sys.path when it starts
        first = gather(feed, options, catalog=archive)

    again = gather_articles([feed], now=NOW + timedelta(hours=1), options=options, catalog=archive)

    assert "half installed" in first.reports[0].notes[-1]
    assert [first.articles[0].from_page, again.articles[0].from_page] == [False, True]


@pytest.mark.slow
def test_a_page_not_fetched_in_time_is_tried_again(
    site: Site, options: FetchOptions, archive: Archive
) -> None:
    feed = serve(site, 1)
    site.reply("/1", page(f"{TITLE} 1", STORY), headers=HTML, drip_s=1.0)
    gather(feed, options.model_copy(update={"budget_s": 2.0}), catalog=archive)
    site.reply("/1", page(f"{TITLE} 1", STORY), headers=HTML)

    again = gather_articles([feed], now=NOW + timedelta(hours=1), options=options, catalog=archive)

    assert again.articles[0].from_page


def test_a_partly_readable_page_is_noted_in_the_report(site: Site, options: FetchOptions) -> None:
    feed = serve(site, 1)
    wall = "Subscribe now to read the rest."
    site.reply("/1", page(f"{TITLE} 1", STORY, "The leader said that", wall), headers=HTML)

    gathered = gather(feed, options)

    assert gathered.articles[0].text == STORY.strip()
    assert gathered.reports[0].notes[-1] == "pages: 1 read, 1 of them in part (the rest is for subscribers)"


def test_a_page_with_retry_after_pauses_its_host(site: Site, options: FetchOptions, archive: Archive) -> None:
    feed = serve(site, 1, 2)
    for path in ("/1", "/2"):
        site.reply(path, status=429, headers={"Retry-After": "7200"})
    gather(feed, options, catalog=archive)

    again = gather_articles([feed], now=NOW + timedelta(hours=1), options=options, catalog=archive)

    assert len(site.asked) == 2  # the feed and the first refused page
    assert len(again.articles) == 2


def test_two_feeds_with_one_link_ask_once(site: Site, options: FetchOptions) -> None:
    feed = serve(site, 1)
    site.reply("/other", site.replies["/feed"].body.replace(b">g1<", b">other<"))
    other_feed = Feed(url=site.url("/other"), name="other", is_private=True)

    gather_articles([feed, other_feed], now=NOW, options=options)

    assert sorted(site.paths()) == ["/1", "/feed", "/other"]


def test_a_page_without_an_article_is_noted_and_the_feed_text_stays(
    site: Site, options: FetchOptions
) -> None:
    feed = serve(site, 1, 2)
    site.reply("/1", b"%PDF-1.7", headers={"Content-Type": "application/pdf"})
    site.reply("/2", status=404)

    gathered = gather(feed, options)

    assert [a.text for a in gathered.articles] == ["Short.", "Short."]
    assert gathered.reports[0].notes[-1].startswith("pages: 0 read, 2 without an article")


def test_a_feed_cannot_make_us_ask_other_private_hosts(site: Site, options: FetchOptions) -> None:
    """A private feed may link to its own host, but to no other private host."""
    with Site() as inner:
        inner.reply("/1", page(TITLE, STORY), headers=HTML)
        feed = serve(site, 1)
        body = site.replies["/feed"].body.replace(site.url("/1").encode(), inner.url("/1").encode())
        site.reply("/feed", body)

        gathered = gather(feed, options)

        assert inner.asked == []
    assert "not on the open internet" in gathered.reports[0].notes[-1]


def test_a_page_of_a_private_feed_redirects_to_its_own_host_only(site: Site, options: FetchOptions) -> None:
    with Site() as inner:
        feed = serve(site, 1)
        site.reply("/1", status=302, headers={"Location": inner.url("/secret")})

        gather(feed, options)

        assert inner.asked == []
    assert site.paths() == ["/feed", "/1"]


def test_a_recording_has_its_pages_in_a_folder(tmp_path: Path, options: FetchOptions) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "1.html").write_text(page(TITLE, STORY), "utf-8")
    path = tmp_path / "feed.rss"
    path.write_text(rss(item(TITLE, n=1, words="Short."), item("Other", n=2, words="Short.")), "utf-8")
    recording = Recording(made_at=NOW, pages=tmp_path / "pages")

    gathered = gather(Feed(url=str(path), name="g", recording=recording), options)

    assert [a.from_page for a in gathered.articles] == [True, False]
    assert gathered.reports[0].notes == ()


def test_a_recording_s_page_is_read_again_when_it_was_edited(
    tmp_path: Path, options: FetchOptions, archive: Archive
) -> None:
    (tmp_path / "pages").mkdir()
    path = tmp_path / "feed.rss"
    path.write_text(rss(item(TITLE, n=1, words="Short.")), "utf-8")
    feed = Feed(url=str(path), name="g", recording=Recording(made_at=NOW, pages=tmp_path / "pages"))
    texts = []

    for story in (STORY, STORY.replace("council", "parish council")):
        (tmp_path / "pages" / "1.html").write_text(page(TITLE, story), "utf-8")
        texts.append(gather(feed, options, catalog=archive).articles[0].text)

    assert ["parish council" in text for text in texts] == [False, True]


def test_a_recording_without_pages_sends_no_request(
    site: Site, tmp_path: Path, options: FetchOptions
) -> None:
    path = tmp_path / "feed.rss"
    path.write_text(
        rss(item(n=1, words="Short.").replace("https://gazette.example/1", site.url("/1"))), "utf-8"
    )

    gather(Feed(url=str(path), name="g", is_private=True, recording=Recording(made_at=NOW)), options)

    assert site.asked == []


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("https://g.example/news/bridge?from=rss", "bridge.html"),
        ("https://g.example/news/bridge.html", "bridge.html"),
        ("https://g.example/news/bridge/", "bridge.html"),
        ("https://g.example/", ""),
        ("https://g.example/..", ""),
        ("https://g.example/%2e%2e%2fsecret", ""),
        ("https://g.example/a%00b", ""),
        ("", ""),
    ],
)
def test_a_link_names_a_page_of_the_folder_and_nothing_outside(link: str, expected: str) -> None:
    assert page_name(link) == expected
