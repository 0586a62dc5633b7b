"""Sounds whose channels are all equal, as a voice alone is: (frames, 1) stands for them, and is worked on once."""

from __future__ import annotations

import numpy as np

from bulletin.runtime.read_sound_file import Samples

_GLANCE = 64
"""Steps of the first comparison: music differs within them."""


def reduce_equal(samples: Samples) -> Samples:
    """Reduce (frames, channels) to one channel where all are equal."""
    first = samples[:, :1]
    if samples.shape[1] == 1 or (samples[::_GLANCE] != first[::_GLANCE]).any() or (samples != first).any():
        return samples
    return first


def join_sounds(first: Samples, second: Samples, *, before: int = 0, frames: int = 0) -> Samples:
    """
    Join two parts of a sound end to end; one of a single channel stands for equal ones.

    Each channel of the result is contiguous in memory, for speed. `before` frames of silence begin it, and silence
    fills it up to `frames` in all.
    """
    channels, middle = max(first.shape[1], second.shape[1]), before + len(first)
    end = middle + len(second)
    planes = np.empty((channels, max(frames, end)), dtype=np.float32)
    planes[:, :before] = planes[:, end:] = 0.0
    planes[:, before:middle], planes[:, middle:end] = first.T, second.T
    return planes.T
