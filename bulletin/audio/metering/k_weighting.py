"""Samples -> K-weighted Samples (ITU-R BS.1770), at any sampling rate, in a stream. Pure numpy."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from bulletin.runtime.sound_file import Samples

Floats = npt.NDArray[np.float64]

_SHELF = (1681.974450955533, 3.999843853973347, 0.7071752369554196)
_HIGH_PASS = (38.13547087602444, 0.5003270373238773)
"""Corner in Hz, gain in dB, Q: the filters of BS.1770 for any rate, as derived by B. De Man."""
_RUN = 64
"""Frames filtered by one row of a matrix."""
_RUNS = 16
"""Runs whose states one matrix computes."""
_GROUPS = 30
_SLICE = _GROUPS * _RUNS * _RUN
"""
Frames filtered at once: they stay in the processor's cache, and each product is too small (under 2**18 steps)
for OpenBLAS to start threads, which would cost more than they save.
"""
_STATES = 4
"""Two for each of the two filters."""


class KWeighting:
    """
    K-weighting filter of a sound that comes in blocks, equal to the recursive filters.

    The output of a run of frames is a matrix product of its frames and of the filter state at its start. The
    states of runs, and of groups of runs, are matrix products too, so only one state in thirty thousand
    frames waits for the one before. Three times as fast as Fourier transforms.
    """

    def __init__(self, rate_hz: int, *, channels: int) -> None:
        self._filter = _make_filter(rate_hz)
        self._states = np.zeros((channels, _STATES))
        # Rows of a run's frames and the states at its start, which are filled in last.
        self._rows = np.zeros((channels, _SLICE // _RUN, _RUN + _STATES), dtype=np.float32)

    def __call__(self, block: Samples) -> Samples:
        """
        Filter the next frames (frames, channels) -> (channels, frames).

        (frames, 1) stands for equal channels; then one channel comes back, if their states are equal too.
        """
        is_one = block.shape[1] < len(self._states) and (self._states[0] == self._states).all()
        channels = 1 if is_one else len(self._states)
        out = np.empty((channels, len(block)), dtype=np.float32)
        for at in range(0, len(block), _SLICE):
            self._weigh(block[at : at + _SLICE].T, out[:, at : at + _SLICE])
        if is_one:
            self._states[:] = self._states[0]
        return out

    def _weigh(self, sides: Samples, out: Samples) -> None:
        """Filter one slice; its last run, and its last group of runs, may be incomplete."""
        frames, channels = sides.shape[1], len(out)
        groups, runs = -(-frames // (_RUNS * _RUN)), frames // _RUN
        rows = self._rows[:channels, : groups * _RUNS]
        rows[:, :runs, :_RUN] = sides[:, : runs * _RUN].reshape(len(sides), runs, _RUN)
        if rest := frames - runs * _RUN:
            rows[:, runs, :rest] = sides[:, runs * _RUN :]
            rows[:, runs, rest:_RUN] = 0.0
        rows[:, -(-frames // _RUN) :, :_RUN] = 0.0
        # A voice alone is equal in both channels: it is filtered once.
        is_alike = channels == 2 and (self._states[0] == self._states[1]).all()
        alike = bool(is_alike and np.array_equal(rows[0, :, :_RUN], rows[1, :, :_RUN]))
        for channel in range(1 if alike else channels):
            self._weigh_side(rows[channel], channel, out[channel], frames)
        if alike:
            out[1], self._states[1] = out[0], self._states[0]

    def _weigh_side(self, rows: Samples, channel: int, out: Samples, frames: int) -> None:
        known = self._filter
        groups, runs = len(rows) // _RUNS, frames // _RUN
        given = np.zeros((groups, (1 + _RUNS) * _STATES))
        grouped = rows.reshape(groups, _RUNS, -1)
        given[:, _STATES:] = (grouped[:, :, :_RUN] @ known.gathers).reshape(groups, -1)
        ends = given @ known.moves[:, -_STATES:]
        count = (1 + groups) * _STATES
        starts = np.concatenate([self._states[channel], ends.ravel()]) @ known.leaps[:count, :count]
        given[:, :_STATES] = starts[:-_STATES].reshape(groups, _STATES)
        state = starts[-_STATES:]
        states = (given @ known.moves[:, :-_STATES]).reshape(-1, _STATES)
        rows[:, _RUN:] = states
        if runs == len(rows):
            np.matmul(grouped, known.tells, out=out.reshape(groups, _RUNS, _RUN))
        else:
            out[:] = (grouped @ known.tells).ravel()[:frames]
        if runs < len(rows):
            rest = frames - runs * _RUN
            state = states[runs] @ known.steps[rest] + rows[runs, :rest] @ known.gathers[_RUN - rest :]
        self._states[channel] = state


class _Filter:
    """Filters of one sampling rate as matrices over a run of frames; a state is a row vector."""

    def __init__(self, rate_hz: int) -> None:
        step, gather, tell, through = _state_space(rate_hz)
        steps = [np.eye(_STATES)]
        for _ in range(_RUN):
            steps.append(step @ steps[-1])
        self.steps = [power.T for power in steps]
        """State after so many frames of silence."""
        response = [through, *(float(tell @ power @ gather) for power in steps[: _RUN - 1])]
        tells = np.zeros((_RUN + _STATES, _RUN))
        for frame in range(_RUN):
            tells[frame, frame:] = response[: _RUN - frame]
        tells[_RUN:] = np.stack([tell @ power for power in steps[:_RUN]], axis=1)
        self.tells = tells.astype(np.float32)
        """Frames of a run and the state at its start -> output."""
        self.gathers = np.stack([power @ gather for power in reversed(steps[:_RUN])]).astype(np.float32)
        """Frames of a run -> state at its end, from a state of zero."""
        self.moves = _moves(steps[_RUN], _RUNS)
        """State at the start and gathered states of the runs -> state at the start of each run, and at the end."""
        self.leaps = _moves(np.linalg.matrix_power(steps[_RUN], _RUNS), _GROUPS)
        """The same for groups of runs."""


def _moves(step: Floats, count: int) -> Floats:
    powers = [np.eye(_STATES)]
    for _ in range(count):
        powers.append(step @ powers[-1])
    moves = np.zeros((1 + count, _STATES, 1 + count, _STATES))
    for run in range(1 + count):
        moves[0, :, run] = powers[run].T
        for earlier in range(run):
            moves[1 + earlier, :, run] = powers[run - 1 - earlier].T
    return moves.reshape((1 + count) * _STATES, -1)


@lru_cache(maxsize=8)
def _make_filter(rate_hz: int) -> _Filter:
    return _Filter(rate_hz)


def _state_space(rate_hz: int) -> tuple[Floats, Floats, Floats, float]:
    """Both filters in series: state' = step @ state + gather * x; y = tell @ state + through * x."""
    (step_1, gather_1, tell_1, through_1), (step_2, gather_2, tell_2, through_2) = (
        _biquad(*coefficients) for coefficients in _coefficients(rate_hz)
    )
    step = np.block([[step_1, np.zeros((2, 2))], [np.outer(gather_2, tell_1), step_2]])
    gather = np.concatenate([gather_1, gather_2 * through_1])
    tell = np.concatenate([through_2 * tell_1, tell_2])
    return step, gather, tell, through_2 * through_1


def _biquad(b: tuple[float, ...], a: tuple[float, ...]) -> tuple[Floats, Floats, Floats, float]:
    """Transposed direct form II."""
    step = np.array([[-a[0], 1.0], [-a[1], 0.0]])
    gather = np.array([b[1] - a[0] * b[0], b[2] - a[1] * b[0]])
    return step, gather, np.array([1.0, 0.0]), b[0]


def _coefficients(rate_hz: int) -> tuple[tuple[tuple[float, ...], tuple[float, ...]], ...]:
    """Numerator (three) and denominator (two, the first is 1) of the shelf and of the high-pass."""
    corner_hz, gain_db, q = _SHELF
    k = float(np.tan(np.pi * corner_hz / rate_hz))
    high = 10.0 ** (gain_db / 20.0)
    band = high**0.4996667741545416
    norm = 1 + k / q + k * k
    poles = (2 * (k * k - 1) / norm, (1 - k / q + k * k) / norm)
    zeros = (high + band * k / q + k * k, 2 * (k * k - high), high - band * k / q + k * k)
    shelf = tuple(zero / norm for zero in zeros), poles
    corner_hz, q = _HIGH_PASS
    k = float(np.tan(np.pi * corner_hz / rate_hz))
    norm = 1 + k / q + k * k
    high_pass = (1.0, -2.0, 1.0), (2 * (k * k - 1) / norm, (1 - k / q + k * k) / norm)
    return shelf, high_pass
