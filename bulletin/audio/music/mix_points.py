"""Music -> where a voice fits over it: where it has grown quieter for good, or for long enough. Pure."""

from __future__ import annotations

import numpy as np

from bulletin.audio.metering.k_weighting import KWeighting
from bulletin.audio.metering.loudness import Floats
from bulletin.imaging.jingle_sets import MixPoints
from bulletin.runtime.sound_file import Samples

_HOPS_PER_S = 20
_FALLS_DB = 6.0
"""Under the loudest second: a logo that has been sung, a chord that rings out."""
_RISES_DB = 4.0
"""Under the loudest second: what comes back as loud as this is music again, and no drum in a quiet tail."""
_ROOM_S = 2.0
"""A quieter stretch before more music must hold a few words; one up to the end need not."""
_TAIL_S = 0.25
"""A shorter ring is only the end."""
_LOUDEST_S, _WINDOW_S = 1.0, 0.3
_SILENT_POWER = 1e-7


def find_mix_points(samples: Samples, *, rate_hz: int) -> MixPoints | None:
    """
    Find where speech may start over a jingle without a sheet: (frames,) or (frames, channels).

    That is where its loudness falls by 6 dB under its loudest second and stays there, to the end or for two
    seconds at least; a tail of two seconds is taken before all else, then the longest place. One blow is no
    loudest second: what is sung after it counts as loud. None where there is no such place: then speech
    waits for the end.
    """
    level = _levels_db(samples, rate_hz=rate_hz)
    count = len(level)
    if count < 2:
        return None
    peak_db = _running(level, round(_LOUDEST_S * _HOPS_PER_S)).max()
    if peak_db < 10.0 * np.log10(_SILENT_POWER):
        return None
    curve = _running(level, round(_WINDOW_S * _HOPS_PER_S))
    stretches = [
        (start, end)
        for start, end in _quiet_stretches(curve - peak_db)
        if end - start >= (_TAIL_S if end == count else _ROOM_S) * _HOPS_PER_S
    ]
    if not stretches:
        return None
    tail = stretches[-1]
    is_long_tail = tail[1] == count and count - tail[0] >= _ROOM_S * _HOPS_PER_S
    start, end = tail if is_long_tail else max(stretches, key=lambda stretch: stretch[1] - stretch[0])
    length_s = len(samples) / rate_hz
    end_s = length_s if end == count else (end / _HOPS_PER_S) - _WINDOW_S / 2
    return MixPoints(start_s=start / _HOPS_PER_S, end_s=end_s)


def _levels_db(samples: Samples, *, rate_hz: int) -> Floats:
    """K-weighted power of each twentieth of a second, in dB; what is left over at the end counts in part."""
    sides = samples[:, None] if samples.ndim == 1 else samples
    hop = max(1, round(rate_hz / _HOPS_PER_S))
    weighted = KWeighting(rate_hz, channels=sides.shape[1])(np.nan_to_num(sides))
    starts = np.arange(0, weighted.shape[1], hop)
    if not len(starts):
        return np.zeros(0)
    energy = np.add.reduceat(np.square(weighted, dtype=np.float64).sum(axis=0), starts)
    frames = np.diff(np.append(starts, weighted.shape[1]))
    return np.asarray(10.0 * np.log10(energy / frames + 1e-12))


def _running(level_db: Floats, hops: int) -> Floats:
    """The mean power of `hops` neighbours around each hop, in dB; fewer at the ends."""
    sums = np.concatenate([[0.0], np.cumsum(10.0 ** (level_db / 10.0))])
    centres = np.arange(len(level_db))
    first = np.maximum(centres - hops // 2, 0)
    last = np.minimum(centres + (hops + 1) // 2, len(level_db))
    return np.asarray(10.0 * np.log10(np.maximum((sums[last] - sums[first]) / (last - first), 1e-12)))


def _quiet_stretches(curve_db: Floats) -> list[tuple[int, int]]:
    """Stretches after the first loud one: they begin 6 dB under the peak, and end where it comes back to 4."""
    stretches: list[tuple[int, int]] = []
    began: int | None = None
    was_loud = False
    for place, level_db in enumerate(curve_db):
        if level_db > -_RISES_DB:
            if began is not None:
                stretches.append((began, place))
            was_loud, began = True, None
        elif was_loud and began is None and level_db <= -_FALLS_DB:
            began = place
    if began is not None:
        stretches.append((began, len(curve_db)))
    return stretches
