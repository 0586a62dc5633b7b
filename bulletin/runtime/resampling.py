"""Samples at one rate -> samples at another, whole or in blocks: the only file that knows soxr."""

from __future__ import annotations

import numpy as np
import soxr

from bulletin.runtime.read_sound_file import Samples


def resample(samples: Samples, *, rate_hz: int, to_hz: int) -> Samples:
    """(frames,) or (frames, channels) at another sampling rate; the length is rounded to the nearest frame."""
    if rate_hz == to_hz:
        return samples
    frames = round(len(samples) * to_hz / rate_hz)
    resampled: Samples = soxr.resample(samples, rate_hz, to_hz, quality="HQ")
    if len(resampled) < frames:
        resampled = np.pad(resampled, ((0, frames - len(resampled)), *[(0, 0)] * (resampled.ndim - 1)))
    return resampled[:frames]


class Resampler:
    """Streaming resampler of one channel; its output starts at the same moment as its input."""

    def __init__(self, *, rate_hz: int, to_hz: int) -> None:
        self._is_needed = rate_hz != to_hz
        self._stream = soxr.ResampleStream(rate_hz, to_hz, 1, dtype="float32", quality="HQ")

    def feed(self, mono: Samples, *, is_last: bool) -> Samples:
        """Resample the next frames; the filter holds back the newest of them until `is_last`."""
        if not self._is_needed:
            return mono
        resampled: Samples = self._stream.resample_chunk(np.ascontiguousarray(mono), last=is_last)
        return resampled
