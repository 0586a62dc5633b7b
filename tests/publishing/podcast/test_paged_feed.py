"""Paged feed: older episodes on a page a day behind rel="next", always the same bytes, without withdrawn ones."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from lxml import etree

from bulletin.config.tables.output_options import PodcastOptions
from bulletin.publishing.podcast.podcast_recurrence_rule import UpdateRule
from tests.publishing.podcast.feed_rules import ATOM, PODCAST, broken_rules
from tests.publishing.podcast.podcast_station import HOUR, OPTIONS, Desk, artwork, desk  # noqa: F401 - fixtures
from tests.support.factories import NOW

SHORT = OPTIONS.model_copy(update={"keep_h": 24.0})


def publish(desk: Desk, *numbers: int, options: PodcastOptions = SHORT) -> None:
    """Publish episodes of these hours after Tuesday at seven."""
    for number in numbers:
        desk.publish(number, options=options)


def chain(folder: Path) -> list[tuple[str, list[str]]]:
    """Name and titles of the feed and of each older page."""
    pages, name = [], "feed.xml"
    while name:
        feed = (folder / name).read_bytes()
        assert broken_rules(feed) == []
        channel = etree.fromstring(feed).find("channel")
        links = {link.get("rel"): link.get("href", "") for link in channel.findall(f"{ATOM}link")}
        assert links["self"] == f"https://news.example/demo/{name}"
        pages.append(
            (name, [title.removeprefix("Bulletin ") for title in channel.xpath("item/title/text()")])
        )
        name = links.get("next", "").rpartition("/")[2]
    return pages


def test_a_short_feed_has_no_older_page(desk: Desk) -> None:
    publish(desk, 1, 5, 20)

    assert chain(desk.folder) == [("feed.xml", ["20", "5", "1"])]


def test_episodes_that_left_the_feed_are_on_daily_pages(desk: Desk) -> None:
    publish(desk, 1, 2, 20, 30, 60)  # Tuesday twice, Wednesday twice, Thursday

    assert chain(desk.folder) == [
        ("feed.xml", ["60"]),
        ("feed-2026-11-25.xml", ["30", "20"]),
        ("feed-2026-11-24.xml", ["2", "1"]),
    ]


def test_the_page_of_a_past_day_keeps_its_bytes(desk: Desk) -> None:
    publish(desk, 1, 2, 60)
    page = desk.folder / "feed-2026-11-24.xml"
    before = page.read_bytes(), page.stat().st_mtime_ns, page.stat().st_ino

    publish(desk, 61, 90, 120)

    assert (page.read_bytes(), page.stat().st_mtime_ns, page.stat().st_ino) == before


@pytest.mark.slow
def test_every_episode_is_on_some_page_newest_first(desk: Desk) -> None:
    publish(desk, *range(0, 130, 7))

    titles = [int(title) for _, page in chain(desk.folder) for title in page]
    assert set(titles) == set(range(0, 130, 7))
    assert list(dict.fromkeys(titles)) == sorted(set(titles), reverse=True)


def test_a_withdrawn_episode_leaves_its_page_too(desk: Desk) -> None:
    first = desk.publish(1, options=SHORT)
    publish(desk, 2, 60)

    desk.outlet(options=SHORT).withdraw(first.guid)

    assert chain(desk.folder) == [("feed.xml", ["60"]), ("feed-2026-11-24.xml", ["2"])]


def test_a_correction_of_an_old_episode_moves_to_the_top_of_the_feed(desk: Desk) -> None:
    first = desk.publish(1, options=SHORT)
    publish(desk, 2, 60)

    outlet = desk.outlet(options=SHORT)
    desk.now += HOUR / 2
    outlet.correct(first.guid, desk.bulletin(1, name="corrected"))
    outlet.show()

    assert chain(desk.folder) == [("feed.xml", ["1", "60"]), ("feed-2026-11-24.xml", ["2"])]
    publish(desk, 90)  # the correction has Thursday's date
    assert chain(desk.folder) == [
        ("feed.xml", ["90"]),
        ("feed-2026-11-26.xml", ["1", "60"]),
        ("feed-2026-11-24.xml", ["2"]),
    ]


@pytest.mark.slow
def test_no_number_of_corrections_pushes_the_newest_bulletin_out_of_the_feed(desk: Desk) -> None:
    options = OPTIONS.model_copy(update={"keep": 3})
    first = [desk.publish(number, options=options) for number in range(1, 13)]
    desk.publish(13, options=options)
    newest = (desk.folder / "demo-13.mp3").read_bytes()

    outlet = desk.outlet(options=options)
    for number, episode in reversed(list(enumerate(first, 1))):
        desk.now += HOUR / 60
        outlet.correct(episode.guid, desk.bulletin(number, name=f"corrected-{number}"))
        outlet.show()

    assert chain(desk.folder) == [
        ("feed.xml", ["12", "11", "13"]),
        ("feed-2026-11-24.xml", ["12", "11", "10", "9", "8", "7", "6", "5", "4", "3", "2", "1", "13"]),
    ]
    assert (desk.folder / "latest.mp3").read_bytes() == newest


def test_pages_that_are_missing_are_written_again(desk: Desk) -> None:
    """An update from a version without pages has the same effect."""
    publish(desk, 1, 30, 60, 90)
    before = chain(desk.folder)
    for page in desk.folder.glob("feed-*.xml"):
        page.unlink()

    publish(desk, 90)

    assert chain(desk.folder) == before


def test_audio_deleted_by_retention_is_not_listed(desk: Desk) -> None:
    publish(desk, 1, 2, 30, 31, 60, 90)
    for name in ("demo-1.mp3", "demo-2.mp3", "demo-30.mp3"):
        (desk.folder / name).unlink()

    desk.outlet(options=SHORT).tidy()

    assert chain(desk.folder) == [
        ("feed.xml", ["90"]),
        ("feed-2026-11-26.xml", ["60"]),
        ("feed-2026-11-25.xml", ["31"]),
    ]
    assert not (desk.folder / "feed-2026-11-24.xml").exists()


def test_the_feed_names_its_hub_and_when_it_changes(desk: Desk) -> None:
    options = OPTIONS.model_copy(update={"hub": "https://hub.example/"})
    rule = UpdateRule(rrule="FREQ=DAILY;BYHOUR=7;BYMINUTE=0;BYSECOND=0", words="07:00; every day")

    desk.publish(1, options=options, updates=rule)

    channel = etree.parse(desk.folder / "feed.xml").getroot().find("channel")
    assert channel.xpath("a:link[@rel='hub']/@href", namespaces={"a": ATOM[1:-1]}) == ["https://hub.example/"]
    frequency = channel.find(f"{PODCAST}updateFrequency")
    assert (frequency.get("rrule"), frequency.text) == (rule.rrule, rule.words)
    assert frequency.get("dtstart") == (NOW + timedelta(hours=1)).isoformat()


@pytest.mark.parametrize(
    "hub", ["http://hub.example/", "https://me:secret@hub.example/", "https://h.example/>", "no"]
)
def test_an_invalid_hub_address_is_refused(hub: str) -> None:
    with pytest.raises(ValueError, match="pubsubhubbub"):
        PodcastOptions(hub=hub)
