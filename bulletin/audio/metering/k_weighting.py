"""Samples -> K-weighted Samples (ITU-R BS.1770), at any sampling rate, in a stream. Pure numpy."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bulletin.runtime.sound_file import Samples

Floats = npt.NDArray[np.float64]

_SHELF_HZ, _SHELF_GAIN_DB, _SHELF_Q = 1681.974450955533, 3.999843853973347, 0.7071752369554196
_HIGH_PASS_HZ, _HIGH_PASS_Q = 38.13547087602444, 0.5003270373238773
"""The filters of BS.1770 for any rate, as derived by B. De Man."""


class KWeighting:
    """
    K-weighting filter of a sound that comes in blocks, by Fourier transforms.

    numpy has no recursive filter, and scipy's takes longer to import than a bulletin to mix. Each transform covers
    `_reach` earlier frames, some 60 ms, in which the response of the filters dies away.
    """

    def __init__(self, rate_hz: int, *, channels: int) -> None:
        self._size = 1 << (rate_hz // 8).bit_length()
        self._reach = self._size // 3
        self._response = _frequency_response(rate_hz, size=self._size).astype(np.complex64)
        self._past = np.zeros((channels, self._reach), dtype=np.float32)

    def __call__(self, block: Samples) -> Samples:
        """Filter the next frames (frames, channels) -> (channels, frames)."""
        out = np.empty(block.shape[::-1], dtype=np.float32)
        step = self._size - self._reach
        for start in range(0, len(block), step):
            piece = np.concatenate([self._past, block[start : start + step].T], axis=1)
            # A voice alone is equal in both channels: it is filtered once.
            is_alike = bool((piece == piece[0]).all())
            spectrum = np.fft.rfft(piece[:1] if is_alike else piece, self._size) * self._response
            filtered = np.fft.irfft(spectrum, self._size)
            out[:, start : start + step] = filtered[:, self._reach : piece.shape[1]]
            self._past = piece[:, -self._reach :]
        return out


def _frequency_response(rate_hz: int, *, size: int) -> npt.NDArray[np.complex128]:
    """Response of the shelf and the high-pass in series, at the frequencies of a real transform of `size`."""
    delay = np.exp(-2j * np.pi * np.arange(size // 2 + 1) / size)
    k = float(np.tan(np.pi * _SHELF_HZ / rate_hz))
    high = 10.0 ** (_SHELF_GAIN_DB / 20.0)
    band = high**0.4996667741545416
    zeros = high + band * k / _SHELF_Q + k * k, 2 * (k * k - high), high - band * k / _SHELF_Q + k * k
    shelf = np.polyval(zeros[::-1], delay) / np.polyval(_poles(k, _SHELF_Q)[::-1], delay)
    k = float(np.tan(np.pi * _HIGH_PASS_HZ / rate_hz))
    norm = 1 + k / _HIGH_PASS_Q + k * k
    high_pass = norm * (1 - delay) ** 2 / np.polyval(_poles(k, _HIGH_PASS_Q)[::-1], delay)
    return np.asarray(shelf * high_pass)


def _poles(k: float, q: float) -> tuple[float, float, float]:
    """Denominator of a filter of the second order, without the common factor."""
    return 1 + k / q + k * k, 2 * (k * k - 1), 1 - k / q + k * k
