"""Sounds a second of a spoken sentence -> the speed at which it is as quick as the voice's others. Pure numpy."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bulletin.runtime.read_sound_file import Samples

_SIGN = re.compile(r"[^\W\d_]")
_SHORTEST_PAUSE_S = 0.08
"""A longer silence is a pause, a shorter one part of a consonant such as p or t."""
_FRAME_S = 0.01
_PAUSE_BELOW_DB = 35.0
_UNHEARD = 0.055
"""Share by which the pace of a sentence may differ: listeners notice about 8 %."""
_MOST = 0.3
"""Share by which a speed may differ from the one that was asked for."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One reading of a sentence."""

    speed: float
    """That the engine was asked for."""
    quicker: float
    """Sounds a second, as a multiple of the usual ones; 1 where that cannot be told."""


def read_pace(
    *, sounds: int, seconds: float, usual_per_s: float, speed: float, fewest_sounds: int = 28
) -> Reading:
    """
    The pace of a sentence of `sounds`, spoken in `seconds`, in a voice of `usual_per_s` (0: unknown).

    Of one with less than `fewest_sounds` it cannot be told: one long vowel decides, and newsreaders say "Good morning" slowly.

    >>> read_pace(sounds=110, seconds=10.0, usual_per_s=10.0, speed=1.0).quicker
    1.1
    """
    is_sure = sounds >= fewest_sounds and seconds > 0 and usual_per_s > 0
    return Reading(speed=speed, quicker=sounds / seconds / usual_per_s if is_sure else 1.0)


def next_speed(readings: Sequence[Reading], *, follows_least: float = 0.25) -> float | None:
    """
    The speed for the next reading; None when the last one is as quick as the voice's other sentences.

    Engines do not follow their speed exactly: half as much and a third as much were measured. So the second step goes by what
    the first one changed, and is no larger than for an engine that follows by the share `follows_least`.
    """
    last = readings[-1]
    if abs(last.quicker - 1) <= _UNHEARD:
        return None
    follows = 1.0
    if len(readings) > 1 and readings[-2].speed != last.speed:
        before = readings[-2]
        changed = math.log(last.quicker / before.quicker) / math.log(last.speed / before.speed)
        follows = min(1.5, max(follows_least, changed))
    wanted = last.speed * last.quicker ** (-1 / follows)
    asked = readings[0].speed
    return float(min(asked * (1 + _MOST), max(asked / (1 + _MOST), wanted)))


def is_nearest(reading: Reading, others: Sequence[Reading]) -> bool:
    """Whether a reading is nearer to the usual pace than all others."""
    return all(abs(reading.quicker - 1) <= abs(other.quicker - 1) for other in others)
