from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.articles.feeds.json_feed import read_json_feed
from bulletin.articles.parsed_feed import FeedDocument
from bulletin.errors import ParseError


def read(*items: Any, **fields: Any) -> FeedDocument:
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "County", "items": list(items), **fields}
    return read_json_feed(json.dumps(feed), url="https://county.example/feed.json")


def test_a_feed_is_read() -> None:
    document = read(
        {
            "id": "wt-1",
            "url": "https://county.example/1",
            "title": "Council &amp; budget",
            "summary": "Short.",
            "content_html": "<p>One.</p><p>Two.</p>",
            "date_published": "2026-11-23T10:00:00Z",
            "language": "en-GB",
        },
        home_page_url="https://county.example/",
        language="en",
    )
    entry = document.entries[0]

    assert (document.title, document.link, document.language) == ("County", "https://county.example/", "en")
    assert (entry.guid, entry.link, entry.title) == ("wt-1", "https://county.example/1", "Council & budget")
    assert (entry.summary, entry.text) == ("Short.", "One.\n\nTwo.")
    assert entry.published == datetime(2026, 11, 23, 10, tzinfo=UTC)
    assert entry.language == "en-GB"


def test_a_number_is_an_identity_too() -> None:
    assert read({"id": 17, "content_text": "Words"}).entries[0].guid == "17"


def test_the_date_of_change_stands_in() -> None:
    entry = read({"id": "1", "date_modified": "2026-11-23"}).entries[0]

    assert entry.published == datetime(2026, 11, 23, tzinfo=UTC)


def test_fields_of_a_wrong_type_are_left_out() -> None:
    document = read(
        None, 5, "x", {"id": True, "url": {"a": 1}, "title": ["x"], "date_published": 12345}, title=["x"]
    )

    assert document.title == ""
    assert [(e.guid, e.link, e.title, e.published) for e in document.entries] == [("", "", "", None)]


@pytest.mark.parametrize(
    "text",
    [
        "{",
        '{"error": "rate limited"}',
        '{"items": 5}',
        "[]",
        '{"items": ' + "[" * 100_000 + "]" * 100_000 + "}",
        '{"items": [{"id": ' + "9" * 20_000 + "}]}",
    ],
)
def test_other_json_is_no_feed(text: str) -> None:
    with pytest.raises(ParseError, match=r"JSON"):
        read_json_feed(text, url="https://county.example/feed.json")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=4,
)


@pytest.mark.slow
@given(
    st.lists(st.dictionaries(st.sampled_from(["id", "url", "title", "content_html", "date_published"]), JSON))
)
def test_no_item_is_an_error(items: list[Any]) -> None:
    assert len(read(*items).entries) == len(items)


def test_tags_are_labels() -> None:
    assert read({"id": "1", "title": "A", "tags": ["Trade", 7, "Trade", ""]}).entries[0].labels == ("Trade",)
    assert read({"id": "1", "title": "A", "tags": "Trade"}).entries[0].labels == ()
