"""Voice of the chain that speaks another language than the station: it never reads, and the next one does."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bulletin.errors import EngineUnavailableError
from bulletin.model import Voice
from bulletin.speech.engine_interface import Engine


class VoiceOfOtherLanguage(Engine):
    """Stands for the engine of such a voice; `fitting` are the engine's voices for `language`, the station's."""

    def __init__(self, voice: Voice, *, language: str, fitting: Sequence[str]) -> None:
        self.name = voice.engine
        self._voice = voice
        known = f"; {voice.engine} has {', '.join(fitting)}" if fitting else ""
        self._problem = f"{voice.engine}: {voice.name} speaks {voice.language}, not {language}{known}"

    @property
    def fingerprint(self) -> str:
        return ""

    def check(self) -> None:
        raise EngineUnavailableError(self._problem)

    def voices(self) -> tuple[Voice, ...]:
        return (self._voice,)

    def synthesize(self, text: str, voice: Voice, path: Path) -> None:
        self.check()
