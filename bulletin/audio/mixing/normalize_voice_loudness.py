"""Clip -> Samples of the voice: each clip at the reference loudness, peaks limited, read once for all renditions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from pathlib import Path

import numpy as np

from bulletin.audio.fade_and_join_clips import fade_ends
from bulletin.audio.metering.loudness import HOPS_PER_S, Floats, db_to_gain, measure_lufs, measure_powers
from bulletin.audio.mixing.limiter import limit_voice
from bulletin.audio.mixing.time_stretch import stretch_speech
from bulletin.audio.music.load_jingles import REFERENCE_LUFS
from bulletin.audio.place_sounds_on_timeline import VoicedPassage
from bulletin.errors import AudioError
from bulletin.model import Clip
from bulletin.runtime.read_sound_file import Samples, read_sound, to_mono
from bulletin.runtime.resampling import resample

_DECODED_BYTES = 48e6
"""Decoded clips in memory: eight minutes, or less with several stretches; those of a longer bulletin are read twice."""
_LEVELLED_CLIPS = 4
"""Finished clips in memory: renditions take turns, so those with the same ceiling ask for a clip one after the other."""
_LEAST_HZ = 24_000
"""The K-weighting filter is inexact at lower rates: 0.1 LU off at 11 kHz."""
_FADE_MS = 4
_MOST_GAIN_DB = 40.0
_DUAL_MONO_LU = 3.01
"""A mono voice reads this much louder on both channels of a stereo file."""
_TARGET_LUFS = REFERENCE_LUFS - _DUAL_MONO_LU

Read = Callable[[Path, float], Samples]
"""File and stretch -> decoded clip."""
Measure = Callable[[Path, float], tuple[float, Floats]]
"""File and stretch -> gain, and powers with that gain."""


class VoiceTrack:
    """
    Levelled clips for all renditions of a bulletin, decoded when the mix reaches them.

    All have one sampling rate, the highest of any clip. Loudness is measured once for each clip and
    stretch; the samples of the last clips stay in memory.
    """

    def __init__(self, clips: Iterable[Clip]) -> None:
        clips = tuple(clips)
        rate_hz = max([_LEAST_HZ, *(clip.rate_hz for clip in clips)])
        self.rate_hz = -(-rate_hz // HOPS_PER_S) * HOPS_PER_S
        clip_bytes = 4 * self.rate_hz * sum(clip.duration_s for clip in clips) / max(1, len(clips))
        # functions, not methods: caches that refer to the track would keep all clips until the next garbage collection
        kept = int(_DECODED_BYTES / max(1.0, clip_bytes))
        self._read: Read = lru_cache(kept)(partial(_read_clip, rate_hz=self.rate_hz))
        self._measure = lru_cache(None)(partial(_measure_clip, self._read, rate_hz=self.rate_hz))
        self._level = lru_cache(_LEVELLED_CLIPS)(
            partial(_level_clip, self._read, self._measure, self.rate_hz)
        )

    def powers(self, voiced: VoicedPassage) -> Floats:
        """K-weighted power of one channel at the reference loudness, for each tenth of a second of the clip."""
        return self._measure(voiced.clip.path, voiced.stretch)[1]

    def samples(self, voiced: VoicedPassage, *, crest_db: float) -> Samples:
        """The clip (frames,) at the reference loudness, with faded ends, its peaks at most `crest_db` above it."""
        return self._level(voiced.clip.path, voiced.stretch, crest_db)

    def levelled(self, voiced: VoicedPassage) -> Samples:
        """The clip (frames,) at the reference loudness, before peaks are limited and ends faded."""
        path, stretch = voiced.clip.path, voiced.stretch
        levelled: Samples = self._read(path, stretch) * np.float32(self._measure(path, stretch)[0])
        return levelled


def _level_clip(
    read: Read, measure: Measure, rate_hz: int, path: Path, stretch: float, crest_db: float
) -> Samples:
    levelled = read(path, stretch) * np.float32(measure(path, stretch)[0])
    limited = limit_voice(levelled, rate_hz=rate_hz, ceiling_dbtp=REFERENCE_LUFS + crest_db)
    # In place: limit_voice may return the array it was given, which is ours alone.
    fade_ends(limited, rate_hz=rate_hz, in_ms=_FADE_MS, out_ms=_FADE_MS)
    return limited


def _measure_clip(read: Read, path: Path, stretch: float, *, rate_hz: int) -> tuple[float, Floats]:
    """Gain that brings a clip to the reference loudness, and its powers then."""
    mono = read(path, stretch)
    powers = measure_powers(mono, rate_hz=rate_hz)
    loudness = measure_lufs(mono, rate_hz=rate_hz, powers=powers)
    gain = db_to_gain(min(_TARGET_LUFS - loudness, _MOST_GAIN_DB))
    return gain, powers * gain**2


def _read_clip(path: Path, stretch: float, *, rate_hz: int) -> Samples:
    """Decoded clip at the common rate, stretched."""
    samples, read_hz = read_sound(path)
    if not len(samples) or not np.isfinite(samples).all():
        raise AudioError(f"{path}: the speech in it is empty or damaged; make the bulletin again")
    mono = resample(to_mono(samples), rate_hz=read_hz, to_hz=rate_hz)
    return stretch_speech(mono, rate_hz=rate_hz, times=stretch) if stretch != 1.0 else mono
