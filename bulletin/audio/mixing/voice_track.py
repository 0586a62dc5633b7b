"""Clip -> Samples of the voice: each clip at the reference loudness, peaks limited, read once for all renditions."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bulletin.audio.metering.loudness import HOPS_PER_S, Floats, db_to_gain, measure_lufs, measure_powers
from bulletin.audio.mixing.limiter import limit_voice
from bulletin.audio.mixing.stretch import stretch_speech
from bulletin.audio.resampling import resample
from bulletin.audio.rundown_layout import VoicedPassage
from bulletin.errors import AudioError
from bulletin.model import Clip
from bulletin.runtime.sound_file import Samples, read_sound, to_mono

REFERENCE_LUFS = -16.0
"""Loudness of the voice while mixing; one gain then brings the mix to the target of its rendition."""
CACHE_BYTES = 32_000_000
"""Decoded clips in memory: five minutes of speech; the clips of a longer bulletin are decoded twice."""
_LEVELLED_CLIPS = 4
"""Finished clips in memory: renditions take turns, so those with the same ceiling ask for a clip one after the other."""
_LEAST_HZ = 24_000
"""The K-weighting filter is inexact at lower rates: 0.1 LU off at 11 kHz."""
_FADE_MS = 4
_MOST_GAIN_DB = 40.0
_DUAL_MONO_LU = 3.01
"""A mono voice reads this much louder on both channels of a stereo file."""
_TARGET_LUFS = REFERENCE_LUFS - _DUAL_MONO_LU


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceLevels:
    """Levels of voice and bed relative to one another, before the gain of the rendition."""

    voice_crest_db: float
    """Ceiling of the voice's peaks above its loudness, so that the last limiter has little to do."""
    bed_under_lu: float
    """Level of the bed below the voice, under speech."""


class VoiceTrack:
    """
    Levelled clips for all renditions of a bulletin, decoded when the mix reaches them.

    All have one sampling rate, the highest of any clip. Loudness is measured once for each clip and
    stretch; the samples of the last clips stay in memory.
    """

    def __init__(self, clips: Iterable[Clip], *, cache_bytes: int = CACHE_BYTES) -> None:
        rate_hz = max([_LEAST_HZ, *(clip.rate_hz for clip in clips)])
        self.rate_hz = -(-rate_hz // HOPS_PER_S) * HOPS_PER_S
        self._cache_bytes = cache_bytes
        self._gains: dict[tuple[Path, float], float] = {}
        self._powers: dict[tuple[Path, float], Floats] = {}
        self._decoded: OrderedDict[tuple[Path, float], Samples] = OrderedDict()
        self._levelled: OrderedDict[tuple[Path, float, float], Samples] = OrderedDict()

    def powers(self, voiced: VoicedPassage) -> Floats:
        """K-weighted power of one channel at the reference loudness, for each tenth of a second of the clip."""
        self._measure(voiced)
        return self._powers[voiced.clip.path, voiced.stretch]

    def samples(self, voiced: VoicedPassage, *, levels: VoiceLevels) -> Samples:
        """The clip (frames,) at the reference loudness, limited and with faded ends."""
        key = voiced.clip.path, voiced.stretch, levels.voice_crest_db
        if key not in self._levelled:
            while len(self._levelled) > _LEVELLED_CLIPS - 1:
                self._levelled.popitem(last=False)
            self._levelled[key] = self._level(voiced, levels)
        self._levelled.move_to_end(key)
        return self._levelled[key]

    def _level(self, voiced: VoicedPassage, levels: VoiceLevels) -> Samples:
        levelled = self._read(voiced) * np.float32(self._measure(voiced))
        ceiling_dbtp = REFERENCE_LUFS + levels.voice_crest_db
        limited = limit_voice(levelled, rate_hz=self.rate_hz, ceiling_dbtp=ceiling_dbtp)
        # In place: limit_voice may return the array it was given, which is ours alone.
        _fade_ends(limited, min(len(limited) // 2, self.rate_hz * _FADE_MS // 1000))
        return limited

    def _measure(self, voiced: VoicedPassage) -> float:
        """Gain that brings a clip to the reference loudness."""
        key = voiced.clip.path, voiced.stretch
        if key not in self._gains:
            mono = self._read(voiced)
            powers = measure_powers(mono, rate_hz=self.rate_hz)
            loudness = measure_lufs(mono, rate_hz=self.rate_hz, powers=powers)
            gain = db_to_gain(min(_TARGET_LUFS - loudness, _MOST_GAIN_DB))
            self._gains[key], self._powers[key] = gain, powers * gain**2
        return self._gains[key]

    def _read(self, voiced: VoicedPassage) -> Samples:
        """Decoded clip at the common rate, stretched."""
        key = voiced.clip.path, voiced.stretch
        if key not in self._decoded:
            mono, rate_hz = _read_mono(voiced.clip.path)
            mono = resample(mono, rate_hz=rate_hz, to_hz=self.rate_hz)
            if voiced.stretch != 1.0:
                mono = stretch_speech(mono, rate_hz=self.rate_hz, times=voiced.stretch)
            self._keep(key, mono)
        self._decoded.move_to_end(key)
        return self._decoded[key]

    def _keep(self, key: tuple[Path, float], mono: Samples) -> None:
        self._decoded[key] = mono
        size = sum(samples.nbytes for samples in self._decoded.values())
        while size > self._cache_bytes and len(self._decoded) > 1:
            _, oldest = self._decoded.popitem(last=False)
            size -= oldest.nbytes


def _fade_ends(mono: Samples, frames: int) -> None:
    """Fade both ends in place, linearly, so that nothing clicks."""
    ramp = np.arange(frames, dtype=np.float32) / np.float32(max(1, frames))
    mono[:frames] *= ramp
    mono[len(mono) - frames :] *= 1.0 - ramp


def _read_mono(path: Path) -> tuple[Samples, int]:
    samples, rate_hz = read_sound(path)
    if not len(samples) or not np.isfinite(samples).all():
        raise AudioError(f"{path}: contains no speech")
    return to_mono(samples), rate_hz
