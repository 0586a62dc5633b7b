from __future__ import annotations

import numpy as np
import pytest

from bulletin.speech.prosody.even_pace import count_sounds, speaking_seconds, speed_for_usual_pace


def test_sounds_are_vowels_and_consonants_alone() -> None:
    assert count_sounds("ðə bɹˈɪʤ, ɑ̃ fˈiː.") == 9


def test_pauses_are_no_part_of_speaking() -> None:
    voice, closure, pause = np.ones(24_000), np.zeros(1_200), np.zeros(7_200)
    sound = np.concatenate([voice, pause, voice, closure, voice]).astype(np.float32)

    assert speaking_seconds(sound, rate_hz=24_000) == pytest.approx(3.05, abs=0.03)


@pytest.mark.parametrize(
    ("sounds", "seconds", "speed"),
    [
        (138, 10.0, 1.0),  # usual
        (138, 10.3, 1.0),  # 3 % slower: unheard
        (138, 11.0, 1.1),  # slower: again, quicker
        (138, 9.2, 0.92),
        (138, 20.0, 1.25),  # no more than that
        (20, 2.0, 1.0),  # short
    ],
)
def test_a_sentence_gets_the_speed_of_the_usual_pace(sounds: int, seconds: float, speed: float) -> None:
    even = speed_for_usual_pace(sounds=sounds, seconds=seconds, usual_per_s=13.8, speed=1.0)

    assert even == pytest.approx(speed, abs=0.01)
