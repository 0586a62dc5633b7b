"""Finished file -> FileMeasurements, as a listener gets it: decoded once, from start to end, in a stream."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bulletin.audio.metering.detect_clicks import ClickFinder
from bulletin.audio.metering.loudness import (
    ABSOLUTE_GATE_LUFS,
    MOMENTARY,
    Floats,
    Meter,
    PowerGrid,
    lufs_to_power,
    power_to_lufs,
)
from bulletin.audio.metering.measure_equal_channels_once import reduce_equal
from bulletin.errors import AudioError
from bulletin.runtime.read_sound_file import Samples, read_blocks

_BLOCK_S = 4.0
"""Block that fits the processor's cache; ten seconds take a tenth longer."""
STEPS_PER_S = 50
"""Resolution of the level: a syllable lasts ten steps."""
CELLS_PER_S = 400
"""Resolution of the peaks: a cell is shorter than any sound of speech."""
_CLIPPED_AT = 0.999
_CLIPPED_RUN = 3
"""Neighbours at full scale that make a flat top; one alone may be a peak that just fits."""


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
    """Processor time of decoding and measuring."""

    @property
    def duration_s(self) -> float:
        return self.frames / self.rate_hz

    @property
    def cell_s(self) -> float:
        """Exact length of a cell of `peaks`, of whole samples."""
        return _cell_frames(self.rate_hz) / self.rate_hz


def measure_file(path: Path) -> FileMeasurements:
    """Decode and measure a file. Raises AudioError when it cannot be read to its end."""
    began = time.thread_time()
    meter: _FileMeter | None = None
    for block, rate_hz in read_blocks(path, block_s=_BLOCK_S):
        meter = meter or _FileMeter(rate_hz=rate_hz, channels=block.shape[1])
        meter.feed(block)
    if meter is None:
        raise AudioError(f"{path}: contains no sound; name a file with sound")
    return meter.finish(began)


class _FileMeter:
    """All measurements of a sound that comes in blocks."""

    def __init__(self, *, rate_hz: int, channels: int) -> None:
        self._rate_hz = rate_hz
        self._meter = Meter(rate_hz=rate_hz, channels=channels)
        step = max(1, round(rate_hz / STEPS_PER_S))
        self._levels = PowerGrid(hop=step, channels=channels)
        self._middle = PowerGrid(hop=step, channels=1)
        self._cell = _cell_frames(rate_hz)
        self._rest = np.zeros(0, dtype=np.float32)
        self._peaks: list[Samples] = []
        self._clicks = ClickFinder(rate_hz=rate_hz)
        self._sums = np.zeros(channels)
        self._frames = self._clipped = self._not_finite = 0

    def feed(self, block: Samples) -> None:
        """Take the next frames; NaN and infinity count as silence, since one would spoil every measurement."""
        if not np.isfinite(block).all():
            self._not_finite += int(np.count_nonzero(~np.isfinite(block)))
            block = np.nan_to_num(block, nan=0.0, posinf=0.0, neginf=0.0)
        block = np.asfortranarray(reduce_equal(block))  # channels contiguous, for speed
        weighted = self._meter.feed(block)
        self._levels.feed(weighted)
        self._middle.feed(weighted if len(weighted) == 1 else weighted.mean(axis=0, keepdims=True))
        sides = block.T
        heights = np.abs(sides).max(axis=0) if len(sides) > 1 else np.abs(sides[0])
        self._frames += len(block)
        self._sums += sides.sum(axis=1)
        if heights.max(initial=0.0) >= _CLIPPED_AT:
            clipped = sum(count_flat_tops(side, least_run=_CLIPPED_RUN) for side in sides)
            self._clipped += clipped * (len(self._sums) // len(sides))
        self._clicks.feed(sides.mean(axis=0) if len(sides) > 1 else sides[0])
        heights = np.concatenate([self._rest, heights])
        whole = len(heights) // self._cell * self._cell
        self._peaks.append(heights[:whole].reshape(-1, self._cell).max(axis=1))
        self._rest = heights[whole:]

    def finish(self, began: float) -> FileMeasurements:
        """The measurements of all blocks; `began` is the thread's processor time at the start."""
        powers, levels = self._meter.powers, self._levels.powers
        loudness_lufs = self._meter.integrated_lufs
        if len(powers) < MOMENTARY and levels.size and levels.mean() > lufs_to_power(ABSOLUTE_GATE_LUFS):
            # Shorter than a block of the standard: over its own length.
            loudness_lufs = power_to_lufs(float(levels.mean()))
        return FileMeasurements(
            frames=self._frames,
            rate_hz=self._rate_hz,
            channels=len(self._sums),
            loudness_lufs=loudness_lufs,
            true_peak_dbtp=self._meter.true_peak_dbtp,
            powers=powers,
            levels=levels,
            middle=self._middle.powers,
            peaks=np.concatenate(self._peaks),
            clicks_s=self._clicks.times_s,
            clipped=self._clipped,
            not_finite=self._not_finite,
            dc_offset=float(np.abs(self._sums / self._frames).max()),
            seconds=time.thread_time() - began,
        )


def _cell_frames(rate_hz: int) -> int:
    return max(1, round(rate_hz / CELLS_PER_S))


def count_flat_tops(channel: Samples, *, least_run: int) -> int:
    """Crests of one channel cut off flat: runs of at least `least_run` samples at full scale."""
    return sum(end - start >= least_run for start, end in find_runs(np.abs(channel) >= _CLIPPED_AT))


def find_runs(flags: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First index and end of each run of true flags."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
