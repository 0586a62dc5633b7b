"""Sounds a second of a spoken sentence -> the speed at which it is as quick as the voice's others. Pure numpy."""

from __future__ import annotations

import re

import numpy as np

from bulletin.runtime.read_sound_file import Samples

_SIGN = re.compile(r"[^\W\d_]")
_SHORTEST_PAUSE_S = 0.08
"""A longer silence is a pause, a shorter one part of a consonant such as p or t."""
_FRAME_S = 0.01
_PAUSE_BELOW_DB = 35.0
_FEWEST_SOUNDS = 40
"""About eight words: in a shorter sentence one long vowel decides, and newsreaders say "Good morning" slowly."""
_UNHEARD = 0.04
"""Share by which the pace of a sentence may differ: listeners notice about 8 %."""
_MOST = 0.2


def count_sounds(phonemes: str) -> int:
    """Number of vowels and consonants, without stress, length and punctuation."""
    return len(_SIGN.findall(re.sub("[ˈˌːˑʰʲ\u0303]", "", phonemes)))


def speaking_seconds(mono: Samples, *, rate_hz: int) -> float:
    """Length without the pauses inside, of a sound without silence at its ends."""
    hop = max(1, round(rate_hz * _FRAME_S))
    count = mono.size // hop
    if not count:
        return mono.size / rate_hz
    power = np.square(mono[: count * hop], dtype=np.float64).reshape(count, hop).mean(axis=1)
    is_loud = power > np.quantile(power, 0.9) * 10 ** (-_PAUSE_BELOW_DB / 10)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], ~is_loud, [0]))))
    lengths = edges[1::2] - edges[::2]
    pauses = lengths[lengths * _FRAME_S >= _SHORTEST_PAUSE_S].sum()
    return float(mono.size / rate_hz - pauses * _FRAME_S)


def speed_for_usual_pace(*, sounds: int, seconds: float, usual_per_s: float, speed: float) -> float:
    """
    The speed for `usual_per_s` sounds a second, where a sentence of `sounds` took `seconds` at `speed`.

    The same speed for a difference that is not heard, for short sentences, and where the usual pace is unknown (0).

    >>> round(speed_for_usual_pace(sounds=110, seconds=10.0, usual_per_s=10.0, speed=1.0), 2)
    0.91
    """
    if sounds < _FEWEST_SOUNDS or seconds <= 0 or usual_per_s <= 0:
        return speed
    quicker = sounds / seconds / usual_per_s
    if abs(quicker - 1) <= _UNHEARD:
        return speed
    return speed / min(1 + _MOST, max(1 - _MOST, quicker))
