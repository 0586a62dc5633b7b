"""
FileMeasurements and Cue -> when words begin: a detector of voice activity. Pure numpy.

A voice is in the middle of the stereo picture, music is beside it too. So the middle, less a few times the
side, is the voice: a sting that rings until the first word does not count as speech. In a mono file only
the level decides.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from bulletin.audio.metering.loudness import Floats, lufs_to_power
from bulletin.audio.metering.measure_sound_file import STEPS_PER_S, FileMeasurements
from bulletin.model import Cue

Flags = npt.NDArray[np.bool_]

_SIDE_WEIGHT = 8.0
"""Weight of the side: music has at least an eighth of its power there, a voice over its bed a hundredth."""
_UNDER_LU = 14.0
"""Quietest voice, below the loudness of the file."""
_LOOK_S = 1.5
"""Search range for a first word, around the start of its chapter."""
_AFTER, _BEFORE = 15, 10
"""Steps of speech after a first word, and of pause before it."""
_MOST_SPEECH = 0.95
"""Largest share of speech, or of music like it, in which a beginning can be found."""
_MOST_SHIFT_S = 3.0
_SURELY = 0.1
"""Least gain of correlation for a shift to be believed."""


def find_voice(measured: FileMeasurements) -> Flags:
    """Voice activity of each step."""
    side = np.maximum(measured.levels / measured.channels - measured.middle, 0.0)
    voice = measured.middle - _SIDE_WEIGHT * side
    least = lufs_to_power(measured.loudness_lufs - _UNDER_LU) / measured.channels
    return np.asarray(voice > least)


def has_speech_and_pauses(voice: Flags) -> bool:
    """Whether there is speech, and a pause in it."""
    return bool(voice.size) and 0.0 < float(voice.mean()) < _MOST_SPEECH


def first_word_s(voice: Flags, at_s: float) -> float | None:
    """
    Time of the first word nearest to `at_s`; None when no word begins near it.

    A first word has a pause (or the start of the file) before it, and speech in half of the steps after it.
    """
    first = max(0, round((at_s - _LOOK_S) * STEPS_PER_S))
    last = min(len(voice) - _AFTER, round((at_s + _LOOK_S) * STEPS_PER_S))
    times = [
        step / STEPS_PER_S
        for step in range(first, last)
        if voice[step]
        and voice[step : step + _AFTER].mean() >= 0.5
        and voice[max(0, step - _BEFORE) : step].sum() <= 0.3 * _BEFORE
    ]
    return min(times, key=lambda time_s: abs(time_s - at_s), default=None)


def cue_shift_s(voice: Flags, cues: Sequence[Cue]) -> float:
    """Delay of all speech against its cues; 0 when no other delay fits clearly better."""
    due = np.zeros(len(voice))
    for cue in cues:
        due[round(cue.start_s * STEPS_PER_S) : round(cue.end_s * STEPS_PER_S)] = 1.0
    spoken = np.convolve(voice, np.ones(9) / 9, "same")
    most = min(round(_MOST_SHIFT_S * STEPS_PER_S), len(voice) // 4)
    fits = {lag: _correlation(spoken, due, lag) for lag in range(-most, most + 1)}
    best = max(fits, key=lambda lag: fits[lag], default=0)
    return best / STEPS_PER_S if fits and fits[best] - fits[0] > _SURELY else 0.0


def _correlation(spoken: Floats, due: Floats, lag: int) -> float:
    spoken = spoken[max(0, lag) : len(spoken) + min(0, lag)]
    due = due[max(0, -lag) : len(due) - max(0, lag)]
    spoken, due = spoken - spoken.mean(), due - due.mean()
    scale = float(np.sqrt((spoken @ spoken) * (due @ due)))
    return float(spoken @ due) / scale if scale else 0.0
