from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bulletin.articles.feeds.parse_feed import find_hints, read_feed
from bulletin.articles.parsed_feed import FeedDocument
from bulletin.errors import ParseError
from tests.articles.feed_texts import item, rss

SIX = datetime(2026, 11, 24, 6, tzinfo=UTC)

ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-GB"><title>Valley</title>
<link href="https://valley.example/"/><entry><id>tag:valley.example,2026:1</id>
<title type="html">Jobs &amp;amp; homes</title><link href="https://valley.example/1"/>
<updated>2026-11-24T07:00:00Z</updated><published>2026-11-24T06:00:00Z</published>
<summary>Short.</summary><content type="html">&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;</content></entry></feed>"""

RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>ORF</title><link>https://orf.example/</link>
<dc:language>de</dc:language></channel><item rdf:about="https://orf.example/1"><title>Titel</title>
<link>https://orf.example/1</link><description>Text.</description><dc:date>2026-11-24T07:00:00+01:00</dc:date>
</item></rdf:RDF>"""


def read(text: str | bytes, charset: str = "") -> FeedDocument:
    body = text.encode() if isinstance(text, str) else text
    return read_feed(body, charset=charset, url="https://gazette.example/feed")


def test_rss_is_read() -> None:
    channel = "<language>en-gb</language><ttl>15</ttl>"
    document = read(rss(item("Q&A: bridge", words="<p>One.</p><p>Two.</p>"), channel=channel))
    entry = document.entries[0]

    assert (document.title, document.link) == ("The Gazette", "https://gazette.example/")
    assert (document.language, document.ttl_s) == ("en-gb", 900.0)
    assert (entry.guid, entry.link) == ("g1", "https://gazette.example/1")
    assert (entry.title, entry.summary, entry.text) == ("Q&A: bridge", "One.\n\nTwo.", "One.\n\nTwo.")
    assert entry.published == SIX
    assert document.notes == ()


def test_atom_is_read() -> None:
    document = read(ATOM)
    entry = document.entries[0]

    assert (document.title, document.language) == ("Valley", "en-GB")
    assert (entry.guid, entry.link) == ("tag:valley.example,2026:1", "https://valley.example/1")
    assert (entry.title, entry.summary, entry.text) == ("Jobs & homes", "Short.", "One.\n\nTwo.")
    assert entry.published == SIX


def test_rdf_is_read() -> None:
    document = read(RDF)

    assert document.language == "de"
    assert [(e.title, e.text, e.published) for e in document.entries] == [("Titel", "Text.", SIX)]


def test_json_feed_is_read() -> None:
    assert read('\ufeff {"items": [{"id": "1", "title": "A"}]}').entries[0].title == "A"


def test_full_text_goes_before_the_summary() -> None:
    more = '<content:encoded xmlns:content="http://purl.org/rss/1.0/modules/content/">All of it.</content:encoded>'
    entry = read(rss(item(words="Short.", more=more))).entries[0]

    assert (entry.summary, entry.text) == ("Short.", "All of it.")


def test_british_summer_time_is_an_hour_ahead() -> None:
    """feedparser reads the zone BST as UTC."""
    entry = read(rss(item(date="Wed, 24 Jun 2026 07:00:00 BST"))).entries[0]

    assert entry.published == datetime(2026, 6, 24, 6, tzinfo=UTC)


def test_dates_in_other_alphabets_are_left_to_feedparser() -> None:
    entry = read(rss(item(date="Κυρ, 11 Ιούλ 2004 12:00:00 EST"))).entries[0]

    assert entry.published == datetime(2004, 7, 11, 17, tzinfo=UTC)


@pytest.mark.parametrize("date", ["yesterday", "2026-11-24T25:61:61Z", "0000-00-00", "1" * 5000])
def test_an_invalid_date_is_none(date: str) -> None:
    assert read(rss(item(date=date))).entries[0].published is None


def test_a_proxy_link_is_replaced_by_the_original() -> None:
    more = (
        '<feedburner:origLink xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0">'
        "https://gazette.example/original</feedburner:origLink>"
    )

    assert read(rss(item(more=more))).entries[0].link == "https://gazette.example/original"


def test_a_broken_feed_is_read_as_far_as_possible() -> None:
    document = read(rss(item(n=1), item(n=2))[:-60])

    assert [entry.guid for entry in document.entries] == ["g1", "g2"]
    assert document.notes == ("not well-formed, read as far as possible",)


def test_an_unknown_coordinate_system_is_no_reason_to_fail() -> None:
    """feedparser 6.0.14 raises on such a coordinate system."""
    more = (
        '<georss:where xmlns:georss="http://www.georss.org/georss" xmlns:gml="http://www.opengis.net/gml">'
        '<gml:Point srsName="urn:ogc:def:crs:EPSG::abc"><gml:pos>1 2</gml:pos></gml:Point></georss:where>'
    )

    assert len(read(rss(item(more=more))).entries) == 1


def test_nothing_outside_the_document_is_read() -> None:
    doctype = '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    text = rss(item()).replace("<rss", f"{doctype}<rss", 1).replace("Bridge closes", "&x;")

    assert read(text).entries[0].title == "&x;"


@pytest.mark.parametrize("ttl", ["soon", "-5", "9" * 20, ""])
def test_an_invalid_ttl_is_ignored(ttl: str) -> None:
    assert read(rss(item(), channel=f"<ttl>{ttl}</ttl>")).ttl_s == 0.0


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "sent an empty answer"),
        ("  \n", "sent an empty answer"),
        (b"\0\0\0", "sent an empty answer"),
        ("<!doctype html><html><body>Just a moment...</body></html>", "web page, not a feed"),
        ('{"error": "rate limited"}', "no JSON Feed"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "is not a feed"),
        ("Service unavailable", "is not a feed"),
    ],
)
def test_other_documents_are_refused_with_a_reason(body: str | bytes, reason: str) -> None:
    with pytest.raises(ParseError, match=reason):
        read(body)


def test_an_empty_feed_is_no_error() -> None:
    assert read(rss()).entries == ()


def test_an_entry_keeps_its_categories_as_labels() -> None:
    tags = "<category>Politics</category><category>Lifestyle &amp;amp; Food</category><category>Politics</category>"
    tags += "<category>https://gazette.example/tag/1</category>"
    tags += "".join(f"<category>{'x' * 200}{n}</category>" for n in range(200))

    entry = read_feed(rss(item(more=tags)).encode()).entries[0]

    assert entry.labels[:2] == ("Politics", "Lifestyle & Food")
    assert len(entry.labels) <= 20
    assert max(map(len, entry.labels)) <= 60


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
