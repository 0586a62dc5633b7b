from __future__ import annotations

from bulletin.articles.feeds.feed_links import find_hints


def urls(markup: str, url: str = "https://news.example/uk/") -> list[str]:
    return list(find_hints(markup.encode(), url=url))


def test_the_feeds_in_the_head_are_found_in_their_order() -> None:
    markup = """<head>
        <link rel="alternate" type="application/rss+xml" title="RSS &amp; more" href="/rss.xml">
        <link rel="ALTERNATE home" type="application/atom+xml; charset=utf-8" href="https://news.example/atom">
        <link rel="alternate" type="application/feed+json" href="feed.json">
        <link rel="alternate" hreflang="fr" href="/fr"><link rel="stylesheet" href="/feed.css"></head>"""

    assert urls(markup) == [
        "https://news.example/rss.xml",
        "https://news.example/atom",
        "https://news.example/uk/feed.json",
    ]
    assert next(iter(find_hints(markup.encode(), url="https://news.example/").values())) == "RSS & more"


def test_links_that_look_like_feeds_come_after_them() -> None:
    markup = """<a href="/feeds">Feeds</a><a href="/feeding-birds">Birds</a><a href="/sport.rss">Sport</a>
        <link rel="alternate" type="application/rss+xml" href="/rss.xml"><a href="/rss.xml#top">again</a>"""

    assert urls(markup) == [
        "https://news.example/rss.xml",
        "https://news.example/feeds",
        "https://news.example/sport.rss",
    ]


def test_comments_come_last() -> None:
    markup = """<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed">
        <link rel="alternate" type="application/rss+xml" title="News" href="/feed">"""

    assert urls(markup)[0] == "https://news.example/feed"


def test_the_base_of_the_page_counts() -> None:
    markup = (
        """<base href="https://cdn.example/x/"><link rel="alternate" type="application/rss+xml" href="rss">"""
    )

    assert urls(markup) == ["https://cdn.example/x/rss"]


def test_only_web_addresses_are_hints() -> None:
    markup = "".join(
        f'<link rel="alternate" type="application/rss+xml" href="{href}">'
        for href in (
            "javascript:alert(1)",
            "file:///etc/passwd",
            "data:text/xml,<rss/>",
            "http://[",
            "",
            "  ",
        )
    )

    assert urls(markup) == []


def test_a_page_full_of_links_is_cut() -> None:
    assert len(urls("".join(f'<a href="/rss/{n}">x</a>' for n in range(500)))) == 30
