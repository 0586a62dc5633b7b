"""Pages for listeners: what lies there, what it says, and what is never seen."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from lxml import etree, html

from bench.publish import run as measure_publishing
from bulletin.archive.archive import Archive
from bulletin.config.outputs import PageLink, PodcastOptions
from bulletin.errors import OutletError
from bulletin.model import Bulletin, Episode
from bulletin.outlets.colours import dark_shades, light_shades
from bulletin.outlets.outlet import BUILTIN, Archival, Correctable, Outlet
from bulletin.outlets.pagewords import load_words
from bulletin.outlets.places.page import Page
from bulletin.outlets.places.podcast import Podcast
from bulletin.outlets.publish import PublishError, publish_bulletin
from bulletin.outlets.site import Site, make_assets
from bulletin.plugins import find_part
from tests.factories import NOW, make_article, make_bulletin, make_script, make_story, make_told, make_words

HOUR = timedelta(hours=1)
ARTWORK = b"\xff\xd8\xff a picture"
ADDRESS = "https://news.example/demo/"


def make_site(**changes: Any) -> Site:
    """Wexcombe Radio's, in green."""
    colour = "#0b6e4f"
    assets, names = make_assets(
        colour=colour, own_css=changes.pop("own_css", ""), cover=b"\xff\xd8\xff small"
    )
    fields: dict[str, Any] = {
        "name": "Wexcombe Radio",
        "title": "Wexcombe Radio News",
        "language": "en-GB",
        "frequencies": ("103.5", "105.3"),
        "band": "FM",
        "slogan": "The sound of the valley",
        "address": ADDRESS,
        "feed_url": f"{ADDRESS}feed.xml",
        "home": "",
        "stream": "https://radio.example/live",
        "speaker": "Alexa, what's the news?",
        "links": (PageLink(name="Overcast", url="https://overcast.example/x"),),
        "disclosure": "Read by a synthetic voice.",
        "light": light_shades(colour),
        "dark": dark_shades(colour),
        "assets": assets,
        **{what: names[what] for what in ("css", "js", "icon", "cover")},
    }
    return Site(**(fields | changes))


class Desk:
    """A station's folder, archive and clock; podcast and pages."""

    def __init__(self, folder: Path, archive: Archive) -> None:
        self.folder = folder
        self.archive = archive
        self.now = NOW
        self.site = make_site()

    @property
    def podcast(self) -> Podcast:
        return Podcast(
            folder=self.folder,
            options=PodcastOptions(base_url="https://news.example/"),
            station=make_words(),
            artwork=ARTWORK,
            archive=self.archive,
            clock=lambda: self.now,
        )

    @property
    def page(self) -> Page:
        return Page(
            folder=self.folder,
            station=make_words(),
            site=self.site,
            words=load_words("en-GB", own={}, time_zone="Europe/London"),
            archive=self.archive,
            clock=lambda: self.now,
        )

    def bulletin(self, number: int = 1, *titles: str, version: str = "") -> Bulletin:
        """Of an hour of its own, with these stories."""
        at = NOW + number * HOUR
        told = [
            make_told(
                make_story(
                    make_article(id=f"gazette:{title}", title=title, link=f"https://gazette.example/{n}")
                )
            )
            for n, title in enumerate(titles or (f"Story of hour {number}",))
        ]
        self.folder.mkdir(exist_ok=True)
        path = self.folder / f"demo-{at:%Y%m%d-%H%M}{version}-made.mp3"
        path.write_bytes(f"sound {number}{version} ".encode() * 900)
        return make_bulletin(path, make_script(*told, title=f"Bulletin {number}", at=at))

    def publish(self, number: int = 1, *titles: str) -> Episode:
        self.now = NOW + number * HOUR
        return self.hand_over(self.bulletin(number, *titles))

    def hand_over(self, bulletin: Bulletin) -> Episode:
        """To both, as a station does; the page's episode."""
        return publish_bulletin(bulletin, outlets=(self.podcast, self.page))[1]

    def read(self, name: str = "index.html") -> html.HtmlElement:
        return html.fromstring((self.folder / name).read_bytes())

    def words(self, name: str = "index.html") -> str:
        return " ".join(" ".join(self.read(name).itertext()).split())

    def state(self) -> dict[str, tuple[bytes, int]]:
        return {
            str(path.relative_to(self.folder)): (path.read_bytes(), path.stat().st_mtime_ns)
            for path in self.folder.rglob("*")
            if path.is_file()
        }

    def everywhere(self, text: str) -> list[str]:
        """Pages, and what they are written from, that have it; the podcast withdraws for itself."""
        ours = (".html", ".page.json", "-24.json")
        return [
            name for name, (data, _) in self.state().items() if text.encode() in data and name.endswith(ours)
        ]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Archive.open(tmp_path / "archive.db") as archive:
        yield Desk(tmp_path / "demo", archive)


PAGE = "demo-20261124-0800-made.html"


def test_the_page_is_found_by_its_name_and_fits_the_ports(desk: Desk) -> None:
    outlet: Outlet = desk.page

    assert find_part("outlets", "page", BUILTIN) is type(outlet)
    assert isinstance(outlet, Correctable)
    assert isinstance(outlet, Archival)


def test_a_published_bulletin_has_a_page_and_stands_on_the_front(desk: Desk) -> None:
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


def test_words_sources_and_ways_to_listen_are_there_without_a_script(desk: Desk) -> None:
    desk.publish(1, "Bridge closes")

    page, words = desk.read(), desk.words()
    assert "The bridge over the River Wex closes on Monday for six weeks of repairs." in words
    assert page.xpath("//p[@class='from']/a/@href") == ["https://gazette.example/0"]
    assert page.xpath("//a[@class='jump']/@href")[1] == "demo-20261124-0800-made.mp3#t=10.0"
    assert page.xpath("//audio/@controls")
    assert "How to listen On air 103.5 & 105.3 FM" in words
    assert "https://news.example/demo/feed.xml" in words
    assert "“Alexa, what's the news?”" in words
    assert {"https://radio.example/live", "https://overcast.example/x"} <= set(page.xpath("//a/@href"))


def test_machines_are_told_too(desk: Desk) -> None:
    desk.publish(1, "Bridge closes")

    page = desk.read(PAGE)
    data = json.loads(page.xpath("//script[@type='application/ld+json']/text()")[0])
    meta = {one.get("property") or one.get("name"): one.get("content") for one in page.xpath("//meta")}
    assert (data["@type"], data["audio"]["@type"]) == ("PodcastEpisode", "AudioObject")
    assert data["audio"]["contentUrl"] == f"{ADDRESS}demo-20261124-0800-made.mp3"
    assert data["duration"] == "PT0M30S"
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
    assert meta["og:image"] == f"{ADDRESS}{desk.site.cover}"
    assert page.xpath("//link[@rel='canonical']/@href") == [f"{ADDRESS}{PAGE}"]


def test_the_same_bulletin_again_changes_no_file(desk: Desk) -> None:
    desk.publish()
    before = desk.state()
    desk.now += HOUR

    desk.hand_over(desk.bulletin())

    assert {name: kept for name, kept in desk.state().items() if not name.endswith(".mp3")} == {
        name: kept for name, kept in before.items() if not name.endswith(".mp3")
    }


def test_only_what_a_bulletin_touches_is_written(desk: Desk) -> None:
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


def test_an_earlier_hour_that_comes_late_does_not_take_the_front(desk: Desk) -> None:
    desk.publish(5)
    desk.publish(2)

    assert desk.read().xpath("//h1/text()") == ["Bulletin 5"]
    assert re.findall(r"Bulletin \d", desk.words("days/2026-11-24.html")) == ["Bulletin 2", "Bulletin 5"]


def test_the_front_lists_what_came_before(desk: Desk) -> None:
    for number in range(1, 10):
        desk.publish(number)

    told = desk.read().xpath("//ol[@class='past']//span[@class='top']/text()")
    assert told == [f"Story of hour {number}" for number in (8, 7, 6, 5, 4, 3)]


def test_a_bulletins_own_page_names_no_other(desk: Desk) -> None:
    """What is withdrawn later would otherwise stay on it."""
    desk.publish(1, "Older story")
    desk.publish(2)

    words = desk.words("demo-20261124-0900-made.html")
    assert "Older story" not in words
    assert "Earlier" not in words
    assert "Archive Latest bulletin Bulletins of Tuesday 24 November 2026 All days" in words


def test_the_measurement_of_many_episodes_runs(capsys: pytest.CaptureFixture[str]) -> None:
    measure_publishing(10, HOUR)

    (_, tenth) = capsys.readouterr().out.splitlines()
    assert int(tenth.split()[0]) == 10
    assert int(tenth.split()[-1]) <= 14  # files: its own eight, the day's two, front, player, feed, latest


def named_by_the_feed(folder: Path) -> set[str]:
    """File names: sounds, transcripts, chapters, pages, and the feed's own older pages."""
    feed = etree.fromstring((folder / "feed.xml").read_bytes())
    urls = set(feed.xpath("//item//@url | //item//@uri | //item/link/text()"))
    return {url.removeprefix(ADDRESS) for url in urls if url.startswith(ADDRESS)}


def test_whoever_reads_the_feed_while_it_is_written_finds_all_that_it_names(desk: Desk) -> None:
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
    # the new one's page is named as soon as the feed names its sound
    assert pages > 12
    assert all(item.findtext("link") for item in etree.parse(desk.folder / "feed.xml").iter("item"))


def test_a_page_that_could_not_be_written_is_not_named(desk: Desk) -> None:
    desk.folder.mkdir()
    (desk.folder / "days").write_bytes(b"a file in the place of the folder")

    with pytest.raises(PublishError, match="page: "):
        desk.publish()

    (item,) = etree.parse(desk.folder / "feed.xml").iter("item")
    assert item.find("link") is None


def test_a_day_is_the_stations_own(desk: Desk) -> None:
    desk.site = make_site()
    desk.publish(17)  # midnight in London

    assert (desk.folder / "days" / "2026-11-25.html").exists()
    assert not (desk.folder / "days" / "2026-11-24.html").exists()


# -- taken back, and made again


def test_a_withdrawn_bulletin_is_on_no_page(desk: Desk) -> None:
    desk.publish(1, "Kept story")
    episode = desk.publish(2, "Secret story")

    desk.page.withdraw(episode.guid)
    desk.page.withdraw(episode.guid)

    assert desk.everywhere("Kept story")
    assert desk.everywhere("Secret story") == []
    assert desk.read().xpath("//h1/text()") == ["Bulletin 1"]
    assert "09:00 This bulletin was withdrawn." in desk.words("days/2026-11-24.html")
    assert not desk.page.has(episode.guid)


def test_with_everything_withdrawn_the_front_says_so(desk: Desk) -> None:
    episode = desk.publish()

    desk.page.withdraw(episode.guid)

    for name in ("index.html", "player.html"):
        assert "There is no bulletin just now." in desk.words(name)
        assert not desk.read(name).xpath("//audio")


def test_a_withdrawn_bulletin_stays_so(desk: Desk) -> None:
    episode = desk.publish()
    desk.page.withdraw(episode.guid)

    with pytest.raises(OutletError, match="was withdrawn and stays so"):
        desk.page.publish(desk.bulletin())


def test_to_withdraw_what_it_never_had_is_silent(desk: Desk) -> None:
    desk.publish()
    before = desk.state()

    for guid in ("demo-page-20261124T0900Z-0123456789ab", "nonsense", ""):
        desk.page.withdraw(guid)
        assert not desk.page.has(guid)

    assert desk.state() == before


def correct(desk: Desk, number: int, guid: str, *titles: str, version: str = "-corrected") -> Episode:
    desk.now += timedelta(minutes=10)
    better = desk.bulletin(number, *titles, version=version)
    podcast = desk.podcast
    podcast.place(better)
    episode = desk.page.correct(guid, better)
    podcast.show()
    return episode


def test_a_correction_takes_the_place_and_the_old_address_shows_it(desk: Desk) -> None:
    old = desk.publish(1, "Wrong story", "Good story")

    new = correct(desk, 1, old.guid, "Good story")

    assert desk.everywhere("Wrong story") == []
    assert desk.page.has(old.guid)
    assert desk.page.has(new.guid)
    assert desk.read(PAGE).xpath("//link[@rel='canonical']/@href") == [new.places["page_url"]]
    assert "This is a corrected version" in desk.words(PAGE)
    day = desk.read("days/2026-11-24.html")
    assert [link for link in day.xpath("//main//a/@href") if "demo-" in link] == [
        "../demo-20261124-0800-corrected-made.html"
    ]


def test_a_correction_asked_for_twice_is_the_same(desk: Desk) -> None:
    old = desk.publish(1, "Wrong story", "Good story")
    first = correct(desk, 1, old.guid, "Good story")
    before = {name: data for name, (data, _) in desk.state().items()}

    again = correct(desk, 1, old.guid, "Good story")

    assert (again.guid, again.published) == (first.guid, first.published)
    assert {name: data for name, (data, _) in desk.state().items()} == before


def test_a_corrected_bulletin_that_is_withdrawn_leaves_the_old_address_too(desk: Desk) -> None:
    old = desk.publish(1, "Wrong story", "Good story")
    new = correct(desk, 1, old.guid, "Good story")

    desk.page.withdraw(new.guid)

    assert not (desk.folder / PAGE).exists()
    assert desk.everywhere("Good story") == []


def test_a_correction_of_which_the_podcast_has_no_sound_is_withdrawn(desk: Desk) -> None:
    episode = desk.publish(1, "Wrong story")

    desk.page.correct(episode.guid, replace(desk.bulletin(1, version="x"), renditions=()))

    assert desk.everywhere("Wrong story") == []


# -- what is kept no more


def test_the_archive_says_what_can_be_heard_no_more(desk: Desk) -> None:
    desk.publish(1, "Old story")
    desk.publish(2, "New story")
    for path in desk.folder.glob("demo-20261124-0800-made*"):
        path.unlink()

    desk.page.forget_sound({"demo-20261124-0800-made", "demo-99999999-0000", "nonsense"})

    day = desk.read("days/2026-11-24.html")
    assert "Old story No longer to be heard" in desk.words("days/2026-11-24.html")
    assert [link for link in day.xpath("//main//a/@href") if "demo-" in link] == [
        "../demo-20261124-0900-made.html"
    ]
    assert "Old story" not in desk.words()


def test_what_can_be_heard_no_more_is_withdrawn_from_the_archive_too(desk: Desk) -> None:
    episode = desk.publish(1, "Old story")
    for path in desk.folder.glob("demo-20261124-0800-made*"):
        path.unlink()
    desk.page.forget_sound({"demo-20261124-0800-made"})
    assert desk.page.has(episode.guid)

    desk.page.withdraw(episode.guid)

    assert desk.everywhere("Old story") == []


# -- bad input

HOSTILE = (
    "<script>alert(1)</script>Breaking",
    '"><img src=x onerror=alert(1)>',
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "</script><script>alert(1)</script>",
    "{{ 7 * 7 }}{% include 'base.html' %}",
    "]]><title>x</title> -->",
    "../../../etc/passwd",
    "Title \u202eturned\u202c \x00\x1b",
    "javascript:alert(1)",
    "x" * 10_000,
)


@pytest.mark.parametrize("title", HOSTILE)
def test_hostile_words_are_words(desk: Desk, title: str) -> None:
    """As title, text, credit and link; nothing of it is an element, an attribute, a path or a script."""
    desk.publish(1)
    tame = shape(desk)
    desk.now += HOUR
    article = make_article(title=title, summary=title, credit=title, link="javascript:alert(1)//" + title)
    told = make_told(make_story(article))
    path = desk.bulletin(1).renditions[0].path
    path.write_bytes(b"other sound" * 900)
    hostile = make_bulletin(
        path.with_name("demo-20261124-0800-b.mp3"), make_script(told, title=title, at=NOW + HOUR)
    )
    path.rename(hostile.renditions[0].path)
    desk.hand_over(hostile)

    assert shape(desk) == tame
    assert {path.name for path in desk.folder.rglob("*") if "passwd" in str(path)} == set()
    for page in desk.folder.glob("*.html"):
        assert b"javascript:" not in b"".join(re.findall(rb'(?:href|src)="[^"]*', page.read_bytes()))


def shape(desk: Desk) -> list[str]:
    """The elements of the front with their attributes' names, but for links to sources."""
    page = desk.read()
    for source in page.xpath("//p[@class='from'] | //aside | //li[@class='part']/p"):
        source.getparent().remove(source)
    return [
        f"{one.tag} {sorted(one.attrib)}"
        for one in page.iter()
        if isinstance(one, etree._Element) and one.tag != "p"
    ]


def test_nothing_is_asked_of_anybody_else(desk: Desk) -> None:
    """Pages work from their own folder alone, and their policy says so to the browser."""
    desk.publish(1)

    for name in ("index.html", PAGE, "player.html", "days/index.html", "days/2026-11-24.html"):
        page = desk.read(name)
        loaded = page.xpath("//*[self::script or self::img or self::audio or self::iframe]/@src")
        loaded += page.xpath("//link[@rel='stylesheet' or @rel='icon']/@href")
        assert not [address for address in loaded if "//" in address]
        policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert not page.xpath("//script[not(@src) and not(@type='application/ld+json')]")
        assert not page.xpath("//@style | //style")
    assert not re.search(rb"https?://(?!www\.w3\.org)", desk.site.assets[desk.site.css])


def test_style_and_script_have_new_names_when_they_change(desk: Desk) -> None:
    own = make_site(own_css=".name { color: red }")

    assert own.css != desk.site.css
    assert own.js == desk.site.js
    assert own.assets[own.css].endswith(b".name { color: red }\n")


def test_without_the_podcasts_file_there_is_no_page(desk: Desk) -> None:
    with pytest.raises(OutletError, match="no podcast episode"):
        desk.page.publish(desk.bulletin())

    assert not (desk.folder / "index.html").exists()


@pytest.mark.parametrize("damage", [b"", b"{", b"[1]", b'{"guid": 1}'])
def test_a_damaged_list_of_a_day_is_begun_again(desk: Desk, damage: bytes) -> None:
    desk.publish(1)
    (desk.folder / "days" / "2026-11-24.json").write_bytes(damage)

    desk.publish(2)

    assert re.findall(r"Bulletin \d", desk.words("days/2026-11-24.html")) == ["Bulletin 2"]


def test_a_bulletin_whose_sound_was_deleted_by_hand_is_not_on_the_front(desk: Desk) -> None:
    desk.publish(1)
    desk.publish(2)
    (desk.folder / "demo-20261124-0900-made.mp3").unlink()

    desk.publish(0)

    assert desk.read().xpath("//h1/text()") == ["Bulletin 1"]


def test_a_file_where_the_days_should_be_is_named(desk: Desk) -> None:
    desk.folder.mkdir()
    (desk.folder / "days").write_text("mine")

    with pytest.raises(OutletError, match="days"):
        desk.page.check()


def test_times_are_the_stations_clock_in_summer(desk: Desk) -> None:
    words = load_words("en-AU", own={"play": "Start"}, time_zone="Europe/London")

    assert words.clock(datetime.fromisoformat("2026-07-01T06:00:00+00:00")) == "07:00"
    assert words.day(datetime.fromisoformat("2026-07-01T23:30:00+00:00")) == "Thursday 2 July 2026"
    assert words.words["play"] == "Start"
    assert [words.length_text(seconds) for seconds in (0, 59.6, 61, 120)] == [
        "0 s",
        "1 min",
        "1 min 1 s",
        "2 min",
    ]
