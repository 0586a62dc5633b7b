"""Times of words -> gain of the music under them. Pure numpy."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

STEPS_PER_S = 100
"""Points of the curve, linearly interpolated."""
ATTACK_S = 0.25
"""The music is down when the first word begins."""
RELEASE_S = 0.6
_HOLD_S = 1.1
"""Shortest pause in which the music comes up: in the widest gap between two headlines it would pump."""

Floats = npt.NDArray[np.float64]
Span = tuple[float, float]


class Envelope:
    """The gain of one stretch of music over time, from `start_s` to `end_s`."""

    def __init__(
        self,
        words: Sequence[Span],
        *,
        start_s: float,
        end_s: float,
        up_db: float,
        under_db: float,
        fade_in_s: float = 0.0,
        fade_out_s: float = 0.0,
    ) -> None:
        self._start_s = start_s
        count = max(2, int(np.ceil((end_s - start_s) * STEPS_PER_S)) + 1)
        times = start_s + np.arange(count) / STEPS_PER_S
        curve = _ducked(words, times, up_db=up_db, under_db=under_db)
        self._gains = 10.0 ** (curve / 20.0) * _faded(times, start_s, end_s, fade_in_s, fade_out_s)

    def at(self, frames: npt.NDArray[np.int64], *, rate_hz: int) -> Floats:
        """Gains at frames of the bulletin."""
        steps = (frames / rate_hz - self._start_s) * STEPS_PER_S
        return np.interp(steps, np.arange(len(self._gains)), self._gains)


def merge_spans(words: Sequence[Span]) -> tuple[Span, ...]:
    """Spans in order, merged over short pauses."""
    merged: list[Span] = []
    for start, end in sorted(words):
        if merged and start - merged[-1][1] < _HOLD_S:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def _ducked(words: Sequence[Span], times: Floats, *, up_db: float, under_db: float) -> Floats:
    """Gain in dB: down before the first word, up after the last, both along a cosine."""
    curve = np.full(len(times), float(up_db))
    for start, end in merge_spans(words):
        falling = np.clip((times - (start - ATTACK_S)) / ATTACK_S, 0.0, 1.0)
        rising = np.clip((times - end) / RELEASE_S, 0.0, 1.0)
        depth = (0.5 - 0.5 * np.cos(np.pi * falling)) * (0.5 + 0.5 * np.cos(np.pi * rising))
        np.minimum(curve, up_db + (under_db - up_db) * depth, out=curve)
    return curve


def _faded(times: Floats, start_s: float, end_s: float, fade_in_s: float, fade_out_s: float) -> Floats:
    rising = np.clip((times - start_s) / fade_in_s, 0.0, 1.0) if fade_in_s else np.ones(len(times))
    falling = np.clip((end_s - times) / fade_out_s, 0.0, 1.0) if fade_out_s else np.ones(len(times))
    return np.asarray(np.sin(np.pi / 2 * rising) * (0.5 - 0.5 * np.cos(np.pi * falling)))
