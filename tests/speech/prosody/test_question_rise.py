from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bulletin.runtime.read_sound_file import read_sound, to_mono
from bulletin.speech.phoneme_speech_engine_base import PhonemeEngine
from bulletin.speech.prosody.question_rise import rise_factors, rises_at_end
from tests.speech.prosody.local_voices import local_engine


@pytest.mark.parametrize(
    ("text", "rises"),
    [
        ("Will it rain on Monday?", True),
        ("“Is that so?”", True),
        ("Who will pay?", False),
        ("And in which county?", False),
        ("It will rain.", False),
    ],
)
def test_only_questions_for_yes_or_no_rise(text: str, rises: bool) -> None:
    assert rises_at_end(text) is rises


def test_a_fall_to_a_creak_becomes_a_rise() -> None:
    pitch_hz = np.concatenate(
        [np.full(80, 150.0), np.full(10, 6.0), np.linspace(150, 60, 40), np.full(20, 6.0)]
    )

    factors = rise_factors(pitch_hz.astype(np.float32), top=7.0)

    end = (pitch_hz * factors)[98:130]
    assert np.all(np.diff(end) > 0)
    assert 12 * np.log2(end[-1] / 150) == pytest.approx(7, abs=0.5)
    assert np.all(factors[:90] == 1)
    assert np.all(factors[130:] == 1)
    assert np.all(rise_factors(pitch_hz[90:].astype(np.float32), top=7.0) == 1), "too short"


def test_the_rise_is_complete_before_consonants_that_carry_no_melody() -> None:
    pitch_hz = np.concatenate([np.full(80, 150.0), np.linspace(150, 60, 40), np.full(12, 55.0)]).astype(
        np.float32
    )

    risen = pitch_hz * rise_factors(pitch_hz, top=7.0, sonorant_frames=120)

    assert 12 * np.log2(risen[119] / 150) == pytest.approx(7, abs=0.5)
    assert risen[120:] == pytest.approx(risen[119])


def _end_hz(text: str, path: Path, *, engine: PhonemeEngine) -> float:
    """Median pitch of the last voiced 150 ms, by autocorrelation."""
    engine.synthesize(text, engine.voices()[0], path)
    samples, rate_hz = read_sound(path)
    sound = to_mono(samples)
    size, found = rate_hz // 25, []
    for start in range(0, sound.size - size, rate_hz // 100):
        frame = sound[start : start + size] * np.hanning(size)
        curve = np.correlate(frame, frame, "full")[size - 1 :]
        lag = rate_hz // 400 + int(np.argmax(curve[rate_hz // 400 : rate_hz // 80]))
        if curve[0] > 0.02 and curve[lag] > 0.5 * curve[0]:
            found.append(rate_hz / lag)
    return float(np.median(found[-15:]))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["hibari", "kokoro"])
def test_a_spoken_question_ends_higher_than_the_statement(name: str, tmp_path: Path) -> None:
    engine = local_engine(name)
    texts = ["Did the minister know about the letter", "Is the council ready for the winter"]
    path = tmp_path / "said.wav"

    rises = [
        12 * np.log2(_end_hz(f"{text}?", path, engine=engine) / _end_hz(f"{text}.", path, engine=engine))
        for text in texts
    ]

    assert min(rises) > 1
