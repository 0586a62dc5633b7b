"""SVOX Pico in a process of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from bulletin.errors import EngineUnavailableError
from bulletin.runtime.read_sound_file import read_sound
from bulletin.speech.engines.pico import PicoEngine


@pytest.mark.parametrize(
    ("language", "voices"), [("de-AT", ["de-DE"]), ("en-US", ["en-US", "en-GB"]), ("nl", ["en-GB", "en-US"])]
)
def test_the_voices_are_those_of_the_language_its_accent_first(language: str, voices: list[str]) -> None:
    assert [voice.name for voice in PicoEngine(language=language).voices()] == voices


def test_a_language_that_it_lacks_is_refused() -> None:
    pytest.importorskip("py_nanotts", reason="the extra pico is not installed")

    with pytest.raises(EngineUnavailableError, match="German, English, French, Italian and Spanish, not nl"):
        PicoEngine(language="nl").check()


@pytest.mark.slow
def test_a_text_like_an_option_or_a_tag_is_read(tmp_path: Path) -> None:
    pytest.importorskip("py_nanotts", reason="the extra pico is not installed")
    engine = PicoEngine(language="de")

    engine.synthesize("-o <break/> Guten Morgen aus Köln.", engine.voices()[0], tmp_path / "said.wav")

    samples, rate_hz = read_sound(tmp_path / "said.wav")
    assert rate_hz == 16_000
    assert len(samples) / rate_hz > 1.5
