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


def join_sounds(first: Samples, second: Samples) -> Samples:
    """
    Join two parts of a sound end to end; one of a single channel stands for equal ones.

    Each channel of the result is contiguous in memory, for speed.
    """
    channels = max(first.shape[1], second.shape[1])
    planes = np.empty((channels, len(first) + len(second)), dtype=np.float32)
    planes[:, : len(first)], planes[:, len(first) :] = first.T, second.T
    return planes.T
