"""Samples <-> clips that are cut, faded and joined: the only file that knows pydub."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Sequence

import numpy as np

from bulletin.runtime.sound_file import Samples

with warnings.catch_warnings():
    # pydub looks for ffmpeg at its import, which we never use, and 0.25.1 has unescaped patterns and, up to
    # Python 3.12, the standard library's deprecated audioop.
    warnings.simplefilter("ignore")
    from pydub import AudioSegment

_FULL_SCALE = float(2**27)
"""Of 2**31: 24 dB of headroom, so that no gain before the limiter can clip, and 28 bits of resolution."""
_PEAK = 15.9 * _FULL_SCALE


class Sound:
    """
    Stretch of sound as a pydub segment of 32-bit samples, counted in frames.

    pydub cuts, fades and joins. It neither resamples (it would interpolate linearly), nor overlays (it clips), nor
    sets levels: those happen in float, before and after.
    """

    __slots__ = ("_segment",)

    def __init__(self, segment: AudioSegment) -> None:
        self._segment = segment

    @property
    def frames(self) -> int:
        return int(self._segment.frame_count())

    def cut(self, start: int, end: int) -> Sound:
        """The frames from `start` up to `end`."""
        return Sound(self._segment.get_sample_slice(start, end))

    def faded(self, *, in_ms: int = 0, out_ms: int = 0) -> Sound:
        """
        Fade the ends; each takes half of a short sound at most.

        Each end is cut to the frame first: pydub counts whole milliseconds, and would leave a step at the end.
        """
        most_ms = self.frames * 500 // self._segment.frame_rate
        in_ms, out_ms = min(in_ms, most_ms), min(out_ms, most_ms)
        head_ends, tail_starts = self._count(in_ms), self.frames - self._count(out_ms)
        head, tail = self.cut(0, head_ends), self.cut(tail_starts, self.frames)
        if in_ms:
            head = Sound(head._segment.fade_in(in_ms)).cut(0, head.frames)
        if out_ms:
            tail = Sound(tail._segment.fade_out(out_ms)).cut(0, tail.frames)
        return join_sounds([head, self.cut(head_ends, tail_starts), tail])

    def _count(self, milliseconds: int) -> int:
        return int(milliseconds * self._segment.frame_rate / 1000)


def make_sound(samples: Samples, *, rate_hz: int) -> Sound:
    """Float samples, (frames,) or (frames, channels), as a clip."""
    channels = 1 if samples.ndim == 1 else samples.shape[1]
    scaled = np.multiply(samples, np.float32(_FULL_SCALE), order="C")
    # Comparing first is quicker than clipping, which is hardly ever needed.
    if scaled.size and max(float(scaled.max()), -float(scaled.min())) > _PEAK:
        np.clip(scaled, -_PEAK, _PEAK, out=scaled)
    whole = np.rint(scaled, out=scaled).astype(np.int32)
    return Sound(AudioSegment(whole.tobytes(), sample_width=4, frame_rate=rate_hz, channels=channels))


def make_silence(frames: int, *, rate_hz: int, channels: int = 1) -> Sound:
    """Silence of `frames` frames."""
    return Sound(
        AudioSegment(bytes(frames * channels * 4), sample_width=4, frame_rate=rate_hz, channels=channels)
    )


def to_samples(sound: Sound) -> Samples:
    """A clip as float samples of shape (frames, channels)."""
    segment = sound._segment
    whole = np.frombuffer(segment.raw_data, dtype=np.int32).reshape(-1, segment.channels)
    return np.multiply(whole, np.float32(1 / _FULL_SCALE), dtype=np.float32)


def join_sounds(sounds: Sequence[Sound]) -> Sound:
    """
    Join sounds of one rate and one number of channels, all at once.

    pydub's own `+` copies everything for every piece, so that 800 pieces take 32 s.
    """
    like = sounds[0]._segment
    return Sound(
        AudioSegment(
            b"".join(sound._segment.raw_data for sound in sounds),
            sample_width=like.sample_width,
            frame_rate=like.frame_rate,
            channels=like.channels,
        )
    )


if sys.byteorder != "little":  # pragma: no cover - pydub's raw data is little-endian
    raise ImportError("bulletin mixes on little-endian machines only")
