"""Sound file -> heights of the bars of its waveform picture, speech and music apart."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bulletin.errors import AudioError
from bulletin.runtime.read_sound_file import read_blocks, to_mono

log = logging.getLogger(__name__)

BARS = 168
FULL = 100
"""Height of the highest bar."""

_CELL_S = 0.02
_SCALE = 0.75
_PAUSE_S = 0.7
"""Longest pause between two sentences that counts as speech."""
_BED_WINDOW_S = 4.0
"""Speech pauses at least once in this time; what is left in its pauses is the music under it."""
_BED_SHARE = 0.04
"""Share of this time that is surely a pause."""
_LEAST_BED = 4
"""Height below which the rest in the pauses is noise or breath, no music."""

_Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveBars:
    """Heights of the bars, 0 to 100."""

    heights: tuple[int, ...] = ()
    """Of the whole sound, at least 1; empty: the sound could not be read."""
    music: tuple[int, ...] = ()
    """Of the music: all of a bar without speech, the level in the pauses of a bar with it, 0 where it is dry."""


def measure_wave(path: Path, *, bars: int = BARS) -> tuple[int, ...]:
    """
    Height of each bar, 1 to 100; the loudest is 100. Silence gives ones.

    Root mean square, not peaks, which are all equal in limited speech. An unreadable file gives ().
    """
    return measure_wave_bars(path, speech=(), bars=bars).heights


def measure_wave_bars(path: Path, *, speech: Iterable[tuple[float, float]], bars: int = BARS) -> WaveBars:
    """The same with the music apart; `speech` has start and end of each sentence in seconds."""
    powers = _powers(path)
    if not len(powers):
        return WaveBars()
    starts = np.linspace(0, len(powers), bars, endpoint=False).astype(int)
    counts = np.diff(starts, append=len(powers)).clip(1)
    levels = np.sqrt(np.add.reduceat(powers, starts) / counts)
    highest = float(levels.max())
    if highest <= 0:
        return WaveBars(heights=(1,) * bars, music=(0,) * bars)
    is_speech = _is_speech(speech, starts, counts)
    bed = np.sqrt([_bed_power(powers, int(middle)) for middle in starts + counts // 2])
    heights = _to_heights(levels, highest).clip(1)
    under = np.minimum(_to_heights(bed, highest), heights)
    music = np.where(is_speech, np.where(under >= _LEAST_BED, under, 0), np.where(heights > 1, heights, 0))
    return WaveBars(heights=tuple(map(int, heights)), music=tuple(map(int, music)))


def _powers(path: Path) -> _Floats:
    """Mean power of each cell of 20 ms; none for a file that cannot be read."""
    powers: list[_Floats] = []
    try:
        for block, rate_hz in read_blocks(path):
            mono = to_mono(block)
            step = max(1, round(_CELL_S * rate_hz))
            whole = np.pad(mono, (0, -len(mono) % step)).reshape(-1, step)
            powers.append(np.mean(np.square(whole, dtype=np.float64), axis=1))
    except AudioError as error:
        log.warning("page has no waveform picture: error=%s", str(error).partition("; ")[0])
        return np.zeros(0)
    return np.concatenate(powers) if powers else np.zeros(0)


def _is_speech(
    speech: Iterable[tuple[float, float]], starts: npt.NDArray[np.int_], counts: npt.NDArray[np.int_]
) -> npt.NDArray[np.bool_]:
    """Whether somebody speaks in the middle of each bar, or pauses between two sentences."""
    middles = (starts + counts / 2) * _CELL_S
    spoken = np.zeros(len(starts), dtype=bool)
    until = float("-inf")
    for start, end in sorted(speech):
        since = until if start - until <= _PAUSE_S else start
        spoken |= (middles >= since) & (middles < end)
        until = max(until, end)
    return spoken


def _bed_power(powers: _Floats, cell: int) -> float:
    """Power in the quietest moments around a cell."""
    half = round(_BED_WINDOW_S / _CELL_S / 2)
    return float(np.quantile(powers[max(0, cell - half) : cell + half], _BED_SHARE))


def _to_heights(levels: _Floats, highest: float) -> npt.NDArray[np.int_]:
    # between a linear scale, which hides quiet words, and a logarithmic one, which shows a wall
    return np.rint((levels / highest) ** _SCALE * FULL).astype(int).clip(0, FULL)
