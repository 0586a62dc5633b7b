from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bulletin.editing.names import first_respelling
from bulletin.errors import SpeechError
from bulletin.model import Clip, Passage, Role, Sentence, Voice
from bulletin.recognition.compare_with_script import Miss, MissKind
from bulletin.recognition.hear_bulletin import DoubtfulSentence
from bulletin.recognition.speak_again import length_in, other_readings, replace_in_clips, speak_again
from bulletin.runtime.read_sound_file import read_sound, write_wav
from bulletin.speech.engine_interface import VoiceReader
from bulletin.speech.engines.tone_for_tests import ToneEngine

TEXTS = (
    "The fair opened on Friday.",
    "Twelve hundred people came, its organisers said.",
    "It ends on Sunday.",
)
RATE_HZ = 24_000


def doubt(
    kind: MissKind = "figure", spoken: str = TEXTS[1], said: str = "twelve hundred"
) -> DoubtfulSentence:
    miss = Miss(kind=kind, place=0, said=said, heard="2200")
    sentence = Sentence(text=spoken, spoken=spoken)
    return DoubtfulSentence(sentence=sentence, start_s=0.0, end_s=3.0, misses=((miss, "2200"),))


def clip_of(folder: Path) -> Clip:
    """A passage of three sentences of 1, 2 and 1 seconds, with pauses of 0.3 s."""
    times = ((0.0, 1.0), (1.3, 3.3), (3.6, 4.6))
    path = folder / "passage.wav"
    write_wav(path, np.full(round(4.6 * RATE_HZ), 0.25, dtype=np.float32), rate_hz=RATE_HZ)
    passage = Passage(role=Role.STORY, sentences=tuple(Sentence(text=text, spoken=text) for text in TEXTS))
    return Clip(passage=passage, path=path, duration_s=4.6, rate_hz=RATE_HZ, sentence_times=times)


def test_a_doubtful_figure_is_read_in_other_words_then_the_sentence_in_two_pieces() -> None:
    assert list(other_readings(doubt())) == [
        ("One thousand two hundred people came, its organisers said.",),
        ("Twelve hundred people came,", "its organisers said."),
    ]


def test_a_doubtful_name_is_respelled_then_the_sentence_read_in_two_pieces(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(first_respelling, "read_name", lambda word: ("ˈɔstɹiə", True))
    spoken = "Austria's envoy left on Monday, and Austria shut its border."

    assert list(other_readings(doubt("name", spoken, "austria"))) == [
        ("Aw-stree-uh's envoy left on Monday, and Aw-stree-uh shut its border.",),
        ("Austria's envoy left on Monday,", "and Austria shut its border."),
    ]


def test_a_sentence_without_another_reading_is_not_spoken_again() -> None:
    reader = VoiceReader(engine=ToneEngine(), voice=ToneEngine().voices()[0])

    with pytest.raises(SpeechError, match="no other way"):
        speak_again(doubt("negation", "It never came.", "never"), reader=reader, length_s=2.0)


@pytest.mark.parametrize(("length_s", "fits"), [(2.6, True), (4.0, False)])
def test_another_reading_is_stretched_to_the_length_or_not_used(length_s: float, fits: bool) -> None:
    pytest.importorskip("python_stretch", reason="has no wheel for this machine")
    engine = ToneEngine(pace_wps=3.0)
    reader = VoiceReader(engine=engine, voice=Voice(name="low", engine="tone", language="en", pace_wps=3.0))

    if not fits:
        with pytest.raises(SpeechError, match="length does not fit"):
            speak_again(doubt(), reader=reader, length_s=length_s)
        return
    samples, rate_hz = speak_again(doubt(), reader=reader, length_s=length_s)

    assert len(samples) == round(length_s * rate_hz)


def test_new_sound_takes_the_place_of_one_sentence_and_no_other(tmp_path: Path) -> None:
    clip = clip_of(tmp_path)
    take = np.full(round(2.0 * 48_000), 0.5, dtype=np.float32)

    (again,) = replace_in_clips([clip], {TEXTS[1]: (take, 48_000)}, folder=tmp_path / "again")
    samples, rate_hz = read_sound(again.path)

    assert length_in([clip], TEXTS[1]) == pytest.approx(2.0)
    assert (len(samples), rate_hz, again.duration_s) == (round(4.6 * RATE_HZ), RATE_HZ, 4.6)
    assert np.all(samples[: round(1.3 * RATE_HZ)] == 0.25)
    assert samples[round(2.3 * RATE_HZ)] == pytest.approx(0.5, abs=0.01)
    assert np.all(samples[round(3.3 * RATE_HZ) :] == 0.25)
    assert read_sound(clip.path)[0].max() == 0.25
