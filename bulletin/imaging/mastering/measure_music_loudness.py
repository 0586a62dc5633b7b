"""Music -> loudness and peaks, for the stem mixer and the master."""

from __future__ import annotations

import numpy as np
from scipy.signal import resample_poly, sosfilt

from bulletin.imaging.sounds.oscillators import RATE_HZ, Wave

_SILENT_LUFS = -100.0
_K_WEIGHTING = np.array([
    [1.5308412300503478, -2.6509799951547297, 1.169079079921587, 1.0, -1.6636551132560204, 0.7125954280732254],
    [1.0, -2.0, 1.0, 1.0, -1.989169673629796, 0.9891990357870393],
])  # fmt: skip
"""Shelf and high-pass of ITU-R BS.1770 at 44.1 kHz, as second-order sections (after B. De Man)."""


def loudness_lufs(sound: Wave) -> float:
    """Integrated loudness (BS.1770-4: blocks of 400 ms, gates at -70 and -10); shorter sounds are padded."""
    return integrate_lufs(powers_of(sound))


def loudest_lufs(sound: Wave, *, tenths: int) -> float:
    """Loudest tenths of a second (EBU Tech 3341: 30 are short-term, 4 momentary), or a shorter sound's whole."""
    return find_loudest_lufs(powers_of(sound), tenths=tenths)


def powers_of(sound: Wave) -> Wave:
    """K-weighted power of each tenth of a second, of four at least, both channels added."""
    hop = RATE_HZ // 10
    count = max(4, len(sound) // hop)
    powers = np.zeros(count)
    for channel in sound.T:
        padded = np.zeros(count * hop)
        padded[: len(channel)] = channel[: count * hop]
        weighted = sosfilt(_K_WEIGHTING, padded).reshape(count, hop)
        powers += np.einsum("ij,ij->i", weighted, weighted) / hop
    return powers


def integrate_lufs(powers: Wave) -> float:
    """Integrated loudness of `powers_of` a sound."""
    blocks = np.convolve(powers, np.full(4, 0.25), "valid")
    loud = blocks[blocks > 10.0 ** ((-70.0 + 0.691) / 10.0)]
    if not len(loud):
        return _SILENT_LUFS
    loud = loud[loud > loud.mean() / 10.0]
    return float(-0.691 + 10.0 * np.log10(loud.mean()))


def find_loudest_lufs(powers: Wave, *, tenths: int) -> float:
    """Loudest tenths of `powers_of` a sound."""
    count = min(tenths, len(powers))
    loudest = np.convolve(powers, np.full(count, 1.0 / count), "valid").max()
    return float(-0.691 + 10.0 * np.log10(max(loudest, 1e-12)))


def peaks(sound: Wave) -> Wave:
    """True peak at each frame (4 x oversampled), of either channel."""
    highest = np.abs(sound).max(axis=1)
    for channel in sound.T:
        fine = resample_poly(np.ascontiguousarray(channel), 4, 1, window=("kaiser", 7.0))
        np.abs(fine, out=fine)
        for phase in range(4):
            np.maximum(highest, fine[phase::4], out=highest)
    return np.asarray(highest)
