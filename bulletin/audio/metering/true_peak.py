"""Samples -> true peaks, 4 x oversampled (ITU-R BS.1770-4, annex 2). Pure numpy."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bulletin.runtime.sound_file import Samples

REACH = 12
"""Frames on either side on which an interpolated point depends."""
_ROW = 32
"""Frames of a row; rows without a possible peak are skipped."""
_PHASES = 4
_AT_ONCE = 48
_STRETCH = 32_768
"""Frames searched at once, to stay in the processor's cache."""


def _interpolator() -> npt.NDArray[np.float32]:
    """Weights (2 x REACH, phases) of the points a quarter, a half and three quarters after a frame."""
    at = np.arange(-REACH + 1, REACH + 1)[:, None] - np.arange(1, _PHASES)[None, :] / _PHASES
    return np.asarray(
        np.sinc(at) * np.i0(6.0 * np.sqrt(1 - (at / REACH) ** 2)) / np.i0(6.0), dtype=np.float32
    )


_WEIGHTS = _interpolator()


def _row_matrix() -> npt.NDArray[np.float32]:
    """Matrix that maps a row with its context to all points between its frames, phase after phase."""
    matrix = np.zeros((_ROW + 2 * REACH, _PHASES - 1, _ROW), dtype=np.float32)
    for frame in range(_ROW):
        matrix[frame + 1 : frame + 1 + 2 * REACH, :, frame] = _WEIGHTS
    return matrix.reshape(_ROW + 2 * REACH, -1)


_MATRIX = _row_matrix()


def peaks_above(samples: Samples, level: float) -> tuple[npt.NDArray[np.int64], Samples]:
    """
    Frames at which the sound (frames, channels) may exceed `level`, and the height there.

    A height is the maximum over the frame, the three points after it, and all channels. Only rows with a
    possible peak are interpolated: in a bulletin one in some hundred.
    """
    return _peaks_in(_padded(samples.T), level)


def _padded(sides: Samples) -> Samples:
    """Channels (channels, frames) padded to whole rows, with a row of silence at either end."""
    frames = sides.shape[1]
    padded = np.empty((len(sides), _padded_width(frames)), dtype=np.float32)
    padded[:, :_ROW] = padded[:, _ROW + frames :] = 0.0
    padded[:, _ROW : _ROW + frames] = sides
    return padded


def _padded_width(frames: int) -> int:
    return -(-frames // _ROW) * _ROW + 2 * _ROW


def _peaks_in(padded: Samples, level: float) -> tuple[npt.NDArray[np.int64], Samples]:
    rows = _hot_rows(padded, level)
    if not rows.size:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
    highest = np.zeros((len(rows), _ROW), dtype=np.float32)
    for side in padded:
        windows = np.lib.stride_tricks.sliding_window_view(side, _ROW + 2 * REACH)[_ROW - REACH :: _ROW]
        picked = windows[rows]
        between = np.abs(_between(picked)).reshape(len(rows), _PHASES - 1, _ROW)
        for phase in range(_PHASES - 1):
            np.maximum(highest, between[:, phase], out=highest)
        np.maximum(highest, np.abs(picked[:, REACH : REACH + _ROW]), out=highest)
    return (rows[:, None] * _ROW + np.arange(_ROW)).ravel(), highest.ravel()


def _are_alike(left: Samples, right: Samples) -> bool:
    return bool((left[::_ROW] == right[::_ROW]).all() and (left == right).all())


def _between(picked: Samples) -> Samples:
    """Rows times the matrix, in batches too small for OpenBLAS to start threads, which would cost more."""
    count = -(-len(picked) // _AT_ONCE) * _AT_ONCE
    padded = np.zeros((count, picked.shape[1]), dtype=np.float32)
    padded[: len(picked)] = picked
    between: Samples = padded.reshape(-1, _AT_ONCE, picked.shape[1]) @ _MATRIX
    return between.reshape(count, -1)[: len(picked)]


def _hot_rows(padded: Samples, level: float) -> npt.NDArray[np.int64]:
    """
    Rows with a possible peak above `level`; `padded` has a row of silence at either end.

    A point between two frames exceeds them by a share of their second difference at most: a tone by half,
    up to 0.38 of the sampling rate; with three quarters every peak in white noise was found too. A point
    after the last frame of a row may come from a peak in the next row.
    """
    hot = np.zeros(padded.shape[1] // _ROW, dtype=bool)
    spare, loud = np.empty(_STRETCH + 1, dtype=np.float32), np.empty(_STRETCH, dtype=np.float32)
    for start in range(0, padded.shape[1] - 2, _STRETCH):
        # A voice alone is equal in both channels: it is searched once.
        is_alike = len(padded) == 2 and _are_alike(*padded[:, start : start + _STRETCH + 2])
        for side in padded[:1] if is_alike else padded:
            piece = side[start : start + _STRETCH + 2]
            middle = piece[1:-1]
            step, height = spare[: len(piece) - 1], loud[: len(middle)]
            np.subtract(piece[1:], piece[:-1], out=step)
            np.subtract(step[1:], step[:-1], out=height)
            np.abs(height, out=height)
            height *= np.float32(0.75)
            height += np.abs(middle, out=step[:-1])
            if height.max() > level:
                frames = np.flatnonzero(height > level) + start + 1
                hot[frames // _ROW] = True
                hot[(frames - 1) // _ROW] = True
    return np.flatnonzero(hot[1:-1])


_BEGIN = _ROW + 2 * REACH


class PeakMeter:
    """Highest true peak of a sound that comes in blocks."""

    def __init__(self, *, channels: int) -> None:
        self._room = np.zeros((channels, _BEGIN), dtype=np.float32)
        """Buffer of all blocks: a row of silence, the last frames of the block before, the block, silence."""
        self._peak = 0.0

    def feed(self, block: Samples) -> Samples:
        """
        Take the next frames (frames, channels); returns a view of them, (channels, frames), valid until the next call.

        (frames, 1) stands for equal channels; then one channel may come back. The last frames are examined
        again with the next block, when the frames after them are known.
        """
        ends = _BEGIN + len(block)
        frames = ends - _ROW
        room = self._make_room(_padded_width(frames))
        if block.shape[1] < len(room) and (room[0, :_BEGIN] == room[:, :_BEGIN]).all():
            # The channels were equal before, too: one stands for all.
            room = room[:1]
        sides = room[:, _BEGIN:ends]
        sides[:] = block.T
        room[:, ends:] = 0.0
        if not len(block):
            return sides
        self._peak = max(self._peak, float(sides.max()), -float(sides.min()))
        at, heights = _peaks_in(room, self._peak)
        self._room[:, _ROW:_BEGIN] = room[:, ends - 2 * REACH : ends]
        # The interpolator rings at a cut: both ends count by their frames only.
        known = heights[(at >= REACH) & (at < frames - REACH)]
        if known.size:
            self._peak = max(self._peak, float(known.max()))
        return sides

    def _make_room(self, width: int) -> Samples:
        if self._room.shape[1] < width:
            larger = np.zeros((len(self._room), width), dtype=np.float32)
            larger[:, :_BEGIN] = self._room[:, :_BEGIN]
            self._room = larger
        return self._room[:, :width]

    @property
    def true_peak_dbtp(self) -> float:
        return float(20.0 * np.log10(max(self._peak, 1e-6)))
