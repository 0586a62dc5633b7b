"""espeak-ng: a variety is read by its own voice where the program has one."""

from __future__ import annotations

import pytest

from bulletin.speech.engines.espeak import EspeakEngine


@pytest.mark.parametrize(
    ("language", "voice"), [("pt-BR", "pt-br"), ("pt-PT", "pt"), ("fr-CH", "fr-ch"), ("nl-BE", "nl")]
)
def test_a_variety_is_read_by_its_own_voice_or_its_languages(language: str, voice: str) -> None:
    assert [known.name for known in EspeakEngine(language=language).voices()] == [voice]
