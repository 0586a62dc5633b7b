from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from bulletin.normalization.normalize_text import make_speakable
from bulletin.runtime.read_sound_file import read_sound, to_mono
from bulletin.speech.prosody.mark_pauses import mark_pauses
from bulletin.speech.trim_and_level_speech import trim_silence
from tests.speech.prosody.local_voices import local_engine


@pytest.mark.parametrize(
    ("language", "text", "marked"),
    [
        ("en-GB", "It cost two million three hundred pounds.", "It cost two million, three hundred pounds."),
        ("en-GB", "One thousand people, two million pounds.", "One thousand people, two million pounds."),
        ("en-GB", "She was replaced by Siân de Wit.", "She was replaced by, Siân de Wit."),
        ("en-GB", "It was won by a whisker.", "It was won by a whisker."),
        ("es", "Son dos millones trescientos mil.", "Son dos millones, trescientos mil."),
        ("fr-FR", "Il a trois millions deux cents.", "Il a trois millions, deux cents."),
        ("de", "Zwei Millionen dreihundert.", "Zwei Millionen dreihundert."),  # no table: as it is
    ],
)
def test_pauses_are_marked_and_no_word_changes(language: str, text: str, marked: str) -> None:
    assert mark_pauses(text, language=language) == marked
    assert re.findall(r"\w+", marked) == re.findall(r"\w+", text)


def test_figures_of_a_printed_text_are_told_in_groups() -> None:
    spoken = make_speakable("Call 020 7946 0018: £1,250,375.", language="en-GB")

    assert mark_pauses(spoken, language="en-GB") == (
        "Call oh two oh, seven nine four six, oh oh one eight: one million, two hundred and fifty thousand, "
        "three hundred and seventy-five pounds."
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "text", "pauses"),
    [
        ("hibari", "The scheme costs one million two hundred thousand three hundred pounds.", 2),
        ("hibari", "The chairman will be replaced by Mary Stone in the new year.", 1),
        ("hibari", "The shop sells bread, milk, eggs and butter.", 1),
        ("hibari", "The chairman will be replaced in the new year.", 0),
        ("kokoro", "The scheme costs one million two hundred thousand three hundred pounds.", 1),
        ("kokoro", "The chairman will be replaced by Mary Stone in the new year.", 1),
        ("kokoro", "The shop sells bread, milk, eggs and butter.", 1),
        ("kokoro", "The chairman will be replaced in the new year.", 0),
    ],
)
def test_a_pause_is_heard_where_it_is_marked(name: str, text: str, pauses: int, tmp_path: Path) -> None:
    """At least so many of a tenth of a second."""
    engine = local_engine(name)
    engine.synthesize(text, engine.voices()[0], tmp_path / "said.wav")
    samples, rate_hz = read_sound(tmp_path / "said.wav")
    hop = rate_hz // 100
    sound = trim_silence(to_mono(samples), rate_hz=rate_hz, before_ms=0, after_ms=0)
    power = np.square(sound[: sound.size // hop * hop].reshape(-1, hop)).mean(axis=1)
    silent = "".join("-" if quiet else "#" for quiet in power < np.quantile(power, 0.9) / 3000)

    heard = re.findall("-{9,}", silent)

    assert len(heard) >= pauses
    assert heard == [] or pauses
