"""Sentences of a local voice beside one another: no difference of level or pace that is heard."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bulletin.runtime.read_sound_file import read_sound, to_mono
from bulletin.speech.call_speech_engine import say_sentences
from bulletin.speech.prosody.even_pace import count_sounds, speaking_seconds
from bulletin.speech.trim_and_level_speech import loudness_lufs
from tests.speech.prosody.local_voices import local_engine

SENTENCES = (
    "If one analyst catches the chief executive sneezing tomorrow, I would stay away from markets.",
    "But they also found that these unpredictable outcomes were not quite random, either.",
    "Instructions for the computer came from down the hall, from the office of a meteorologist.",
    "Now, though the change to new search results seems complete, some worry that this might also fail.",
    "The council said that it would publish the report on the closure of the bridge in the new year.",
    "Nurses at the infirmary voted on Friday for a walkout of two days, their union said.",
    "Engineers told the council that they had found cracks in two of the arches of the bridge.",
    "Two people were taken to hospital after a lorry hit a row of parked cars near the station.",
)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["hibari", "kokoro"])
def test_sentences_have_one_level_and_one_pace(name: str, tmp_path: Path) -> None:
    engine = local_engine(name)
    voice, *_ = engine.voices()
    paces = []
    for text in SENTENCES:
        engine.synthesize(text, voice, tmp_path / "said.wav")
        samples, rate_hz = read_sound(tmp_path / "said.wav")
        paces.append(
            count_sounds("".join(engine.phonemes_of(text, voice)))
            / speaking_seconds(to_mono(samples), rate_hz=rate_hz)
        )
    levels = [
        loudness_lufs(samples, rate_hz=rate_hz)
        for _, samples, rate_hz in say_sentences(
            (*SENTENCES, "Good morning.", "No."), engine=engine, voice=voice
        )
    ]

    assert np.abs(np.array(paces) / np.median(paces) - 1).max() < 0.08
    assert np.abs(np.array(levels) - np.median(levels)).max() < 0.7
