"""No parser sees a tag with thousands of attributes, and nothing else is changed."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from bulletin.articles.feeds.parse_feed import read_feed
from bulletin.articles.markup.html_to_text import parse_html, plain_text
from bulletin.articles.markup.tag_limits import LONGEST_TAG, trim_tags
from bulletin.articles.markup.xml_repair import preclean

BARE = " ".join(f"a{number}" for number in range(3000))
QUOTED = " ".join(f'a{number}="1"' for number in range(3000))


def most_attributes(markup: str) -> int:
    """As the parser sees it."""
    tree = etree.fromstring(markup.encode(), etree.HTMLParser(encoding="utf-8", recover=True))
    return max(len(node.attrib) for node in tree.iter() if isinstance(node.tag, str))


@pytest.mark.parametrize(
    "markup",
    [
        f"<p {BARE}>x</p>",
        f"<p {QUOTED}>x</p>",
        f'<p t=">" {BARE}>x</p>',
        f'<p t="<" {BARE}>x</p>',
        f"<p t='\"' {BARE}>x</p>",
        f'<p " {BARE}>x</p>',
        f'<p t="</script" {BARE}>x</p>',
        f'<p t="]]>" {BARE}>x</p>',
        f"<p\n{BARE}\n>x</p>",
        f"<p/{BARE.replace(' ', '/')}>x</p>",
        f"<P {BARE.upper()}>x</P>",
        f'<script>a<b c="</script><p {BARE}>x</p>',
        f'<!-- <a b=" --><p {BARE}>x</p>',
        f'<![CDATA[ <a b=" ]]><p {BARE}>x</p>',
        "<p " + BARE.replace(" ", " <p ") + ">x</p>",
    ],
)
def test_a_parser_never_sees_thousands_of_attributes(markup: str) -> None:
    assert most_attributes(f"<body><p>y</p>{trim_tags(f'<p>y</p>{markup}')}</body>") <= 500


@given(st.text(alphabet="<>=\"'/ap ]!-s\n", max_size=200))
def test_what_is_short_is_left_as_it_is(markup: str) -> None:
    assert trim_tags(markup) == markup


def test_attributes_that_say_what_is_hidden_stay_wherever_they_stand() -> None:
    assert plain_text(f'<div><p>Seen.</p><p {BARE} style="display:none">Unseen.</p></div>') == "Seen."
    assert plain_text(f"<div><p>Seen.</p><p {BARE} hidden>Unseen.</p></div>") == "Seen."


def test_a_picture_as_data_loses_only_its_data() -> None:
    trimmed = trim_tags(f'<p>a</p><img class="hero" src="data:{"A" * 9000}" alt="x"/><p>b</p>')

    assert trimmed == '<p>a</p><img class="hero" alt="x" /><p>b</p>'


def test_a_script_that_looks_like_a_tag_swallows_nothing() -> None:
    page = f'<script>for(i=0;i<n;i+=1){{x="{"y" * 9000}"</script><p>Kept.</p>'

    tree = parse_html(page.encode())

    assert tree is not None
    assert tree.xpath("//p/text()") == ["Kept."]


def test_a_feed_with_thousands_of_attributes_is_read() -> None:
    feed = (
        f'<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>T</title><item>'
        f"<title>Bridge closes</title><description>It closes.</description><media:content {QUOTED}/>"
        f"</item><item><title>Pool opens</title></item></channel></rss>"
    )

    titles = [entry.title for entry in read_feed(feed.encode()).entries]

    assert titles == ["Bridge closes", "Pool opens"]
    assert max(map(len, re.findall(rb"<[^>]*>", preclean(feed)))) < LONGEST_TAG


@pytest.mark.parametrize(
    "markup", ['<a b="' * 20_000, "<a " * 100_000, "<p " + "=" * 200_000, "<a b='\"" * 20_000]
)
def test_nothing_is_tried_twice(markup: str) -> None:
    """Quadratic, these would take minutes; the run's own time limit would show it."""
    assert len(trim_tags(markup)) <= len(markup)
