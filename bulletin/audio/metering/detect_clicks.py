"""
Samples -> times of possible clicks, by linear prediction. Pure numpy, in a stream.

A voice can be predicted from its last samples, except noise in fricatives, and bursts in plosives and at each
beat of the vocal cords. These bursts ring for many samples. A click is one sample or two. So candidates are
short bursts of high frequencies; each is predicted from the spectrum around it, and confirmed when one
sample stands out of the prediction and holds most of the burst.

A plucked string or a drum begins with a burst, too, but what follows it is louder than what came before: an onset
is no click. Dropped samples are two clicks with nothing between them.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bulletin.runtime.read_sound_file import Samples

_CELL_MS = 1.5
"""Length of a cell in the search for bursts."""
_AROUND = 16
"""Cells on either side for comparison."""
_BURST = 10.0
"""Least height over the cells around it: most clicks reach it, few bursts of speech do."""
_LEAST_JUMP = 0.003
"""Least second difference, of full scale; a smaller one is inaudible."""
_ORDER = 24
"""Coefficients of the prediction: two for each kilohertz, and a few for the vocal cords."""
_STRETCH_MS = 40.0
"""Least length of the window whose spectrum predicts a sample."""
_RATIO = 3.6
"""Least height over everything else within 10 ms, such as the beats of the voice."""
_SHARE = 0.68
"""Least share of the energy within 1.5 ms in the four samples around the peak; plosives reach 0.6."""
_LEAST_HEIGHT = 0.002
"""Least prediction error, of full scale; a voice masks a smaller one."""
_MOST_SAMPLES, _MOST_SMEARED = 4, 8
"""Most samples within 1.5 ms whose prediction error is over a quarter of the click's; the attack of a bar has more."""
_LOUD = 0.02
"""Least prediction error of a click that an encoder smeared; soft bursts are as wide in music of a low sampling rate."""
_ONSET = 2.7
"""Least rise of the slope (its root mean square over 40 ms) at the onset of a note; a lower one may be an edit."""
_ATTACK = 12.0
"""Most that the height of a burst may exceed the slope that follows, when it is the onset of a note."""
_ONSET_OVER_RINGING = 2.2
"""As _ONSET, where an older note rings on and hides the rise, if the burst fits what the new note adds."""
_ATTACK_ADDED = 6.5
"""Most that such a burst may exceed the slope that was added; 4.5 to 5 for struck skins and bars."""
_SETTLED = 40.0
"""Most that an onset exceeds the prediction error in the 10 ms behind it: a note goes on with noise of its own."""
_QUIET = 0.01
"""Largest step between dropped samples, as a share of the click."""
_BATCH = 128
"""Candidates that are predicted together."""

Indices = npt.NDArray[np.int64]


class ClickFinder:
    """Click detector of one channel, block by block; a hint only, since loud speech masks clicks."""

    def __init__(self, *, rate_hz: int) -> None:
        self._rate_hz = rate_hz
        self._cell = max(8, round(rate_hz * _CELL_MS / 1000))
        # With the length of the prediction it fills a power of two.
        self._half = ((1 << round(rate_hz * _STRETCH_MS / 1000).bit_length()) - _ORDER) // 2
        self._half = max(self._half, 8 * _ORDER)
        self._margin = max(self._half, (_AROUND + 2) * self._cell) // self._cell * self._cell + self._cell
        self._past = np.zeros(self._margin, dtype=np.float32)
        self._start = -self._margin
        """Frame at which `_past` starts."""
        self._clicks: list[int] = []

    def feed(self, block: Samples) -> None:
        """Take the next frames of one channel; the last ones are examined with the next block."""
        joined = np.concatenate([self._past, block])
        whole = (len(joined) - 2 * self._margin) // self._cell
        if whole <= 0:
            self._past = joined
            return
        clicks = self._find(joined[: whole * self._cell + 2 * self._margin])
        self._clicks += [self._start + int(frame) for frame in clicks]
        self._past = joined[whole * self._cell :].copy()
        self._start += whole * self._cell

    @property
    def times_s(self) -> tuple[float, ...]:
        """
        Times of clicks in seconds; several within a hundredth of a second count as one.

        A loud start or end of the sound is not a click.
        """
        times: list[float] = []
        for frame in sorted(self._clicks):
            if frame / self._rate_hz - (times[-1] if times else 0.0) > 0.01:
                times.append(frame / self._rate_hz)
        return tuple(times)

    def _find(self, sound: Samples) -> Indices:
        candidates = _find_bursts(sound, cell=self._cell, margin=self._margin)
        confirmed = [
            _confirm(sound, candidates[start : start + _BATCH], half=self._half, rate_hz=self._rate_hz)
            for start in range(0, len(candidates), _BATCH)
        ]
        return np.concatenate([np.zeros(0, dtype=np.int64), *confirmed])


def _find_bursts(sound: Samples, *, cell: int, margin: int) -> Indices:
    """Frames whose second difference is much higher than around them."""
    jumps = np.zeros(len(sound), dtype=np.float32)
    bends = jumps[1:-1]
    np.add(sound[2:], sound[:-2], out=bends)
    bends -= 2 * sound[1:-1]
    np.abs(bends, out=bends)
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


def _confirm(sound: Samples, candidates: Indices, *, half: int, rate_hz: int) -> Indices:
    """Candidates at which one sample stands out of the prediction."""
    if not len(candidates):
        return candidates
    windows = np.lib.stride_tricks.sliding_window_view(sound, 2 * half)[candidates - half]
    errors = np.abs(_prediction_errors(windows))
    near, wide = round(0.0015 * rate_hz), round(0.01 * rate_hz)
    rows = np.arange(len(candidates))
    peak = half - near + errors[:, half - near : half + near].argmax(axis=1)
    height = errors[rows, peak]
    offsets = np.arange(-wide, wide + 1)
    nearby = errors[rows[:, None], peak[:, None] + offsets]
    others = nearby[:, np.abs(offsets) > near // 3].max(axis=1)
    squares = np.square(nearby, dtype=np.float64)
    core = squares[:, np.abs(offsets) <= 4].sum(axis=1)
    around = np.abs(offsets) <= near
    burst = squares[:, around].sum(axis=1)
    count = (nearby[:, around] > height[:, None] / 4).sum(axis=1)
    most = np.where(height > _LOUD, _MOST_SMEARED, _MOST_SAMPLES)
    is_narrow = (height > _LEAST_HEIGHT) & (core > _SHARE * burst) & (count <= most)
    stands_out = is_narrow & (height > _RATIO * others)
    for row in np.flatnonzero(is_narrow & ~stands_out):
        stands_out[row] = _is_dropout(windows[row], errors[row], int(peak[row]), near=near, wide=wide)
    for row in np.flatnonzero(stands_out):
        stands_out[row] = not _is_onset(windows[row], errors[row], int(peak[row]), near=near, wide=wide)
    confirmed: Indices = candidates[stands_out]
    return confirmed


def _is_onset(window: Samples, errors: Samples, peak: int, *, near: int, wide: int) -> bool:
    """
    Whether a note is struck: the sound after the burst is much brighter than before it, nearly as steep, and noisy.

    Beside a click the sound is the same, and can be predicted as well as before.
    """
    slopes = np.square(np.diff(window), dtype=np.float64)
    before = float(slopes[_ORDER : peak - near].mean()) + _LEAST_JUMP**2 / 1000
    after = float(slopes[peak + near :].mean())
    burst = float(errors[peak]) ** 2
    behind = errors[peak + near : peak + near + wide]
    is_note = after > _ONSET**2 * before and burst < _ATTACK**2 * after
    is_over_ringing = after > _ONSET_OVER_RINGING**2 * before and burst < _ATTACK_ADDED**2 * (after - before)
    is_noisy = burst < _SETTLED**2 * float(np.square(behind, dtype=np.float64).mean())
    return is_noisy and (is_note or is_over_ringing)


def _is_dropout(window: Samples, errors: Samples, peak: int, *, near: int, wide: int) -> bool:
    """Whether a burst is one edge of dropped samples: the other is within 10 ms, and nothing is between them."""
    ends = errors[peak - wide : peak + wide + 1].copy()
    ends[wide - near // 3 : wide + near // 3 + 1] = 0.0
    other = int(ends.argmax())
    ends[max(0, other - near // 3) : other + near // 3 + 1] = 0.0
    first, last = sorted((peak, peak - wide + other))
    between = np.abs(np.diff(window[first + 1 : last - 1]))
    height = float(errors[peak])
    return bool(len(between) and between.max() < _QUIET * height and height > _RATIO * float(ends.max()))


def _prediction_errors(windows: Samples) -> Samples:
    """Errors of a linear prediction of each window from its own spectrum."""
    length = windows.shape[1]
    size = 1 << (length + _ORDER - 1).bit_length()
    spectra = np.fft.rfft(windows * np.hanning(length).astype(np.float32), size, axis=1)
    autocorrelation = np.fft.irfft(np.square(np.abs(spectra)), size, axis=1)[:, : _ORDER + 1]
    # The normal equations: a Toeplitz matrix for each window, a little heavier on its diagonal, so that it can be solved.
    heavier = autocorrelation.astype(np.float64)
    heavier[:, 0] = heavier[:, 0] * (1 + 1e-6) + 1e-12
    lags = np.abs(np.subtract.outer(np.arange(_ORDER), np.arange(_ORDER)))
    coefficients = np.linalg.solve(heavier[:, lags], -autocorrelation[:, 1:, None])[:, :, 0]
    weights = np.concatenate([np.ones((len(windows), 1)), coefficients], axis=1).astype(np.float32)
    wet = np.fft.rfft(windows, size, axis=1) * np.fft.rfft(weights, size, axis=1)
    errors = np.fft.irfft(wet, size, axis=1)[:, :length].astype(np.float32, copy=False)
    errors[:, :_ORDER] = 0.0
    return errors
