"""Loud -> never above a ceiling: a look-ahead true-peak limiter, block by block. Pure numpy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

from bulletin.audio.loudness import db_to_gain
from bulletin.audio.peaks import REACH, peaks_above
from bulletin.pcm import Samples

_ATTACK_MS = 3.0
"""The gain is down before the peak comes, as gently as this allows."""
_RELEASE_MS = 150.0
"""From silence back to full; what a peak usually takes is back in a tenth of that."""


def limit(samples: Samples, *, rate_hz: int, ceiling_dbtp: float) -> Samples:
    """
    A whole sound (frames, channels), turned down around each true peak above the ceiling; channels linked.

    The gain at every frame is a mean of gains that none of the peaks near it exceeds, so no peak
    comes through; nothing is delayed, and what needs no limiting is returned as it was.
    """
    depth = _depth(samples, rate_hz=rate_hz, ceiling=db_to_gain(ceiling_dbtp))
    if depth is None:
        return samples
    limited = samples.copy(order="K")
    for start, end in _stretches(depth > 0.0):
        limited[start:end] *= 1.0 - depth[start:end, None]
    return limited


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


def _depth(samples: Samples, *, rate_hz: int, ceiling: float) -> Samples | None:
    """What is taken from the gain at each frame; None when nothing is too high."""
    found, heights = peaks_above(samples, ceiling)
    over = (heights > ceiling) & (found < len(samples))
    if not over.any():
        return None
    frames, needed = found[over], (ceiling / heights[over]).astype(np.float32)
    depth = np.zeros(len(samples), dtype=np.float32)
    attack, release = _widths(rate_hz)
    reach = 2 * attack
    for first, last in _groups(frames, apart=2 * reach):
        start = int(frames[first]) - reach
        need = np.ones(int(frames[last]) + reach + 1 - start, dtype=np.float32)
        need[frames[first : last + 1] - start] = needed[first : last + 1]
        curve = _curve(need, attack=attack, release=release)[max(0, -start) :]
        place = depth[max(0, start) : max(0, start) + len(curve)]
        np.maximum(place, curve[: len(place)], out=place)
    return depth


def _groups(frames: npt.NDArray[np.int64], *, apart: int) -> Iterator[tuple[int, int]]:
    """First and last index of frames that lie so near one another that their gains meet."""
    breaks = np.flatnonzero(np.diff(frames) > apart)
    firsts = np.concatenate([[0], breaks + 1])
    lasts = np.concatenate([breaks, [len(frames) - 1]])
    return zip(firsts.tolist(), lasts.tolist(), strict=True)


def _stretches(mask: npt.NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Where it is true: from, and up to."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).view(np.int8)))
    return zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)


def _curve(need: Samples, *, attack: int, release: int) -> Samples:
    """
    What to take away around peaks that stand together: round corners before them, a straight way back.

    The minimum over a window, averaged over the same window, is at no frame above what that frame
    needs; averaging twice over half of it rounds the corners. On the way back each depth sinks by the
    same step a frame until a later one is deeper; so curves of several groups are joined by the deeper one.
    """
    quick = _mean(_mean(_minimum(need, attack), attack // 2), attack // 2)
    slope = np.arange(len(need)) / release
    depth = np.maximum.accumulate(1.0 - quick + slope) - slope
    way_back = depth[-1] - np.arange(1, int(depth[-1] * release) + 1) / release
    return np.concatenate([np.maximum(depth, 0.0), way_back], dtype=np.float32)


def _minimum(values: Samples, half: int) -> Samples:
    """The least of each value, `half` before and `half` after it (van Herk's way)."""
    width = 2 * half + 1
    padded = np.pad(values, (half, half + -(len(values) + 2 * half) % width), constant_values=1.0)
    rows = padded.reshape(-1, width)
    forward = np.minimum.accumulate(rows, axis=1).ravel()
    backward = np.minimum.accumulate(rows[:, ::-1], axis=1)[:, ::-1].ravel()
    return np.minimum(backward[: len(values)], forward[width - 1 : width - 1 + len(values)])


def _mean(values: Samples, half: int) -> Samples:
    """Average of each value with `half` before and `half` after it."""
    padded = np.pad(values, half, mode="edge").astype(np.float64)
    sums = np.concatenate([[0.0], np.cumsum(padded)])
    return np.asarray((sums[2 * half + 1 :] - sums[: -2 * half - 1]) / (2 * half + 1), dtype=np.float32)


def _widths(rate_hz: int) -> tuple[int, int]:
    return max(2, round(rate_hz * _ATTACK_MS / 1000)), max(2, round(rate_hz * _RELEASE_MS / 1000))
