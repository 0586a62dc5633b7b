"""Podcast outlet: the files of the public folder and the order in which they are written."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from lxml import etree
from PIL import Image

from bulletin.errors import OutletError
from tests.publishing.podcast.feed_rules import broken_rules
from tests.publishing.podcast.podcast_station import HOUR, OPTIONS, Desk, artwork, desk  # noqa: F401 - fixtures
from tests.support.factories import NOW, make_bulletin, make_script


def test_after_a_fast_clock_the_feed_has_the_news_of_today(desk: Desk) -> None:
    """Counted from the newest episode, episodes dated three days ahead would fill the feed for three days."""
    desk.publish(1)
    desk.publish(73)
    desk.publish(2)
    desk.publish(3)

    assert desk.titles() == ["Bulletin 3", "Bulletin 2", "Bulletin 1"]
    latest = json.loads((desk.folder / "latest.json").read_bytes())
    assert latest["title"] == "Bulletin 3"
    desk.publish(74)
    assert desk.titles() == ["Bulletin 74", "Bulletin 73"], "in its time it is there again"


def test_publishing_writes_all_files_of_a_bulletin(desk: Desk) -> None:
    episode = desk.publish()

    art = f"artwork-{sha256(desk.artwork).hexdigest()[:8]}.jpg"
    assert sorted(desk.state()) == sorted(
        [
            art,
            "demo-1.mp3",
            "demo-1.vtt",
            "demo-1.srt",
            "demo-1.json",
            "demo-1.chapters.json",
            "feed.xml",
            "latest.json",
            "latest.mp3",
        ]
    )
    assert episode.places == {
        "audio": desk.folder / "demo-1.mp3",
        "latest": desk.folder / "latest.mp3",
        "feed": desk.folder / "feed.xml",
        "artwork": desk.folder / art,
        "audio_url": "https://news.example/demo/demo-1.mp3",
        "feed_url": "https://news.example/demo/feed.xml",
    }
    assert (episode.title, episode.published, episode.outlet) == ("Bulletin 1", NOW + HOUR, "podcast")


def test_the_feed_breaks_no_rule_and_names_the_files_as_they_are(desk: Desk) -> None:
    desk.publish(1)
    desk.publish(2)

    feed = (desk.folder / "feed.xml").read_bytes()
    assert broken_rules(feed) == []
    assert desk.titles() == ["Bulletin 2", "Bulletin 1"]
    for sound in etree.fromstring(feed).iter("enclosure"):
        path = desk.folder / sound.get("url", "").removeprefix("https://news.example/demo/")
        assert sound.get("length") == str(path.stat().st_size)


def test_latest_is_the_newest_bulletin_with_its_side_file(desk: Desk) -> None:
    desk.publish(1)
    episode = desk.publish(2)

    sound = (desk.folder / "demo-2.mp3").read_bytes()
    assert (desk.folder / "latest.mp3").read_bytes() == sound
    assert json.loads((desk.folder / "latest.json").read_text("utf-8")) == {
        "station": "demo",
        "title": "Bulletin 2",
        "guid": episode.guid,
        "audio": "demo-2.mp3",
        "made": "2026-11-24T09:00:00+00:00",
        "due": "2026-11-24T09:00:00+00:00",
        "valid_until": "2026-11-24T11:00:00+00:00",
        "level": "fresh",
        "duration_s": 30.0,
        "bytes": len(sound),
        "sha256": sha256(sound).hexdigest(),
    }


def test_publishing_again_changes_no_file(desk: Desk) -> None:
    first = desk.publish()
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in desk.folder.iterdir()}
    bulletin = make_bulletin(desk.folder / "demo-1.mp3", make_script(title="Bulletin 1", at=NOW + HOUR))

    desk.now += HOUR
    again = desk.outlet().publish(bulletin)

    assert again == first
    assert before == {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in desk.folder.iterdir()}


def test_publishing_an_older_bulletin_again_leaves_latest_alone(desk: Desk) -> None:
    desk.publish(1)
    desk.publish(2)
    before = desk.state()

    desk.outlet().publish(desk.bulletin(1))

    assert desk.state() == before


def test_audio_outside_the_folder_is_copied_and_not_moved(desk: Desk, tmp_path: Path) -> None:
    bulletin = desk.bulletin(folder=tmp_path / "work")

    desk.outlet().publish(bulletin)

    assert (desk.folder / "demo-1.mp3").read_bytes() == (tmp_path / "work" / "demo-1.mp3").read_bytes()


def test_old_episodes_leave_the_feed_and_their_files_stay(desk: Desk) -> None:
    options = OPTIONS.model_copy(update={"keep": 2})
    for number in (1, 2, 3):
        desk.publish(number, options=options)
    assert desk.titles() == ["Bulletin 3", "Bulletin 2"]

    desk.publish(5, options=OPTIONS.model_copy(update={"keep_h": 1.0}))

    assert desk.titles() == ["Bulletin 5"]
    assert (desk.folder / "demo-1.mp3").exists()


def test_an_episode_without_its_audio_leaves_the_feed(desk: Desk) -> None:
    desk.publish(1)
    (desk.folder / "demo-1.mp3").unlink()
    desk.publish(2)

    assert desk.titles() == ["Bulletin 2"]


def test_an_address_keeps_its_audio(desk: Desk) -> None:
    desk.publish()
    (desk.folder / "demo-1.mp3").write_bytes(b"another sound under the same name")
    other = make_bulletin(desk.folder / "demo-1.mp3", make_script(title="Other"))

    with pytest.raises(OutletError, match=r"demo-1\.mp3: belongs to another episode"):
        desk.outlet().publish(other)


def test_audio_outside_the_folder_never_replaces_a_file(desk: Desk, tmp_path: Path) -> None:
    desk.folder.mkdir()
    (desk.folder / "demo-1.mp3").write_bytes(b"not ours")

    with pytest.raises(OutletError, match="belongs to another episode"):
        desk.outlet().publish(desk.bulletin(folder=tmp_path / "work"))

    assert desk.state() == {"demo-1.mp3": b"not ours"}


def test_new_artwork_gets_an_address_of_its_own(desk: Desk) -> None:
    png = io.BytesIO()
    Image.new("RGB", (1400, 1400), "navy").save(png, "PNG")
    desk.publish(1)
    desk.publish(2, artwork=png.getvalue())

    image = f"artwork-{sha256(png.getvalue()).hexdigest()[:8]}.png"
    assert (desk.folder / image).read_bytes() == png.getvalue()
    assert f"https://news.example/demo/{image}".encode() in (desk.folder / "feed.xml").read_bytes()


def test_a_bulletin_without_cues_and_chapters_goes_out(desk: Desk) -> None:
    bulletin = desk.bulletin()
    bare = replace(bulletin, renditions=(replace(bulletin.renditions[0], cues=(), chapters=()),))

    desk.outlet().publish(bare)

    feed = (desk.folder / "feed.xml").read_bytes()
    assert b"podcast:transcript" not in feed
    assert b"podcast:chapters" not in feed


def test_a_rewrite_puts_the_new_name_and_artwork_in_every_page_of_the_feed(desk: Desk) -> None:
    few = OPTIONS.model_copy(update={"keep": 1})
    for number in (1, 2, 20, 40):
        desk.publish(number, options=few)
    old_art = {path.name for path in desk.folder.glob("artwork-*")}
    other = few.model_copy(update={"title": "Another name", "base_url": "https://new.example/"})
    sounds = {path.name: path.stat().st_mtime_ns for path in desk.folder.glob("*.mp3")}
    guid = etree.parse(desk.folder / "feed.xml").find("channel/{*}guid").text
    outlet = desk.outlet(options=other, artwork=desk.artwork + b" other")

    assert outlet.renew() == 4  # artwork, two older pages and the feed

    (art,) = {path.name for path in desk.folder.glob("artwork-*")} - old_art
    for name in ("feed.xml", "feed-2026-11-25.xml", "feed-2026-11-24.xml"):
        feed = (desk.folder / name).read_text("utf-8")
        assert feed.count("<title>Another name</title>") == 2
        assert f"https://new.example/demo/{art}" in feed
        assert "news.example" not in feed.replace("@wexcombe.example", "")
    assert etree.parse(desk.folder / "feed.xml").find("channel/{*}guid").text == guid
    assert {path.name: path.stat().st_mtime_ns for path in desk.folder.glob("*.mp3")} == sounds
    assert outlet.renew() == 0

    outlet.sweep()
    assert {path.name for path in desk.folder.glob("artwork-*")} == {art}
