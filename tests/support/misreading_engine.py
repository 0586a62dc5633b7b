"""Voices that a recogniser listens to: one that misreads, and one without words that counts as speech."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bulletin.model import Voice
from bulletin.speech.engines.hibari_offline_voice import HibariEngine
from bulletin.speech.engines.tone_for_tests import ToneEngine

SLIP = ("one thousand two hundred", "one thousand seven hundred")
"""Misread in a whole sentence, not in a piece of one."""
HABIT = ("three point five million", "three point nine million")
"""Always misread."""
NAME = ("Austria", "Australia")
"""Misread as it is written, not respelled."""


class MisreadingEngine(HibariEngine):
    """hibari with three mistakes; named as "tests.support.misreading_engine:MisreadingEngine"."""

    name = "misreading"

    def voices(self) -> tuple[Voice, ...]:
        return tuple(replace(voice, engine=self.name) for voice in super().voices())

    def synthesize(self, text: str, voice: Voice, path: Path) -> None:
        is_whole = text[:1].isupper() and text.endswith(".")
        misread = text.replace(*SLIP if is_whole else HABIT).replace(*HABIT).replace(*NAME)
        super().synthesize(misread, voice, path)


class HumEngine(ToneEngine):
    """The hum for tests, as a voice that is to be heard."""

    name = "hum"

    def voices(self) -> tuple[Voice, ...]:
        return tuple(replace(voice, engine=self.name, is_speech=True) for voice in super().voices())
