"""
What was noticed of a sound, and when words should be heard -> when they are. Pure numpy.

A voice stands in the middle of the stereo picture and music beside it too, so what both sides share,
less a few times what they don't, is the voice: even the sting that rings until the first word is not
taken for speech. Where there is only one channel, the level alone must do.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from bulletin.audio.metering.loudness import lufs_to_power
from bulletin.audio.metering.measure_file import STEPS_PER_S, FileMeasurements, NoticedDefects
from bulletin.model import Cue

Flags = npt.NDArray[np.bool_]

_BESIDE = 8.0
"""Music has an eighth of its power, or more, beside the middle; a voice over its bed a hundredth."""
_UNDER_LU = 14.0
"""A voice is heard that is no further than this under the loudness of the whole."""
_LOOK_S = 1.5
"""How far from a chapter's start its first word is looked for."""
_AFTER, _BEFORE = 15, 10
"""Steps of speech behind a first word, and of rest before it."""
_MOST_SPEECH = 0.95
"""Where more than this is speech, or music that cannot be told from it, nothing begins anywhere."""
_MOST_SHIFT_S = 3.0
_SURELY = 0.1
"""By how much a shift must explain the words better than none."""


def find_voice(heard: FileMeasurements, noticed: NoticedDefects) -> Flags:
    """Of each step whether somebody speaks in it."""
    beside = np.maximum(noticed.levels / heard.channels - noticed.middle, 0.0)
    voice = noticed.middle - _BESIDE * beside
    least = lufs_to_power(heard.loudness_lufs - _UNDER_LU) / heard.channels
    return np.asarray(voice > least)


def can_tell(voice: Flags) -> bool:
    """Whether there is any speech, and any rest from it."""
    return bool(voice.size) and 0.0 < float(voice.mean()) < _MOST_SPEECH


def first_word_s(voice: Flags, at_s: float) -> float | None:
    """
    When somebody begins to speak, nearest to a time; None when nobody does near it.

    Beginning is rest (or the very start) before, and speech in more than half of what follows.
    """
    first = max(0, round((at_s - _LOOK_S) * STEPS_PER_S))
    last = min(len(voice) - _AFTER, round((at_s + _LOOK_S) * STEPS_PER_S))
    places = [
        place
        for place in range(first, last)
        if voice[place]
        and voice[place : place + _AFTER].mean() >= 0.5
        and voice[max(0, place - _BEFORE) : place].sum() <= 0.3 * _BEFORE
    ]
    times = [place / STEPS_PER_S for place in places]
    return min(times, key=lambda time_s: abs(time_s - at_s), default=None)


def shift_s(voice: Flags, cues: Sequence[Cue]) -> float:
    """How much later than the cues say, all that is said is heard; 0 when no other time explains it better."""
    due = np.zeros(len(voice))
    for cue in cues:
        due[round(cue.start_s * STEPS_PER_S) : round(cue.end_s * STEPS_PER_S)] = 1.0
    said = np.convolve(voice, np.ones(9) / 9, "same")
    most = min(round(_MOST_SHIFT_S * STEPS_PER_S), len(voice) // 4)
    fits = {lag: _fit(said, due, lag) for lag in range(-most, most + 1)}
    best = max(fits, key=lambda lag: fits[lag], default=0)
    return best / STEPS_PER_S if fits and fits[best] - fits[0] > _SURELY else 0.0


def _fit(said: npt.NDArray[np.float64], due: npt.NDArray[np.float64], lag: int) -> float:
    one, other = said[max(0, lag) : len(said) + min(0, lag)], due[max(0, -lag) : len(due) - max(0, lag)]
    one, other = one - one.mean(), other - other.mean()
    scale = float(np.sqrt((one @ one) * (other @ other)))
    return float(one @ other) / scale if scale else 0.0
