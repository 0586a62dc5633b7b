"""Samples -> Samples under a true-peak ceiling: a look-ahead limiter, whole or in blocks. Pure numpy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from bulletin.audio.metering.loudness import db_to_gain
from bulletin.audio.metering.measure_equal_channels_once import join_sounds
from bulletin.audio.metering.true_peak import REACH, peaks_above
from bulletin.runtime.read_sound_file import Samples

_ATTACK_MS = 3.0
"""Look-ahead: the gain is down before the peak."""
_RELEASE_MS = 150.0
"""Release from silence to full gain; a usual peak takes a tenth of it."""
_LEAST_MAKEUP, _MOST_MAKEUP = 1.002, 1.12
"""Smallest and largest makeup gain of a limited voice: less is inaudible, speech never needs more (1 dB)."""
_MAKEUP_TRIES = 4


def limit(samples: Samples, *, rate_hz: int, ceiling_dbtp: float) -> Samples:
    """
    Limit a whole sound (frames, channels) around each true peak above the ceiling; channels are linked.

    The gain at a frame is a mean of gains at which no peak near it exceeds the ceiling. There is no delay;
    a sound under the ceiling is returned unchanged.
    """
    ceiling = db_to_gain(ceiling_dbtp)
    curves = _curves(*_find_peaks(samples, ceiling), ceiling=ceiling, rate_hz=rate_hz)
    return _reduce(samples.copy(order="K"), curves) if curves else samples


def limit_voice(voice: Samples, *, rate_hz: int, ceiling_dbtp: float) -> Samples:
    """
    Limit one channel (frames,) and make up for the lost loudness.

    Energy stands for loudness here: the limiter works on vowels, where K-weighting changes little.
    """
    ceiling = db_to_gain(ceiling_dbtp)
    column = voice[:, None]
    # Searched once, with the peaks that only the makeup raises over the ceiling.
    frames, heights = _find_peaks(column, ceiling / _MOST_MAKEUP)
    curves: Sequence[_Curve] = ()
    used = makeup = 1.0
    energy = _energy(voice) if len(frames) else 0.0
    # A louder voice is limited more: further tries find the makeup for that too.
    for _ in range(_MAKEUP_TRIES):
        is_over = heights * makeup > ceiling
        if not is_over.any():
            break
        used = makeup
        curves = _curves(frames[is_over], heights[is_over] * used, ceiling=ceiling, rate_hz=rate_hz)
        left = max(_energy(_reduce(column.copy(), curves)[:, 0]), 1e-12)
        missing = float(np.sqrt(energy / left)) / used
        if missing < _LEAST_MAKEUP or makeup * missing > _MOST_MAKEUP:
            break
        makeup *= missing
    return _reduce(column * np.float32(used), curves)[:, 0] if curves else voice


def limit_blocks(
    blocks: Iterable[Samples], *, rate_hz: int, ceiling_dbtp: float, is_voice_lower: bool = False
) -> Iterator[Samples]:
    """
    Limit a sound that comes in blocks, with the same result as `limit` of the whole.

    A block of one channel, the voice alone, stands for two equal ones. `is_voice_lower`: the voice alone is under the
    ceiling, so its peaks are not searched.
    """
    attack, release = _widths(rate_hz)
    # Frames on either side on which the gain of a frame depends.
    reach = 2 * attack + release + 2 * REACH

    def limit_stretch(sound: Samples) -> Samples:
        if is_voice_lower and sound.shape[1] == 1:
            return sound
        return limit(sound, rate_hz=rate_hz, ceiling_dbtp=ceiling_dbtp)

    sound: Samples | None = None
    done = 0
    for block in blocks:
        sound = block if sound is None else join_sounds(sound, block)
        end = len(sound) - reach
        if end > done + reach:
            yield limit_stretch(sound)[done:end]
            # from the last block alone, if it is long enough: a voice stays one channel
            sound, done = (block if len(block) >= 2 * reach else sound)[-2 * reach :], reach
    if sound is not None:
        yield limit_stretch(sound)[done:]


_Curve = tuple[int, Samples]
"""First frame, and the gain reduction at it and at the frames after it."""


def _find_peaks(samples: Samples, level: float) -> tuple[npt.NDArray[np.int64], Samples]:
    """Frames with a true peak above `level`, in order, and the heights of these peaks."""
    frames, heights = peaks_above(samples, level)
    is_over = (heights > level) & (frames < len(samples))
    return frames[is_over], heights[is_over]


def _reduce(samples: Samples, curves: Sequence[_Curve]) -> Samples:
    """Apply gain reductions in place."""
    for start, curve in curves:
        part = samples[max(0, start) : max(0, start + len(curve))]
        part *= (1.0 - curve[max(0, -start) :][: len(part)])[:, None]
    return samples


def _curves(frames: npt.NDArray[np.int64], heights: Samples, *, ceiling: float, rate_hz: int) -> list[_Curve]:
    """
    Gain reductions around peaks: a smooth attack, a linear release; curves do not overlap.

    The minimum over a window, averaged over the same window, is nowhere above the gain that a frame needs;
    averaging twice over half of it makes the attack smooth. In the release the reduction falls by the same
    step each frame until a later peak needs more. Groups of peaks are computed end to end in one array, since
    none reaches into the next.
    """
    if not frames.size:
        return []
    attack, release = _widths(rate_hz)
    reach = 2 * attack
    breaks = np.flatnonzero(np.diff(frames) > 2 * reach) + 1
    firsts, lasts = np.concatenate([[0], breaks]), np.concatenate([breaks, [len(frames)]]) - 1
    starts = frames[firsts] - reach
    lengths = frames[lasts] + reach + 1 - starts
    ends = np.cumsum(lengths)
    shifts = starts - (ends - lengths)
    need = np.ones(ends[-1], dtype=np.float32)
    need[frames - np.repeat(shifts, lasts - firsts + 1)] = np.float32(ceiling) / heights
    attacks = _mean(_mean(_minimum(need, attack), attack // 2), attack // 2)
    fallen = (np.arange(ends[-1]) + np.repeat(shifts, lengths)) / release
    depth = np.maximum(np.maximum.accumulate(1.0 - attacks + fallen) - fallen, 0.0)
    curves: list[_Curve] = []
    next_starts = [*starts[1:].tolist(), None]
    for start, length, end, until in zip(
        starts.tolist(), lengths.tolist(), ends.tolist(), next_starts, strict=True
    ):
        room = None if until is None else until - start - length
        release_curve = depth[end - 1] - np.arange(1, int(depth[end - 1] * release) + 1)[:room] / release
        curves.append((start, np.concatenate([depth[end - length : end], release_curve], dtype=np.float32)))
    return curves


def _minimum(values: Samples, half: int) -> Samples:
    """Sliding minimum over `half` values before and after each (van Herk's algorithm)."""
    width = 2 * half + 1
    padded = np.ones(-(-(len(values) + 2 * half) // width) * width, dtype=np.float32)
    padded[half : half + len(values)] = values
    rows = padded.reshape(-1, width)
    forward = np.minimum.accumulate(rows, axis=1).ravel()
    backward = np.minimum.accumulate(rows[:, ::-1], axis=1)[:, ::-1].ravel()
    return np.minimum(backward[: len(values)], forward[width - 1 : width - 1 + len(values)])


def _mean(values: Samples, half: int) -> Samples:
    """Sliding mean over `half` values before and after each."""
    sums = np.empty(len(values) + 2 * half + 1)
    sums[0] = 0.0
    sums[1 : half + 1], sums[half + 1 : -half or None], sums[len(sums) - half :] = (
        values[0],
        values,
        values[-1],
    )
    np.cumsum(sums, out=sums)
    return np.asarray((sums[2 * half + 1 :] - sums[: -2 * half - 1]) / (2 * half + 1), dtype=np.float32)


def _energy(voice: Samples) -> float:
    return float(np.dot(voice, voice))


def _widths(rate_hz: int) -> tuple[int, int]:
    return max(2, round(rate_hz * _ATTACK_MS / 1000)), max(2, round(rate_hz * _RELEASE_MS / 1000))
