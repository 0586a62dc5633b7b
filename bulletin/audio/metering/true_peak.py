"""Samples -> true peaks, 4 x oversampled (ITU-R BS.1770-4, annex 2). Pure numpy."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bulletin.audio.metering.measure_equal_channels_once import join_sounds, reduce_equal
from bulletin.runtime.read_sound_file import Samples

REACH = 12
"""Frames on either side on which an interpolated point depends."""
_ROW = 32
"""Frames of a row; rows without a possible peak are skipped."""
_PHASES = 4
_AT_ONCE = 48
_STRETCH = 32_768
"""Frames in one search, to stay in the processor's cache: half the time."""


def _interpolator() -> npt.NDArray[np.float32]:
    """Matrix that maps a row with its context to the points a quarter, a half and three quarters after each frame."""
    at = np.arange(-REACH + 1, REACH + 1)[:, None] - np.arange(1, _PHASES)[None, :] / _PHASES
    weights = np.sinc(at) * np.i0(6.0 * np.sqrt(1 - (at / REACH) ** 2)) / np.i0(6.0)
    matrix = np.zeros((_ROW + 2 * REACH, _PHASES - 1, _ROW), dtype=np.float32)
    for frame in range(_ROW):
        matrix[frame + 1 : frame + 1 + 2 * REACH, :, frame] = weights
    return matrix.reshape(_ROW + 2 * REACH, -1)


_MATRIX = _interpolator()


def peaks_above(samples: Samples, level: float) -> tuple[npt.NDArray[np.int64], Samples]:
    """
    Frames at which the sound (frames, channels) may exceed `level`, and the height there.

    A height is the maximum over the frame, the three points after it, and all channels. Only rows with a
    possible peak are interpolated: in a bulletin one in some hundred.
    """
    return _find_peaks(_pad(samples[:0], samples), level)


def _pad(first: Samples, second: Samples) -> Samples:
    """Two parts of a sound as (channels, frames), in whole rows, with a row of silence at either end."""
    frames = -(-(len(first) + len(second)) // _ROW) * _ROW + 2 * _ROW
    return join_sounds(first, second, before=_ROW, frames=frames).T


def _find_peaks(padded: Samples, level: float) -> tuple[npt.NDArray[np.int64], Samples]:
    """The result of `peaks_above` for a sound that `_pad` prepared."""
    rows = _hot_rows(padded, level)
    highest = np.zeros((len(rows), _ROW), dtype=np.float32)
    for side in padded if len(rows) else ():
        windows = np.lib.stride_tricks.sliding_window_view(side, _ROW + 2 * REACH)[_ROW - REACH :: _ROW]
        # In batches too small for OpenBLAS to start threads, which would cost more than they save.
        for start in range(0, len(rows), _AT_ONCE):
            picked = windows[rows[start : start + _AT_ONCE]]
            between = np.abs(picked @ _MATRIX).reshape(len(picked), _PHASES - 1, _ROW).max(axis=1)
            frames = np.abs(picked[:, REACH : REACH + _ROW])
            batch = highest[start : start + _AT_ONCE]
            np.maximum(batch, np.maximum(between, frames), out=batch)
    return (rows[:, None] * _ROW + np.arange(_ROW)).ravel(), highest.ravel()


def _hot_rows(padded: Samples, level: float) -> npt.NDArray[np.int64]:
    """
    Rows with a possible peak above `level`; `padded` has a row of silence at either end.

    A point between two frames exceeds them by a share of their second difference at most: a tone by half,
    up to 0.38 of the sampling rate; with three quarters every peak in white noise was found too. A point
    after the last frame of a row may come from a peak in the next row.
    """
    hot = np.zeros(padded.shape[1] // _ROW, dtype=bool)
    for side in padded:
        for start in range(0, len(side) - 2, _STRETCH):
            piece = side[start : start + _STRETCH + 2]
            height = piece[2:] + piece[:-2]
            height -= 2 * piece[1:-1]
            np.abs(height, out=height)
            height *= np.float32(0.75)
            height += np.abs(piece[1:-1])
            if height.max() > level:
                frames = np.flatnonzero(height > level) + start + 1
                hot[frames // _ROW] = hot[(frames - 1) // _ROW] = True
    return np.flatnonzero(hot[1:-1])


class PeakMeter:
    """Highest true peak of a sound that comes in blocks."""

    def __init__(self) -> None:
        self._past = np.zeros((2 * REACH, 1), dtype=np.float32)
        self._peak = 0.0

    def feed(self, block: Samples) -> None:
        """
        Take the next frames (frames, channels); one channel stands for equal ones.

        The last ones are examined again with the next block, when the frames after them are known.
        """
        padded, length = _pad(self._past, block), len(self._past) + len(block)
        self._past = reduce_equal(padded[:, _ROW + len(block) : _ROW + length].T)
        self._peak = max(self._peak, float(block.max(initial=0.0)), -float(block.min(initial=0.0)))
        frames, heights = _find_peaks(padded, self._peak)
        # The interpolator rings at a cut: both ends count by their frames only.
        known = heights[(frames >= REACH) & (frames < length - REACH)]
        self._peak = max(self._peak, float(known.max(initial=0.0)))

    @property
    def true_peak_dbtp(self) -> float:
        return float(20.0 * np.log10(max(self._peak, 1e-6)))
