"""Recording -> the same without silence at its ends, above the room's own noise. Pure."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bulletin.runtime.read_sound_file import Samples

Floats = npt.NDArray[np.float64]

FRAME_S = 0.02
"""Length of a frame whose level is measured."""
_BEFORE_S, _AFTER_S = 0.08, 0.16
"""Kept before the first and after the last sound: the breath before a word, the room after it."""
_UNDER_SPEECH_DB = 40.0
"""Level below the loud frames that is silence in a quiet room."""
_OVER_NOISE_DB = 9.0
"""Level above the quietest frames that is sound in a noisy room."""
_LEAST_UNDER_DB = 18.0
"""A frame less far below the loud ones is always sound."""


def frame_levels_db(mono: Samples, *, rate_hz: int) -> Floats:
    """Level of each full frame, in dB of full scale."""
    hop = max(1, round(rate_hz * FRAME_S))
    count = mono.size // hop
    power = np.square(mono[: count * hop].reshape(count, hop)).mean(axis=1, dtype=np.float64)
    return np.asarray(10 * np.log10(np.maximum(power, 1e-12)))


def silence_below_db(levels_db: Floats) -> float:
    """Level below which a frame of this recording is a pause."""
    audible = levels_db[levels_db > -100]
    if not audible.size:
        return 0.0
    loud, noise = (float(level) for level in np.quantile(audible, (0.9, 0.05)))
    return min(max(loud - _UNDER_SPEECH_DB, noise + _OVER_NOISE_DB), loud - _LEAST_UNDER_DB)


def trim_recording(mono: Samples, *, rate_hz: int) -> Samples:
    """The recording from just before its first sound to just after its last; empty for silence."""
    levels_db = frame_levels_db(mono, rate_hz=rate_hz)
    heard = np.flatnonzero(_lasting(levels_db > silence_below_db(levels_db)))
    if not heard.size:
        return mono[:0]
    hop = max(1, round(rate_hz * FRAME_S))
    start = int(heard[0]) * hop - round(rate_hz * _BEFORE_S)
    end = (int(heard[-1]) + 1) * hop + round(rate_hz * _AFTER_S)
    return mono[max(0, start) : end]


def _lasting(is_loud: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Loud frames beside another loud one: a click, or a peak of the noise, is alone."""
    beside = np.pad(is_loud, 1)
    return np.asarray(is_loud & (beside[:-2] | beside[2:]))
