from __future__ import annotations

import numpy as np
import pytest

from bulletin.speech.prosody.even_pace import Reading, count_sounds, next_speed, read_pace, speaking_seconds


def test_sounds_are_vowels_and_consonants_alone() -> None:
    assert count_sounds("ðə bɹˈɪʤ, ɑ̃ fˈiː.") == 9


def test_pauses_are_no_part_of_speaking() -> None:
    voice, closure, pause = np.ones(24_000), np.zeros(1_200), np.zeros(7_200)
    sound = np.concatenate([voice, pause, voice, closure, voice]).astype(np.float32)

    assert speaking_seconds(sound, rate_hz=24_000) == pytest.approx(3.05, abs=0.03)


def _readings(*tried: tuple[float, float]) -> list[Reading]:
    return [Reading(speed=speed, quicker=quicker) for speed, quicker in tried]


@pytest.mark.parametrize(
    ("tried", "speed"),
    [
        ([(1.0, 1.03)], None),  # unheard
        ([(1.0, 0.9)], 1.11),
        ([(1.0, 1.2), (0.833, 1.1)], 0.769),  # followed by half: another step, twice as large
        ([(1.0, 0.7)], 1.3),  # no more than that
        ([(1.2, 1.1), (1.2, 1.1)], 1.09),
    ],
)
def test_the_next_speed_goes_by_what_the_last_one_changed(
    tried: list[tuple[float, float]], speed: float | None
) -> None:
    assert next_speed(_readings(*tried)) == (speed and pytest.approx(speed, abs=0.01))


def test_a_step_is_no_larger_than_the_engine_follows() -> None:
    readings = _readings((1.0, 1.09), (0.92, 1.065))

    assert next_speed(readings, follows_least=0.5) == pytest.approx(0.811, abs=0.001)


def test_short_sentences_and_unknown_voices_are_left_alone() -> None:
    assert read_pace(sounds=20, seconds=4.0, usual_per_s=13.8, speed=1.0).quicker == 1.0
    assert read_pace(sounds=90, seconds=4.0, usual_per_s=0.0, speed=1.0).quicker == 1.0
