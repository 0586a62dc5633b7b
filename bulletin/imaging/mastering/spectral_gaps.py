"""Mix -> Mix without gaps in its spectrum: a chord may leave a third octave empty."""

from __future__ import annotations

import numpy as np

from bulletin.imaging.sounds.oscillators import RATE_HZ, Wave, bell_eq

_CENTRES_HZ = 1000.0 * 2.0 ** (np.arange(0, 12) / 3)
"""From 1 to 12.7 kHz: below, a third octave is narrower than the gaps between the notes of a chord."""
_THIRD = 2.0 ** (1.0 / 6.0)
_THIRD_Q = 4.3
_DEEP_DB = 3.5
"""Depth of a gap below both neighbours; ISO 1996-2 calls a band audible that is 5 dB above them."""
_ROUNDS = 3


def fill_spectral_gaps(sound: Wave) -> Wave:
    """Lift each third octave that is far below both its neighbours."""
    for _ in range(_ROUNDS):
        levels = _levels_db(sound)
        depths = np.minimum(levels[:-2], levels[2:]) - levels[1:-1]
        deep = np.flatnonzero(depths > _DEEP_DB)
        if not len(deep):
            break
        for place in deep:
            # A bell lifts the middle of its band most, hence a little more than is wanting.
            sound = bell_eq(sound, _CENTRES_HZ[place + 1], depths[place] - _DEEP_DB + 1.5, _THIRD_Q)
    return sound


def _levels_db(sound: Wave) -> Wave:
    """The power of each third octave, both channels added."""
    power = (np.abs(np.fft.rfft(sound, axis=0)) ** 2).sum(axis=1)
    sums = np.concatenate([[0.0], np.cumsum(power)])
    edges = np.outer(_CENTRES_HZ, [1.0 / _THIRD, _THIRD]) * len(sound) / RATE_HZ
    low, high = np.interp(edges, np.arange(len(sums)), sums).T
    levels: Wave = 10.0 * np.log10(high - low + 1e-15)
    return levels
