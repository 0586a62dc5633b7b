"""A finished file -> what a listener gets, in figures: decoded once, from start to end, in a stream."""

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
"""So much at once stays near the processor; ten seconds take a tenth longer."""
_GLANCE = 64
STEPS_PER_S = 50
"""How often the level is noted: a syllable lasts ten steps."""
CELLS_PER_S = 400
"""How often the highest sample is noted: a cell is shorter than any sound of speech."""
_CLIPPED_AT = 0.999
_CLIPPED_RUN = 3
"""Neighbours at full scale that make a flat top; one alone may be a peak that just fits."""
_BLOCK, _ABSOLUTE_GATE_LUFS = 4, -70.0
"""Tenths of a second that the standard's shortest block has, and what is quieter is not counted (BS.1770-4)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileMeasurements:
    """A file as a listener gets it."""

    frames: int
    rate_hz: int
    channels: int
    loudness_lufs: float
    true_peak_dbtp: float
    powers: Floats
    """K-weighted power of each tenth of a second, channels added."""
    noticed: NoticedDefects | None = None
    """What only a close listener notices."""

    @property
    def duration_s(self) -> float:
        return self.frames / self.rate_hz


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticedDefects:
    """What nobody needs who only wants to know of loudness, peak and length."""

    levels: Floats
    """K-weighted power of each step, channels added."""
    middle: Floats
    """The same of what one loudspeaker plays: the mean of all channels."""
    peaks: Samples
    """The highest sample of each cell, of any channel."""
    clicks_s: tuple[float, ...]
    """When it may click."""
    clipped: int
    """Flat tops at full scale."""
    unsound: int
    """Values that are no numbers."""
    dc_offset: float
    """The largest mean of a channel; full scale is 1."""
    seconds: float
    """Of processor time that this took, beyond the decoding and the meter."""


def measure_file(path: Path, *, closely: bool = False) -> FileMeasurements:
    """Decode a file as a listener would, and measure it. Raises AudioError when it cannot be read to its end."""
    meter: Meter | None = None
    ear: _Ear | None = None
    frames = 0
    for block, rate_hz in read_blocks(path, block_s=_BLOCK_S):
        if meter is None:
            meter = Meter(rate_hz=rate_hz, channels=block.shape[1])
            ear = _Ear(rate_hz=rate_hz, channels=block.shape[1]) if closely else None
        frames += len(block)
        sound = _one_of_alike(ear.clean(block) if ear else block)
        weighted = meter.feed(sound)
        if ear:
            ear.feed(sound, weighted)
    if meter is None:
        raise AudioError(f"{path}: holds no sound")
    noticed = ear.noticed(frames) if ear else None
    is_short = noticed is not None and len(meter.powers) < _BLOCK
    return FileMeasurements(
        frames=frames,
        rate_hz=rate_hz,
        channels=block.shape[1],
        loudness_lufs=_own_lufs(noticed) if noticed and is_short else meter.integrated_lufs,
        true_peak_dbtp=meter.true_peak_dbtp,
        powers=meter.powers,
        noticed=noticed,
    )


def _one_of_alike(block: Samples) -> Samples:
    """A voice alone is the same on both sides: one of them is looked at for both."""
    left, right = block[:, 0], block[:, -1]
    if block.shape[1] != 2 or (left[::_GLANCE] != right[::_GLANCE]).any() or (left != right).any():
        return block
    return block[:, :1]


def _own_lufs(noticed: NoticedDefects) -> float:
    """Of a sound shorter than a block of the standard: over its own length."""
    power = float(noticed.levels.mean()) if noticed.levels.size else 0.0
    return power_to_lufs(power) if power > lufs_to_power(_ABSOLUTE_GATE_LUFS) else SILENT_LUFS


class _Ear:
    """Takes a sound block by block, plain and K-weighted, and counts what it costs."""

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
        self._clipped = self._unsound = 0
        self._seconds = 0.0

    def clean(self, block: Samples) -> Samples:
        """Count what is no number, and put silence in its place: one of them would spoil every figure."""
        began = time.thread_time()
        if not np.isfinite(block).all():
            self._unsound += int(np.count_nonzero(~np.isfinite(block)))
            block = np.nan_to_num(block, nan=0.0, posinf=0.0, neginf=0.0)
        self._seconds += time.thread_time() - began
        return block

    def feed(self, block: Samples, weighted: Samples) -> None:
        """Blocks may have one channel for all, as Meter takes them."""
        began = time.thread_time()
        sides = np.ascontiguousarray(block.T)
        self._sums += sides.sum(axis=1)
        self._clipped += self._channels // len(sides) * sum(_flat_tops(side) for side in sides)
        self._levels.feed(weighted)
        self._middle.feed(weighted.mean(axis=0, keepdims=True))
        self._clicks.feed(sides.mean(axis=0))
        heights = np.concatenate([self._rest, np.abs(sides, out=sides).max(axis=0)])
        whole = len(heights) // self._cell * self._cell
        self._peaks.append(heights[:whole].reshape(-1, self._cell).max(axis=1))
        self._rest = heights[whole:].copy()
        self._seconds += time.thread_time() - began

    def noticed(self, frames: int) -> NoticedDefects:
        return NoticedDefects(
            levels=self._levels.powers,
            clipped=self._clipped,
            unsound=self._unsound,
            dc_offset=float(np.abs(self._sums / frames).max()),
            middle=self._middle.powers,
            peaks=np.concatenate(self._peaks),
            clicks_s=self._clicks.times_s,
            seconds=self._seconds,
        )


def _flat_tops(side: Samples) -> int:
    """Runs of at least three neighbours at full scale."""
    if max(side.max(), -side.min()) < _CLIPPED_AT:
        return 0
    high = np.abs(side) >= _CLIPPED_AT
    edges = np.flatnonzero(np.diff(np.concatenate([[False], high, [False]]).astype(np.int8)))
    return int((edges[1::2] - edges[::2] >= _CLIPPED_RUN).sum())
