"""Data of the page "On air", read from the files and the archive of a station."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import soundfile

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.group.published_files import PublishedFile, PublishedFiles
from bulletin.archive.record_dataclasses import BulletinRecord
from bulletin.config.load_profile import LoadedProfile, load_profile
from bulletin.model import Level, Role, Sentence
from bulletin.newsroom.views import sound_peaks
from bulletin.newsroom.views.on_air import read_clocks, read_on_air_view, write_time_left
from bulletin.newsroom.views.on_air_sound import OnAirSound, find_on_air_sound, parts_of_record
from bulletin.publishing.json_sidecar_file import SideFile
from bulletin.publishing.pages.bulletin_page_data import PageFacts, PagePart, PageSentence, facts_to_json
from bulletin.station.group_files.files_to_read import sound_to_read
from bulletin.station.group_files.working_copy import object_key
from bulletin.storage.open_store import open_store
from tests.support.factories import NOW, make_passage

PROFILE = """\
name = "Radio"
time_zone = "Europe/Paris"
[outputs]
make = ["fm", "podcast"]
[[clock.slots]]
at = "00:00-23:00"
[[feeds]]
url = "https://news.example/rss"
name = "Gazette"
"""


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    (tmp_path / ".bulletin").mkdir()
    with Archive.open(tmp_path / ".bulletin" / "archive.sqlite") as opened:
        yield opened


@pytest.fixture
def loaded(tmp_path: Path) -> LoadedProfile:
    path = tmp_path / "radio.toml"
    path.write_text(PROFILE)
    return load_profile(str(path))


def put_on_air(output: Path, *, due: datetime = NOW, level: Level = Level.FRESH) -> None:
    folder = output / "radio"
    folder.mkdir(exist_ok=True)
    (folder / "fm.wav").write_bytes(b"RIFF")
    side = SideFile(audio="fm.wav", title="7am news", due=due, level=level, made=due, duration_s=60.0)
    (folder / "fm.json").write_bytes(side.to_json())


def publish_podcast(output: Path, *, due: datetime = NOW) -> None:
    folder = output / "radio"
    (folder / "one.mp3").write_bytes(b"ID3")
    (folder / "latest.json").write_bytes(SideFile(audio="one.mp3", due=due).to_json())
    said = (PageSentence(start_s=1.0, end_s=5.0, text="A ferry sank."),)
    facts = PageFacts(
        guid="g", page="one", title="7am news", due=due, made=due, audio="one.mp3", media_type="audio/mpeg",
        bytes=3, duration_s=60.0, sha256="", wave=(1, 50, 100),
        parts=(PagePart(title="Ferry sinks", start_s=1.0, end_s=60.0, said=said, story_id="a"),),
    )  # fmt: skip
    (folder / "one.page.json").write_bytes(facts_to_json(facts))


def find(loaded: LoadedProfile, archive: Archive, output: Path) -> OnAirSound | None:
    return find_on_air_sound(loaded, output=output, archive=archive, now=NOW)


def test_the_podcasts_file_of_the_same_slot_is_played_with_its_words(
    loaded: LoadedProfile, archive: Archive, tmp_path: Path
) -> None:
    put_on_air(tmp_path)
    publish_podcast(tmp_path)

    sound = find(loaded, archive, tmp_path)

    assert sound
    assert (sound.path.name, sound.level, sound.wave) == ("one.mp3", Level.FRESH, (1, 50, 100))
    assert [part.title for part in sound.parts] == ["Ferry sinks"]


@pytest.mark.parametrize("level", [Level.LAST_GOOD, Level.FRESH])
def test_a_stand_by_or_a_bulletin_of_another_slot_plays_its_own_file(
    loaded: LoadedProfile, archive: Archive, tmp_path: Path, level: Level
) -> None:
    hour = timedelta(hours=1)
    put_on_air(tmp_path, level=level)
    publish_podcast(tmp_path, due=NOW if level is Level.LAST_GOOD else NOW - hour)

    sound = find(loaded, archive, tmp_path)

    assert sound
    assert (sound.path.name, sound.is_news, sound.parts) == ("fm.wav", level is Level.FRESH, ())


def test_a_station_that_never_published_has_no_sound_but_clocks_and_slots(
    loaded: LoadedProfile, archive: Archive, tmp_path: Path
) -> None:
    view = read_on_air_view(loaded, output=tmp_path, archive=archive, now=NOW + timedelta(minutes=5))

    assert view.sound is None
    assert view.next_slot
    assert view.next_slot.due == NOW + timedelta(hours=1)
    assert (view.clocks.station, view.clocks.utc, view.clocks.left) == ("08:05:00", "07:05:00", "55:00")
    assert {mark.look for mark in view.marks} == {"to come"}
    assert [light.part for light in view.lights] == ["Feeds", "Voice", "Outlets", "Stand-by"]


def test_a_record_gives_chapters_with_headlines_as_one() -> None:
    def passage(role: Role, *texts: str, story: str = "") -> object:
        sentences = tuple(Sentence(text=text, spoken=text) for text in texts)
        return make_passage(role=role, sentences=sentences, story_id=story, title=story)

    order = (
        passage(Role.OPENING, "Good morning."),
        passage(Role.HEADLINE, "One.", story="a"),
        passage(Role.HEADLINE, "Two.", story="b"),
        passage(Role.STORY, "One more.", "And more.", story="a"),
        passage(Role.STORY, "Unknown.", story="b"),
    )
    record = BulletinRecord(
        station="radio", at=NOW, title="", engine="", voice="", made_at=NOW, duration_s=60, planned_s=60,
        running_order=order, starts_s=(0.0, 4.0, 7.0, 12.0, None),  # type: ignore[arg-type]
    )  # fmt: skip

    parts = parts_of_record(record, duration_s=60.0)

    assert [(part.title, part.start_s, part.end_s) for part in parts] == [
        ("Opening", 0.0, 4.0), ("Headlines", 4.0, 12.0), ("a", 12.0, 60.0),
    ]  # fmt: skip
    assert [said.text for said in parts[1].said] == ["One.", "Two."]


def test_peaks_are_measured_once_for_a_file(tmp_path: Path) -> None:
    sound = tmp_path / "a.wav"
    soundfile.write(sound, 0.3 * np.sin(np.arange(16_000) / 4), 8_000)

    assert sound_peaks.read_peaks(sound, state=tmp_path) == ()
    heights = sound_peaks.measure_peaks(sound, state=tmp_path)

    assert max(heights) == 100
    assert sound_peaks.read_peaks(sound, state=tmp_path) == heights
    sound.write_bytes(b"other")
    assert sound_peaks.read_peaks(sound, state=tmp_path) == ()
    assert sound_peaks.measure_peaks(sound, state=tmp_path) == ()


def test_the_clocks_are_those_of_the_station_and_of_utc() -> None:
    summer = datetime(2026, 7, 1, 22, 59, 58, tzinfo=UTC)

    clocks = read_clocks(summer, zone="Europe/London", due=None)

    assert (clocks.station, clocks.zone, clocks.utc, clocks.left) == ("23:59:58", "BST", "22:59:58", "")
    assert clocks.offset_min == 60


@pytest.mark.parametrize(
    ("seconds", "text"), [(-5, "0:00"), (65, "1:05"), (3725, "1:02:05"), (3 * 86400, "3 days")]
)
def test_the_time_left_is_short(seconds: int, text: str) -> None:
    assert write_time_left(timedelta(seconds=seconds)) == text


def test_in_a_group_the_sound_of_another_machine_is_shown_and_fetched_to_be_played(
    loaded: LoadedProfile, archive: Archive, tmp_path: Path
) -> None:
    """The output folder of this machine still has an older bulletin."""
    put_on_air(tmp_path, due=NOW - timedelta(hours=1))
    loaded.path.write_text(PROFILE + '[group]\ndatabase = "here"\n')
    loaded = load_profile(str(loaded.path))
    side = SideFile(audio="fm.wav", title="7am news", due=NOW, level=Level.FRESH, made=NOW, duration_s=60.0)
    store, sound, files = open_store(str(tmp_path / ".bulletin" / "store")), b"RIFF" * 2000, {}
    for name, data in (("fm.wav", sound), ("fm.json", side.to_json())):
        sha256 = hashlib.sha256(data).hexdigest()
        store.put_new(object_key(sha256), data)
        files[name] = PublishedFile(
            path=name, sha256=sha256, bytes=len(data), media_type="audio/wav", changed_at=NOW
        )
    PublishedFiles(archive).change("radio", before={}, after=files)

    for _ in range(2):  # what was fetched is not fetched again
        found = read_on_air_view(loaded, output=tmp_path, archive=archive, now=NOW).sound
        assert found is not None
        assert (found.due, found.path.stat().st_size) == (NOW, len(sound))
        assert sound_to_read(found.path, loaded=loaded, output=tmp_path).read_bytes() == sound
        for path in filter(Path.is_file, (tmp_path / ".bulletin" / "store" / "objects").rglob("*")):
            path.unlink()

    new = {
        **files,
        "fm.json": replace(files["fm.json"], sha256="0" * 64, changed_at=NOW + timedelta(hours=1)),
    }
    PublishedFiles(archive).change("radio", before=files, after=new)
    assert read_on_air_view(loaded, output=tmp_path, archive=archive, now=NOW).sound == found
