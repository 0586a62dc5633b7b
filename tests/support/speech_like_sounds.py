"""Sounds that measure like a recorded voice: syllables of shaped noise, with breaths between the sentences."""

from __future__ import annotations

import numpy as np

from bulletin.runtime.read_sound_file import Samples

RATE_HZ = 48_000
SENTENCE_S, BREATH_S = 2.0, 0.5


def speech_like(
    *,
    sentences: int = 2,
    level: float = 0.1,
    quiet_s: float = 0.0,
    noise: float = 0.0,
    rate_hz: int = RATE_HZ,
) -> Samples:
    """
    Mono of `sentences` sentences of two seconds, half a second apart, with `quiet_s` before and after them.

    `level` is the highest peak, `noise` the level of a noise beneath everything.
    """
    rng = np.random.default_rng(7)
    spoken = [_sentence(rng, rate_hz) for _ in range(sentences)]
    breath = np.zeros(round(BREATH_S * rate_hz))
    quiet = np.zeros(round(quiet_s * rate_hz))
    parts = [quiet, *[part for sentence in spoken for part in (sentence, breath)][:-1], quiet]
    sound = np.concatenate(parts)
    sound *= level / np.abs(sound).max()
    return np.asarray(sound + noise * rng.standard_normal(sound.size), dtype=np.float32)


def _sentence(rng: np.random.Generator, rate_hz: int) -> np.ndarray:
    """A voice of 120 Hz and its overtones, in five syllables a second of different loudness."""
    time = np.arange(round(SENTENCE_S * rate_hz)) / rate_hz
    overtones = range(1, 25)
    voice = sum(np.sin(2 * np.pi * 120 * n * time + rng.uniform(0, 6)) / n for n in overtones)
    loudness = np.interp(time, np.arange(0, SENTENCE_S + 0.2, 0.2), rng.uniform(0.4, 1.0, 11))
    syllables = 0.05 + 0.95 * np.sin(np.pi * 5 * time) ** 2
    return np.asarray(voice * loudness * syllables)
