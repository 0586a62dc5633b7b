"""Clips -> the voice: read once for all renditions, each clip at the same loudness, its peaks held."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bulletin.audio.clip_editing import Sound, make_sound, resample
from bulletin.audio.layout import VoicedPassage
from bulletin.audio.metering.loudness import HOPS_PER_S, Floats, db_to_gain, measure_lufs, measure_powers
from bulletin.audio.mixing.limiter import hold_voice
from bulletin.audio.mixing.stretch import stretch_speech
from bulletin.errors import AudioError
from bulletin.model import Clip
from bulletin.runtime.sound_file import Samples, read_sound, to_mono

REFERENCE_LUFS = -16.0
"""Everything is rendered beside a voice of this loudness; one gain makes of it what a rendition asks for."""
KEPT_BYTES = 32_000_000
"""Clips kept for the second look: those of five minutes; a longer bulletin reads its clips twice."""
_HEARD = 4
"""Finished clips kept: renditions take turns, so those with the same peaks ask for them one after the other."""
_LEAST_HZ = 24_000
"""Below it the loudness filter bends: at 11 kHz it reads 0.1 LU amiss."""
_FADE_MS = 4
_MOST_GAIN_DB = 40.0
_DUAL_MONO_LU = 3.01
"""The same voice on both sides of a stereo file reads this much louder than alone."""
_TARGET_LUFS = REFERENCE_LUFS - _DUAL_MONO_LU


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceLevels:
    """How things lie beside one another, before one gain brings the whole to its target."""

    voice_crest_db: float
    """Peaks of the voice are held this far over its loudness, so that the last limiter has little to do."""
    bed_under_lu: float


class VoiceTrack:
    """
    Reads clips when their time comes, and levels them, for all renditions of a bulletin.

    All come out at one rate, the highest of theirs. A clip is measured once; how it was found is
    remembered, and so are the samples of the last ones.
    """

    def __init__(self, clips: Iterable[Clip], *, kept_bytes: int = KEPT_BYTES) -> None:
        rate_hz = max([_LEAST_HZ, *(clip.rate_hz for clip in clips)])
        self.rate_hz = -(-rate_hz // HOPS_PER_S) * HOPS_PER_S
        self._kept_bytes = kept_bytes
        self._gains: dict[tuple[Path, float], float] = {}
        self._powers: dict[tuple[Path, float], Floats] = {}
        self._kept: OrderedDict[tuple[Path, float], Samples] = OrderedDict()
        self._heard: OrderedDict[tuple[Path, float, float], Sound] = OrderedDict()

    def powers(self, one: VoicedPassage) -> Floats:
        """K-weighted powers of one side, at the reference, for each tenth of a second of the clip."""
        self._measure(one)
        return self._powers[one.clip.path, one.stretch]

    def sound(self, one: VoicedPassage, *, levels: VoiceLevels) -> Sound:
        """The clip as it is heard at the reference."""
        key = one.clip.path, one.stretch, levels.voice_crest_db
        if key not in self._heard:
            while len(self._heard) >= _HEARD:
                self._heard.popitem(last=False)
            self._heard[key] = self._make_sound(one, levels)
        self._heard.move_to_end(key)
        return self._heard[key]

    def _make_sound(self, one: VoicedPassage, levels: VoiceLevels) -> Sound:
        levelled = self._read(one) * np.float32(self._measure(one))
        ceiling_dbtp = REFERENCE_LUFS + levels.voice_crest_db
        held = hold_voice(levelled, rate_hz=self.rate_hz, ceiling_dbtp=ceiling_dbtp)
        # hold_voice may hand back what it was given, which is nobody else's here.
        _fade_ends(held, min(len(held) // 2, self.rate_hz * _FADE_MS // 1000))
        return make_sound(held, rate_hz=self.rate_hz)

    def _measure(self, one: VoicedPassage) -> float:
        """The gain that brings a clip to the reference."""
        key = one.clip.path, one.stretch
        if key not in self._gains:
            mono = self._read(one)
            powers = measure_powers(mono, rate_hz=self.rate_hz)
            loudness = measure_lufs(mono, rate_hz=self.rate_hz, powers=powers)
            gain = db_to_gain(min(_TARGET_LUFS - loudness, _MOST_GAIN_DB))
            self._gains[key], self._powers[key] = gain, powers * gain**2
        return self._gains[key]

    def _read(self, one: VoicedPassage) -> Samples:
        """A clip at the common rate, stretched as it should be."""
        key = one.clip.path, one.stretch
        if key not in self._kept:
            mono, rate_hz = _read_mono(one.clip.path)
            mono = resample(mono, rate_hz=rate_hz, to_hz=self.rate_hz)
            if one.stretch != 1.0:
                mono = stretch_speech(mono, rate_hz=self.rate_hz, times=one.stretch)
            self._keep(key, mono)
        self._kept.move_to_end(key)
        return self._kept[key]

    def _keep(self, key: tuple[Path, float], mono: Samples) -> None:
        self._kept[key] = mono
        size = sum(samples.nbytes for samples in self._kept.values())
        while size > self._kept_bytes and len(self._kept) > 1:
            _, oldest = self._kept.popitem(last=False)
            size -= oldest.nbytes


def _fade_ends(mono: Samples, frames: int) -> None:
    """
    In place, along straight lines, so that nothing clicks.

    pydub's own way fades so short a stretch frame by frame, for half a millisecond an end.
    """
    ramp = np.arange(frames, dtype=np.float32) / np.float32(max(1, frames))
    mono[:frames] *= ramp
    mono[len(mono) - frames :] *= 1.0 - ramp


def _read_mono(path: Path) -> tuple[Samples, int]:
    samples, rate_hz = read_sound(path)
    if not len(samples) or not np.isfinite(samples).all():
        raise AudioError(f"{path}: holds no speech")
    return to_mono(samples), rate_hz
