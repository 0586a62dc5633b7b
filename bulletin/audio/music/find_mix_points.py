"""Music -> MixPoints: where it is quiet enough for a voice, to its end or for some seconds. Pure."""

from __future__ import annotations

import numpy as np

from bulletin.audio.metering.k_weighting import KWeighting
from bulletin.audio.metering.loudness import Floats, PowerGrid
from bulletin.imaging.find_shipped_jingle_sets import MixPoints
from bulletin.runtime.read_sound_file import Samples

_HOPS_PER_S = 20
_FALLS_DB = 6.0
"""Fall below the loudest second that lets a voice in: after a sung logo, in a chord that rings out."""
_RISES_DB = 4.0
"""Level below the loudest second at which the music is back; a drum in a quiet tail stays below."""
_ROOM_S = 2.0
"""Shortest quiet stretch before more music: it must hold a few words."""
_TAIL_S = 0.25
"""Shortest quiet stretch at the end."""
_LOUDEST_S, _WINDOW_S = 1.0, 0.3
_SILENT_POWER = 1e-7


def find_mix_points(samples: Samples, *, rate_hz: int) -> MixPoints | None:
    """
    Mix points of a jingle without a sheet, (frames,) or (frames, channels); None without a quiet stretch.

    A quiet stretch is 6 dB under the loudest second, to the end or for at least two seconds. A tail of two
    seconds is preferred, then the longest stretch. Without mix points speech waits for the end.
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
    """K-weighted power of each complete twentieth of a second, in dB."""
    sides = np.nan_to_num(samples[:, None] if samples.ndim == 1 else samples)
    grid = PowerGrid(hop=max(1, round(rate_hz / _HOPS_PER_S)), channels=sides.shape[1])
    grid.feed(KWeighting(rate_hz)(sides))
    return np.asarray(10.0 * np.log10(grid.powers + 1e-12))


def _running(level_db: Floats, hops: int) -> Floats:
    """Sliding mean of the power over `hops`, in dB; fewer at the ends."""
    sums = np.concatenate([[0.0], np.cumsum(10.0 ** (level_db / 10.0))])
    centres = np.arange(len(level_db))
    first = np.maximum(centres - hops // 2, 0)
    last = np.minimum(centres + (hops + 1) // 2, len(level_db))
    return np.asarray(10.0 * np.log10(np.maximum((sums[last] - sums[first]) / (last - first), 1e-12)))


def _quiet_stretches(curve_db: Floats) -> list[tuple[int, int]]:
    """Stretches after the first loud part, from 6 dB under the peak to where it is back at 4 dB under it."""
    stretches: list[tuple[int, int]] = []
    start: int | None = None
    was_loud = False
    for hop, level_db in enumerate(curve_db):
        if level_db > -_RISES_DB:
            if start is not None:
                stretches.append((start, hop))
            was_loud, start = True, None
        elif was_loud and start is None and level_db <= -_FALLS_DB:
            start = hop
    if start is not None:
        stretches.append((start, len(curve_db)))
    return stretches
