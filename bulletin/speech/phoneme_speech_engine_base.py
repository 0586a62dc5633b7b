"""Base of the local engines that read English phonemes with onnxruntime: hibari and kokoro."""

from __future__ import annotations

import os
from abc import abstractmethod
from collections.abc import Mapping
from pathlib import Path

from bulletin.errors import EngineUnavailableError
from bulletin.model import Voice
from bulletin.runtime.read_sound_file import Samples
from bulletin.speech.engine_interface import Engine
from bulletin.speech.join_speech_into_wav_clips import write_sentence
from bulletin.speech.lexicon_phonemes import link_phonemes
from bulletin.speech.trim_and_level_speech import trim_silence

_RATE_HZ = 24_000


class PhonemeEngine(Engine):
    """`speed` from 0.5 to 2, the documented range of the models."""

    def __init__(
        self,
        *,
        speed: float = 1.0,
        language: str = "en-GB",
        folder: Path | None = None,
        phonemes: Mapping[str, str] | None = None,
    ) -> None:
        self._speed = min(2.0, max(0.5, speed))
        self._language = language
        self._folder = folder
        self._phonemes = dict(phonemes or {})

    def check(self) -> None:
        if not self._language.startswith("en"):
            raise EngineUnavailableError(
                f"voice engine {self.name}: speaks English, not {self._language}; name another engine in [speech] chain"
            )

    def synthesize(self, text: str, voice: Voice, path: Path) -> None:
        parts = self._say(link_phonemes(text, self._phonemes), voice)
        trimmed = [trim_silence(part, rate_hz=_RATE_HZ) for part in parts]
        write_sentence(trimmed, path, rate_hz=_RATE_HZ, engine=self.name, text=text)

    @abstractmethod
    def _say(self, text: str, voice: Voice) -> list[Samples]:
        """Parts of a sentence whose phonemes of the lexicon are marked up."""


def forbid_telemetry() -> None:
    """
    Keep onnxruntime from reporting to its makers; call it before the first import.

    From 1.32 its wheels for Linux write a device id into the user's cache and send usage to a server of
    Microsoft, unless this variable is set.
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
