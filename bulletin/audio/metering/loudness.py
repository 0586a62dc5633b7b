"""Samples -> loudness and true peak (ITU-R BS.1770), loudness range (EBU R 128). Pure numpy, in a stream."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bulletin.audio.metering.k_weighting import KWeighting
from bulletin.audio.metering.measure_equal_channels_once import reduce_equal
from bulletin.audio.metering.true_peak import PeakMeter
from bulletin.runtime.read_sound_file import Samples

Floats = npt.NDArray[np.float64]

HOPS_PER_S = 10
"""Resolution of powers."""
MOMENTARY, SHORT_TERM = 4, 30
"""Windows of the standard, in hops."""
SILENT_LUFS = -100.0
ABSOLUTE_GATE_LUFS = -70.0


class Meter:
    """Loudness and true peak of a sound that comes in blocks; all channels have the same weight."""

    def __init__(self, *, rate_hz: int, channels: int) -> None:
        self._weigh = KWeighting(rate_hz)
        self._grid = PowerGrid(hop=round(rate_hz / HOPS_PER_S), channels=channels)
        self._peak = PeakMeter()

    def feed(self, block: Samples) -> Samples:
        """Take the next frames (frames, channels or 1 for all); returns them K-weighted, (channels or 1, frames)."""
        weighted = self._weigh(block)
        self._grid.feed(weighted)
        self._peak.feed(block)
        return weighted

    @property
    def powers(self) -> Floats:
        """K-weighted power of each tenth of a second, channels added."""
        return self._grid.powers

    @property
    def integrated_lufs(self) -> float:
        return integrated_lufs(self.powers)

    @property
    def true_peak_dbtp(self) -> float:
        return self._peak.true_peak_dbtp


class PowerGrid:
    """Power of each hop of a sound that comes in blocks, channels added."""

    def __init__(self, *, hop: int, channels: int) -> None:
        self._hop = hop
        self._channels = channels
        self._rest = np.zeros(0, dtype=np.float32)
        self._powers = [np.zeros(0)]

    def feed(self, weighted: Samples) -> None:
        """Take the next frames, (channels, frames); one channel stands for equal ones."""
        squares = np.einsum("cn,cn->n", weighted, weighted)
        joined = np.concatenate([self._rest, squares * np.float32(self._channels / len(weighted))])
        count = len(joined) // self._hop
        sums = joined[: count * self._hop].reshape(count, self._hop).sum(axis=1)
        self._powers.append(sums.astype(np.float64) / self._hop)
        self._rest = joined[count * self._hop :]

    @property
    def powers(self) -> Floats:
        """Mean square of each complete hop."""
        return np.concatenate(self._powers)


def measure_powers(samples: Samples, *, rate_hz: int) -> Floats:
    """Hop powers of a whole sound, (frames,) or (frames, channels), the last hop padded with silence."""
    hop = round(rate_hz / HOPS_PER_S)
    sides = samples[:, None] if samples.ndim == 1 else samples
    sides = np.pad(sides, ((0, -len(sides) % hop), (0, 0)))
    grid = PowerGrid(hop=hop, channels=sides.shape[1])
    grid.feed(KWeighting(rate_hz)(reduce_equal(sides)))
    return grid.powers


def measure_lufs(samples: Samples, *, rate_hz: int, powers: Floats | None = None) -> float:
    """
    Integrated loudness of a whole sound; one shorter than a block (0.4 s) over its own length.

    `powers`: its hop powers, if known.
    """
    if not len(samples):
        return SILENT_LUFS
    if powers is None:
        powers = measure_powers(samples, rate_hz=rate_hz)
    if len(powers) > MOMENTARY:
        return integrated_lufs(powers)
    share = len(samples) / (len(powers) * round(rate_hz / HOPS_PER_S))
    return power_to_lufs(float(powers.mean()) / share)


def integrated_lufs(powers: Floats) -> float:
    """Gated loudness (BS.1770-4): blocks of 400 ms, gates at −70 LUFS and 10 LU under the rest."""
    gated = _gate(powers, MOMENTARY, under_lu=10.0)
    return power_to_lufs(float(gated.mean())) if gated.size else SILENT_LUFS


def range_lu(powers: Floats) -> float:
    """Loudness range (EBU Tech 3342): 10th to 95th percentile of short-term loudness, gate 20 LU under the mean."""
    gated = _gate(powers, SHORT_TERM, under_lu=20.0)
    if not gated.size:
        return 0.0
    # np.percentile would import masked arrays, for a twentieth of a second.
    ranked = np.sort(10.0 * np.log10(gated))
    low, high = np.interp([0.10, 0.95], np.linspace(0.0, 1.0, len(ranked)), ranked)
    return float(high - low)


def loudness_curve(powers: Floats, *, hops: int) -> Floats:
    """Loudness of each stretch of `hops` tenths of a second: MOMENTARY or SHORT_TERM."""
    return np.asarray(-0.691 + 10.0 * np.log10(np.maximum(_slide(powers, hops), 1e-12)))


def loudest_lufs(powers: Floats, *, hops: int) -> float:
    """Highest loudness of `hops` tenths of a second; SILENT_LUFS of a shorter sound."""
    return float(loudness_curve(powers, hops=hops).max(initial=SILENT_LUFS))


def power_to_lufs(power: float) -> float:
    return float(-0.691 + 10.0 * np.log10(max(power, 1e-12)))


def lufs_to_power(lufs: float) -> float:
    return float(10.0 ** ((lufs + 0.691) / 10.0))


def db_to_gain(db: float) -> float:
    return float(10.0 ** (db / 20.0))


def _gate(powers: Floats, hops: int, *, under_lu: float) -> Floats:
    """Powers of the blocks over −70 LUFS, and over their own mean less `under_lu`."""
    blocks = _slide(powers, hops)
    loud = blocks[blocks > lufs_to_power(ABSOLUTE_GATE_LUFS)]
    return loud[loud > loud.mean() / 10.0 ** (under_lu / 10.0)] if loud.size else loud


def _slide(powers: Floats, hops: int) -> Floats:
    """Means of `hops` neighbours, one for each hop."""
    if len(powers) < hops:
        return np.zeros(0)
    sums = np.concatenate([[0.0], np.cumsum(powers)])
    return np.asarray((sums[hops:] - sums[:-hops]) / hops)
