"""Samples -> K-weighted Samples (ITU-R BS.1770), at any sampling rate, in a stream. Pure numpy."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from bulletin.audio.metering.measure_equal_channels_once import join_sounds, reduce_equal
from bulletin.runtime.read_sound_file import Samples

_Floats = npt.NDArray[np.float64]

_SHELF_HZ, _SHELF_GAIN_DB, _SHELF_Q = 1681.974450955533, 3.999843853973347, 0.7071752369554196
_HIGH_PASS_HZ, _HIGH_PASS_Q = 38.13547087602444, 0.5003270373238773
"""The filters of BS.1770 for any rate, as derived by B. De Man."""
_RUN = 64
"""Frames filtered by one row of a matrix."""
_BATCH = 16
"""Runs in one product: small enough that OpenBLAS starts no threads, which would cost more than they save."""
_REACH_S = 0.08
"""Time in which the response of the filters dies away."""


class KWeighting:
    """
    K-weighting filter of a sound that comes in blocks, equal to the recursive filters.

    numpy has no recursive filter, and scipy's takes longer to import than a bulletin to mix. So the output of a run of
    frames is a matrix product of its frames and of the filter's state at its start; a state is the sum of what earlier
    runs leave, added up by doubling. A third of the time of Fourier transforms.
    """

    def __init__(self, rate_hz: int) -> None:
        self._matrices = _matrices(rate_hz)
        *_, moves = self._matrices
        self._past = np.zeros((2 * moves[-1][0] * _RUN, 1), dtype=np.float32)

    def __call__(self, block: Samples) -> Samples:
        """Filter the next frames (frames, channels) -> (channels, frames); one channel stands for equal ones."""
        reach, frames = len(self._past), len(self._past) + len(block)
        batches = -(-frames // (_RUN * _BATCH))
        planes = join_sounds(self._past, block, frames=batches * _RUN * _BATCH).T
        self._past = reduce_equal(planes[:, len(block) : frames].T)
        weighted = [self._weigh(plane)[reach:frames] for plane in planes]
        return np.stack(weighted) if len(weighted) > 1 else weighted[0][None]

    def _weigh(self, plane: Samples) -> Samples:
        """One channel from a state of silence, in whole batches of runs."""
        frames_to_frames, state_to_frames, frames_to_state, moves = self._matrices
        rows = plane.reshape(-1, _BATCH, _RUN)
        states = np.zeros((rows.size // _RUN, len(state_to_frames)))
        states[1:] = (rows @ frames_to_state).reshape(len(states), -1)[:-1]
        for runs, move in moves:
            states[runs:] += states[:-runs] @ move
        batches = states.astype(np.float32).reshape(len(rows), _BATCH, -1)
        weighted: Samples = rows @ frames_to_frames
        weighted += batches @ state_to_frames
        return weighted.reshape(-1)


@lru_cache(maxsize=8)
def _matrices(rate_hz: int) -> tuple[Samples, Samples, Samples, list[tuple[int, _Floats]]]:
    """
    A run's frames -> its output; the state at its start -> its output; its frames -> the state that they leave.

    Last, numbers of runs with the matrix that carries a state over them.
    """
    step, gather, tell, through = _state_space(rate_hz)
    powers = [np.linalg.matrix_power(step, frames) for frames in range(_RUN)]
    response = [through, *(float(tell @ power @ gather) for power in powers)]
    frames_to_frames = np.zeros((_RUN, _RUN), dtype=np.float32)
    for frame in range(_RUN):
        frames_to_frames[frame, frame:] = response[: _RUN - frame]
    state_to_frames = np.stack([tell @ power for power in powers], axis=1).astype(np.float32)
    frames_to_state = np.stack([power @ gather for power in powers[::-1]]).astype(np.float32)
    shifts = [1 << n for n in range(round(rate_hz * _REACH_S / _RUN).bit_length())]
    moves = [(shift, np.linalg.matrix_power(step, _RUN * shift).T) for shift in shifts]
    return frames_to_frames, state_to_frames, frames_to_state, moves


def _state_space(rate_hz: int) -> tuple[_Floats, _Floats, _Floats, float]:
    """Both filters in series: state' = step @ state + gather * x; y = tell @ state + through * x."""
    step_1, gather_1, tell_1, through_1 = _biquad(*_shelf(rate_hz))
    step_2, gather_2, tell_2, through_2 = _biquad(*_high_pass(rate_hz))
    step = np.block([[step_1, np.zeros((2, 2))], [np.outer(gather_2, tell_1), step_2]])
    gather = np.concatenate([gather_1, gather_2 * through_1])
    return step, gather, np.concatenate([through_2 * tell_1, tell_2]), through_2 * through_1


def _biquad(b: _Floats, a: _Floats) -> tuple[_Floats, _Floats, _Floats, float]:
    """Transposed direct form II; `a` is without its first coefficient, 1."""
    step = np.array([[-a[0], 1.0], [-a[1], 0.0]])
    return step, b[1:] - a * b[0], np.array([1.0, 0.0]), float(b[0])


def _shelf(rate_hz: int) -> tuple[_Floats, _Floats]:
    k = np.tan(np.pi * _SHELF_HZ / rate_hz)
    high = 10.0 ** (_SHELF_GAIN_DB / 20.0)
    band = high**0.4996667741545416 * k / _SHELF_Q
    poles, norm = _poles(k, _SHELF_Q)
    return np.array([high + band + k * k, 2 * (k * k - high), high - band + k * k]) / norm, poles


def _high_pass(rate_hz: int) -> tuple[_Floats, _Floats]:
    return np.array([1.0, -2.0, 1.0]), _poles(np.tan(np.pi * _HIGH_PASS_HZ / rate_hz), _HIGH_PASS_Q)[0]


def _poles(k: float, q: float) -> tuple[_Floats, float]:
    """Denominator without its first coefficient, and the divisor that makes that one 1."""
    norm = 1 + k / q + k * k
    return np.array([2 * (k * k - 1), 1 - k / q + k * k]) / norm, norm
