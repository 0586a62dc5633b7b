"""Samples -> samples that are faded, or joined with silence: the only file that knows pydub."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterable

import numpy as np

from bulletin.runtime.read_sound_file import Samples

with warnings.catch_warnings():
    # pydub looks for ffmpeg at its import, which we never use, and 0.25.1 has unescaped patterns and, up to
    # Python 3.12, the standard library's deprecated audioop.
    warnings.simplefilter("ignore")
    from pydub import AudioSegment

_FULL_SCALE = float(2**27)
"""Full scale, of 2**31: 24 dB of headroom for any gain before the limiter, and 28 bits of resolution."""
_PEAK = 15.9 * _FULL_SCALE


def join_clips(clips: Iterable[tuple[int, Samples]], *, frames: int, rate_hz: int) -> Samples:
    """
    Clips (frames,) at their first frames, in order, with silence between them, as (frames,).

    pydub joins. It neither resamples (it would interpolate linearly), nor overlays (it clips), nor sets levels:
    those happen in float, before and after.
    """
    joined, end = AudioSegment.empty(), 0
    for start, clip in [*clips, (frames, np.zeros(0, dtype=np.float32))]:
        silence = bytes(4 * (start - end))
        whole = np.rint(clip * _FULL_SCALE)
        whole = whole.clip(-_PEAK, _PEAK, out=whole).astype(np.int32)
        joined += AudioSegment(silence + whole.tobytes(), sample_width=4, frame_rate=rate_hz, channels=1)
        end = start + len(clip)
    samples = np.frombuffer(joined.raw_data, dtype=np.int32).astype(np.float32)
    samples *= np.float32(1 / _FULL_SCALE)
    return samples


def fade_ends(samples: Samples, *, rate_hz: int, in_ms: int, out_ms: int) -> None:
    """Fade both ends of (frames,) or (frames, channels) in place, along a line; over half of the sound at most."""
    for sound, milliseconds in ((samples.T, in_ms), (samples[::-1].T, out_ms)):
        frames = min(len(samples) // 2, rate_hz * milliseconds // 1000)
        sound[..., :frames] *= np.arange(frames, dtype=np.float32) / np.float32(max(1, frames))


if sys.byteorder != "little":  # pragma: no cover - pydub's raw data is little-endian
    raise ImportError("Bulletin runs on little-endian processors only")
