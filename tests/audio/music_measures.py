"""Loudness, spectrum and prominent tones of music for tests, independent of our own meters."""

from __future__ import annotations

import numpy as np
import pyloudnorm
from scipy.signal import find_peaks, resample_poly, sosfilt, welch

RATE_HZ = 44_100


class Loudness:
    """Loudness by ITU-R BS.1770-4 and EBU Tech 3341 in hops of 0.1 s, with the filters of pyloudnorm."""

    def __init__(self, samples: np.ndarray) -> None:
        stages = pyloudnorm.Meter(RATE_HZ, filter_class="DeMan")._filters.values()
        weighted = sosfilt(np.array([[*stage.b, *stage.a] for stage in stages]), samples, axis=0)
        hop = RATE_HZ // 10
        missing = max(0, 4 * hop - len(weighted))
        weighted = np.pad(weighted, ((0, missing), (0, 0)))
        self._powers = (
            np.square(weighted[: len(weighted) // hop * hop]).sum(axis=1).reshape(-1, hop).mean(axis=1)
        )

    @property
    def integrated_lufs(self) -> float:
        blocks = 10.0 ** ((self.windows_lufs(0.4) + 0.691) / 10.0)
        loud = blocks[blocks > 10.0 ** ((-70.0 + 0.691) / 10.0)]
        return float(-0.691 + 10.0 * np.log10(loud[loud > loud.mean() / 10.0].mean()))

    def windows_lufs(self, seconds: float) -> np.ndarray:
        """Loudness of ten windows a second: 3 s is short-term, 0.4 s momentary loudness."""
        count = round(seconds * 10)
        if len(self._powers) < count:
            return np.zeros(0)
        means = np.convolve(self._powers, np.full(count, 1.0 / count), "valid")
        return -0.691 + 10.0 * np.log10(np.maximum(means, 1e-12))


def loudness_lufs(samples: np.ndarray) -> float:
    return Loudness(samples).integrated_lufs


def true_peak_dbtp(samples: np.ndarray) -> float:
    """True peak with eightfold oversampling (BS.1770 asks for four), measured near the largest samples."""
    highest = np.abs(samples).max()
    hops = np.abs(samples[: len(samples) // 441 * 441]).max(axis=1).reshape(-1, 441).max(axis=1)
    peaks = [highest]
    for hop in np.flatnonzero(hops > 0.7 * highest):
        around = samples[max(0, hop * 441 - 128) : hop * 441 + 569]
        peaks.append(np.abs(resample_poly(around, 8, 1, axis=0)[512:-512]).max())
    return float(20.0 * np.log10(max(peaks)))


def mono_of(samples: np.ndarray) -> np.ndarray:
    """Mono sum on both channels, as on a kitchen radio."""
    return np.repeat(samples.mean(axis=1, keepdims=True), 2, axis=1)


def band_levels_db(samples: np.ndarray, centres_hz: np.ndarray, *, octaves: float) -> np.ndarray:
    """Mean power in bands of that width, both channels added."""
    edges = np.outer(centres_hz, [2.0 ** (-octaves / 2), 2.0 ** (octaves / 2)])
    power = _Spectrum(samples)
    return 10.0 * np.log10([power.between(low, high) + 1e-15 for low, high in edges])


def prominences_db(samples: np.ndarray, *, from_hz: float, to_hz: float) -> list[tuple[float, float]]:
    """
    Tones as (Hz, prominence ratio in dB) by ECMA-418-1, the most prominent first.

    The ratio compares the critical band around a tone with the mean of the two bands beside it.
    """
    power = _Spectrum(samples)
    peaks, _ = find_peaks(10.0 * np.log10(power.density + 1e-20), prominence=6.0)
    tones = []
    for hz, density in zip(power.hz[peaks], power.density[peaks], strict=True):
        half = critical_band_hz(hz) / 2
        near = np.abs(power.hz - hz) < half
        if not from_hz <= hz <= to_hz or density < power.density[near].max():
            continue
        low, high = hz - half, hz + half
        below = power.between(low - critical_band_hz(low - critical_band_hz(low) / 2), low)
        above = power.between(high, high + critical_band_hz(high + critical_band_hz(high) / 2))
        ratio = power.between(low, high) / ((below + above) / 2 + 1e-20)
        tones.append((float(hz), float(10.0 * np.log10(ratio))))
    return sorted(tones, key=lambda tone: -tone[1])


def critical_band_hz(hz: float) -> float:
    """Width of the critical band, ECMA-418-1 after Zwicker and Terhardt."""
    return 25.0 + 75.0 * (1.0 + 1.4 * (hz / 1000.0) ** 2) ** 0.69


class _Spectrum:
    def __init__(self, samples: np.ndarray) -> None:
        size = min(16_384, len(samples))
        self.hz, density = welch(samples, RATE_HZ, nperseg=size, noverlap=size * 3 // 4, axis=0)
        self.density = density.sum(axis=1)
        self._step = self.hz[1]
        self._sums = np.concatenate([[0.0], np.cumsum(self.density)]) * self._step
        self._edges = np.append(self.hz - self._step / 2, self.hz[-1] + self._step / 2)

    def between(self, low_hz: float, high_hz: float) -> float:
        low, high = np.interp([low_hz, high_hz], self._edges, self._sums)
        return float(high - low)
