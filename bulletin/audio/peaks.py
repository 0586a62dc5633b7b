"""Samples -> the peaks between them: 4 x oversampled true peak (ITU-R BS.1770-4, annex 2). Pure numpy."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bulletin.pcm import Samples

REACH = 12
"""Frames on either side that the point between two frames depends on."""
_ROW = 32
"""Frames looked at together; rows that cannot hold a peak are passed over."""
_PHASES = 4


def _interpolator() -> npt.NDArray[np.float32]:
    """Weights (2 x REACH, phases) of the points a quarter, a half and three quarters behind a frame."""
    at = np.arange(-REACH + 1, REACH + 1)[:, None] - np.arange(1, _PHASES)[None, :] / _PHASES
    return np.asarray(
        np.sinc(at) * np.i0(6.0 * np.sqrt(1 - (at / REACH) ** 2)) / np.i0(6.0), dtype=np.float32
    )


_WEIGHTS = _interpolator()
_BOUND = float(np.abs(_WEIGHTS).sum(axis=0).max())
"""However its neighbours lie, a point between frames is never higher than this times the highest frame."""


def _row_matrix() -> npt.NDArray[np.float32]:
    """A row with its context, times this, is all points between the row's frames."""
    matrix = np.zeros((_ROW + 2 * REACH, _ROW, _PHASES - 1), dtype=np.float32)
    for frame in range(_ROW):
        matrix[frame + 1 : frame + 1 + 2 * REACH, frame] = _WEIGHTS
    return matrix.reshape(_ROW + 2 * REACH, -1)


_MATRIX = _row_matrix()


def peaks_above(samples: Samples, level: float) -> tuple[npt.NDArray[np.int64], Samples]:
    """
    Frames near which the sound (frames, channels) may be higher than `level`, and how high it is there.

    Looks only where the bound allows it; every peak above `level` is found. Heights are of the
    frame and the three points behind it, the highest of all channels.
    """
    frames = len(samples)
    count = -(-frames // _ROW)
    found = np.zeros((0,), dtype=np.int64)
    heights = np.zeros((0,), dtype=np.float32)
    rows = _hot_rows(samples, count, level)
    if rows.size:
        padded = np.zeros((count * _ROW + 2 * REACH, samples.shape[1]), dtype=np.float32)
        padded[REACH : REACH + frames] = samples
        windows = np.lib.stride_tricks.sliding_window_view(padded, _ROW + 2 * REACH, axis=0)[::_ROW]
        highest = np.zeros((len(rows), _ROW), dtype=np.float32)
        for channel in range(samples.shape[1]):
            picked = np.ascontiguousarray(windows[rows, channel])
            between = np.abs(picked @ _MATRIX).reshape(len(rows), _ROW, _PHASES - 1).max(axis=2)
            np.maximum(highest, between, out=highest)
            np.maximum(highest, np.abs(picked[:, REACH : REACH + _ROW]), out=highest)
        found = (rows[:, None] * _ROW + np.arange(_ROW)).ravel()
        heights = highest.ravel()
    return found, heights


def _hot_rows(samples: Samples, count: int, level: float) -> npt.NDArray[np.int64]:
    """Rows whose own or neighbouring frames are high enough for a peak above `level`."""
    tops = np.zeros(count * _ROW, dtype=np.float32)
    tops[: len(samples)] = np.abs(samples[:, 0])
    for channel in range(1, samples.shape[1]):
        np.maximum(tops[: len(samples)], np.abs(samples[:, channel]), out=tops[: len(samples)])
    rows = tops.reshape(count, _ROW).max(axis=1) if count else tops
    near = np.pad(rows, 1)
    reach = np.maximum(np.maximum(near[:-2], near[1:-1]), near[2:])
    return np.flatnonzero(reach * _BOUND > level)


class PeakMeter:
    """The highest true peak of what it is fed, block by block."""

    def __init__(self, *, channels: int) -> None:
        self._past = np.zeros((2 * REACH, channels), dtype=np.float32)
        self._peak = 0.0

    def feed(self, block: Samples) -> None:
        """
        Take the next frames, of shape (frames, channels).

        The last frames are looked at again with the next block, when what follows them is known.
        """
        if not len(block):
            return
        joined = np.concatenate([self._past, block])
        self._past = joined[-2 * REACH :]
        self._peak = max(self._peak, float(np.abs(block).max()))
        found, heights = peaks_above(joined, self._peak)
        # A sound that is cut off rings in the interpolator: its ends are judged by their frames alone.
        known = heights[(found >= REACH) & (found < len(joined) - REACH)]
        if known.size:
            self._peak = max(self._peak, float(known.max()))

    @property
    def true_peak_dbtp(self) -> float:
        return float(20.0 * np.log10(max(self._peak, 1e-6)))
