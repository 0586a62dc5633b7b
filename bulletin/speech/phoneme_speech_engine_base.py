"""Base of the local engines that read phonemes with onnxruntime: hibari and kokoro."""

from __future__ import annotations

import os
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bulletin.errors import EngineUnavailableError
from bulletin.model import Voice
from bulletin.runtime.processor_turns import ProcessorTurns
from bulletin.runtime.read_sound_file import Samples
from bulletin.speech.engine_interface import Engine
from bulletin.speech.join_speech_into_wav_clips import write_sentence
from bulletin.speech.lexicon_phonemes import link_phonemes
from bulletin.speech.prosody.even_pace import (
    Reading,
    count_sounds,
    is_nearest,
    next_speed,
    read_pace,
    speaking_seconds,
)
from bulletin.speech.prosody.mark_pauses import mark_pauses
from bulletin.speech.trim_and_level_speech import remove_rumble, trim_silence

RATE_HZ = 24_000
"""Of both models."""
_NAMES = {"en": "English", "es": "Spanish", "it": "Italian", "pt": "Portuguese", "fr": "French"}
PROSODY = 6
"""Part of the engines' fingerprints: increase it when pauses, melody or pace change."""
SPEECH_TURNS = ProcessorTurns(longest_wait_s=3.0)
"""One sentence for each processor of this process, or one for a worker of a group: each takes up to 50 MB meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenPiece:
    """A sentence, or a part of a long one."""

    phonemes: str
    samples: Samples


class PhonemeEngine(Engine):
    """`speed` from 0.5 to 2, the documented range of the models."""

    languages: tuple[str, ...] = ("en",)
    corrections: int = 2
    """Most readings of a sentence to bring it to the usual pace."""
    follows_least: float = 0.5
    """Smallest share by which the engine follows its speed."""
    fewest_sounds: int = 28
    """Seven words of four sounds: a shorter sentence keeps its pace."""

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
        if self._tongue not in self.languages:
            spoken = ", ".join(_NAMES[language] for language in self.languages)
            raise EngineUnavailableError(
                f"voice engine {self.name}: speaks {spoken}, not {self._language}; name another engine in [speech] chain"
            )

    def synthesize(self, text: str, voice: Voice, path: Path) -> None:
        with SPEECH_TURNS.one():
            pieces = self._say_evenly(self._mark(text), voice)
        trimmed = [trim_silence(piece.samples, rate_hz=RATE_HZ) for piece in pieces]
        write_sentence(trimmed, path, rate_hz=RATE_HZ, engine=self.name, text=text)

    def phonemes_of(self, text: str, voice: Voice) -> list[str]:
        """What the voice reads for a sentence, in pieces that the model takes at once. Raises EngineUnavailableError."""
        return self._read(self._mark(text), voice)

    def _mark(self, text: str) -> str:
        """The sentence with its pauses, and with the phonemes of the lexicon."""
        return link_phonemes(mark_pauses(text, language=self._tongue), self._phonemes)

    def _say_evenly(self, text: str, voice: Voice) -> list[SpokenPiece]:
        """Speak a sentence that comes out quicker or slower than the voice's others again, at another speed."""
        best = self._say(text, voice, self._speed)
        readings = [self._read_pace(best, voice, self._speed)]
        while len(readings) <= self.corrections and (
            speed := next_speed(readings, follows_least=self.follows_least)
        ):
            pieces = self._say(text, voice, speed)
            reading = self._read_pace(pieces, voice, speed)
            if is_nearest(reading, readings):
                best = pieces
            readings.append(reading)
        return best

    def _read_pace(self, pieces: Sequence[SpokenPiece], voice: Voice, speed: float) -> Reading:
        clean = (remove_rumble(piece.samples, rate_hz=RATE_HZ) for piece in pieces)  # it would hide pauses
        trimmed = (trim_silence(samples, rate_hz=RATE_HZ) for samples in clean)
        return read_pace(
            sounds=sum(count_sounds(piece.phonemes) for piece in pieces),
            seconds=sum(speaking_seconds(samples, rate_hz=RATE_HZ) for samples in trimmed),
            usual_per_s=self.sounds_per_s(voice) * self._speed,
            speed=speed,
            fewest_sounds=self.fewest_sounds,
        )

    @property
    def _tongue(self) -> str:
        """The language without its country."""
        return self._language.partition("-")[0]

    @abstractmethod
    def sounds_per_s(self, voice: Voice) -> float:
        """Vowels and consonants a second that the voice speaks at speed 1, pauses left out."""

    @abstractmethod
    def _read(self, text: str, voice: Voice) -> list[str]:
        """Phonemes of a sentence whose phonemes of the lexicon are marked up, in pieces for the model."""

    @abstractmethod
    def _say(self, text: str, voice: Voice, speed: float) -> list[SpokenPiece]:
        """Pieces of a sentence whose phonemes of the lexicon are marked up."""


def forbid_telemetry() -> None:
    """
    Keep onnxruntime from reporting to its makers; call it before the first import.

    From 1.32 its wheels for Linux write a device id into the user's cache and send usage to a server of
    Microsoft, unless this variable is set.
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
