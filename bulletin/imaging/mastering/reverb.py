"""Dry sound -> reverberation of a hall, by convolution with a random impulse response."""

from __future__ import annotations

import numpy as np
from scipy.signal import fftconvolve

from bulletin.imaging.sounds.oscillators import Random, Wave, band_pass, clock, frames, high_pass

_BANDS = ((150.0, 700.0, 1.0), (700.0, 3200.0, 0.85), (3200.0, 10_000.0, 0.5))
"""Low edge, high edge, share of the reverberation time: air and curtains eat the treble first."""


def make_hall(decay_s: float, rng: Random, *, predelay_s: float = 0.022) -> Wave:
    """An impulse response, stereo: scattered first reflections, then a tail that falls 60 dB in `decay_s`."""
    time_s = clock(decay_s * 1.1)
    tail = np.zeros((len(time_s), 2))
    for low_hz, high_hz, share in _BANDS:
        noise = band_pass(rng.standard_normal(tail.shape), low_hz, high_hz)
        tail += (
            noise * (10.0 ** (-3.0 * time_s / (decay_s * share)) * np.minimum(1.0, time_s / 0.03))[:, None]
        )
    response = np.concatenate([np.zeros((frames(predelay_s), 2)), tail / np.sqrt(np.sum(tail**2) / 2.0)])
    for side in (0, 1):
        for delay_s in np.sort(rng.uniform(0.009, 0.055, 7)):
            response[frames(float(delay_s)), side] += 0.22 * rng.choice((-1.0, 1.0)) * (1.0 - delay_s / 0.08)
    response = high_pass(response, 180.0)
    level: Wave = response / np.sqrt(np.sum(response**2) / 2.0)
    return level


def reverberate(sound: Wave, hall: Wave, *, is_loop: bool) -> Wave:
    """Reverberation of a sound; in a loop the tail of the end is added to the beginning."""
    wet: Wave = fftconvolve(sound, hall, axes=0)
    tail = wet[len(sound) :]
    wet = wet[: len(sound)]
    if is_loop:
        wet[: len(tail)] += tail
    return wet
