"""Sound file -> heights of the bars of its waveform picture."""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np

from bulletin.errors import AudioError
from bulletin.runtime.read_sound_file import read_blocks, to_mono

log = logging.getLogger(__name__)

BARS = 168
FULL = 100
"""Height of the highest bar."""

_CELL_S = 0.02
_SCALE = 0.75


def measure_wave(path: Path, *, bars: int = BARS) -> tuple[int, ...]:
    """
    Height of each bar, 1 to 100; the loudest is 100. Silence gives ones.

    Root mean square, not peaks, which are all equal in limited speech. An unreadable file gives ().
    """
    powers: list[float] = []
    try:
        for block, rate_hz in read_blocks(path):
            mono = to_mono(block)
            step = max(1, round(_CELL_S * rate_hz))
            whole = np.pad(mono, (0, -len(mono) % step)).reshape(-1, step)
            powers.extend(np.mean(np.square(whole, dtype=np.float64), axis=1).tolist())
    except AudioError as error:
        log.warning("page has no waveform picture: error=%s", str(error).partition("; ")[0])
        return ()
    if not powers:
        return ()
    starts = np.linspace(0, len(powers), bars, endpoint=False).astype(int)
    counts = np.diff(starts, append=len(powers)).clip(1)
    heights = np.sqrt(np.add.reduceat(powers, starts) / counts)
    highest = float(heights.max())
    if highest <= 0:
        return (1,) * bars
    # between a linear scale, which hides quiet words, and a logarithmic one, which shows a wall
    return tuple(int(height) for height in np.clip(np.rint((heights / highest) ** _SCALE * FULL), 1, FULL))
