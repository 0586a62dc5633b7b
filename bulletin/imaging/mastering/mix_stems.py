"""Notes at their times -> stereo mix in a hall; the level of each stem is set by its loudness."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.signal import fftconvolve

from bulletin.imaging.mastering.measure_music_loudness import loudness_lufs
from bulletin.imaging.sounds.oscillators import (
    RATE_HZ,
    Random,
    Wave,
    band_pass,
    clock,
    db_to_gain,
    frames,
    high_pass,
    shelf_eq,
)

_SEND_DB: Mapping[str, float] = {
    "lead": -9.0, "bells": -7.0, "strings": -8.0, "pad": -10.0, "pulse": -13.0,
    "mallets": -10.0, "drums": -15.0, "hits": -14.0, "bass": -40.0,
}  # fmt: skip
"""Reverb send of each stem."""
_HALL_BANDS = ((150.0, 700.0, 1.0), (700.0, 3200.0, 0.85), (3200.0, 10_000.0, 0.5))
"""Low edge, high edge, share of the reverberation time: air and curtains eat the treble first."""
_PREDELAY_S = 0.022


class StemMixer:
    """A stereo tape for each stem."""

    def __init__(self, seconds: float, *, is_loop: bool = False) -> None:
        self.seconds = seconds
        self.is_loop = is_loop
        self.stems: dict[str, Wave] = {}

    def place(self, stem: str, sound: Wave, at_s: float, gain_db: float = 0.0) -> None:
        """Add a sound to a stem; beyond the end it is cut, or wraps around in a loop."""
        tape = self.stems.setdefault(stem, np.zeros((frames(self.seconds), 2)))
        start = round(max(0.0, at_s) * RATE_HZ)
        rest = sound * db_to_gain(gain_db)
        while len(rest):
            if self.is_loop:
                start %= len(tape)
            room = max(0, min(len(rest), len(tape) - start))
            tape[start : start + room] += rest[:room]
            if not self.is_loop:
                return
            rest, start = rest[room:], start + room

    def mix(self, levels_lu: Mapping[str, float], hall: Wave) -> Wave:
        """
        Bring each stem to its loudness (LU, against the loudest) and add the hall.

        Levelling by loudness keeps the balance the same for every seed, key and instrument.
        """
        dry = np.zeros((frames(self.seconds), 2))
        send = np.zeros_like(dry)
        for stem, tape in self.stems.items():
            level = tape * db_to_gain(levels_lu[stem] - 20.0 - loudness_lufs(tape))
            dry += level
            send += level * db_to_gain(_SEND_DB[stem])
        wet = reverberate(send, hall, is_loop=self.is_loop)
        return dry + shelf_eq(wet, 6000.0, -2.0, side=1)


def make_hall(decay_s: float, rng: Random) -> Wave:
    """An impulse response, stereo: scattered first reflections, then a tail that falls 60 dB in `decay_s`."""
    time_s = clock(decay_s * 1.1)
    tail = np.zeros((len(time_s), 2))
    for low_hz, high_hz, share in _HALL_BANDS:
        fall = 10.0 ** (-3.0 * time_s / (decay_s * share)) * np.minimum(1.0, time_s / 0.03)
        tail += band_pass(rng.standard_normal(tail.shape), low_hz, high_hz) * fall[:, None]
    response = np.concatenate([np.zeros((frames(_PREDELAY_S), 2)), tail / np.sqrt(np.sum(tail**2) / 2.0)])
    for side in (0, 1):
        for delay_s in np.sort(rng.uniform(0.009, 0.055, 7)):
            response[frames(float(delay_s)), side] += 0.22 * rng.choice((-1.0, 1.0)) * (1.0 - delay_s / 0.08)
    response = high_pass(response, 180.0)
    return np.asarray(response / np.sqrt(np.sum(response**2) / 2.0))


def reverberate(sound: Wave, hall: Wave, *, is_loop: bool) -> Wave:
    """Reverberation of a sound; in a loop the tail of the end is added to the beginning."""
    wet: Wave = fftconvolve(sound, hall, axes=0)
    wet, tail = wet[: len(sound)], wet[len(sound) :]
    if is_loop:
        wet[: len(tail)] += tail
    return wet
