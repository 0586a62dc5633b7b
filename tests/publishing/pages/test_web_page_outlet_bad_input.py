"""Listener pages with hostile words, missing audio and damaged lists; resources that they may load."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree

from bulletin.config.tables.output_options import PageOptions
from bulletin.errors import OutletError
from bulletin.publishing.pages.page_wording import load_words
from tests.publishing.pages.page_station import HOUR, PAGE, Desk, desk, make_site  # noqa: F401 - fixtures
from tests.support.factories import (
    NOW,
    make_article,
    make_bulletin,
    make_script,
    make_story,
    make_story_script,
)
from tests.support.hostile_texts import HOSTILE


@pytest.mark.slow
@pytest.mark.parametrize("title", HOSTILE)
def test_hostile_words_never_become_markup(desk: Desk, title: str) -> None:
    """Hostile title, text, credit and link never become an element, an attribute, a path or a script."""
    desk.publish(1)
    tame = shape(desk)
    desk.now += HOUR
    article = make_article(title=title, summary=title, credit=title, link="javascript:alert(1)//" + title)
    story_script = make_story_script(make_story(article))
    path = desk.bulletin(1).renditions[0].path
    path.write_bytes(b"other sound" * 900)
    hostile = make_bulletin(
        path.with_name("demo-20261124-0800-b.mp3"), make_script(story_script, title=title, at=NOW + HOUR)
    )
    path.rename(hostile.renditions[0].path)
    desk.hand_over(hostile)

    assert shape(desk) == tame
    assert {path.name for path in desk.folder.rglob("*") if "passwd" in str(path)} == set()
    for page in desk.folder.glob("*.html"):
        assert b"javascript:" not in b"".join(re.findall(rb'(?:href|src)="[^"]*', page.read_bytes()))


def shape(desk: Desk) -> list[str]:
    """Elements and attribute names of the front page, without the links to sources."""
    page = desk.read()
    for source in page.xpath("//p[@class='from'] | //aside | //li[@class='part']/p | //span[@class='new']"):
        source.getparent().remove(source)
    return [
        f"{element.tag} {sorted(element.attrib)}"
        for element in page.iter()
        if isinstance(element, etree._Element) and element.tag != "p"
    ]


def test_pages_load_nothing_from_other_sites(desk: Desk) -> None:
    """Pages load files of their own folder only, and their content security policy says so."""
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
    assert not re.search(rb"https?://(?!www\.w3\.org)", desk.site.assets[desk.site.names["css"]])


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("https://radio.example:8443/status-json.xsl", " https://radio.example:8443"),
        ("http://[::1]:8000/status-json.xsl", " http://[::1]:8000"),
        ("https://radio.example;script-src *", ""),
        ("https://user:word@radio.example/status-json.xsl", ""),
        ("javascript:alert(1)", ""),
        ("", ""),
    ],
)
def test_the_policy_allows_only_the_server_of_the_stream(desk: Desk, address: str, allowed: str) -> None:
    desk.site = make_site(page=PageOptions.model_construct(now_playing=address))
    desk.publish(1)

    page = desk.read()
    policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert f"connect-src 'self'{allowed};" in policy
    assert bool(page.xpath("//*[@class='now-playing']/@data-status")) == bool(allowed)


def test_style_and_script_have_new_names_when_they_change(desk: Desk) -> None:
    own = make_site(own_css=".name { color: red }")

    assert own.names["css"] != desk.site.names["css"]
    assert own.names["js"] == desk.site.names["js"]
    assert own.assets[own.names["css"]].endswith(b".name { color: red }\n")


def test_without_the_podcasts_file_there_is_no_page(desk: Desk) -> None:
    with pytest.raises(OutletError, match="the podcast lacks its episode"):
        desk.page.publish(desk.bulletin())

    assert not (desk.folder / "index.html").exists()


@pytest.mark.parametrize("damage", [b"", b"{", b"[" * 100_000, b"[1]", b'{"guid": 1}'])
def test_a_damaged_list_of_a_day_is_made_again_from_its_pages(desk: Desk, damage: bytes) -> None:
    desk.publish(1)
    (desk.folder / "days" / "2026-11-24.json").write_bytes(damage)

    desk.publish(2)

    assert re.findall(r"Bulletin \d", desk.words("days/2026-11-24.html")) == ["Bulletin 1", "Bulletin 2"]


def test_a_bulletin_whose_audio_was_deleted_by_hand_is_not_on_the_front_page(desk: Desk) -> None:
    desk.publish(1)
    desk.publish(2)
    (desk.folder / "demo-20261124-0900-made.mp3").unlink()

    desk.hand_over(desk.bulletin(0))

    assert desk.read().xpath("//h1/text()") == ["Bulletin 1"]


def test_a_file_where_the_days_should_be_is_named(desk: Desk) -> None:
    desk.folder.mkdir()
    (desk.folder / "days").write_text("mine")

    with pytest.raises(OutletError, match="days"):
        desk.page.check()


def test_times_are_the_stations_clock_in_summer(desk: Desk) -> None:
    words = load_words(own={"play": "Start"}, time_zone="Europe/London")

    assert words.clock(datetime.fromisoformat("2026-07-01T06:00:00+00:00")) == "7am"
    assert words.clock(datetime.fromisoformat("2026-07-01T17:30:00+00:00")) == "6.30pm"
    assert (
        words.date_text(words.local_date(datetime.fromisoformat("2026-07-01T23:30:00+00:00")))
        == "Thursday 2 July 2026"
    )
    assert words.words["play"] == "Start"
    assert [words.length_text(seconds) for seconds in (0, 59.6, 61, 120)] == [
        "0 s",
        "1 min",
        "1 min 1 s",
        "2 min",
    ]


def test_pages_have_the_words_of_the_stations_language(tmp_path: Path) -> None:
    (tmp_path / "wx").mkdir()
    own = '[words]\nplay = "Lesa"\n\n[dates]\ntime = "{hour24}:{minute:02d}"\n'
    (tmp_path / "wx" / "pages.toml").write_text(own, encoding="utf-8")

    words = load_words(own={}, time_zone="UTC", language="wx", folder=tmp_path)

    assert (words.words["play"], words.words["pause"]) == ("Lesa", "Pause")
    assert words.clock(datetime(2026, 11, 25, 18, 30, tzinfo=UTC)) == "18:30"
