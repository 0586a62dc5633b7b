"""Story files: one audio file for each story, and their index."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest

from bulletin.errors import OutletError
from bulletin.model import Bulletin, Chapter, Rendition
from bulletin.publishing.files.write_sound_of_each_story import StoryFiles, make_slug
from tests.publishing.outlet_folders import OutletFolders
from tests.support.factories import (
    NOW,
    make_article,
    make_bulletin,
    make_script,
    make_story,
    make_story_script,
    make_words,
)

HOUR = timedelta(hours=1)


class Desk(OutletFolders):
    """Outlet, and bulletins that it publishes."""

    def outlet(self, **changes: object) -> StoryFiles:
        given = {"folder": self.folder, "station": make_words(), "clock": lambda: self.now}
        return StoryFiles(**(given | changes))

    def bulletin(self, number: int, *ids: str, sound: str = "") -> Bulletin:
        """Bulletin of hour `number`; each version of a story has different audio unless `sound` is given."""
        story_scripts = [
            make_story_script(
                make_story(make_article(id=i, title=f"Story {i}", link=f"https://gazette.example/{i}"))
            )
            for i in ids
        ]
        made = make_bulletin(
            self.mixed / "b.mp3",
            make_script(*story_scripts, title=f"Bulletin {number}", at=NOW + number * HOUR),
        )
        return replace(made, renditions=(*made.renditions, *(self._rendition(number, i, sound) for i in ids)))

    def _rendition(self, number: int, story: str, sound: str) -> Rendition:
        path = self.mixed / f"{number}-{story}.mp3"
        path.write_bytes(f"{sound or number} tells {story}".encode())
        chapter = Chapter(
            start_s=0,
            end_s=20,
            title=f"Story {story}",
            link=f"https://gazette.example/{story}",
            story_id=story,
        )
        return Rendition(
            kind="stories",
            path=path,
            media_type="audio/mpeg",
            duration_s=20.0004,
            loudness_lufs=-16.004,
            true_peak_dbtp=-1.8,
            chapters=(chapter,),
        )

    def publish(self, number: int, *ids: str, **changes: str):
        self.now = NOW + number * HOUR - timedelta(minutes=2)
        return self.outlet().publish(self.bulletin(number, *ids, **changes))

    def index(self) -> dict[str, object]:
        return json.loads((self.folder / "stories.json").read_text("utf-8"))

    def listed(self) -> list[tuple[str, str]]:
        return [(story["id"], story["bulletin_title"]) for story in self.index()["stories"]]

    def sounds(self) -> list[str]:
        return sorted(path.read_text() for path in (self.folder / "stories").glob("*.mp3"))


@pytest.fixture
def desk(tmp_path) -> Desk:
    return Desk(tmp_path)


def test_after_a_clock_that_ran_ahead_the_index_has_the_news_of_today(desk: Desk) -> None:
    desk.publish(1, "a")
    desk.publish(24 * 3652, "b")
    desk.publish(2, "c")

    index = json.loads((desk.folder / "stories.json").read_bytes())
    assert [story["id"] for story in index["stories"]] == ["c", "a"]
    assert index["due"] == (NOW + 2 * HOUR).isoformat()


def test_each_story_has_a_file_and_an_index_entry(desk):
    episode = desk.publish(1, "bridge", "market")

    index = desk.index()
    data = b"1 tells bridge"
    digest = sha256(data).hexdigest()
    assert index["stories"][0] == {
        "id": "bridge",
        "title": "Story bridge",
        "link": "https://gazette.example/bridge",
        "credit": "the Wexcombe Gazette",
        "audio": f"stories/story-bridge-{digest[:12]}.mp3",
        "media_type": "audio/mpeg",
        "duration_s": 20.0,
        "bytes": len(data),
        "sha256": digest,
        "loudness_lufs": -16.0,
        "bulletin": episode.guid,
        "bulletin_title": "Bulletin 1",
        "due": "2026-11-24T08:00:00+00:00",
    }
    assert {name: index[name] for name in ("station", "name", "bulletin", "made", "due")} == {
        "station": "demo",
        "name": "Wexcombe Radio",
        "bulletin": episode.guid,
        "made": "2026-11-24T07:58:00+00:00",
        "due": "2026-11-24T08:00:00+00:00",
    }
    for story in index["stories"]:
        assert sha256((desk.folder / story["audio"]).read_bytes()).hexdigest() == story["sha256"]
        assert episode.places[f"audio:{story['id']}"] == desk.folder / story["audio"]
    assert episode.outlet == "stories"


def test_the_index_has_the_latest_version_of_a_story_only(desk):
    desk.publish(1, "bridge", "market")
    desk.publish(2, "flood", "bridge")

    assert desk.listed() == [("flood", "Bulletin 2"), ("bridge", "Bulletin 2"), ("market", "Bulletin 1")]


def test_an_address_keeps_its_sound(desk):
    desk.publish(1, "bridge")
    old = desk.folder / desk.index()["stories"][0]["audio"]
    before = old.read_bytes()

    desk.publish(2, "bridge")

    assert old.read_bytes() == before
    assert desk.folder / desk.index()["stories"][0]["audio"] != old


def test_old_stories_leave_the_index_and_keep_their_files(desk):
    desk.publish(1, "bridge")
    desk.publish(49, "market")
    assert desk.listed() == [("market", "Bulletin 49"), ("bridge", "Bulletin 1")]

    desk.publish(50, "flood")

    assert desk.listed() == [("flood", "Bulletin 50"), ("market", "Bulletin 49")]
    assert len(desk.sounds()) == 3


def test_the_same_bulletin_again_changes_nothing(desk):
    desk.publish(1, "bridge", "market")
    paths = [*desk.folder.iterdir(), *(desk.folder / "stories").iterdir()]
    before = {path: path.stat().st_mtime_ns for path in paths if path.is_file()}

    desk.now += HOUR
    desk.outlet().publish(desk.bulletin(1, "bridge", "market"))

    paths = [*desk.folder.iterdir(), *(desk.folder / "stories").iterdir()]
    assert {path: path.stat().st_mtime_ns for path in paths if path.is_file()} == before


def test_withdrawing_brings_back_the_version_before(desk):
    desk.publish(1, "bridge", "market")
    guid = desk.publish(2, "bridge", "flood").guid

    desk.outlet().withdraw(guid)
    desk.outlet().withdraw(guid)

    assert desk.listed() == [("bridge", "Bulletin 1"), ("market", "Bulletin 1")]
    assert desk.sounds() == ["1 tells bridge", "1 tells market"]


def test_an_older_bulletin_is_withdrawn_though_the_index_shows_a_newer_version(desk):
    guid = desk.publish(1, "bridge").guid
    desk.publish(2, "bridge")

    desk.outlet().withdraw(guid)

    assert desk.listed() == [("bridge", "Bulletin 2")]
    assert desk.sounds() == ["2 tells bridge"]


def test_a_sound_that_two_bulletins_share_stays_with_the_other(desk):
    guid = desk.publish(1, "bridge", "market", sound="same").guid
    desk.publish(2, "bridge", sound="same")

    desk.outlet().withdraw(guid)

    assert desk.sounds() == ["same tells bridge"]
    assert desk.listed() == [("bridge", "Bulletin 2")]


def test_a_withdrawn_sound_goes_even_if_the_index_cannot_be_written(desk):
    guid = desk.publish(1, "bridge").guid
    (desk.folder / "stories.json").unlink()
    (desk.folder / "stories.json").mkdir()

    with pytest.raises(OutletError):
        desk.outlet().withdraw(guid)
    assert desk.sounds() == []

    (desk.folder / "stories.json").rmdir()
    desk.outlet().withdraw(guid)
    assert desk.index()["stories"] == []


def test_withdrawing_all_leaves_an_empty_index(desk):
    desk.outlet().withdraw(desk.publish(1, "bridge").guid)

    assert desk.index()["stories"] == []
    assert list((desk.folder / "stories").iterdir()) == []


@pytest.mark.parametrize("guid", ["", "demo-podcast-1", "../secret", "stories"])
def test_withdrawing_an_unknown_bulletin_does_nothing(desk, guid):
    (desk.folder).mkdir()
    (desk.folder / "secret.json").write_text("{}")
    desk.publish(1, "bridge")

    desk.outlet().withdraw(guid)

    assert desk.listed() == [("bridge", "Bulletin 1")]
    assert (desk.folder / "secret.json").exists()


@pytest.mark.parametrize("damage", ["{", "[" * 100_000])
def test_a_broken_index_is_ignored(desk, damage):
    desk.publish(1, "bridge")
    (desk.folder / "stories" / "demo-stories-20261124T0900Z-0123456789ab.json").write_text(damage)

    desk.publish(3, "flood")

    assert desk.listed() == [("flood", "Bulletin 3"), ("bridge", "Bulletin 1")]


def test_a_bulletin_without_stories_is_an_error(desk):
    with pytest.raises(OutletError, match="no sound files of stories"):
        desk.outlet().publish(make_bulletin(desk.mixed / "b.mp3"))


def test_a_file_without_a_story_is_an_error(desk):
    bulletin = desk.bulletin(1, "bridge")
    nameless = replace(bulletin.renditions[1], chapters=())

    with pytest.raises(OutletError, match="has no chapter that names its story"):
        desk.outlet().publish(replace(bulletin, renditions=(nameless,)))


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Bridge over the Wex closes!", "bridge-over-the-wex-closes"),
        ("Mayor's “half-price” fête — £3m", "mayors-half-price-fete-3m"),
        ("Größe", "grosse"),
        ("../../etc/passwd", "etc-passwd"),
        ("Новости", "story"),
        ("☔", "story"),
        ("", "story"),
        ("word " * 40, "-".join(["word"] * 12)),
        ("x" * 100, "x" * 60),
    ],
)
def test_a_name_is_made_of_the_titles_words(title, slug):
    assert make_slug(title) == slug
