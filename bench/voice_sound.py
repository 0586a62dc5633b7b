"""Sound of spoken sentences -> melody of a question's end, and how far levels and paces lie from those of the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bulletin.runtime.read_sound_file import Samples

QUESTIONS = (
    "Could the bridge reopen before Christmas?",
    "Was the driver asleep at the wheel?",
    "Do the unions support the new offer?",
    "Has the flood damaged the church?",
    "Might the company leave the town?",
    "Were all the children found?",
    "Would a fourth runway be too much?",
    "Is anybody to blame for the mistakes?",
)
"""For yes or no; none of them guided the rise of `speech/prosody/question_rise.py`."""
RISES_FROM = 3.0
"""Semitones: listeners to speech take no smaller step for a movement (J. 't Hart, "Differential sensitivity to pitch
distance, particularly in speech", 1981)."""

_LOWEST_HZ, _HIGHEST_HZ = 60, 420
_FRAME_S, _STEP_S = 0.04, 0.01
_END, _BEFORE = slice(-10, None), slice(-35, -20)
"""Voiced steps of 10 ms: the last tenth of a second, and a quarter of a second earlier."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Lowest and highest value of some sentences, from their median."""

    low: float
    high: float
    count: int


def spread_of(values: Sequence[float], *, is_ratio: bool) -> Spread:
    """Differences from the median, or shares of it."""
    middle = float(np.median(values))
    moved = np.array(values) / middle - 1 if is_ratio else np.array(values) - middle
    return Spread(low=float(moved.min()), high=float(moved.max()), count=len(values))


def end_rise(mono: Samples, *, rate_hz: int) -> float:
    """Semitones by which a sentence rises in its last quarter of a second of voice; below 0 where it falls."""
    pitches = pitch_track(mono, rate_hz=rate_hz)
    voiced = pitches[pitches > 0]
    if voiced.size < -_BEFORE.start:
        return 0.0
    return float(12 * np.log2(np.median(voiced[_END]) / np.median(voiced[_BEFORE])))


def pitch_track(mono: Samples, *, rate_hz: int) -> Samples:
    """Pitch of each 10 ms by autocorrelation, in Hz; 0 where there is no voice."""
    size, step = round(rate_hz * _FRAME_S), round(rate_hz * _STEP_S)
    shortest, longest = rate_hz // _HIGHEST_HZ, rate_hz // _LOWEST_HZ
    least = 1e-3 * float(np.square(mono, dtype=np.float64).mean()) * size
    pitches = []
    for start in range(0, mono.size - size, step):
        frame = mono[start : start + size].astype(np.float64) * np.hanning(size)
        spectrum = np.fft.rfft(frame, 2 * size)
        curve = np.fft.irfft(np.square(np.abs(spectrum)))[:size]
        lag = shortest + int(np.argmax(curve[shortest:longest]))
        is_voiced = curve[0] > least and curve[lag] > 0.45 * curve[0]
        pitches.append(rate_hz / lag if is_voiced else 0.0)
    return np.array(pitches, dtype=np.float32)
