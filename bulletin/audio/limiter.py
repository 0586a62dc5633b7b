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
    gain = _gain(samples, rate_hz=rate_hz, ceiling=db_to_gain(ceiling_dbtp))
    return samples if gain is None else np.asarray(samples * gain[:, None], dtype=np.float32)


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


def _gain(samples: Samples, *, rate_hz: int, ceiling: float) -> Samples | None:
    """The gain for each frame; None when nothing is too high."""
    found, heights = peaks_above(samples, ceiling)
    over = (heights > ceiling) & (found < len(samples))
    if not over.any():
        return None
    frames, needed = found[over], (ceiling / heights[over]).astype(np.float32)
    gain = np.ones(len(samples), dtype=np.float32)
    attack, release = _widths(rate_hz)
    margin = 2 * attack + release
    for first, last in _groups(frames, apart=margin):
        start, end = max(0, frames[first] - margin), min(len(samples), frames[last] + margin + 1)
        need = np.ones(end - start, dtype=np.float32)
        need[frames[first : last + 1] - start] = needed[first : last + 1]
        gain[start:end] = _smooth(need, attack=attack, release=release)
    return gain


def _groups(frames: npt.NDArray[np.int64], *, apart: int) -> Iterator[tuple[int, int]]:
    """First and last index of frames that lie so near one another that their gains meet."""
    breaks = np.flatnonzero(np.diff(frames) > apart)
    firsts = np.concatenate([[0], breaks + 1])
    lasts = np.concatenate([breaks, [len(frames) - 1]])
    return zip(firsts.tolist(), lasts.tolist(), strict=True)


def _smooth(need: Samples, *, attack: int, release: int) -> Samples:
    """
    The least gain needed nearby, with round corners before a peak and a straight way back after it.

    The minimum over a window, averaged over the same window, is at no frame above what that frame
    needs; averaging twice over half of it rounds the corners. The way back is under that curve:
    each depth sinks by the same step a frame until a later one is deeper.
    """
    quick = _mean(_mean(_minimum(need, attack), attack // 2), attack // 2)
    slope = np.arange(len(need)) / release
    depth = np.maximum.accumulate(1.0 - quick + slope) - slope
    return np.asarray(1.0 - np.maximum(depth, 0.0), dtype=np.float32)


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
