"""A story with a recorded voice on air: length, loudness, times, credits; measured on the published MP3."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import numpy as np
import pyloudnorm
import pytest
import soundfile
from scipy.signal import correlate

from bulletin.archive.record_dataclasses import BulletinRecord
from bulletin.config.load_profile import load_profile
from bulletin.model import AttachedClip, Bulletin, Passage, RecordedClip, Rendition, Role
from bulletin.pipeline.changes.make_corrected_bulletin import make_correction
from bulletin.pipeline.make_bulletin import make_bulletin
from bulletin.runtime.read_sound_file import Samples, read_sound
from bulletin.runtime.resampling import resample
from bulletin.script.standby_and_corrected_bulletins import write_repeat
from bulletin.speech.clips.clip_folder import clip_path
from bulletin.speech.clips.import_recording import import_recording
from bulletin.speech.speak_script import speak_script
from bulletin.station.build_station_object import Station, open_station
from tests.support.factories import NOW, make_article
from tests.support.newsroom_desk import NEWS
from tests.support.speech_like_sounds import RATE_HZ, speech_like

pytestmark = pytest.mark.slow

PROFILE = 'name = "Hill"\nlength = "1:20"\n[speech]\nchain = ["hibari"]\n[outputs]\nmake = ["podcast"]\n'
WORDS = "We have waited eleven years. It opens in the spring."
LENGTH_S = 80.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Aired:
    """A station whose lead has a clip, and its published bulletin."""

    station: Station
    clip: RecordedClip
    bulletin: Bulletin
    sound: Samples
    rate_hz: int

    @property
    def rendition(self) -> Rendition:
        return self.bulletin.renditions[0]

    @property
    def record(self) -> BulletinRecord:
        return self.station.archive.bulletins("hill")[0]

    def part(self, start_s: float, end_s: float) -> Samples:
        return self.sound[round(start_s * self.rate_hz) : round(end_s * self.rate_hz)]


@pytest.fixture(scope="module")
def aired(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aired]:
    folder = tmp_path_factory.mktemp("hill")
    (folder / "hill.toml").write_text(PROFILE, "utf-8")
    recording = speech_like(sentences=3, level=0.02, quiet_s=1.2, noise=0.0001)
    soundfile.write(folder / "mayor.mp3", recording, RATE_HZ, format="MP3")
    with open_station(load_profile(str(folder / "hill.toml")), output=folder / "out") as station:
        clip = import_recording(
            folder / "mayor.mp3",
            folder=station.clips,
            words=WORDS,
            speaker="Ann Fox, mayor",
            credit="Hill",
            rights="by permission",
        )
        attached = AttachedClip(
            recording=clip, before="The mayor, Ann Fox, said:", after="Ann Fox spoke to Hill."
        )
        for number, (name, title, text) in enumerate(NEWS):
            article = make_article(
                id=name, title=title, text=text, summary=text, is_local=True, is_breaking=number == 0,
                published=NOW - timedelta(minutes=10 + number), expires=NOW + timedelta(days=2),
                clip=attached if number == 0 else None,
            )  # fmt: skip
            station.archive.add_own_story("hill", article)
        bulletin = make_bulletin(station, now=NOW).bulletin
        sound, rate_hz = read_sound(bulletin.renditions[0].path)
        yield Aired(station=station, clip=clip, bulletin=bulletin, sound=sound, rate_hz=rate_hz)


def story_of_clip(passages: tuple[Passage, ...]) -> Passage:
    (story,) = (passage for passage in passages if passage.recordings)
    return story


def heard_at(aired: Aired) -> float:
    """Second of the MP3 at which the stored clip is heard."""
    path = clip_path(aired.station.clips, aired.clip)
    assert path
    stored, rate_hz = read_sound(path)
    wanted = resample(stored[:, 0], rate_hz=rate_hz, to_hz=aired.rate_hz)[: 2 * aired.rate_hz]
    return float(np.argmax(correlate(aired.sound.mean(axis=1), wanted, "valid"))) / aired.rate_hz


def test_the_bulletin_has_its_exact_length(aired: Aired) -> None:
    assert len(aired.sound) / aired.rate_hz == pytest.approx(LENGTH_S, abs=0.05)
    assert aired.rendition.quality is not None
    assert not aired.rendition.quality.faults


def test_the_clip_is_heard_between_the_words_around_it(aired: Aired) -> None:
    *_, before, said, after = story_of_clip(aired.rendition.aired).sentences

    assert (before.text, said.text, after.text) == (
        "The mayor, Ann Fox, said:",
        WORDS,
        "Ann Fox spoke to Hill.",
    )
    first, second = (cue for cue in aired.rendition.cues if cue.speaker == "Ann Fox, mayor")
    assert f"{first.text} {second.text}" == WORDS
    assert first.start_s == pytest.approx(heard_at(aired), abs=0.03)
    assert second.end_s - first.start_s == pytest.approx(aired.clip.duration_s, rel=0.051)


def test_the_clip_is_as_loud_as_the_voice(aired: Aired) -> None:
    meter = pyloudnorm.Meter(aired.rate_hz)
    cues = [cue for cue in aired.rendition.cues if cue.role is Role.STORY]
    first, second = (cue for cue in cues if cue.speaker)
    clip = meter.integrated_loudness(aired.part(first.start_s, second.end_s))
    voice = np.concatenate([aired.part(c.start_s, c.end_s) for c in cues if not c.speaker])

    assert clip == pytest.approx(meter.integrated_loudness(voice), abs=0.5)


def test_the_clip_has_its_chapter_its_caption_and_its_credit(aired: Aired) -> None:
    chapter = next(chapter for chapter in aired.rendition.chapters if chapter.title == "Ann Fox, mayor")
    page = aired.rendition.path

    assert chapter.start_s == pytest.approx(heard_at(aired), abs=0.03)
    assert "<v Ann Fox, mayor>We have waited eleven years." in page.with_suffix(".vtt").read_text("utf-8")
    starts = {
        c["title"]: c["startTime"]
        for c in json.loads(page.with_suffix(".chapters.json").read_bytes())["chapters"]
    }
    assert starts["Ann Fox, mayor"] == pytest.approx(chapter.start_s, abs=0.001)
    assert (
        "<p>Ann Fox, mayor: Hill, by permission</p>" in aired.station.archive.episodes("hill")[0].description
    )


def test_the_run_record_keeps_the_clip_with_its_rights(aired: Aired) -> None:
    (recording,) = story_of_clip(aired.record.running_order).recordings

    assert recording == aired.clip
    assert recording.rights == "by permission"


def test_a_stand_by_and_a_correction_keep_the_clip(aired: Aired, tmp_path: Path) -> None:
    station, record = aired.station, aired.record
    stories = tuple(passage for passage in record.running_order if passage.role is Role.STORY)
    script = write_repeat(
        stories, heard_at=record.at, at=record.at + timedelta(hours=1),
        station=station.words, options=station.profile.script, lexicon=station.lexicon,
    )  # fmt: skip
    spoken = speak_script(
        script,
        chain=station.readers,
        cache=station.cache,
        folder=tmp_path / "again",
        recordings=station.clips,
    )
    other = next(p.story_id for p in stories if not p.recordings)
    corrected = make_correction(
        station, record, without={other}, kinds={"podcast"}, folder=tmp_path, signed=tmp_path / "signed"
    )

    assert any(clip.passage.recordings == (aired.clip,) for clip in spoken.clips)
    assert story_of_clip(corrected.aired).recordings == (aired.clip,)


def test_without_its_sound_the_story_is_left_out(aired: Aired) -> None:
    path = clip_path(aired.station.clips, aired.clip)
    assert path
    path.rename(aside := path.with_suffix(".aside"))
    try:
        run = make_bulletin(aired.station, now=NOW + timedelta(minutes=5), again=True)
    finally:
        aside.rename(path)

    assert not any(passage.recordings for passage in run.bulletin.aired)
    (reason,) = (left.reason for left in run.draft.whole.left if left.article_id == "bridge")
    assert reason == 'its recording "mayor.mp3" is missing or damaged; attach it again'
