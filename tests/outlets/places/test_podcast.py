"""A station's public folder: what lies there, in which order it came, and what is never seen."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from lxml import etree
from PIL import Image

from bulletin.archive.archive import Archive
from bulletin.archive.records import EpisodeRecord
from bulletin.config.outputs import PodcastOptions
from bulletin.errors import ArchiveError, OutletError
from bulletin.model import Bulletin
from bulletin.outlets.outlet import BUILTIN, Outlet
from bulletin.outlets.places.podcast import Podcast
from bulletin.plugins import find_part
from tests.factories import NOW, make_article, make_bulletin, make_script, make_story, make_told, make_words
from tests.outlets.feed_rules import broken_rules
from tests.outlets.web import served

HOUR = timedelta(hours=1)
CHECK_FEED = Path(__file__).parents[3].parent / "shared" / "tools" / "publish" / "check_feed.py"
OPTIONS = PodcastOptions(base_url="https://news.example/", email="news@wexcombe.example")


@pytest.fixture(scope="session")
def artwork() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (1400, 1400), "#c8102e").save(out, "JPEG")
    return out.getvalue()


@dataclass
class Desk:
    """A station's folder, archive and clock."""

    folder: Path
    archive: Archive
    artwork: bytes
    now: datetime = NOW

    def outlet(self, **changes: object) -> Podcast:
        parts: dict[str, object] = {
            "folder": self.folder,
            "options": OPTIONS,
            "station": make_words(),
            "artwork": self.artwork,
            "archive": self.archive,
            "clock": lambda: self.now,
        }
        return Podcast(**(parts | changes))

    def bulletin(self, number: int = 1, *, folder: Path | None = None, size: int = 5000) -> Bulletin:
        """A bulletin of its own hour, its sound in the public folder."""
        path = (folder or self.folder) / f"demo-{number}.mp3"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(f"sound {number} ".encode() * size)
        return make_bulletin(path, make_script(title=f"Bulletin {number}", at=NOW + number * HOUR))

    def publish(self, number: int = 1, **changes: object):
        self.now = NOW + number * HOUR
        return self.outlet(**changes).publish(self.bulletin(number))

    def titles(self) -> list[str]:
        return etree.parse(self.folder / "feed.xml").xpath("//item/title/text()")

    def state(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.folder.iterdir()}


@pytest.fixture
def desk(tmp_path: Path, artwork: bytes) -> Iterator[Desk]:
    with Archive.open(tmp_path / "archive.db") as archive:
        yield Desk(tmp_path / "demo", archive, artwork)


def test_the_podcast_is_found_by_its_name_and_fits_the_port(desk: Desk) -> None:
    outlet: Outlet = desk.outlet()

    assert find_part("outlets", "podcast", BUILTIN) is type(outlet)
    assert outlet.name == "podcast"


def test_after_a_clock_that_ran_ahead_the_feed_has_the_news_of_today(desk: Desk) -> None:
    """Counted from the newest episode, those of three days hence would be the feed for three days."""
    desk.publish(1)
    desk.publish(73)
    desk.publish(2)
    desk.publish(3)

    assert desk.titles() == ["Bulletin 3", "Bulletin 2", "Bulletin 1"]
    latest = json.loads((desk.folder / "latest.json").read_bytes())
    assert latest["title"] == "Bulletin 3"
    desk.publish(74)
    assert desk.titles() == ["Bulletin 74", "Bulletin 73"], "in its time it is there again"


def test_a_published_bulletin_lies_there_with_all_its_files(desk: Desk) -> None:
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


def test_latest_is_the_newest_bulletin_and_says_what_it_is(desk: Desk) -> None:
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


def test_sound_from_elsewhere_is_copied_and_left_to_its_owner(desk: Desk, tmp_path: Path) -> None:
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


def test_an_episode_whose_sound_is_gone_leaves_the_feed(desk: Desk) -> None:
    desk.publish(1)
    (desk.folder / "demo-1.mp3").unlink()
    desk.publish(2)

    assert desk.titles() == ["Bulletin 2"]


def test_an_address_keeps_its_sound(desk: Desk) -> None:
    desk.publish()
    (desk.folder / "demo-1.mp3").write_bytes(b"another sound under the same name")
    other = make_bulletin(desk.folder / "demo-1.mp3", make_script(title="Other"))

    with pytest.raises(OutletError, match=r"demo-1\.mp3: holds another bulletin"):
        desk.outlet().publish(other)


def test_sound_from_elsewhere_never_replaces_a_file(desk: Desk, tmp_path: Path) -> None:
    desk.folder.mkdir()
    (desk.folder / "demo-1.mp3").write_bytes(b"not ours")

    with pytest.raises(OutletError, match="holds another bulletin"):
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


# -- what may be wrong


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"base_url": "http://news.example/"}, "podcast apps want https"),
        ({"base_url": "news.example"}, "podcast apps want https"),
        ({"base_url": "https://news.example/?x=1"}, "base_url"),
        ({"base_url": "https://[broken"}, "base_url"),
        ({"site": "javascript:alert(1)"}, "no web address"),
    ],
)
def test_a_wrong_address_is_named(desk: Desk, options: dict[str, str], message: str) -> None:
    with pytest.raises(OutletError, match=message):
        desk.outlet(options=OPTIONS.model_copy(update=options)).check()


def test_artwork_that_is_no_picture_is_named(desk: Desk) -> None:
    with pytest.raises(OutletError, match="artwork is no JPEG or PNG"):
        desk.outlet(artwork=b"GIF89a").check()


def test_a_slash_is_added_to_the_base_address(desk: Desk) -> None:
    options = OPTIONS.model_copy(update={"base_url": "https://news.example/radio"})

    episode = desk.publish(options=options)

    assert episode.places["feed_url"] == "https://news.example/radio/demo/feed.xml"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": "fm"}, "no podcast rendition"),
        ({"media_type": "audio/flac"}, "takes MP3"),
        ({"path": Path("latest.mp3")}, "file name of its own"),
        ({"path": Path("gone.mp3")}, "cannot be read"),
    ],
)
def test_a_bulletin_that_no_podcast_can_take_is_refused(
    desk: Desk, change: dict[str, object], message: str
) -> None:
    bulletin = desk.bulletin()
    wrong = replace(bulletin, renditions=(replace(bulletin.renditions[0], **change),))

    with pytest.raises(OutletError, match=message):
        desk.outlet().publish(wrong)

    assert list(desk.state()) == ["demo-1.mp3"]


def test_a_file_in_the_place_of_the_folder_is_an_error(desk: Desk, tmp_path: Path) -> None:
    desk.folder.write_text("")

    with pytest.raises(OutletError, match="cannot be written"):
        desk.outlet().publish(desk.bulletin(folder=tmp_path / "work"))


class Stops:
    """An archive that fails in the moment when an episode is to be remembered."""

    def __init__(self, archive: Archive, error: BaseException) -> None:
        self._archive = archive
        self._error = error
        self.podcast_guid = archive.podcast_guid
        self.episodes = archive.episodes
        self.find_episode = archive.find_episode
        self.withdraw_episode = archive.withdraw_episode

    def add_episode(self, record: EpisodeRecord) -> None:
        raise self._error


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ArchiveError("archive.db: the disk is full")])
def test_a_run_that_ends_between_sound_and_feed_leaves_the_old_feed(desk: Desk, error: BaseException) -> None:
    desk.publish(1)
    fronts = ("feed.xml", "latest.mp3", "latest.json")
    before = {name: desk.state()[name] for name in fronts}

    with pytest.raises(type(error)):
        desk.publish(2, archive=Stops(desk.archive, error))

    assert {name: desk.state()[name] for name in fronts} == before
    assert not [name for name in desk.state() if name.startswith("part-")]
    desk.publish(2)
    assert desk.titles() == ["Bulletin 2", "Bulletin 1"]


_FULL = """
import resource, sys
from pathlib import Path
from bulletin.archive.archive import Archive
from bulletin.config.outputs import PodcastOptions
from bulletin.errors import OutletError
from bulletin.outlets.places.podcast import Podcast
from tests.factories import make_bulletin, make_words

folder, limit = Path(sys.argv[1]), int(sys.argv[2])
with Archive.open(folder.parent / "archive.db") as archive:
    outlet = Podcast(
        folder=folder, options=PodcastOptions(), station=make_words(), artwork=b"\\xff\\xd8\\xff", archive=archive
    )
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        outlet.publish(make_bulletin(folder / "demo-2.mp3"))
    except OutletError as error:
        print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no resource limits on Windows")
def test_a_full_disk_changes_nothing_that_readers_are_shown(desk: Desk) -> None:
    """A file-size limit below the copy of the sound stands for the full disk."""
    desk.publish(1)
    desk.bulletin(2, size=100_000)
    before = desk.state()
    fronts = ("feed.xml", "latest.mp3", "latest.json")

    done = subprocess.run(
        [sys.executable, "-c", _FULL, str(desk.folder), "300000"],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=True,
    )

    assert "latest.mp3: cannot be written" in done.stdout
    assert "free some space" in done.stdout
    assert {name: desk.state()[name] for name in fronts} == {name: before[name] for name in fronts}
    assert not [name for name in desk.state() if name.startswith("part-")]
    desk.publish(3)
    assert "Bulletin 3" in desk.titles()


def test_a_reader_never_sees_half_a_file(desk: Desk) -> None:
    """A player that asks all the time gets one whole bulletin or the next."""
    desk.publish(0)
    whole = {sha256(f"sound {n} ".encode() * 5000).hexdigest() for n in range(25)}
    torn: list[str] = []
    reads = 0
    done = threading.Event()

    def poll() -> None:
        nonlocal reads
        while not done.is_set():
            reads += 1
            if sha256((desk.folder / "latest.mp3").read_bytes()).hexdigest() not in whole:
                torn.append("latest.mp3")
            for sound in etree.fromstring((desk.folder / "feed.xml").read_bytes()).iter("enclosure"):
                path = desk.folder / sound.get("url", "").rpartition("/")[2]
                if path.stat().st_size != int(sound.get("length", "0")):
                    torn.append(path.name)

    thread = threading.Thread(target=poll)
    thread.start()
    try:
        for number in range(1, 25):
            desk.publish(number)
    finally:
        done.set()
        thread.join()

    assert torn == []
    assert reads > 24


# -- taking back


def test_a_withdrawn_episode_leaves_feed_folder_and_latest(desk: Desk) -> None:
    desk.publish(1)
    episode = desk.publish(2)

    for _ in range(2):
        desk.outlet().withdraw(episode.guid)

    assert desk.titles() == ["Bulletin 1"]
    assert not [name for name in desk.state() if name.startswith("demo-2")]
    assert (desk.folder / "latest.mp3").read_bytes() == (desk.folder / "demo-1.mp3").read_bytes()
    assert json.loads((desk.folder / "latest.json").read_text("utf-8"))["title"] == "Bulletin 1"


def test_the_only_episode_can_be_withdrawn(desk: Desk) -> None:
    episode = desk.publish(1)

    desk.outlet().withdraw(episode.guid)

    assert desk.titles() == []
    assert not (desk.folder / "latest.mp3").exists()


def test_withdrawing_what_never_was_is_silent(desk: Desk) -> None:
    desk.publish(1)
    before = desk.state()

    desk.outlet().withdraw("unknown")

    assert desk.state() == before


def test_a_withdrawn_bulletin_is_not_published_again(desk: Desk) -> None:
    episode = desk.publish(1)
    desk.outlet().withdraw(episode.guid)

    with pytest.raises(OutletError, match="was withdrawn and stays so"):
        desk.publish(1)


def test_withdrawn_sound_goes_even_when_the_feed_cannot_be_written(desk: Desk) -> None:
    episode = desk.publish(1)
    (desk.folder / "feed.xml").unlink()
    (desk.folder / "feed.xml").mkdir()

    with pytest.raises(OutletError, match="cannot be written"):
        desk.outlet().withdraw(episode.guid)

    assert not (desk.folder / "demo-1.mp3").exists()
    assert not (desk.folder / "latest.mp3").exists()


# -- judged by others

HOSTILE = (
    "]]><script>alert(1)</script>",
    "Title \u202eturned\u202c \x00\x1b",
    "خبر عاجل: إغلاق الجسر",
    "👩‍👩‍👧‍👦 " * 300,
    "x" * 10_000,
)


@pytest.fixture
def judge() -> Callable[..., str]:
    """The workshop's rule checker, run as the program that it is."""
    if not CHECK_FEED.exists():
        pytest.skip("the workshop's check_feed.py is not here")
    with_client = (
        "import runpy, sys, httpx2\n"
        "sys.modules['httpx'] = httpx2\n"
        "sys.argv = sys.argv[1:]\n"
        "runpy.run_path(sys.argv[0], run_name='__main__')"
    )

    def judged(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", with_client, str(CHECK_FEED), *arguments],
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout + done.stderr

    return judged


def publish_hostile(desk: Desk, base_url: str) -> None:
    """Five bulletins of a year ago, so that no clock calls them future, with titles from hell."""
    options = OPTIONS.model_copy(update={"base_url": base_url})
    start = datetime(2025, 11, 24, 7, tzinfo=UTC)
    for number, title in enumerate(HOSTILE):
        desk.now = start + number * HOUR
        path = desk.folder / f"demo-{number}.mp3"
        desk.folder.mkdir(exist_ok=True)
        path.write_bytes(f"sound {number}".encode() * 1000)
        told = make_told(make_story(make_article(title=title, credit=title)))
        desk.outlet(options=options).publish(make_bulletin(path, make_script(told, title=title)))


@pytest.mark.slow
@pytest.mark.clients
def test_the_rule_checker_finds_nothing_in_the_file(desk: Desk, judge: Callable[..., str]) -> None:
    publish_hostile(desk, "https://news.example/")

    assert judge(str(desk.folder / "feed.xml")) == "0 errors, 0 warnings, 5 items\n"


@pytest.mark.slow
@pytest.mark.clients
def test_the_rule_checker_finds_nothing_over_http(
    desk: Desk, tmp_path: Path, judge: Callable[..., str]
) -> None:
    with served(tmp_path) as address:
        publish_hostile(desk, address)

        assert judge(f"{address}demo/feed.xml", "--http") == "0 errors, 0 warnings, 5 items\n"
