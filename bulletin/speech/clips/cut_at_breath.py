"""Recording that is too long -> its beginning, up to a breath. Pure."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bulletin.runtime.read_sound_file import Samples
from bulletin.speech.clips.trim_recording import FRAME_S, frame_levels_db, silence_below_db

_LEAST_PAUSE_S = 0.16
"""Shorter pauses are the closures of "p", "t" and "k"."""
_LEAST_SHARE = 0.5
"""Least part of the allowed length that a cut may leave."""
_LONG_PAUSE_S = 0.6
"""Longer pauses count as the end of a sentence and are equally good."""
_KEPT_S = 0.12
"""Kept of the pause after the last word."""


def cut_at_breath(mono: Samples, *, rate_hz: int, most_s: float) -> Samples | None:
    """
    The beginning of at most `most_s` seconds, up to the best pause; None when there is no pause to cut at.

    A long pause, the end of a sentence, is worth more than a later one.
    """
    best = max(_pauses(mono, rate_hz=rate_hz, most_s=most_s), default=None)
    if best is None:
        return None
    return mono[: round(min(best[1] + _KEPT_S, most_s) * rate_hz)]


def _pauses(mono: Samples, *, rate_hz: int, most_s: float) -> Iterator[tuple[float, float]]:
    """Worth of each usable pause, and its start in seconds."""
    levels_db = frame_levels_db(mono[: round(most_s * rate_hz)], rate_hz=rate_hz)
    below_db = silence_below_db(frame_levels_db(mono, rate_hz=rate_hz))
    is_quiet = np.concatenate([[False], levels_db < below_db, [False]])
    edges = np.flatnonzero(np.diff(is_quiet.astype(np.int8)))
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        start_s, length_s = first * FRAME_S, (last - first) * FRAME_S
        if length_s >= _LEAST_PAUSE_S and start_s >= _LEAST_SHARE * most_s:
            yield min(length_s, _LONG_PAUSE_S) / _LONG_PAUSE_S + start_s / most_s, float(start_s)
