"""Samples -> loudness and true peak (ITU-R BS.1770), loudness range (EBU R 128). Pure numpy, in a stream."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bulletin.audio.metering.k_weighting import KWeighting
from bulletin.audio.metering.true_peak import PeakMeter
from bulletin.runtime.sound_file import Samples

Floats = npt.NDArray[np.float64]

HOPS_PER_S = 10
"""Resolution of powers: four hops make a momentary block, thirty a short-term one."""
_AT_ONCE = 2**16
"""Frames measured at once, to stay in the processor's cache."""
SILENT_LUFS = -100.0
_MOMENTARY = 4
_SHORT_TERM = 30
_ABSOLUTE_GATE_LUFS = -70.0


class Meter:
    """Loudness and true peak of a sound that comes in blocks; all channels have the same weight."""

    def __init__(self, *, rate_hz: int, channels: int) -> None:
        self._weigh = KWeighting(rate_hz, channels=channels)
        self._grid = PowerGrid(hop=round(rate_hz / HOPS_PER_S), channels=channels)
        self._peak = PeakMeter(channels=channels)

    def feed(self, block: Samples) -> Samples:
        """
        Take the next frames (frames, channels); returns them K-weighted, (channels, frames).

        (frames, 1) stands for equal channels; then one channel comes back.
        """
        weighted = self._weigh(self._peak.feed(block).T)
        self._grid.feed(weighted)
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

    @property
    def momentary_max_lufs(self) -> float:
        return momentary_max_lufs(self.powers)

    @property
    def short_term_max_lufs(self) -> float:
        return short_term_max_lufs(self.powers)

    @property
    def range_lu(self) -> float:
        return range_lu(self.powers)


class PowerGrid:
    """Power of each hop of a sound that comes in blocks, channels added."""

    def __init__(self, *, hop: int, channels: int) -> None:
        self._hop = hop
        self._channels = channels
        self._have, self._energy = 0, 0.0
        """Frames of the incomplete hop, and the sum of their squares."""
        self._powers: list[Floats] = []

    def feed(self, weighted: Samples) -> None:
        """Take the next frames, (channels, frames), or (1, frames) for equal channels."""
        times = self._channels // len(weighted)
        if self._have:
            begun = weighted[:, : self._hop - self._have]
            self._take(begun, times)
            if self._have < self._hop:
                return
            self._powers.append(np.array([self._energy / self._hop]))
            self._have, self._energy = 0, 0.0
            weighted = weighted[:, begun.shape[1] :]
        self._powers.append(times * hop_powers(weighted, hop=self._hop))
        self._take(weighted[:, weighted.shape[1] // self._hop * self._hop :], times)

    def _take(self, weighted: Samples, times: int) -> None:
        self._have += weighted.shape[1]
        self._energy += times * float(np.square(weighted, dtype=np.float64).sum())

    @property
    def powers(self) -> Floats:
        """Mean square of each complete hop."""
        return np.concatenate([np.zeros(0), *self._powers])


def hop_powers(weighted: Samples | Floats, *, hop: int) -> Floats:
    """Mean square of each complete hop of K-weighted samples (channels, frames), channels added."""
    count = weighted.shape[1] // hop
    framed = weighted[:, : count * hop].reshape(len(weighted), count, hop)
    return np.asarray(np.einsum("cnh,cnh->n", framed, framed).astype(np.float64) / hop)


def measure_powers(samples: Samples, *, rate_hz: int, offset: int = 0) -> Floats:
    """
    Hop powers of a whole sound, (frames,) or (frames, channels), the last hop padded with silence.

    `offset` frames of silence before it align it with the hops of another sound.
    """
    hop = round(rate_hz / HOPS_PER_S)
    sides = samples[:, None] if samples.ndim == 1 else samples
    frames = -(-(len(sides) + offset) // hop) * hop
    weigh = KWeighting(rate_hz, channels=sides.shape[1])
    grid = PowerGrid(hop=hop, channels=sides.shape[1])
    before, after = (
        np.zeros((count, sides.shape[1]), dtype=np.float32)
        for count in (offset, frames - len(sides) - offset)
    )
    grid.feed(weigh(before))
    for start in range(0, len(sides), _AT_ONCE):
        grid.feed(weigh(sides[start : start + _AT_ONCE]))
    grid.feed(weigh(after))
    return grid.powers


def measure_lufs(samples: Samples, *, rate_hz: int, powers: Floats | None = None) -> float:
    """
    Integrated loudness of a whole sound; one shorter than a block (0.4 s) over its own length.

    `powers`: its hop powers, if known.
    """
    if powers is None:
        powers = measure_powers(samples, rate_hz=rate_hz)
    if not powers.size:
        return SILENT_LUFS
    if len(powers) > _MOMENTARY:
        return integrated_lufs(powers)
    share = len(samples) / (len(powers) * round(rate_hz / HOPS_PER_S))
    return power_to_lufs(float(powers.mean()) / share)


def integrated_lufs(powers: Floats) -> float:
    """Gated loudness (BS.1770-4): blocks of 400 ms, gates at −70 LUFS and 10 LU under the rest."""
    blocks = _slide(powers, _MOMENTARY)
    loud = blocks[blocks > lufs_to_power(_ABSOLUTE_GATE_LUFS)]
    if not loud.size:
        return SILENT_LUFS
    gated = loud[loud > loud.mean() / 10.0]
    return power_to_lufs(float(gated.mean()))


def momentary_max_lufs(powers: Floats) -> float:
    """Highest momentary loudness (0.4 s)."""
    return _loudest(powers, _MOMENTARY)


def loudness_curve(powers: Floats, *, hops: int) -> Floats:
    """Loudness of each stretch of `hops` tenths of a second: 4 for momentary, 30 for short-term."""
    return np.asarray(-0.691 + 10.0 * np.log10(np.maximum(_slide(powers, hops), 1e-12)))


def short_term_max_lufs(powers: Floats) -> float:
    """Highest short-term loudness (3 s)."""
    return _loudest(powers, _SHORT_TERM)


def range_lu(powers: Floats) -> float:
    """Loudness range (EBU Tech 3342): 10th to 95th percentile of short-term loudness, gate 20 LU under the mean."""
    blocks = _slide(powers, _SHORT_TERM)
    loud = blocks[blocks > lufs_to_power(_ABSOLUTE_GATE_LUFS)]
    if not loud.size:
        return 0.0
    gated = loud[loud > loud.mean() / 100.0]
    # np.percentile would import masked arrays, for a twentieth of a second.
    ranked = np.sort(10.0 * np.log10(gated))
    low, high = np.interp([0.10, 0.95], np.linspace(0.0, 1.0, len(ranked)), ranked)
    return float(high - low)


def power_to_lufs(power: float) -> float:
    return float(-0.691 + 10.0 * np.log10(max(power, 1e-12)))


def lufs_to_power(lufs: float) -> float:
    return float(10.0 ** ((lufs + 0.691) / 10.0))


def db_to_gain(db: float) -> float:
    return float(10.0 ** (db / 20.0))


def _loudest(powers: Floats, hops: int) -> float:
    blocks = _slide(powers, hops)
    return power_to_lufs(float(blocks.max())) if blocks.size else SILENT_LUFS


def _slide(powers: Floats, hops: int) -> Floats:
    """Means of `hops` neighbours, one for each hop."""
    if len(powers) < hops:
        return np.zeros(0)
    sums = np.concatenate([[0.0], np.cumsum(powers)])
    return np.asarray((sums[hops:] - sums[:-hops]) / hops)
