"""The shipped stations: valid profiles, and demo news with the features of real feeds."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

import feedparser
import pytest
from lxml import html

from bulletin.config.profile_options import Profile

FEEDS = Path(__file__).parents[2] / "feeds"
NEWS = ("gazette.rss", "valley.atom", "county.json")
WEEKDAY = re.compile(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b")
DATE = re.compile(
    r"\b\d{1,2}(?:st|nd|rd|th)? (?:January|February|March|April|June|July|August|September|October|November|"
    r"December)\b|\b(?:January|February|March|April|June|July|August|September|October|November|December) \d"
)


def read_profile(name: str) -> Profile:
    return Profile.model_validate(tomllib.loads((FEEDS / f"{name}.toml").read_text(encoding="utf-8")))


def read_items(name: str) -> list[dict[str, str]]:
    """Title, link and all words of each entry of the file."""
    path = FEEDS / "demo" / name
    if path.suffix == ".json":
        items = json.loads(path.read_text(encoding="utf-8"))["items"]
        return [
            {
                "title": item["title"],
                "link": item["url"],
                "words": " ".join(
                    item.get(k, "") for k in ("title", "summary", "content_text", "content_html")
                ),
            }
            for item in items
        ]
    parsed = feedparser.parse(path.read_bytes())
    assert not parsed.bozo
    return [
        {
            "title": entry.title,
            "link": entry.link,
            "words": " ".join(
                [entry.title, entry.get("summary", ""), *(part.value for part in entry.get("content", []))]
            ),
        }
        for entry in parsed.entries
    ]


def page_of(link: str) -> Path:
    return FEEDS / "demo" / "pages" / f"{PurePosixPath(urlsplit(link).path).name}.html"


@pytest.mark.parametrize("name", ["demo", "uk-local"])
def test_the_profiles_are_valid(name: str) -> None:
    profile = read_profile(name)

    assert profile.name == "Wexcombe Radio"
    assert profile.frequencies == ("103.5", "105.3")
    assert all(feed.credit and feed.terms and feed.name for feed in profile.feeds)
    assert len({feed.name for feed in profile.feeds}) == len(profile.feeds)
    assert {"sport", "travel", "weather"} <= {feed.category for feed in profile.feeds}


def test_the_demo_needs_no_network() -> None:
    for feed in read_profile("demo").feeds:
        assert (FEEDS / feed.url).is_file()
        assert feed.recording is not None
        assert feed.recording.pages is None or (FEEDS / feed.recording.pages).is_dir()


def test_the_real_feeds_are_addresses() -> None:
    assert all(feed.url.startswith("https://") for feed in read_profile("uk-local").feeds)


def test_the_news_is_fourteen_stories_in_three_formats() -> None:
    duplicates = 4
    assert sum(len(read_items(name)) for name in NEWS) - duplicates >= 14
    assert (
        feedparser.parse((FEEDS / "demo" / "gazette.rss").read_bytes()).version,
        feedparser.parse((FEEDS / "demo" / "valley.atom").read_bytes()).version,
    ) == ("rss20", "atom10")
    assert json.loads((FEEDS / "demo" / "county.json").read_text(encoding="utf-8"))["version"].endswith("1.1")


@pytest.mark.parametrize("path", sorted((FEEDS / "demo").rglob("*.*")), ids=lambda path: path.name)
def test_no_word_ties_the_news_to_a_day(path: Path) -> None:
    """Demo dates move with the clock, so that a weekday or date in the text would be wrong."""
    text = re.sub(r"<(pubDate|lastBuildDate)>.*?</\1>", "", path.read_text(encoding="utf-8"))

    assert not WEEKDAY.findall(text)
    assert not DATE.findall(text)


@pytest.mark.parametrize("name", [*NEWS, "sport.rss"])
def test_a_short_item_has_its_page(name: str) -> None:
    """The pothole item has no page on purpose, to test a short brief."""
    for item in read_items(name):
        if len(item["words"].split()) < 60 and "potholes" not in item["title"]:
            assert page_of(item["link"]).is_file(), item["title"]


def test_every_page_has_a_story_and_the_usual_page_furniture() -> None:
    links = {page_of(item["link"]).name for name in (*NEWS, "sport.rss") for item in read_items(name)}
    pages = sorted((FEEDS / "demo" / "pages").glob("*.html"))

    assert len(pages) >= 8
    for path in pages:
        tree = html.fromstring(path.read_text(encoding="utf-8"))
        body = tree.xpath('//*[@itemprop="articleBody" or @class="article-body"]')[0]
        words = " ".join(p.text_content() for p in body.xpath("./p")).split()
        assert 80 <= len(words) <= 220
        assert path.name in links
        assert "cookie" in path.read_text(encoding="utf-8").lower()


def test_addresses_of_the_demo_are_reserved_ones() -> None:
    """RFC 2606 reserves `.example`: nobody can register such a host."""
    for path in (FEEDS / "demo").rglob("*.*"):
        for address in re.findall(r"https?://([^/\"'\s<]+)", path.read_text(encoding="utf-8")):
            known = address in {"purl.org", "www.w3.org", "search.yahoo.com", "jsonfeed.org", "schema.org"}
            assert known or address.endswith(".example"), address


def test_the_demo_has_the_furniture_of_real_feeds() -> None:
    everything = "\n".join(path.read_text(encoding="utf-8") for path in sorted((FEEDS / "demo").rglob("*.*")))

    for phrase in (
        "Continue reading",
        "Read more",
        "appeared first on",
        "newsletter",
        "Share",
        "£3.5m",
        "4.5%",
    ):
        assert phrase in everything
    for phrase in ("1,200", "A361", "M4", "111", "101", "13C", "CDATA", "&amp;amp;", "2-1"):
        assert phrase in everything
