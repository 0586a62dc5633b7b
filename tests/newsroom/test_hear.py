"""Previews as files: what is heard, what is kept, what is deleted."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.respelled_names import RespelledNames
from bulletin.audio.metering.loudness import measure_lufs
from bulletin.config.load_profile import load_profile
from bulletin.errors import AudioError, NoVoiceError, SpeechError, UnfitTextError
from bulletin.model import RecordedClip, Role, Sentence
from bulletin.newsroom import hear
from bulletin.newsroom.coming_names import hear_respelled
from bulletin.newsroom.hear import hear_bulletin, hear_sentence, hear_story
from bulletin.runtime.read_sound_file import read_sound, write_wav
from bulletin.speech.clips.clip_folder import keep_clip
from bulletin.speech.engine_interface import VoiceReader
from bulletin.speech.speak_for_preview import PreviewVoices
from bulletin.station.station_voices import StationVoices, open_station_voices
from tests.support.factories import make_passage
from tests.support.fake_engines import CountingEngine

pytestmark = pytest.mark.slow

PROFILE = """name = "Hill"
[speech]
chain = ["tone:high"]
second = "tone:low"
[pronunciations]
"Wexcombe" = "Wecks-kum"
"""
STORY = ("The bridge closes on Monday.", "Will it open again?", "Drivers use the other road.")


@pytest.fixture
def station(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StationVoices]:
    monkeypatch.setattr(hear, "_VOICES", PreviewVoices())
    path = tmp_path / "hill.toml"
    path.write_text(PROFILE, "utf-8")
    state = tmp_path / "output" / ".bulletin"
    state.mkdir(parents=True)
    with Archive.open(state / "archive.sqlite") as archive:
        RespelledNames(archive).save("hill", "Siân", "Sharn", editor="ann")
        yield open_station_voices(load_profile(str(path)), output=tmp_path / "output", archive=archive)


@pytest.fixture
def engine(station: StationVoices) -> CountingEngine:
    return CountingEngine(name="tone")


def counted(station: StationVoices, engine: CountingEngine) -> StationVoices:
    return replace(station, readers=(VoiceReader(engine=engine, voice=engine.voices()[0]),), second=None)


def test_a_sentence_is_said_as_on_air(station: StationVoices) -> None:
    heard = hear_sentence(station, "Siân paid £3.5m in Wexcombe.")

    assert heard.spoken == ("Sharn paid three point five million pounds in Wecks-kum.",)
    assert heard.voices == ("tone: high",)
    samples, rate_hz = read_sound(heard.path)
    assert samples.shape[1] == 1
    assert len(samples) / rate_hz == pytest.approx(heard.duration_s, abs=0.01)
    assert heard.path.parent == station.state / "heard"


def test_a_file_for_a_phone_is_small_and_as_loud_as_the_station(station: StationVoices) -> None:
    heard = hear_story(station, STORY)

    samples, rate_hz = read_sound(heard.path)
    # a mono file on two loudspeakers is 3 LU louder than it measures
    assert measure_lufs(samples[:, 0], rate_hz=rate_hz) == pytest.approx(-16 - 3, abs=0.7)
    assert heard.path.stat().st_size < 8_200 * heard.duration_s + 2_000


def test_the_same_words_are_one_file_spoken_once(station: StationVoices, engine: CountingEngine) -> None:
    quiet = counted(station, engine)
    first = hear_story(quiet, STORY)
    changed_at = first.path.stat().st_mtime_ns

    again = hear_story(quiet, [Sentence(text=text, spoken=text) for text in STORY])

    assert (again.path, again.spoken_now, first.spoken_now) == (first.path, 0, 3)
    assert len(engine.spoken_texts) == 3
    assert again.path.stat().st_mtime_ns >= changed_at


def test_a_changed_sentence_of_a_bulletin_is_the_only_one_spoken(
    station: StationVoices, engine: CountingEngine
) -> None:
    quiet = counted(station, engine)
    passages = [make_passage(text, role=Role.STORY) for text in STORY]
    before = hear_bulletin(quiet, passages)
    engine.spoken_texts.clear()

    after = hear_bulletin(quiet, [make_passage("The bridge closes on Tuesday."), *passages[1:]])

    assert engine.spoken_texts == ["The bridge closes on Tuesday."]
    assert after.spoken_now == 1
    assert after.path != before.path


def test_passages_have_the_stations_gap_and_sentences_a_breath(station: StationVoices) -> None:
    alone = sum(hear_sentence(station, text).duration_s for text in STORY)
    story = hear_story(station, STORY)
    bulletin = hear_bulletin(station, [make_passage(text) for text in STORY])

    assert story.duration_s - alone == pytest.approx(0.3 + 0.38, abs=0.001)
    assert bulletin.duration_s - alone == pytest.approx(2 * station.profile.audio.gap_s, abs=0.001)


def test_the_second_reader_reads_its_passages(station: StationVoices) -> None:
    passages = [make_passage(STORY[0]), make_passage(STORY[2], by_second=True)]

    assert hear_bulletin(station, passages).voices == ("tone: high", "tone: low")


@pytest.mark.parametrize(("name", "rate_hz"), [("a.wav", 48_000), ("a.mp3", 32_000)])
def test_a_named_file_is_written_in_its_format(
    station: StationVoices, tmp_path: Path, name: str, rate_hz: int
) -> None:
    heard = hear_sentence(station, STORY[0], to=tmp_path / name)

    assert heard.path == tmp_path / name
    assert read_sound(heard.path)[1] == rate_hz
    assert not (station.state / "heard").exists()


def test_another_format_is_refused(station: StationVoices, tmp_path: Path) -> None:
    with pytest.raises(AudioError, match=r"name a file \.mp3 or \.wav"):
        hear_sentence(station, STORY[0], to=tmp_path / "a.txt")


@pytest.mark.parametrize("text", ["", " ", "…", "?!"])
def test_a_text_without_a_word_is_refused(station: StationVoices, text: str) -> None:
    with pytest.raises(SpeechError, match="no word to speak"):
        hear_sentence(station, text)


def test_a_text_of_an_hour_is_refused(station: StationVoices) -> None:
    with pytest.raises(SpeechError, match="too long to hear at once"):
        hear_sentence(station, "word " * 1000)


def test_without_a_voice_the_message_says_why(station: StationVoices) -> None:
    with pytest.raises(NoVoiceError, match="no voice can read this now"):
        hear_sentence(replace(station, readers=()), STORY[0])


def test_old_files_are_deleted_when_a_new_one_is_written(
    station: StationVoices, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, kept = hear_sentence(station, STORY[0]).path, hear_sentence(station, STORY[1]).path
    os.utime(old, (1, 1))

    new = hear_sentence(station, STORY[2]).path

    assert sorted(new.parent.iterdir()) == sorted([kept, new])
    monkeypatch.setattr(hear, "_MOST_BYTES", new.stat().st_size)
    os.utime(new, (kept.stat().st_mtime - 10,) * 2)
    os.utime(kept, (kept.stat().st_mtime - 20,) * 2)
    last = hear_sentence(station, "The council said so.").path
    assert list(new.parent.iterdir()) == [last]


def test_a_recorded_voice_is_heard_as_it_airs(station: StationVoices, tmp_path: Path) -> None:
    samples = np.sin(np.arange(48_000, dtype=np.float32) / 20)
    sound = tmp_path / "mayor.wav"
    write_wav(sound, 0.1 * samples, rate_hz=48_000)
    clip = RecordedClip(sha256="ab" * 32, duration_s=1.0, speaker="the mayor", source_name="mayor.m4a")
    story = make_passage(
        sentences=(
            Sentence(text=STORY[0], spoken=STORY[0]),
            Sentence(text="We are sorry.", spoken="", recording=clip),
        )
    )
    with pytest.raises(AudioError, match=r"mayor\.m4a: the recording is missing"):
        hear_bulletin(station, [story])
    (station.state / "clips").mkdir()
    keep_clip(sound, clip, folder=station.state / "clips")

    heard = hear_bulletin(station, [story])

    assert heard.voices == ("tone: high", "recording: the mayor")
    assert heard.spoken == (STORY[0], "We are sorry.")
    assert heard.duration_s > 1.0 + hear_sentence(station, STORY[0]).duration_s


def test_a_name_is_heard_by_a_respelling_that_is_not_saved(station: StationVoices) -> None:
    heard = hear_respelled(station, "Siân paid in Wexcombe.", name="Wexcombe", respelling="Wex-come")

    assert heard.spoken == ("Sharn paid in Wex-come.",)
    with pytest.raises(UnfitTextError, match="letters, spaces"):
        hear_respelled(station, "Siân paid.", name="Siân", respelling="5harn")


def test_an_older_spoken_form_does_not_hide_a_respelling(station: StationVoices) -> None:
    older = Sentence(text="Siân paid.", spoken="Sian paid.")

    assert hear_story(station, [older]).spoken == ("Sharn paid.",)
    assert hear_bulletin(station, [make_passage(sentences=(older,))]).spoken == ("Sharn paid.",)


def test_a_folder_that_cannot_be_written_is_named(station: StationVoices) -> None:
    (station.state / "heard").write_text("in the way")

    with pytest.raises(AudioError, match=r"heard/\w+\.mp3: cannot be written .*move that file away"):
        hear_sentence(station, STORY[0])
