"""RSS feed as podcast directories and apps read it."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from bulletin.archive.record_dataclasses import EpisodeRecord
from bulletin.config.tables.output_options import PodcastOptions
from bulletin.publishing.podcast.podcast_recurrence_rule import UpdateRule
from bulletin.publishing.podcast.rss import NAMESPACES, PodcastShow, build_feed, fitting, recent
from tests.publishing.podcast.feed_rules import ITUNES, PODCAST, broken_rules
from tests.support.factories import NOW, make_words

GUID = "917393e3-1b1e-5cef-ace4-edaa54e1f810"
OPTIONS = PodcastOptions(
    title="Wexcombe Radio News",
    description="The latest news.",
    site="https://wexcombe.example/",
    base_url="https://news.example/",
    email="news@wexcombe.example",
)
STATION = make_words(time_zone="Europe/Berlin")
SHOW = PodcastShow(options=OPTIONS, station=STATION, artwork="artwork-1.jpg", guid=GUID)


def show_with(**options: str) -> PodcastShow:
    return replace(SHOW, options=OPTIONS.model_copy(update=options))


def episode(number: int = 1, **changes: object) -> EpisodeRecord:
    stem = f"demo-{number}"
    fields: dict[str, object] = {
        "guid": f"guid-{number}",
        "station": "demo",
        "title": f"Bulletin {number}",
        "published": NOW + timedelta(hours=number),
        "audio": f"{stem}.mp3",
        "media_type": "audio/mpeg",
        "bytes": 1234,
        "duration_s": 118.6,
        "description": "<p>Bridge closes</p>",
        "sha256": "ab" * 32,
        "files": (
            ("transcript", f"{stem}.vtt", "text/vtt"),
            ("transcript", f"{stem}.srt", "application/x-subrip"),
            ("transcript", f"{stem}.json", "application/json"),
            ("chapters", f"{stem}.chapters.json", "application/json+chapters"),
        ),
    }
    return EpisodeRecord(**(fields | changes))


def test_a_feed_breaks_no_rule() -> None:
    assert broken_rules(build_feed(SHOW, [episode(3), episode(2), episode(1)])) == []


def test_the_checker_finds_broken_rules() -> None:
    """The checker itself must find broken rules."""
    bad = build_feed(SHOW, [episode(1, duration_s=1), episode(2, media_type="x/y"), episode(2)])
    bad = bad.replace(b"<language>en-GB", b"<language>English").replace(b">false<", b">no<")

    broken = broken_rules(bad)

    assert "channel: language" in broken
    assert "channel: explicit" in broken
    assert "item 2: type" in broken
    assert "items: an address or a guid twice" in broken
    assert "items: not newest first" in broken


def test_an_item_has_the_fields_that_apps_need() -> None:
    item = etree.fromstring(build_feed(SHOW, [episode()])).find("channel/item")

    assert item is not None
    assert item.findtext("pubDate") == "Tue, 24 Nov 2026 09:00:00 +0100"
    assert dict(item.find("enclosure").attrib) == {
        "url": "https://news.example/demo/demo-1.mp3",
        "length": "1234",
        "type": "audio/mpeg",
    }
    assert item.findtext(f"{ITUNES}duration") == "119"
    assert item.find(f"{PODCAST}chapters").get("type") == "application/json+chapters"
    assert item.find(f"{PODCAST}alternateEnclosure/{PODCAST}integrity").get("value") == (
        "sha256-" + base64.b64encode(b"\xab" * 32).decode()
    )
    assert item.findtext("description") == "<p>Bridge closes</p>"


def test_the_same_data_give_the_same_bytes() -> None:
    assert build_feed(SHOW, [episode(2), episode(1)]) == build_feed(SHOW, [episode(2), episode(1)])


def test_the_feed_was_built_when_its_newest_episode_came_out() -> None:
    channel = etree.fromstring(build_feed(SHOW, [episode(2), episode(1)])).find("channel")

    assert channel is not None
    assert channel.findtext("lastBuildDate") == "Tue, 24 Nov 2026 10:00:00 +0100"


def test_the_recurrence_rule_starts_at_the_newest_hour() -> None:
    """The offset is that of the newest hour: the oldest episode is from the summer."""
    rule = UpdateRule(rrule="FREQ=DAILY;BYHOUR=7;BYMINUTE=0;BYSECOND=0", words="07:00; every day")
    summer = NOW - timedelta(days=90)
    episodes = [episode(2, due=NOW), episode(1, due=summer, published=summer)]

    channel = etree.fromstring(build_feed(replace(SHOW, updates=rule), episodes)).find("channel")

    frequency = channel.find(f"{PODCAST}updateFrequency")
    assert (frequency.get("rrule"), frequency.get("dtstart"), frequency.text) == (
        rule.rrule,
        "2026-11-24T08:00:00+01:00",
        rule.words,
    )


def test_the_feed_is_locked_to_its_owner() -> None:
    channel = etree.fromstring(build_feed(SHOW, [])).find("channel")

    locked = channel.find(f"{PODCAST}locked")
    assert (locked.text, locked.get("owner")) == ("yes", "news@wexcombe.example")


def test_a_feed_without_episodes_is_still_a_feed() -> None:
    channel = etree.fromstring(build_feed(SHOW, [])).find("channel")

    assert channel is not None
    assert channel.findtext("title") == "Wexcombe Radio News"
    assert channel.findall("item") == []


def test_a_show_without_an_owner_address_has_no_empty_element() -> None:
    feed = build_feed(show_with(email=""), [])

    assert b"itunes:email" not in feed
    assert b"<podcast:locked>yes" in feed


def test_names_of_files_are_encoded_in_addresses() -> None:
    feed = build_feed(SHOW, [episode(audio="Wex & Söhne #1?.mp3")])

    assert b"https://news.example/demo/Wex%20%26%20S%C3%B6hne%20%231%3F.mp3" in feed


def test_a_feed_that_grows_too_big_loses_its_oldest_episodes() -> None:
    episodes = [episode(n, description="<p>" + "x" * 3900 + "</p>") for n in range(299, -1, -1)]

    feed = build_feed(SHOW, fitting(SHOW, episodes, most_bytes=500_000))

    titles = etree.fromstring(feed).xpath("//item/title/text()")
    assert 400_000 < len(feed) <= 500_000
    assert titles == [e.title for e in episodes[: len(titles)]]


def test_no_feed_is_longer_than_clients_read() -> None:
    """At most a megabyte, with the most episodes and the longest words that a profile allows."""
    episodes = [episode(n, description="<p>" + "x" * 3900 + "</p>") for n in range(299, -1, -1)]

    feed = build_feed(SHOW, fitting(SHOW, episodes))

    assert 800_000 < len(feed) < 1_000_000


def test_the_newest_episode_stays_whatever_its_size() -> None:
    assert b"<item>" in build_feed(SHOW, fitting(SHOW, [episode(2), episode(1)], most_bytes=10))


def test_only_recent_episodes_are_shown_newest_first() -> None:
    episodes = [episode(n) for n in (1, 5, 3, 2, 4)]

    assert [e.guid for e in recent(episodes, keep=3, keep_h=48)] == ["guid-5", "guid-4", "guid-3"]
    assert [e.guid for e in recent(episodes, keep=9, keep_h=2)] == ["guid-5", "guid-4"]
    assert recent([], keep=3, keep_h=48) == ()


HOSTILE = st.one_of(
    st.text(st.characters(), max_size=300),
    st.sampled_from(
        [
            "]]>",
            "<![CDATA[x]]>",
            "<script>alert(1)</script>",
            "&lt;b&gt;",
            "&#0;&amp;",
            "\u202eevil\u202c",
            "שלום עולם",
            "👩‍👩‍👧‍👦" * 200,
            "x" * 10_000,
            "\x00\x08\x1b\ufffe",
            "\ud83d",
            "   ",
            "<!DOCTYPE x>",
        ]
    ),
)


@settings(max_examples=60, deadline=None)
@given(title=HOSTILE, description=HOSTILE, name=HOSTILE)
def test_hostile_words_break_no_rule(title: str, description: str, name: str) -> None:
    feed = build_feed(
        show_with(description=f"x{name}"), [episode(title=title, description=f"<p>{description[:900]}</p>")]
    )

    assert broken_rules(feed) == []


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kathmandu", "America/St_Johns"])
def test_dates_are_written_in_the_zone_of_the_station(zone: str) -> None:
    show = replace(SHOW, station=replace(STATION, time_zone=zone))

    assert broken_rules(build_feed(show, [episode()])) == []


def test_times_have_the_stations_own_offset() -> None:
    summer = episode(published=datetime(2026, 7, 1, 6, tzinfo=UTC))

    assert b"<pubDate>Wed, 01 Jul 2026 08:00:00 +0200</pubDate>" in build_feed(SHOW, [summer])


def test_an_episode_with_a_page_links_to_it() -> None:
    feed = etree.fromstring(build_feed(SHOW, [episode(1), episode(2)], pages={"demo-2.html"}))

    assert [item.findtext("link") for item in feed.iter("item")] == [
        None,
        "https://news.example/demo/demo-2.html",
    ]


def test_only_files_with_short_lines_are_called_captions() -> None:
    files = tuple(
        ("transcript", f"a{suffix}", kind)
        for suffix, kind in (
            (".vtt", "text/vtt"),
            (".srt", "application/x-subrip"),
            (".json", "application/json"),
        )
    )

    feed = etree.fromstring(build_feed(SHOW, [episode(files=files)]))

    linked = feed.findall(f".//{{{NAMESPACES['podcast']}}}transcript")
    assert [(element.get("type"), element.get("rel")) for element in linked] == [
        ("text/vtt", "captions"),
        ("application/x-subrip", "captions"),
        ("application/json", None),
    ]


def test_the_default_title_is_in_the_language_of_the_station() -> None:
    show = replace(SHOW, options=PodcastOptions(), station=make_words(language="de"))

    assert show.title == "Wexcombe Radio Nachrichten"
