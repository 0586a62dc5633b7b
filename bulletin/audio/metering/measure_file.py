"""Finished file -> FileMeasurements, as a listener gets it: decoded once, from start to end, in a stream."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bulletin.audio.metering.clicks import ClickFinder
from bulletin.audio.metering.loudness import (
    SILENT_LUFS,
    Floats,
    Meter,
    PowerGrid,
    lufs_to_power,
    power_to_lufs,
)
from bulletin.errors import AudioError
from bulletin.runtime.sound_file import Samples, read_blocks

_BLOCK_S = 4.0
"""Block that fits the processor's cache; ten seconds take a tenth longer."""
_GLANCE = 64
STEPS_PER_S = 50
"""Resolution of the level: a syllable lasts ten steps."""
CELLS_PER_S = 400
"""Resolution of the peaks: a cell is shorter than any sound of speech."""
_CLIPPED_AT = 0.999
_CLIPPED_RUN = 3
"""Neighbours at full scale that make a flat top; one alone may be a peak that just fits."""
_BLOCK, _ABSOLUTE_GATE_LUFS = 4, -70.0
"""Shortest block, in tenths of a second, and the absolute gate of BS.1770-4."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileMeasurements:
    """Measurements of a decoded file."""

    frames: int
    rate_hz: int
    channels: int
    loudness_lufs: float
    true_peak_dbtp: float
    powers: Floats
    """K-weighted power of each tenth of a second, channels added."""
    close: CloseMeasurements | None = None
    """None unless they were asked for."""

    @property
    def duration_s(self) -> float:
        return self.frames / self.rate_hz


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseMeasurements:
    """Measurements that only an examination of the quality needs."""

    levels: Floats
    """K-weighted power of each step, channels added."""
    middle: Floats
    """K-weighted power of each step in mono: the mean of all channels."""
    peaks: Samples
    """The highest sample of each cell, of any channel."""
    clicks_s: tuple[float, ...]
    """Times of possible clicks."""
    clipped: int
    """Flat tops at full scale."""
    not_finite: int
    """Samples that are NaN or infinite."""
    dc_offset: float
    """The largest mean of a channel; full scale is 1."""
    seconds: float
    """Processor time of these measurements alone."""


def measure_file(path: Path, *, closely: bool = False) -> FileMeasurements:
    """Decode and measure a file. Raises AudioError when it cannot be read to its end."""
    meter: Meter | None = None
    close: _CloseMeter | None = None
    frames = 0
    for block, rate_hz in read_blocks(path, block_s=_BLOCK_S):
        if meter is None:
            meter = Meter(rate_hz=rate_hz, channels=block.shape[1])
            close = _CloseMeter(rate_hz=rate_hz, channels=block.shape[1]) if closely else None
        frames += len(block)
        sound = _drop_equal_channel(close.clean(block) if close else block)
        weighted = meter.feed(sound)
        if close:
            close.feed(sound, weighted)
    if meter is None:
        raise AudioError(f"{path}: contains no sound")
    measured = close.finish(frames) if close else None
    is_short = measured is not None and len(meter.powers) < _BLOCK
    return FileMeasurements(
        frames=frames,
        rate_hz=rate_hz,
        channels=block.shape[1],
        loudness_lufs=_short_lufs(measured) if measured and is_short else meter.integrated_lufs,
        true_peak_dbtp=meter.true_peak_dbtp,
        powers=meter.powers,
        close=measured,
    )


def _drop_equal_channel(block: Samples) -> Samples:
    """One channel where both are equal, as of a voice alone: it is measured once."""
    left, right = block[:, 0], block[:, -1]
    if block.shape[1] != 2 or (left[::_GLANCE] != right[::_GLANCE]).any() or (left != right).any():
        return block
    return block[:, :1]


def _short_lufs(close: CloseMeasurements) -> float:
    """Loudness of a sound shorter than a block of the standard, over its own length."""
    power = float(close.levels.mean()) if close.levels.size else 0.0
    return power_to_lufs(power) if power > lufs_to_power(_ABSOLUTE_GATE_LUFS) else SILENT_LUFS


class _CloseMeter:
    """Close measurements of a sound that comes in blocks, plain and K-weighted."""

    def __init__(self, *, rate_hz: int, channels: int) -> None:
        step = max(1, round(rate_hz / STEPS_PER_S))
        self._levels = PowerGrid(hop=step, channels=channels)
        self._middle = PowerGrid(hop=step, channels=1)
        self._cell = max(1, round(rate_hz / CELLS_PER_S))
        self._rest = np.zeros(0, dtype=np.float32)
        self._peaks: list[Samples] = []
        self._clicks = ClickFinder(rate_hz=rate_hz)
        self._sums = np.zeros(channels)
        self._channels = channels
        self._clipped = self._not_finite = 0
        self._seconds = 0.0

    def clean(self, block: Samples) -> Samples:
        """Replace NaN and infinity by silence and count them: one of them would spoil every measurement."""
        began = time.thread_time()
        if not np.isfinite(block).all():
            self._not_finite += int(np.count_nonzero(~np.isfinite(block)))
            block = np.nan_to_num(block, nan=0.0, posinf=0.0, neginf=0.0)
        self._seconds += time.thread_time() - began
        return block

    def feed(self, block: Samples, weighted: Samples) -> None:
        """Take the next frames; one channel may stand for all, as in Meter."""
        began = time.thread_time()
        sides = np.ascontiguousarray(block.T)
        self._sums += sides.sum(axis=1)
        self._clipped += (
            self._channels
            // len(sides)
            * sum(count_flat_tops(side, least_run=_CLIPPED_RUN) for side in sides)
        )
        self._levels.feed(weighted)
        self._middle.feed(weighted.mean(axis=0, keepdims=True))
        self._clicks.feed(sides.mean(axis=0))
        heights = np.concatenate([self._rest, np.abs(sides, out=sides).max(axis=0)])
        whole = len(heights) // self._cell * self._cell
        self._peaks.append(heights[:whole].reshape(-1, self._cell).max(axis=1))
        self._rest = heights[whole:].copy()
        self._seconds += time.thread_time() - began

    def finish(self, frames: int) -> CloseMeasurements:
        return CloseMeasurements(
            levels=self._levels.powers,
            clipped=self._clipped,
            not_finite=self._not_finite,
            dc_offset=float(np.abs(self._sums / frames).max()),
            middle=self._middle.powers,
            peaks=np.concatenate(self._peaks),
            clicks_s=self._clicks.times_s,
            seconds=self._seconds,
        )


def count_flat_tops(channel: Samples, *, least_run: int) -> int:
    """Crests of one channel cut off flat: runs of at least `least_run` samples at full scale."""
    if not channel.size or max(channel.max(), -channel.min()) < _CLIPPED_AT:
        return 0
    high = np.abs(channel) >= _CLIPPED_AT
    edges = np.flatnonzero(np.diff(np.concatenate([[False], high, [False]]).astype(np.int8)))
    return int((edges[1::2] - edges[::2] >= least_run).sum())
