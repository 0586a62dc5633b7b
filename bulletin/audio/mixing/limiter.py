"""Loud -> never above a ceiling: a look-ahead true-peak limiter, block by block. Pure numpy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from bulletin.audio.metering.loudness import db_to_gain
from bulletin.audio.metering.true_peak import REACH, peaks_above
from bulletin.runtime.sound_file import Samples

_ATTACK_MS = 3.0
"""The gain is down before the peak comes, as gently as this allows."""
_RELEASE_MS = 150.0
"""From silence back to full; what a peak usually takes is back in a tenth of that."""
_LEAST_MAKEUP, _MOST_MAKEUP = 1.002, 1.12
"""Of a voice that was limited: less is not heard; so much (1 dB) is never needed of speech."""
_LOOKS = 4


def limit(samples: Samples, *, rate_hz: int, ceiling_dbtp: float) -> Samples:
    """
    A whole sound (frames, channels), turned down around each true peak above the ceiling; channels linked.

    The gain at every frame is a mean of gains that none of the peaks near it exceeds, so no peak
    comes through; nothing is delayed, and what needs no limiting is returned as it was.
    """
    ceiling = db_to_gain(ceiling_dbtp)
    curves = _curves(*_overs(samples, ceiling), ceiling=ceiling, rate_hz=rate_hz)
    return _turn_down(samples.copy(order="K"), curves) if curves else samples


def hold_voice(voice: Samples, *, rate_hz: int, ceiling_dbtp: float) -> Samples:
    """
    One channel, (frames,), limited, and made as much louder as that has made it quieter.

    What the limiter takes, it takes from vowels: K-weighting would hardly change the share.
    """
    ceiling = db_to_gain(ceiling_dbtp)
    column = voice[:, None]
    # Peaks are looked for once: those that only the makeup raises over the ceiling are among them.
    frames, heights = _overs(column, ceiling / _MOST_MAKEUP)
    curves: Sequence[_Curve] = ()
    used = makeup = 1.0
    wanted = _energy(voice) if len(frames) else 0.0
    # Louder, more of it is held: a second and a third look find the makeup that makes up for that too.
    for _ in range(_LOOKS):
        is_over = heights * makeup > ceiling
        if not is_over.any():
            break
        used = makeup
        curves = _curves(frames[is_over], heights[is_over] * used, ceiling=ceiling, rate_hz=rate_hz)
        left = max(wanted - _taken(voice, curves), 1e-12)
        missing = float(np.sqrt(wanted / left)) / used
        if missing < _LEAST_MAKEUP or makeup * missing > _MOST_MAKEUP:
            break
        makeup *= missing
    return _turn_down(column * np.float32(used), curves)[:, 0] if curves else voice


def limit_blocks(blocks: Iterable[Samples], *, rate_hz: int, ceiling_dbtp: float) -> Iterator[Samples]:
    """The same for a sound that comes in blocks; what comes out is what `limit` would make of the whole."""
    reach = limiter_reach(rate_hz)
    past: Samples | None = None
    held: Samples | None = None
    for block in blocks:
        if held is None:
            held = block
            continue
        if len(block) < reach or len(held) < reach:
            held = np.concatenate([held, block])
            continue
        yield _limit_middle(past, held, block[:reach], rate_hz=rate_hz, ceiling_dbtp=ceiling_dbtp)
        past, held = held[-reach:], block
    if held is not None:
        yield _limit_middle(past, held, held[:0], rate_hz=rate_hz, ceiling_dbtp=ceiling_dbtp)


def limiter_reach(rate_hz: int) -> int:
    """Frames on either side that a frame's gain depends on."""
    attack, release = _widths(rate_hz)
    return 2 * attack + release + 2 * REACH


def _limit_middle(
    past: Samples | None, held: Samples, ahead: Samples, *, rate_hz: int, ceiling_dbtp: float
) -> Samples:
    before = held[:0] if past is None else past
    # Channel after channel in memory, as it comes: that is quicker to work on than frame after frame.
    whole = np.concatenate([before.T, held.T, ahead.T], axis=1).T
    limited = limit(whole, rate_hz=rate_hz, ceiling_dbtp=ceiling_dbtp)
    return limited[len(before) : len(before) + len(held)]


_Curve = tuple[int, Samples]
"""The first frame, and what is taken from the gain at it and at those behind it."""


def _overs(samples: Samples, level: float) -> tuple[npt.NDArray[np.int64], Samples]:
    """Frames with a true peak above `level`, in order, and its height."""
    found, heights = peaks_above(samples, level)
    over = (heights > level) & (found < len(samples))
    return found[over], heights[over]


def _turn_down(samples: Samples, curves: Sequence[_Curve]) -> Samples:
    """In place."""
    for start, curve in curves:
        place = samples[max(0, start) : max(0, start + len(curve))]
        place *= (1.0 - curve[max(0, -start) :][: len(place)])[:, None]
    return samples


def _taken(voice: Samples, curves: Sequence[_Curve]) -> float:
    """The energy that curves take from one channel; nothing outside them has to be looked at."""
    taken = 0.0
    for start, curve in curves:
        place = voice[max(0, start) : max(0, start + len(curve))]
        kept = place * (1.0 - curve[max(0, -start) :][: len(place)])
        taken += _energy(place) - _energy(kept)
    return taken


def _curves(frames: npt.NDArray[np.int64], heights: Samples, *, ceiling: float, rate_hz: int) -> list[_Curve]:
    """
    What to take away around peaks: round corners before them, a straight way back; curves don't overlap.

    The minimum over a window, averaged over the same window, is at no frame above what that frame
    needs; averaging twice over half of it rounds the corners. On the way back each depth sinks by the
    same step a frame until a later one is deeper. Stretches around peaks that stand together are laid
    end to end and reckoned in one go: none reaches into the next, and each knows its time.
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
    quick = _mean(_mean(_minimum(need, attack), attack // 2), attack // 2)
    sunk = (np.arange(ends[-1]) + np.repeat(shifts, lengths)) / release
    depth = np.maximum(np.maximum.accumulate(1.0 - quick + sunk) - sunk, 0.0)
    curves: list[_Curve] = []
    next_starts = [*starts[1:].tolist(), None]
    for start, length, end, until in zip(
        starts.tolist(), lengths.tolist(), ends.tolist(), next_starts, strict=True
    ):
        room = None if until is None else until - start - length
        way_back = depth[end - 1] - np.arange(1, int(depth[end - 1] * release) + 1)[:room] / release
        curves.append((start, np.concatenate([depth[end - length : end], way_back], dtype=np.float32)))
    return curves


def _minimum(values: Samples, half: int) -> Samples:
    """The least of each value, `half` before and `half` after it (van Herk's way)."""
    width = 2 * half + 1
    padded = np.ones(-(-(len(values) + 2 * half) // width) * width, dtype=np.float32)
    padded[half : half + len(values)] = values
    rows = padded.reshape(-1, width)
    forward = np.minimum.accumulate(rows, axis=1).ravel()
    backward = np.minimum.accumulate(rows[:, ::-1], axis=1)[:, ::-1].ravel()
    return np.minimum(backward[: len(values)], forward[width - 1 : width - 1 + len(values)])


def _mean(values: Samples, half: int) -> Samples:
    """Average of each value with `half` before and `half` after it."""
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
