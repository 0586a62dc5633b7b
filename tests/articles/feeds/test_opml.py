from __future__ import annotations

from pathlib import Path

import pytest

from bulletin.articles.feeds.opml import make_name, read_opml, write_opml
from bulletin.errors import ParseError
from bulletin.model import Feed


def opml(body: str, head: str = "") -> bytes:
    return f'<?xml version="1.0"?>{head}<opml version="2.0"><body>{body}</body></opml>'.encode()


def test_feeds_are_read_with_the_folder_as_category() -> None:
    feeds = read_opml(
        opml(
            '<outline text="Sport"><outline type="rss" title="Wex Sport" text="x" xmlUrl="https://s.example/rss"/>'
            '<outline text="Rugby"><outline xmlUrl="https://r.example/rss"/></outline></outline>'
            '<outline type="rss" text="Gazette" xmlUrl="https://g.example/rss" language="en-IE"/>'
        )
    )

    assert [(f.url, f.name, f.credit, f.category, f.language) for f in feeds] == [
        ("https://s.example/rss", "wex-sport", "Wex Sport", "sport", "en-GB"),
        ("https://r.example/rss", "r-example", "", "rugby", "en-GB"),
        ("https://g.example/rss", "gazette", "Gazette", "news", "en-IE"),
    ]


def test_attributes_may_be_in_any_case() -> None:
    feeds = read_opml(opml('<outline TEXT="b" XMLURL="https://g.example/2" TYPE="RSS"/>'))

    assert [(f.url, f.credit) for f in feeds] == [("https://g.example/2", "b")]


def test_titles_are_plain() -> None:
    assert (
        read_opml(opml('<outline text="&lt;b&gt;News&lt;/b&gt;" xmlUrl="https://g.example/"/>'))[0].credit
        == "News"
    )


def test_each_address_once_and_each_name_unique() -> None:
    outline = '<outline text="News" xmlUrl="https://{}.example/"/>'
    feeds = read_opml(opml(outline.format("a") + outline.format("b") + outline.format("a")))

    assert [feed.name for feed in feeds] == ["news", "news-2"]


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "javascript:alert(1)", "http://u:p@g.example/", "", "x", "/rss"]
)
def test_other_addresses_are_left_out(url: str) -> None:
    assert read_opml(opml(f'<outline text="x" xmlUrl="{url}"/>')) == ()


def test_nothing_is_included_from_elsewhere() -> None:
    assert read_opml(opml('<outline type="include" text="x" url="http://127.0.0.1:9/other.opml"/>')) == ()


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE opml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',
    ],
)
def test_entities_are_refused(doctype: str) -> None:
    with pytest.raises(ParseError, match=r"entities|not OPML"):
        read_opml(opml('<outline text="a" xmlUrl="https://g.example/"/>', head=doctype))


def test_a_bomb_is_refused() -> None:
    entities = '<!ENTITY a0 "lolololol">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)
    )

    with pytest.raises(ParseError):
        read_opml(
            opml('<outline text="&a9;" xmlUrl="https://g.example/"/>', head=f"<!DOCTYPE opml [{entities}]>")
        )


@pytest.mark.parametrize(
    "body", [b"", b"<html/>", b"not xml", opml("<outline>" * 5000 + "</outline>" * 5000), b"<opml"]
)
def test_other_xml_is_refused_with_a_reason(body: bytes) -> None:
    with pytest.raises(ParseError, match=r"not OPML"):
        read_opml(body)


def test_an_unreadable_file_is_refused_with_a_reason(tmp_path: Path) -> None:
    with pytest.raises(ParseError, match=r"cannot be read"):
        read_opml(tmp_path / "none.opml")


def test_a_file_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "list.opml"
    path.write_bytes(opml('<outline text="G" xmlUrl="https://g.example/"/>'))

    assert [feed.credit for feed in read_opml(path)] == ["G"]


def test_written_opml_is_read_again() -> None:
    feeds = (
        Feed(url="https://g.example/rss?a=1&b=2", name="the-gazette", credit="The Gazette", category="local"),
        Feed(url="https://s.example/rss", name="wex-sport", credit="Wex Sport", category="sport"),
    )

    assert read_opml(write_opml((*feeds, Feed(url="/srv/own.rss", name="own")))) == feeds


@pytest.mark.parametrize(
    ("title", "url", "expected"),
    [
        ("BBC News - UK", "https://b.example/", "bbc-news-uk"),
        ("Café Zürich", "https://b.example/", "cafe-zurich"),
        ("", "https://feeds.b.example/rss", "b-example"),
        ("日本", "https://b.example/", "feed"),
        ("x" * 200, "https://b.example/", "x" * 40),
    ],
)
def test_a_name_is_short_and_plain(title: str, url: str, expected: str) -> None:
    assert make_name(title, url=url) == expected


@pytest.mark.slow
def test_a_list_of_thousands_of_feeds_is_read_in_time_and_a_longer_one_refused() -> None:
    def listed(count: int) -> bytes:
        outlines = (f'<outline type="rss" xmlUrl="https://e.example/{n}"/>' for n in range(count))
        return f'<opml version="2.0"><body>{"".join(outlines)}</body></opml>'.encode()

    names = [feed.name for feed in read_opml(listed(1_000))]
    assert (names[:2], names[-1]) == (["e-example", "e-example-2"], "e-example-1000")
    with pytest.raises(ParseError, match="more than 5000"):
        read_opml(listed(5_001))
