"""Clips -> the voice: each at the same loudness, its peaks held, at the mixing rate."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

import numpy as np

from bulletin.audio.layout import Voiced
from bulletin.audio.limiter import limit
from bulletin.audio.loudness import (
    HOPS_PER_S,
    Floats,
    db_to_gain,
    lufs_to_power,
    measure_lufs,
    measure_powers,
)
from bulletin.audio.sound import Sound, make_sound, resample
from bulletin.audio.stretch import stretch_speech
from bulletin.errors import AudioError
from bulletin.pcm import Samples, read_sound, to_mono

KEPT_BYTES = 48_000_000
"""Levelled clips kept for the second look: a three-minute bulletin's; a long one reads its clips twice."""
_FADE_MS = 4
_MOST_GAIN_DB = 40.0
_DUAL_MONO_LU = 3.01
"""The same voice on both sides of a stereo file reads this much louder than alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """How loud things are before the whole is brought to its target."""

    voice_lufs: float
    """Of every clip, as heard on both sides."""
    voice_peak_dbtp: float
    """Peaks of the voice are held under this, so that the last limiter has little to do."""
    bed_under_lu: float


class VoiceDesk:
    """
    Reads clips when their time comes, and levels them.

    Every clip is looked at twice, once to measure and once to play; how it was levelled is
    remembered, and so are the samples of the last ones.
    """

    def __init__(self, *, rate_hz: int, levels: Levels, kept_bytes: int = KEPT_BYTES) -> None:
        self._rate_hz = rate_hz
        self._levels = levels
        self._kept_bytes = kept_bytes
        self._gains: dict[Voiced, tuple[float, ...]] = {}
        self._kept: OrderedDict[Voiced, tuple[Samples, int]] = OrderedDict()
        self._sounding: tuple[Voiced, Sound] | None = None

    def powers(self, one: Voiced) -> Floats:
        """K-weighted hop powers of one side, on the bulletin's grid, from the hop in which the clip starts."""
        mono, rate_hz = self._read(one)
        offset = round(one.start / self._rate_hz % (1 / HOPS_PER_S) * rate_hz)
        powers = measure_powers(mono, rate_hz=rate_hz, offset=offset)
        loudness = measure_lufs(mono, rate_hz=rate_hz, powers=powers)
        target = self._levels.voice_lufs - _DUAL_MONO_LU
        gain = db_to_gain(min(target - loudness, _MOST_GAIN_DB))
        levelled = self._turned(mono, rate_hz, gain)
        # What the limiter takes, it takes from vowels: K-weighting would hardly change the share.
        makeup = float(np.sqrt(np.square(mono).sum() * gain**2 / max(np.square(levelled).sum(), 1e-12)))
        self._gains[one] = (gain, makeup) if makeup > 1.002 else (gain,)
        if makeup > 1.002:
            levelled = self._turned(levelled, rate_hz, makeup)
        self._keep(one, levelled, rate_hz)
        return powers * (lufs_to_power(target) / lufs_to_power(loudness))

    def sound(self, one: Voiced) -> Sound:
        """The clip as it is heard, exactly as long as its place; the current one is kept."""
        if self._sounding is None or self._sounding[0] != one:
            mono, rate_hz = self._levelled(one)
            whole = resample(mono, rate_hz=rate_hz, to_hz=self._rate_hz)
            frames = one.end - one.start
            whole = whole[:frames] if len(whole) >= frames else np.pad(whole, (0, frames - len(whole)))
            sound = make_sound(whole, rate_hz=self._rate_hz)
            self._sounding = one, sound.faded(in_ms=_FADE_MS, out_ms=_FADE_MS)
        return self._sounding[1]

    def _levelled(self, one: Voiced) -> tuple[Samples, int]:
        if one not in self._gains:
            self.powers(one)
        if one not in self._kept:
            mono, rate_hz = self._read(one)
            for gain in self._gains[one]:
                mono = self._turned(mono, rate_hz, gain)
            self._keep(one, mono, rate_hz)
        self._kept.move_to_end(one)
        return self._kept[one]

    def _keep(self, one: Voiced, mono: Samples, rate_hz: int) -> None:
        self._kept[one] = mono, rate_hz
        while (
            sum(samples.nbytes for samples, _ in self._kept.values()) > self._kept_bytes
            and len(self._kept) > 1
        ):
            self._kept.popitem(last=False)

    def _turned(self, mono: Samples, rate_hz: int, gain: float) -> Samples:
        louder = np.asarray(mono * np.float32(gain), dtype=np.float32)
        return limit(louder[:, None], rate_hz=rate_hz, ceiling_dbtp=self._levels.voice_peak_dbtp)[:, 0]

    def _read(self, one: Voiced) -> tuple[Samples, int]:
        """A clip, stretched as it should be, at its own rate, or at the mixing rate if tenths of a second don't come out even at its own."""
        path = one.clip.path
        samples, rate_hz = read_sound(path)
        if not len(samples) or not np.isfinite(samples).all():
            raise AudioError(f"{path}: holds no speech")
        mono = to_mono(samples)
        if one.stretch != 1.0:
            mono = stretch_speech(mono, rate_hz=rate_hz, times=one.stretch)
        if rate_hz % HOPS_PER_S:
            return resample(mono, rate_hz=rate_hz, to_hz=self._rate_hz), self._rate_hz
        return mono, rate_hz
