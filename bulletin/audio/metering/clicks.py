"""
Sound -> where it clicks: jumps that nothing around them foretells. Pure numpy, in a stream.

A voice is predicted well from its last samples; what is left is noise in fricatives and bursts in
plosives and at each beat of the vocal cords, which ring for many samples. A click is one sample or two.
So: look roughly for short bursts of high frequencies, then predict each of those places from the
spectrum around it, and ask how far one sample stands out and how much of the burst it is.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bulletin.audio.metering.loudness import Floats
from bulletin.runtime.sound_file import Samples

_CELL_MS = 1.5
"""Bursts are looked for in cells of this length."""
_AROUND = 16
"""Cells on either side that a burst is compared with."""
_BURST = 10.0
"""Times higher than the cells around it: few bursts of speech are, and most clicks."""
_LEAST_JUMP = 0.003
"""Of full scale, in the second difference: nobody hears less."""
_ORDER = 24
"""Coefficients of the prediction: two for each kilohertz, and a few for the voice's source."""
_STRETCH_MS = 40.0
"""At least so long is the stretch whose spectrum predicts a sample."""
_RATIO = 3.6
"""Times higher than anything else within 10 ms, the beats of the voice among it."""
_SHARE = 0.68
"""Of the energy within 1.5 ms that lies within four samples of the peak. Plosives: up to 0.6."""
_LEAST_HEIGHT = 0.002
"""Of full scale: what stands out by less is not heard beside a voice."""
_BATCH = 128
"""Places that are predicted in one go."""

Indices = npt.NDArray[np.int64]


class ClickFinder:
    """Takes one side of a sound block by block; a hint, not a proof: beside loud speech a click hides well."""

    def __init__(self, *, rate_hz: int) -> None:
        self._rate_hz = rate_hz
        self._cell = max(8, round(rate_hz * _CELL_MS / 1000))
        # With the prediction's own length it fills a transform.
        self._half = ((1 << round(rate_hz * _STRETCH_MS / 1000).bit_length()) - _ORDER) // 2
        self._half = max(self._half, 8 * _ORDER)
        self._margin = max(self._half, (_AROUND + 2) * self._cell) // self._cell * self._cell + self._cell
        self._past = np.zeros(self._margin, dtype=np.float32)
        self._start = -self._margin
        """Where `_past` starts in the sound."""
        self._found: list[int] = []

    def feed(self, block: Samples) -> None:
        """Take the next frames of one side; the last ones are looked at when what follows is known."""
        joined = np.concatenate([self._past, block])
        whole = (len(joined) - 2 * self._margin) // self._cell
        if whole <= 0:
            self._past = joined
            return
        here = self._look(joined[: whole * self._cell + 2 * self._margin])
        self._found += [self._start + int(place) for place in here]
        self._past = joined[whole * self._cell :].copy()
        self._start += whole * self._cell

    @property
    def times_s(self) -> tuple[float, ...]:
        """
        When it clicks, in seconds from the start; several within a hundredth of a second are one.

        That a sound begins, or ends, in full swing is no click.
        """
        times: list[float] = []
        for place in sorted(self._found):
            if place / self._rate_hz - (times[-1] if times else 0.0) > 0.01:
                times.append(place / self._rate_hz)
        return tuple(times)

    def _look(self, sound: Samples) -> Indices:
        places = _bursts(sound, cell=self._cell, margin=self._margin)
        found = [
            _confirm(sound, places[start : start + _BATCH], half=self._half, rate_hz=self._rate_hz)
            for start in range(0, len(places), _BATCH)
        ]
        return np.concatenate([np.zeros(0, dtype=np.int64), *found])


def _bursts(sound: Samples, *, cell: int, margin: int) -> Indices:
    """Where the second difference is much higher than around it."""
    jumps = np.zeros(len(sound), dtype=np.float32)
    np.abs(sound[2:] - 2 * sound[1:-1] + sound[:-2], out=jumps[1:-1])
    cells = jumps[: len(jumps) // cell * cell].reshape(-1, cell)
    highest = cells.max(axis=1)
    means = cells.mean(axis=1, dtype=np.float32)
    sums = np.concatenate([[0.0], np.cumsum(means, dtype=np.float64)])
    count = len(means) - 2 * _AROUND
    wide = sums[2 * _AROUND + 1 :] - sums[:count]
    near = sums[_AROUND + 2 : _AROUND + 2 + count] - sums[_AROUND - 1 : _AROUND - 1 + count]
    around = (wide - near) / (2 * _AROUND - 2)
    inner = highest[_AROUND : _AROUND + count]
    hot = np.flatnonzero((inner > _LEAST_JUMP) & (inner > _BURST * around)) + _AROUND
    first, last = margin // cell, (len(sound) - margin) // cell
    hot = hot[(hot >= first) & (hot < last)]
    return np.asarray(hot * cell + cells[hot].argmax(axis=1), dtype=np.int64)


def _confirm(sound: Samples, places: Indices, *, half: int, rate_hz: int) -> Indices:
    """Those of the places where one sample stands out of what the spectrum around it foretells."""
    if not len(places):
        return places
    windows = np.lib.stride_tricks.sliding_window_view(sound, 2 * half)[places - half]
    errors = np.abs(_unforetold(windows))
    near, wide = round(0.0015 * rate_hz), round(0.01 * rate_hz)
    rows = np.arange(len(places))
    peak = half - near + errors[:, half - near : half + near].argmax(axis=1)
    height = errors[rows, peak]
    offsets = np.arange(-wide, wide + 1)
    nearby = errors[rows[:, None], peak[:, None] + offsets]
    others = nearby[:, np.abs(offsets) > near // 3].max(axis=1)
    squares = np.square(nearby, dtype=np.float64)
    core = squares[:, np.abs(offsets) <= 4].sum(axis=1)
    burst = squares[:, np.abs(offsets) <= near].sum(axis=1)
    stands_out = (height > _LEAST_HEIGHT) & (height > _RATIO * others) & (core > _SHARE * burst)
    kept: Indices = places[stands_out]
    return kept


def _unforetold(windows: Samples) -> Samples:
    """What a linear prediction of each window, made from its own spectrum, does not foretell."""
    length = windows.shape[1]
    size = 1 << (length + _ORDER - 1).bit_length()
    spectra = np.fft.rfft(windows * np.hanning(length).astype(np.float32), size, axis=1)
    likeness = np.fft.irfft(np.square(np.abs(spectra)), size, axis=1)[:, : _ORDER + 1]
    weights = _levinson(likeness.astype(np.float64)).astype(np.float32)
    wet = np.fft.rfft(windows, size, axis=1) * np.fft.rfft(weights, size, axis=1)
    errors = np.fft.irfft(wet, size, axis=1)[:, :length].astype(np.float32, copy=False)
    errors[:, :_ORDER] = 0.0
    return errors


def _levinson(likeness: Floats) -> Floats:
    """The prediction error filters (1, a1, ... aN) of autocorrelations, all at once."""
    rows = len(likeness)
    weights = np.zeros((rows, _ORDER + 1))
    weights[:, 0] = 1.0
    left = likeness[:, 0] * (1 + 1e-6) + 1e-12
    for order in range(1, _ORDER + 1):
        error = (weights[:, :order] * likeness[:, order:0:-1]).sum(axis=1)
        reflection = -error / left
        weights[:, 1 : order + 1] += reflection[:, None] * weights[:, order - 1 :: -1][:, :order]
        left = np.maximum(left * (1.0 - reflection**2), 1e-15)
    return weights
