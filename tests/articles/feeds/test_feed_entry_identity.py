from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.articles.feeds.feed_entry_identity import absolute_link, canonical, find_reused, identities
from bulletin.articles.parsed_feed import FeedEntry
from tests.support.factories import NOW


def names(entry: FeedEntry, *others: FeedEntry, feed: str = "gazette") -> tuple[str, ...]:
    return identities(entry, feed=feed, link=entry.link, published=NOW, reused=find_reused((entry, *others)))


@pytest.mark.parametrize(
    ("address", "other"),
    [
        ("http://news.example/a", "https://www.news.example/a/"),
        ("https://news.example/a?utm_source=rss&id=1", "https://NEWS.example:443/a?id=1#comments"),
        ("https://news.example/a?b=2&a=1", "https://news.example/a?a=1&b=2&at_medium=RSS"),
    ],
)
def test_one_address_written_in_two_ways_is_the_same(address: str, other: str) -> None:
    assert canonical(address) == canonical(other)


@pytest.mark.parametrize(
    ("address", "other"),
    [
        ("https://news.example/a", "https://news.example/b"),
        ("https://news.example/?p=1", "https://news.example/?p=2"),
        ("https://news.example:8080/a", "https://news.example/a"),
        ("https://news.example/A", "https://news.example/a"),
    ],
)
def test_different_addresses_stay_different(address: str, other: str) -> None:
    assert canonical(address) != canonical(other)


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("https://news.example/a", "https://news.example/a"),
        ("/a", "https://gazette.example/a"),
        ("?q=1", "https://gazette.example/news?q=1"),
        ("//cdn.example/a", "https://cdn.example/a"),
        (" https://news.example/ a b", "https://news.example/%20a%20b"),
        ("https://news.example/café", "https://news.example/caf%C3%A9"),
        ("https://news.example/%20", "https://news.example/%20"),
        ("javascript:alert(1)", ""),
        ("file:///etc/passwd", ""),
        ("mailto:a@b", ""),
        ("http://", ""),
        ("http://[::1", ""),
        ("http://news.example:99999/", ""),
        ("https://news.example/" + "a" * 5000, ""),
        ("", ""),
    ],
)
def test_only_web_links_are_kept(link: str, expected: str) -> None:
    assert absolute_link(link, base="https://gazette.example/news") == expected


def test_the_guid_goes_first_then_the_link_then_a_hash() -> None:
    entry_names = names(FeedEntry(guid="1", link="https://g.example/a", title="A"))

    assert entry_names[:2] == ("gazette:1", "g.example/a")
    assert entry_names[2].startswith("hash:")


def test_without_guid_the_link_is_the_identity() -> None:
    assert names(FeedEntry(link="https://g.example/a", title="A"))[0] == "g.example/a"


def test_without_guid_and_link_title_and_day_are_the_identity() -> None:
    assert names(FeedEntry(title="A day"))[0] == names(FeedEntry(title="A  Day!"))[0]
    assert names(FeedEntry(title="A day"))[0] != names(FeedEntry(title="A day"), feed="other")[0]


def test_a_globally_unique_guid_is_used_alone() -> None:
    assert names(FeedEntry(guid="tag:g.example,2026:1", title="A"))[0] == "tag:g.example,2026:1"


@pytest.mark.parametrize(
    ("guid", "other"),
    [
        ("https://www.bbc.co.uk/news/articles/c1#0", "https://www.bbc.co.uk/news/articles/c1#3"),
        ("http://news.example/a", "https://news.example/a"),
    ],
)
def test_a_guid_that_is_an_address_is_canonicalized(guid: str, other: str) -> None:
    assert names(FeedEntry(guid=guid, title="A"))[0] == names(FeedEntry(guid=other, title="B"))[0]


def test_a_volatile_link_is_found_by_its_hash() -> None:
    entry_names = names(FeedEntry(link="https://g.example/a?token=111", title="Stable title"))
    other_names = names(FeedEntry(link="https://g.example/a?token=222", title="Stable title"))

    assert entry_names[0] != other_names[0]
    assert entry_names[-1] == other_names[-1]


def test_a_guid_shared_by_all_entries_identifies_none() -> None:
    entries = [FeedEntry(guid="SAME", title=f"t{n}", link=f"https://g.example/{n}") for n in range(3)]

    assert names(entries[0], *entries[1:])[0] == "g.example/0"


def test_a_link_shared_by_all_entries_identifies_none() -> None:
    """Traffic feeds link every entry to one page."""
    entries = [FeedEntry(guid=f"{n}", title=f"t{n}", link="https://roads.example/") for n in range(3)]

    assert "roads.example" not in names(entries[0], *entries[1:])


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=30))
def test_every_entry_has_a_name(guid: str, link: str, title: str) -> None:
    safe = absolute_link(link, base="https://g.example/")
    entry = FeedEntry(guid=guid, link=link, title=title)

    assert all(identities(entry, feed="g", link=safe, published=NOW, reused=find_reused((entry,))))
