"""Listener pages: their files, their content, and when they change."""

from __future__ import annotations

import json
import re
import threading
from pathlib import Path

import pytest
from lxml import etree

from bench.publish import run as measure_publishing
from bulletin.publishing.publish_bulletin import PublishError
from tests.publishing.pages.page_station import ADDRESS, HOUR, PAGE, Desk, correct, desk, make_site  # noqa: F401 - fixtures


def test_a_published_bulletin_has_a_page_and_is_on_the_front_page(desk: Desk) -> None:
    episode = desk.publish(1, "Bridge closes", "School opens")

    assert episode.places["page"] == desk.folder / PAGE
    for name in ("index.html", PAGE):
        page = desk.read(name)
        assert page.xpath("//h1/text()") == ["Bulletin 1"]
        assert page.xpath("//audio/@src") == ["demo-20261124-0800-made.mp3"]
        assert page.xpath("//*[@class='jump']/span[@class='head']/text()")[1:3] == [
            "Bridge closes",
            "School opens",
        ]
    assert desk.read("player.html").xpath("//audio/@src") == ["demo-20261124-0800-made.mp3"]
    assert "Bridge closes" in desk.words("days/2026-11-24.html")
    assert desk.read("days/index.html").xpath("//main//a/@href") == ["2026-11-24.html"]


def test_after_a_fast_clock_the_front_page_has_the_news_of_today(desk: Desk) -> None:
    desk.publish(1)
    desk.publish(24 * 3652)
    desk.publish(2)

    assert desk.read().xpath("//h1/text()") == ["Bulletin 2"]
    assert desk.read().xpath("//ol[@class='past']//span[@class='top']/text()") == ["Story of hour 1"]
    assert desk.read("player.html").xpath("//audio/@src") == ["demo-20261124-0900-made.mp3"]


def test_after_a_fast_clock_no_page_lists_a_future_day(desk: Desk) -> None:
    desk.publish(1)
    desk.publish(24)
    ahead = ["2026-11-25.html", "2026-11-24.html"]
    assert desk.read("days/index.html").xpath("//main//a/@href") == ahead
    desk.publish(2)
    assert desk.read("days/index.html").xpath("//main//a/@href") == ahead[1:]

    desk.publish(18)  # of the same day, an hour before the bulletin of the fast clock
    assert desk.read("days/index.html").xpath("//main//a/@href") == ahead
    assert "hour 18" in desk.words("days/2026-11-25.html")
    assert "hour 24" not in desk.words("days/2026-11-25.html")

    desk.publish(25)
    assert "hour 24" in desk.words("days/2026-11-25.html")


def test_a_bulletin_made_before_midnight_for_the_next_day_is_listed(desk: Desk) -> None:
    bulletin = desk.bulletin(17)
    desk.now = bulletin.script.at - HOUR / 20

    desk.hand_over(bulletin)

    assert desk.read("days/index.html").xpath("//main//a/@href") == ["2026-11-25.html"]


def test_words_sources_and_ways_to_listen_are_there_without_a_script(desk: Desk) -> None:
    desk.publish(1, "Bridge closes")

    page, words = desk.read(), desk.words()
    assert "The bridge over the River Wex closes on Monday for six weeks of repairs." in words
    assert page.xpath("//p[@class='from']/a/@href") == ["https://gazette.example/0"]
    assert page.xpath("//a[@class='jump']/@href")[1] == "demo-20261124-0800-made.mp3#t=10.0"
    assert page.xpath("//audio/@controls")
    assert "How to listen On air 103.5 & 105.3 FM" in words
    assert "https://news.example/demo/feed.xml" in words
    assert "“Alexa, what’s the news?”" in words
    assert {"https://radio.example/live", "https://overcast.example/x"} <= set(page.xpath("//a/@href"))


def test_the_page_has_data_for_search_engines(desk: Desk) -> None:
    desk.publish(1, "Bridge closes")

    page = desk.read(PAGE)
    data = json.loads(page.xpath("//script[@type='application/ld+json']/text()")[0])
    meta = {tag.get("property") or tag.get("name"): tag.get("content") for tag in page.xpath("//meta")}
    assert (data["@type"], data["audio"]["@type"]) == ("PodcastEpisode", "AudioObject")
    assert data["audio"]["contentUrl"] == f"{ADDRESS}demo-20261124-0800-made.mp3"
    sound = (desk.folder / "demo-20261124-0800-made.mp3").read_bytes()
    assert (data["audio"]["contentSize"], data["audio"]["encodingFormat"]) == (str(len(sound)), "audio/mpeg")
    assert data["duration"] == data["audio"]["duration"] == "PT30S"
    assert data["hasPart"] == [
        {
            "@type": "Clip",
            "name": "Bridge closes",
            "startOffset": 10.0,
            "endOffset": 20.0,
            "url": f"{ADDRESS}{PAGE}#t=10.0",
        }
    ]
    assert meta["og:title"] == "Bulletin 1"
    assert meta["og:audio"] == data["audio"]["contentUrl"]
    assert meta["og:image"] == f"{ADDRESS}{desk.site.names['preview']}"
    assert (meta["og:image:width"], meta["og:image:height"]) == ("1200", "630")
    assert page.xpath("//link[@rel='canonical']/@href") == [f"{ADDRESS}{PAGE}"]


def test_the_same_bulletin_again_changes_no_file(desk: Desk) -> None:
    desk.publish()
    before = desk.state()
    desk.now += HOUR

    desk.hand_over(desk.bulletin())

    assert {name: kept for name, kept in desk.state().items() if not name.endswith(".mp3")} == {
        name: kept for name, kept in before.items() if not name.endswith(".mp3")
    }


def test_only_files_of_the_bulletin_are_written(desk: Desk) -> None:
    for number in (1, 2, 20):
        desk.publish(number)
    before = desk.state()

    desk.publish(21)

    changed = {name for name, kept in desk.state().items() if before.get(name) != kept}
    assert {name for name in changed if name.endswith(".html")} == {
        "demo-20261125-0400-made.html",
        "days/2026-11-25.html",
        "index.html",
        "player.html",
    }


def test_an_earlier_hour_that_comes_late_does_not_take_the_front_page(desk: Desk) -> None:
    desk.publish(5)
    desk.hand_over(desk.bulletin(2))

    assert desk.read().xpath("//h1/text()") == ["Bulletin 5"]
    assert re.findall(r"Bulletin \d", desk.words("days/2026-11-24.html")) == ["Bulletin 2", "Bulletin 5"]


@pytest.mark.slow
def test_the_front_page_lists_earlier_bulletins(desk: Desk) -> None:
    for number in range(1, 10):
        desk.publish(number)

    titles = desk.read().xpath("//ol[@class='past']//span[@class='top']/text()")
    assert titles == [f"Story of hour {number}" for number in (8, 7, 6, 5, 4, 3)]


def test_a_bulletin_page_links_to_no_other_bulletin(desk: Desk) -> None:
    """A bulletin withdrawn later would otherwise stay on it."""
    desk.publish(1, "Older story")
    desk.publish(2)

    words = desk.words("demo-20261124-0900-made.html")
    assert "Older story" not in words
    assert "Earlier" not in words
    assert "Archive Latest bulletin Bulletins of Tuesday 24 November 2026 All days" in words


def test_a_bulletin_page_is_not_taken_for_the_front_page(desk: Desk) -> None:
    desk.publish(1)

    page, front = desk.read("demo-20261124-0800-made.html"), desk.read()
    assert page.xpath("//*[@class='strip']/a/@href") == ["index.html"]
    assert "Published Tuesday 24 November 2026 at 8am" in desk.words("demo-20261124-0800-made.html")
    assert front.xpath("//*[@class='strip']") == []


def test_the_embedded_player_offers_a_new_bulletin_in_its_own_frame(desk: Desk) -> None:
    desk.publish(1)

    offer = "//*[@class='fresh-bulletin']/a/@href"
    assert (desk.read("player.html").xpath(offer), desk.read().xpath(offer)) == (
        ["player.html"],
        ["index.html"],
    )


def test_new_stories_are_marked_in_the_list_of_stories(desk: Desk) -> None:
    desk.publish(1)
    desk.publish(2)

    assert desk.read().xpath("//*[@class='index']//*[@class='new']/text()") == ["New"]


@pytest.mark.slow
def test_the_measurement_of_many_episodes_runs(capsys: pytest.CaptureFixture[str]) -> None:
    measure_publishing(10, HOUR)

    (_, tenth) = capsys.readouterr().out.splitlines()
    assert int(tenth.split()[0]) == 10
    assert (
        int(tenth.split()[-1]) <= 15
    )  # 8 of the bulletin, 2 of the day, front page, player, now.json, feed, latest


def named_by_the_feed(folder: Path) -> set[str]:
    """Names of files in the feed: audio, transcripts, chapters, pages and older pages of the feed."""
    feed = etree.fromstring((folder / "feed.xml").read_bytes())
    urls = set(feed.xpath("//item//@url | //item//@uri | //item/link/text()"))
    return {url.removeprefix(ADDRESS) for url in urls if url.startswith(ADDRESS)}


@pytest.mark.slow
def test_every_file_that_the_feed_names_exists_at_any_moment(desk: Desk) -> None:
    desk.publish(0)
    missing: set[str] = set()
    reads, pages = 0, 0
    done = threading.Event()

    def poll() -> None:
        nonlocal reads, pages
        while not done.is_set():
            reads += 1
            named = named_by_the_feed(desk.folder)
            pages = max(pages, sum(name.endswith(".html") for name in named))
            missing.update(name for name in named if not (desk.folder / name).is_file())

    thread = threading.Thread(target=poll)
    thread.start()
    try:
        for number in range(1, 13):
            desk.publish(number)
            correct(desk, number, f"demo-page-{number}", "Better")
    finally:
        done.set()
        thread.join()

    assert missing == set()
    assert reads > 12
    # the feed names the new page together with its audio
    assert pages > 12
    assert all(item.findtext("link") for item in etree.parse(desk.folder / "feed.xml").iter("item"))


def test_a_page_that_could_not_be_written_is_not_named(desk: Desk) -> None:
    desk.folder.mkdir()
    (desk.folder / "days").write_bytes(b"a file in the place of the folder")

    with pytest.raises(PublishError, match="page: "):
        desk.publish()

    (item,) = etree.parse(desk.folder / "feed.xml").iter("item")
    assert item.find("link") is None


def test_a_day_is_that_of_the_stations_time_zone(desk: Desk) -> None:
    desk.site = make_site()
    desk.publish(17)  # midnight in London

    assert (desk.folder / "days" / "2026-11-25.html").exists()
    assert not (desk.folder / "days" / "2026-11-24.html").exists()
