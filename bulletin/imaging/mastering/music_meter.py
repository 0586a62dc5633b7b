"""Music -> loudness and peaks, for the stem mixer and the master."""

from __future__ import annotations

import numpy as np
from scipy.signal import resample_poly, sosfilt

from bulletin.imaging.sounds.oscillators import RATE_HZ, Wave

_SILENT_LUFS = -100.0
_SHELF = (1681.974450955533, 3.999843853973347, 0.7071752369554196)
_ROLL_OFF = (38.13547087602444, 0.5003270373238773)
"""Corner, gain, Q of the two K-weighting filters of ITU-R BS.1770, for any sample rate (after B. De Man)."""


def loudness_lufs(sound: Wave) -> float:
    """Integrated loudness (BS.1770-4: blocks of 400 ms, gates at -70 and -10); shorter sounds are padded."""
    blocks = np.convolve(_powers(sound, least_s=0.4), np.full(4, 0.25), "valid")
    loud = blocks[blocks > 10.0 ** ((-70.0 + 0.691) / 10.0)]
    if not len(loud):
        return _SILENT_LUFS
    loud = loud[loud > loud.mean() / 10.0]
    return float(-0.691 + 10.0 * np.log10(loud.mean()))


def short_term_lufs(sound: Wave) -> float:
    """The loudest three seconds (EBU Tech 3341), or the whole of a shorter sound."""
    return _loudest_lufs(sound, tenths=30)


def momentary_lufs(sound: Wave) -> float:
    """The loudest 400 ms (EBU Tech 3341)."""
    return _loudest_lufs(sound, tenths=4)


def _loudest_lufs(sound: Wave, *, tenths: int) -> float:
    power = _powers(sound, least_s=0.4)
    count = min(tenths, len(power))
    loudest = np.convolve(power, np.full(count, 1.0 / count), "valid").max()
    return float(-0.691 + 10.0 * np.log10(max(loudest, 1e-12)))


def peaks(sound: Wave) -> Wave:
    """True peak at each frame (4 x oversampled), of either channel."""
    fine = np.abs(resample_poly(sound, 4, 1, axis=0, window=("kaiser", 7.0))).max(axis=1)
    highest: Wave = np.maximum(fine.reshape(len(sound), 4).max(axis=1), np.abs(sound).max(axis=1))
    return highest


def _powers(sound: Wave, *, least_s: float) -> Wave:
    """K-weighted power of each tenth of a second, both channels added."""
    least = round(least_s * RATE_HZ)
    padded = np.pad(sound, ((0, max(0, least - len(sound))), (0, 0)))
    weighted = sosfilt(_k_weighting(), padded, axis=0)
    hop = RATE_HZ // 10
    count = len(weighted) // hop
    power: Wave = (weighted[: count * hop] ** 2).reshape(count, hop, 2).sum(axis=2).mean(axis=1)
    return power


def _k_weighting() -> Wave:
    corner_hz, gain_db, q = _SHELF
    k = np.tan(np.pi * corner_hz / RATE_HZ)
    high = 10.0 ** (gain_db / 20.0)
    band = high**0.4996667741545416
    norm = 1.0 + k / q + k * k
    shelf = [(high + band * k / q + k * k) / norm, 2 * (k * k - high) / norm, (high - band * k / q + k * k) / norm,
             1.0, 2 * (k * k - 1) / norm, (1 - k / q + k * k) / norm]  # fmt: skip
    corner_hz, q = _ROLL_OFF
    k = np.tan(np.pi * corner_hz / RATE_HZ)
    norm = 1.0 + k / q + k * k
    return np.array([shelf, [1.0, -2.0, 1.0, 1.0, 2 * (k * k - 1) / norm, (1 - k / q + k * k) / norm]])
