"""Voice for tests: a hum in the rhythm of speech, as long as the words would take."""

from __future__ import annotations

import zlib
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bulletin.model import Attribution, Voice
from bulletin.runtime.read_sound_file import Samples
from bulletin.speech.engine_interface import Engine
from bulletin.speech.join_speech_into_wav_clips import write_whole_wav

_RATE_HZ = 24_000
_HARMONICS = 12


class ToneEngine(Engine):
    """Deterministic and instant; not for broadcast."""

    name = "tone"

    def __init__(
        self,
        *,
        speed: float = 1.0,
        language: str = "en-GB",
        folder: Path | None = None,
        pace_wps: float = 3.0,
    ) -> None:
        self._language = language
        self._pace_wps = pace_wps * speed

    @property
    def fingerprint(self) -> str:
        return f"tone 1 pace={self._pace_wps:.4f}"

    def voices(self) -> tuple[Voice, ...]:
        who = Attribution(name="The Bulletin founders", licence="Apache-2.0")
        return tuple(
            Voice(
                name=name,
                engine=self.name,
                language=self._language,
                description=f"hums at {pitch_hz} Hz, for tests",
                attribution=who,
                is_natural=False,
                pace_wps=self._pace_wps,
                is_speech=False,
            )
            for name, pitch_hz in _PITCHES_HZ.items()
        )

    def synthesize(self, text: str, voice: Voice, path: Path) -> None:
        hum = [_hum(word, _PITCHES_HZ[voice.name], self._pace_wps) for word in text.split() or [text]]
        write_whole_wav(path, np.concatenate(hum), rate_hz=_RATE_HZ)


_PITCHES_HZ = {"low": 110, "high": 190}


def _hum(word: str, pitch_hz: float, pace_wps: float) -> Samples:
    """One word: a swell for each syllable, each at a pitch a few percent off the voice's."""
    syllables = max(1, round(len(word) / 3))
    time_s = np.arange(round(_RATE_HZ / pace_wps)) / _RATE_HZ
    swell = 0.02 + 0.98 * np.sin(np.pi * time_s * pace_wps * syllables) ** 2
    pitch_hz *= 1 + (zlib.crc32(word.encode()) % 9 - 4) / 50
    return np.asarray(0.15 * swell * _chord(pitch_hz, len(time_s)), dtype=np.float32)


@lru_cache(maxsize=32)
def _chord(pitch_hz: float, frames: int) -> npt.NDArray[np.float64]:
    """A pitch with its harmonics; each voice has nine pitches."""
    time_s = np.arange(frames) / _RATE_HZ
    return np.asarray(sum(np.sin(2 * np.pi * pitch_hz * n * time_s) / n for n in range(1, _HARMONICS)))
