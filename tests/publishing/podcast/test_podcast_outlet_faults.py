"""Podcast outlet: faults while publishing that readers never see."""

from __future__ import annotations

import subprocess
import sys
import threading
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from lxml import etree

from bulletin.archive.archive import Archive
from bulletin.archive.record_dataclasses import EpisodeRecord
from bulletin.config.tables.output_options import PodcastOptions
from bulletin.errors import ArchiveError, OutletError
from tests.publishing.podcast.podcast_station import OPTIONS, Desk, artwork, desk  # noqa: F401 - fixtures


@pytest.mark.parametrize(
    "base_url", ["http://news.example/", "news.example", "https://news.example/?x=1", "https://[broken"]
)
def test_a_base_address_that_apps_refuse_is_refused(base_url: str) -> None:
    with pytest.raises(ValueError, match="podcast apps want https"):
        PodcastOptions(base_url=base_url)


def test_an_invalid_home_page_is_named(desk: Desk) -> None:
    with pytest.raises(OutletError, match="not a web address"):
        desk.outlet(options=OPTIONS.model_copy(update={"site": "javascript:alert(1)"})).check()


def test_invalid_artwork_is_named(desk: Desk) -> None:
    with pytest.raises(OutletError, match="artwork is not a JPEG or PNG"):
        desk.outlet(artwork=b"GIF89a").check()


def test_a_slash_is_added_to_the_base_address(desk: Desk) -> None:
    options = OPTIONS.model_copy(update={"base_url": "https://news.example/radio"})

    episode = desk.publish(options=options)

    assert episode.places["feed_url"] == "https://news.example/radio/demo/feed.xml"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": "fm"}, 'without the output "podcast"'),
        ({"path": Path("gone.mp3")}, "cannot be read"),
    ],
)
def test_a_bulletin_without_a_podcast_rendition_is_refused(
    desk: Desk, change: dict[str, object], message: str
) -> None:
    bulletin = desk.bulletin()
    wrong = replace(bulletin, renditions=(replace(bulletin.renditions[0], **change),))

    with pytest.raises(OutletError, match=message):
        desk.outlet().publish(wrong)

    assert list(desk.state()) == ["demo-1.mp3"]


def test_a_file_where_the_folder_should_be_is_an_error(desk: Desk, tmp_path: Path) -> None:
    desk.folder.write_text("")

    with pytest.raises(OutletError, match="cannot be written"):
        desk.outlet().publish(desk.bulletin(folder=tmp_path / "work"))


class Stops:
    """Archive that fails when an episode is recorded."""

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
def test_a_run_that_ends_between_audio_and_feed_leaves_the_old_feed(desk: Desk, error: BaseException) -> None:
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
from bulletin.config.tables.output_options import PodcastOptions
from bulletin.errors import OutletError
from bulletin.publishing.podcast.podcast_outlet import PodcastOutlet
from datetime import timedelta
from tests.support.factories import NOW, make_bulletin, make_script, make_words

folder, limit = Path(sys.argv[1]), int(sys.argv[2])
with Archive.open(folder.parent / "archive.db") as archive:
    outlet = PodcastOutlet(
        folder=folder, options=PodcastOptions(), station=make_words(), artwork=b"\\xff\\xd8\\xff", archive=archive
    )
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        outlet.publish(make_bulletin(folder / "demo-2.mp3", make_script(at=NOW + timedelta(hours=2))))
    except OutletError as error:
        print(error)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no resource limits on Windows")
def test_a_full_disk_changes_nothing_that_readers_are_shown(desk: Desk) -> None:
    """A file-size limit below the copy of the sound stands for the full disk."""
    desk.publish(1)
    desk.bulletin(2, size=150_000)
    before = desk.state()
    fronts = ("feed.xml", "latest.mp3", "latest.json")

    done = subprocess.run(
        [sys.executable, "-c", _FULL, str(desk.folder), "1000000"],
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


@pytest.mark.slow
def test_a_reader_never_sees_half_a_file(desk: Desk) -> None:
    """A player that polls gets one complete bulletin or the next."""
    desk.publish(0)
    complete = {sha256(f"sound {n} ".encode() * 5000).hexdigest() for n in range(25)}
    torn: list[str] = []
    reads = 0
    done = threading.Event()

    def poll() -> None:
        nonlocal reads
        while not done.is_set():
            reads += 1
            if sha256((desk.folder / "latest.mp3").read_bytes()).hexdigest() not in complete:
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
