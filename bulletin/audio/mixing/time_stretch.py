"""Speech -> the same speech, a little slower or faster: the only file that knows python-stretch (Signalsmith)."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np

from bulletin.runtime.read_sound_file import Samples


def can_stretch() -> bool:
    """Whether python-stretch is installed: it has no wheels for some machines."""
    return find_spec("python_stretch") is not None


def stretch_speech(mono: Samples, *, rate_hz: int, times: float) -> Samples:
    """
    Stretch speech (frames,) to `times` its length, rounded to the frame, at the same pitch: 1.05 is slower.

    The library compensates its own delay, to a millisecond. Its cheaper preset takes 0.63 of the CPU and
    sounds as natural (docs/PERFORMANCE.md has the figures); coarser ones smear.
    """
    from python_stretch import Signalsmith

    frames = round(len(mono) * times)
    stretcher = Signalsmith.Stretch()
    stretcher.preset(1, rate_hz, cheaper=True)
    stretcher.timeFactor = len(mono) / max(1, frames)
    out: Samples = np.asarray(stretcher.process(np.ascontiguousarray(mono[None, :])), dtype=np.float32)[0]
    return np.pad(out, (0, max(0, frames - len(out))))[:frames]
