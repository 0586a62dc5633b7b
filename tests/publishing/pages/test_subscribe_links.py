"""Buttons that open podcast apps at a feed."""

from __future__ import annotations

import pytest

from bulletin.config.tables.output_options import PageLink, PageOptions
from bulletin.publishing.pages.subscribe_links import subscribe_links

FEED = "https://news.example/wex%20fm/feed.xml"


def test_each_app_has_its_own_scheme() -> None:
    links = subscribe_links(FEED, apps=PageOptions().apps, own=())

    assert {link.name: link.url for link in links} == {
        "Apple Podcasts": "podcast://news.example/wex%20fm/feed.xml",
        "Overcast": "overcast://x-callback-url/add?url=https%3A%2F%2Fnews.example%2Fwex%2520fm%2Ffeed.xml",
        "Pocket Casts": "pktc://subscribe/news.example/wex%20fm/feed.xml",
        "AntennaPod": "https://antennapod.org/deeplink/subscribe?url=https%3A%2F%2Fnews.example%2Fwex%2520fm%2Ffeed.xml",
        "Podcast Addict": "https://podcastaddict.com/feed/https%3A%2F%2Fnews.example%2Fwex%2520fm%2Ffeed.xml",
    }


def test_a_link_of_the_station_replaces_the_one_of_that_app() -> None:
    own = PageLink(name="apple podcasts", url="https://podcasts.apple.com/podcast/id1")

    links = subscribe_links(FEED, apps=("apple", "overcast"), own=(own,))

    assert [link.name for link in links] == ["apple podcasts", "Overcast"]
    assert links[0].url == own.url


def test_an_unknown_app_is_refused() -> None:
    with pytest.raises(ValueError, match="antennapod"):
        PageOptions(apps=("spotify",))
