"""Recorded voices between spoken sentences: one clip for the passage, each at its time and its level."""

from __future__ import annotations

from pathlib import Path

import pytest

from bulletin.model import Passage, RecordedClip, Role, Sentence
from bulletin.runtime.read_sound_file import read_sound
from bulletin.speech.clips.clip_folder import hash_file
from bulletin.speech.clips.import_sound import write_pcm16
from bulletin.speech.clips.level_recording import level_recording
from bulletin.speech.join_speech_into_wav_clips import SpokenSentences, find_recordings, write_clips
from bulletin.speech.trim_and_level_speech import LEVEL_LUFS, level, loudness_lufs
from tests.support.factories import make_passage
from tests.support.speech_like_sounds import RATE_HZ, SENTENCE_S, speech_like

VOICE_HZ = 24_000
LEAD = Sentence(text="The mayor spoke.", spoken="The mayor spoke.")


def stored(folder: Path) -> RecordedClip:
    """A stored clip of two sentences, much softer than the voice at first."""
    folder.mkdir(exist_ok=True)
    sound = level_recording(speech_like(level=0.01), rate_hz=RATE_HZ)
    write_pcm16(folder / "new.wav", sound)
    sha256 = hash_file(folder / "new.wav")
    (folder / "new.wav").rename(folder / f"{sha256}.wav")
    return RecordedClip(sha256=sha256, duration_s=sound.size / RATE_HZ, words="We waited.", speaker="Ann Fox")


def passage_with(recording: RecordedClip) -> Passage:
    said = Sentence(text=recording.words, spoken="", recording=recording)
    return make_passage(role=Role.STORY, sentences=(LEAD, said, LEAD))


def spoken(passage: Passage, folder: Path) -> SpokenSentences:
    voice = level(speech_like(sentences=1, rate_hz=VOICE_HZ), rate_hz=VOICE_HZ)
    return SpokenSentences(
        by_text={LEAD.spoken: voice},
        rate_hz=VOICE_HZ,
        cached=0,
        recordings=find_recordings([passage], folder),
    )


def test_a_recorded_voice_airs_between_the_sentences_at_their_level(tmp_path: Path) -> None:
    passage = passage_with(stored(tmp_path / "clips"))

    (clip,) = write_clips([(passage, spoken(passage, tmp_path / "clips"))], folder=tmp_path / "made")

    samples, rate_hz = read_sound(clip.path)
    assert rate_hz == clip.rate_hz == RATE_HZ
    assert len(samples) / rate_hz == clip.duration_s
    (_, first_end), (start, end), (last_start, _) = clip.sentence_times
    assert end - start == pytest.approx(passage.recorded_s, abs=1e-4)
    assert first_end == pytest.approx(SENTENCE_S, abs=0.01)
    assert (start - first_end, last_start - end) == pytest.approx((0.42, 0.42), abs=0.01)
    for since, until in clip.sentence_times:
        part = samples[round(since * rate_hz) : round(until * rate_hz), 0]
        assert loudness_lufs(part, rate_hz=rate_hz) == pytest.approx(LEVEL_LUFS, abs=0.3)


@pytest.mark.parametrize("damage", ["missing", "damaged"])
def test_a_passage_never_airs_without_its_recording(tmp_path: Path, damage: str) -> None:
    recording = stored(tmp_path)
    passage = passage_with(recording)
    assert spoken(passage, tmp_path).has(passage)

    path = tmp_path / recording.file_name
    path.unlink() if damage == "missing" else path.write_bytes(path.read_bytes()[:-2])

    assert not spoken(passage, tmp_path).has(passage)
    assert not spoken(passage, tmp_path / "elsewhere").has(passage)
