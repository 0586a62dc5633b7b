"""Reading pace: words against seconds."""

from __future__ import annotations

from pathlib import Path

import pytest

from bulletin.model import Clip
from bulletin.speech.measure_reading_pace import measure_letters, plausible_seconds
from tests.support.factories import make_passage


def clip(text: str, duration_s: float) -> Clip:
    return Clip(passage=make_passage(text), path=Path("x.wav"), duration_s=duration_s, rate_hz=24_000)


@pytest.mark.parametrize(
    ("text", "heard_s"),
    [
        # Measured with hibari: the quickest, the slowest and the oddest of 200 news sentences.
        ("Tenants cannot be undertrials and hardcore criminals.", 2.80),
        ("That's the news; I'm Siân Price for Radio Llandudno FM.", 3.59),
        ("No.", 0.50),
        ("P M, F A, B B C.", 1.74),
        ("Tuesday.", 0.68),
    ],
)
def test_every_sentence_measured_is_plausible(text: str, heard_s: float) -> None:
    least_s, most_s = plausible_seconds(text, pace_wps=2.9)

    assert least_s < heard_s < most_s


def test_half_a_sentence_is_implausible() -> None:
    text = "And the weather tomorrow will be dry and bright in the east, with light rain spreading slowly."

    least_s, _ = plausible_seconds(text, pace_wps=2.9)

    assert least_s > 0.5 * len(text.replace(" ", "")) / 4.6 / 2.9


def test_letters_are_counted_over_all_clips() -> None:
    clips = [clip("Four.", 1.0), clip("One, two.", 1.0)]

    assert measure_letters(clips) == 5.0
    assert measure_letters([]) is None
    assert measure_letters([clip("…", 1.0)]) is None
