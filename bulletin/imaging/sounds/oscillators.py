"""Oscillators, envelopes, panning and filters: the parts of a note."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.signal import butter, sosfilt

RATE_HZ = 44_100
_TABLE = 4096

Wave = npt.NDArray[np.float64]
"""Shape (frames,) for mono, (frames, 2) for stereo."""
Random = np.random.RandomState
"""numpy promises that this generator's numbers never change (NEP 19); the newer one's may."""


def midi_to_hz(note: float) -> float:
    """69 is the A of 440 Hz; a twelfth of an octave a step."""
    return float(440.0 * 2.0 ** ((note - 69.0) / 12.0))


def db_to_gain(db: float) -> float:
    return float(10.0 ** (db / 20.0))


def frames(seconds: float) -> int:
    return max(1, round(seconds * RATE_HZ))


def clock(seconds: float) -> Wave:
    """Seconds since the start, for every frame."""
    return np.arange(frames(seconds)) / RATE_HZ


@lru_cache(maxsize=512)
def saw_table(pitch_hz: float, cutoff_hz: float, slope: float = 2.0) -> Wave:
    """One cycle of a saw without a harmonic that would alias, dulled above `cutoff_hz`."""
    harmonics = np.arange(1, max(2, int(min(0.42 * RATE_HZ, 16_000.0) / pitch_hz)) + 1)
    level = 1.0 / harmonics / np.sqrt(1.0 + (harmonics * pitch_hz / cutoff_hz) ** (2.0 * slope))
    spectrum = np.zeros(_TABLE // 2 + 1, dtype=np.complex128)
    usable = harmonics[harmonics < _TABLE // 4]
    # Phases spread by the square of the harmonic keep the cycle's crest, and so the mix's peaks, low.
    spectrum[usable] = level[: len(usable)] * np.exp(1j * np.pi * usable**2 / len(usable))
    table = np.fft.irfft(spectrum, _TABLE)
    table /= np.sqrt(np.mean(table**2)) * 2.0
    return np.append(table, table[0])


def read_table(table: Wave, phase: Wave) -> Wave:
    """Play a cycle; `phase` counts cycles."""
    position = (phase % 1.0) * _TABLE
    below = np.minimum(position.astype(np.int64), _TABLE - 1)
    share = position - below
    return np.asarray(table[below] * (1.0 - share) + table[below + 1] * share)


def phase_of(pitch_hz: float | Wave, seconds: float, *, start: float = 0.0) -> Wave:
    """Cycles since the start for a steady or a moving pitch."""
    return start + np.cumsum(np.broadcast_to(np.asarray(pitch_hz), (frames(seconds),))) / RATE_HZ


def sine(pitch_hz: float | Wave, seconds: float, *, start: float = 0.0) -> Wave:
    """A pure tone; `start` in cycles."""
    return np.asarray(np.sin(2.0 * np.pi * phase_of(pitch_hz, seconds, start=start)))


def adsr(held_s: float, *, attack_s: float, decay_s: float, sustain: float, release_s: float) -> Wave:
    """Attack (a soft S), decay towards `sustain` of full, release after `held_s`; ends at nothing."""
    time_s = clock(held_s + release_s)
    rise = np.clip(time_s / attack_s, 0.0, 1.0)
    shape = np.sin(rise * np.pi / 2.0) ** 2
    shape *= sustain + (1.0 - sustain) * np.exp(-np.maximum(0.0, time_s - attack_s) * 3.0 / decay_s)
    fall = np.clip((time_s - held_s) / release_s, 0.0, 1.0)
    return shape * (1.0 - fall) ** 2 * np.exp(-2.0 * fall)


def struck(seconds: float, *, decay_s: float, attack_s: float = 0.001) -> Wave:
    """A blow: quick rise, then 60 dB down after `decay_s`; the last 10 ms fade to nothing."""
    time_s = clock(seconds)
    shape = np.minimum(1.0, time_s / attack_s) * 10.0 ** (-3.0 * time_s / decay_s)
    return np.asarray(shape * np.minimum(1.0, (seconds - time_s) / 0.01).clip(0.0))


def pan(mono: Wave, side: float) -> Wave:
    """Mono sound in stereo: -1 is left, 1 is right; equal power."""
    angle = (side + 1.0) * np.pi / 4.0
    return np.stack([mono * np.cos(angle), mono * np.sin(angle)], axis=1)


def low_pass(sound: Wave, cutoff_hz: float) -> Wave:
    return _butterworth(sound, "lowpass", cutoff_hz, order=2)


def high_pass(sound: Wave, cutoff_hz: float, order: int = 2) -> Wave:
    return _butterworth(sound, "highpass", cutoff_hz, order=order)


def band_pass(sound: Wave, low_hz: float, high_hz: float) -> Wave:
    return _butterworth(sound, "bandpass", (low_hz, high_hz), order=1)


def _butterworth(sound: Wave, kind: str, cutoff_hz: float | tuple[float, float], *, order: int) -> Wave:
    return _filter(butter(order, cutoff_hz, kind, fs=RATE_HZ, output="sos"), sound)


def _filter(sections: Wave, sound: Wave) -> Wave:
    return np.asarray(sosfilt(sections, sound, axis=0))


def bell_eq(sound: Wave, centre_hz: float, gain_db: float, q: float = 0.8) -> Wave:
    """Lift or cut around one frequency (the cookbook's peaking filter, R. Bristow-Johnson)."""
    level = 10.0 ** (gain_db / 40.0)
    turn = 2.0 * np.pi * centre_hz / RATE_HZ
    width, cosine = np.sin(turn) / (2.0 * q), -2.0 * np.cos(turn)
    section = [1 + width * level, cosine, 1 - width * level, 1 + width / level, cosine, 1 - width / level]
    return _filter(np.array([section]) / section[3], sound)


def shelf_eq(sound: Wave, corner_hz: float, gain_db: float, *, side: int) -> Wave:
    """Lift or cut everything below (`side` -1) or above (`side` 1) a frequency; same source."""
    level = 10.0 ** (gain_db / 40.0)
    turn = 2.0 * np.pi * corner_hz / RATE_HZ
    cosine, slope = side * np.cos(turn), np.sqrt(2.0 * level) * np.sin(turn)
    up, down = level + 1.0, level - 1.0
    top = [
        level * (up + down * cosine + slope),
        -2 * side * level * (down + up * cosine),
        level * (up + down * cosine - slope),
    ]
    bottom = [up - down * cosine + slope, 2 * side * (down - up * cosine), up - down * cosine - slope]
    return _filter(np.array([[*top, *bottom]]) / bottom[0], sound)
