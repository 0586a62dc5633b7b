"""Speech of a model and the length of each of its signs -> the same speech, quiet at its commas. Pure numpy."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bulletin.runtime.read_sound_file import Samples

_FALLS = 0.3
"""Share of a comma in which the sound before it dies away."""
_RETURNS_S = 0.03
"""Seconds behind it, in the space before the next word, in which sound comes back."""
_LEFT = 0.01
"""−40 dB: the breath of the voice goes on, so that no hole is heard."""


def quieten_commas(
    samples: Samples, frames: Sequence[float], *, is_comma: Sequence[bool], rate_hz: int
) -> Samples:
    """
    Fade the voice at each comma: some voices only lengthen the vowel before it, which no listener takes for a pause.

    `frames` are the lengths of all signs, in equal parts of the whole sound.

    >>> said = quieten_commas(np.ones(24000, np.float32), [8, 4, 12], is_comma=[False, True, False], rate_hz=24000)
    >>> [round(float(said[at]), 2) for at in (7900, 10000, 11900, 13000)]
    [1.0, 0.01, 0.01, 1.0]
    """
    ends = np.cumsum(frames) * samples.size / max(1e-9, sum(frames))
    gains = np.ones(samples.size, dtype=np.float32)
    for at in np.flatnonzero(is_comma):
        start, end = int(ends[at - 1] if at else 0), int(ends[at])
        fall, back = int(_FALLS * (end - start)), round(_RETURNS_S * rate_hz)
        falling = np.cos(np.linspace(0, np.pi / 2, fall)) ** 2
        returning = np.sin(np.linspace(0, np.pi / 2, back)) ** 2
        shape = np.concatenate([falling, np.zeros(end - start - fall), returning])
        window = gains[start : start + shape.size]
        window *= (_LEFT + (1 - _LEFT) * shape[: window.size]).astype(np.float32)
    return np.asarray(samples * gains, dtype=np.float32)
