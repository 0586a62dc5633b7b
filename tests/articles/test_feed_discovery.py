from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bulletin.articles.feed_discovery import FoundFeed, discover_feeds
from bulletin.config.profile_options import FetchOptions
from bulletin.errors import FetchError
from tests.articles.feed_texts import item, rss
from tests.articles.site import Site

HTML = {"Content-Type": "text/html"}


def discover(url: str, options: FetchOptions) -> tuple[FoundFeed, ...]:
    return discover_feeds(url, options=options, is_private=True)


def test_a_feed_address_discovers_itself(site: Site, options: FetchOptions) -> None:
    url = site.reply("/feed", rss(item(), item(n=2), channel="<language>en-gb</language>"))

    assert discover(url, options) == (
        FoundFeed(
            url=url,
            title="The Gazette",
            entries=2,
            newest=datetime(2026, 11, 24, 6, tzinfo=UTC),
            language="en-gb",
        ),
    )


def test_the_feeds_that_a_page_names_are_tried(site: Site, options: FetchOptions) -> None:
    links = "".join(
        f'<link rel="alternate" type="application/rss+xml" href="{path}">' for path in ("/dead", "/a", "/b")
    )
    site.reply("/", f"<!doctype html><html><head>{links}</head></html>", headers=HTML)
    site.reply("/a", rss(item()))
    site.reply("/b", '{"items": [{"id": "1", "content_text": "Words"}], "title": "JSON"}')

    feeds = discover(site.url("/"), options)

    assert [(feed.url, feed.title) for feed in feeds] == [
        (site.url("/a"), "The Gazette"),
        (site.url("/b"), "JSON"),
    ]


def test_the_usual_paths_come_last(site: Site, options: FetchOptions) -> None:
    site.reply("/", "<!doctype html><html><body>No links</body></html>", headers=HTML)
    site.reply("/rss.xml", rss(item()))

    assert [feed.url for feed in discover(site.url("/"), options)] == [site.url("/rss.xml")]


def test_a_site_without_feeds_has_none(site: Site, options: FetchOptions) -> None:
    site.reply("/", "<!doctype html><html><body>No links</body></html>", headers=HTML)

    assert discover(site.url("/"), options) == ()


def test_a_page_cannot_send_us_elsewhere_on_the_network(site: Site, options: FetchOptions) -> None:
    with Site() as inner:
        link = f'<link rel="alternate" type="application/rss+xml" href="{inner.url("/feed")}">'
        inner.reply("/feed", rss(item()))
        site.reply("/", f"<!doctype html><html><head>{link}</head></html>", headers=HTML)

        assert discover(site.url("/"), options) == ()
        assert inner.asked == []


@pytest.mark.parametrize("path", ["/missing", "/down"])
def test_a_site_that_cannot_be_read_says_why(site: Site, options: FetchOptions, path: str) -> None:
    site.reply("/down", status=500)

    with pytest.raises(FetchError, match=r"answered"):
        discover(site.url(path), options)


def test_a_private_address_must_be_allowed(site: Site, options: FetchOptions) -> None:
    with pytest.raises(FetchError, match=r"not on the open internet"):
        discover_feeds(site.url("/"), options=options)


def test_a_scheme_may_be_missing(options: FetchOptions) -> None:
    with pytest.raises(FetchError, match=r"^https://news\.invalid"):
        discover_feeds("news.invalid", options=options)
