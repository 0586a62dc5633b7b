"""Samples <-> clips that can be cut, faded and joined: the only file that knows pydub and soxr."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Sequence

import numpy as np
import soxr

from bulletin.runtime.sound_file import Samples

with warnings.catch_warnings():
    # pydub looks for ffmpeg when it is imported, which we never use, and 0.25.1 holds unescaped patterns
    # and, up to Python 3.12, the standard library's deprecated audioop. All at once: to tell them apart
    # would compile five patterns, for 4 ms.
    warnings.simplefilter("ignore")
    from pydub import AudioSegment

_FULL_SCALE = float(2**27)
"""Of 2**31: 24 dB of headroom, so that no gain before the limiter can clip, and 28 bits of resolution."""
_MOST = 15.9 * _FULL_SCALE


class Sound:
    """
    A stretch of sound as a pydub segment of 32-bit samples, counted in frames.

    pydub places, cuts, fades and joins. It neither resamples (it would draw straight lines), nor
    overlays (it clips), nor sets levels: those happen in float, before and after.
    """

    __slots__ = ("_segment",)

    def __init__(self, segment: AudioSegment) -> None:
        self._segment = segment

    @property
    def frames(self) -> int:
        return int(self._segment.frame_count())

    @property
    def nbytes(self) -> int:
        return len(self._segment.raw_data)

    def cut(self, start: int, end: int) -> Sound:
        """The frames from `start` up to `end`."""
        return Sound(self._segment.get_sample_slice(start, end))

    def faded(self, *, in_ms: int = 0, out_ms: int = 0) -> Sound:
        """
        Fade the ends; a short sound is faded by halves.

        Each end is cut off to the frame first: pydub counts in whole milliseconds, and would leave a
        step at the end of a sound that isn't.
        """
        most_ms = self.frames * 500 // self._segment.frame_rate
        in_ms, out_ms = min(in_ms, most_ms), min(out_ms, most_ms)
        head_ends, tail_starts = self._count(in_ms), self.frames - self._count(out_ms)
        head, tail = self.cut(0, head_ends), self.cut(tail_starts, self.frames)
        if in_ms:
            head = Sound(head._segment.fade_in(in_ms)).cut(0, head.frames)
        if out_ms:
            tail = Sound(tail._segment.fade_out(out_ms)).cut(0, tail.frames)
        # The long middle is copied once, and not cut out before.
        width = self._segment.frame_width
        body = memoryview(self._segment.raw_data)[head_ends * width : tail_starts * width]
        return _make_sound([head._segment.raw_data, body, tail._segment.raw_data], like=self._segment)

    def _count(self, milliseconds: int) -> int:
        return int(milliseconds * self._segment.frame_rate / 1000)


def make_sound(samples: Samples, *, rate_hz: int) -> Sound:
    """Float samples, (frames,) or (frames, channels), as a clip."""
    channels = 1 if samples.ndim == 1 else samples.shape[1]
    scaled = np.multiply(samples, np.float32(_FULL_SCALE), order="C")
    # Bounds are looked for first: that is quicker than to clip what hardly ever needs it.
    if scaled.size and max(float(scaled.max()), -float(scaled.min())) > _MOST:
        np.clip(scaled, -_MOST, _MOST, out=scaled)
    whole = np.rint(scaled, out=scaled).astype(np.int32)
    return Sound(AudioSegment(whole.tobytes(), sample_width=4, frame_rate=rate_hz, channels=channels))


def make_silence(frames: int, *, rate_hz: int, channels: int = 1) -> Sound:
    """Nothing, for `frames` frames."""
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
    One after the other; all have the same rate and channels.

    All at once: pydub's own `+` copies what it has for every piece, so that 800 pieces take 32 s.
    """
    return _make_sound([sound._segment.raw_data for sound in sounds], like=sounds[0]._segment)


def _make_sound(pieces: Sequence[bytes | memoryview], *, like: AudioSegment) -> Sound:
    return Sound(
        AudioSegment(
            b"".join(pieces),
            sample_width=like.sample_width,
            frame_rate=like.frame_rate,
            channels=like.channels,
        )
    )


def resample(samples: Samples, *, rate_hz: int, to_hz: int) -> Samples:
    """Another sampling rate; the length is rounded to the nearest frame."""
    if rate_hz == to_hz:
        return samples
    wanted = resampled_frames(len(samples), rate_hz=rate_hz, to_hz=to_hz)
    out: Samples = soxr.resample(samples, rate_hz, to_hz, quality="HQ")
    if len(out) < wanted:
        out = np.pad(out, ((0, wanted - len(out)), *[(0, 0)] * (out.ndim - 1)))
    return out[:wanted]


class Resampler:
    """One channel that comes in pieces, at another sampling rate; what comes out begins when what goes in does."""

    def __init__(self, *, rate_hz: int, to_hz: int) -> None:
        self._is_needed = rate_hz != to_hz
        self._stream = soxr.ResampleStream(rate_hz, to_hz, 1, dtype="float32", quality="HQ")

    def feed(self, mono: Samples, *, is_last: bool) -> Samples:
        """What is known after the next frames: at first a little less than is theirs, at last all."""
        if not self._is_needed:
            return mono
        out: Samples = self._stream.resample_chunk(np.ascontiguousarray(mono), last=is_last)
        return out


def resampled_frames(frames: int, *, rate_hz: int, to_hz: int) -> int:
    """How many frames a sound has at another rate."""
    return round(frames * to_hz / rate_hz)


if sys.byteorder != "little":  # pragma: no cover - pydub's raw data is little-endian, as are all our machines
    raise ImportError("bulletin mixes on little-endian machines only")
