"""Drums, cymbals and sweeps -> stereo sounds; the only pitch here is the timpani's."""

from __future__ import annotations

import numpy as np

from bulletin.imaging.sounds.oscillators import (
    Random,
    Wave,
    band_pass,
    clock,
    frames,
    high_pass,
    low_pass,
    midi_to_hz,
    pan,
    sine,
    struck,
)

_KETTLE_MODES = ((1, 1, 1.6), (1.5, 0.55, 1.2), (1.98, 0.3, 0.9), (2.44, 0.2, 0.6), (2.9, 0.1, 0.4))
"""Ratio, level, decay in seconds of a kettledrum's skin (Rossing, "Science of Percussion")."""
_CRASH_BANDS = ((350, 1500, 1.1, 0.2), (1500, 5000, 1.9, 0.6), (5000, 12_500, 1.5, 0.9))
"""Low and high edge in Hz, decay in seconds, level."""
_SWELL_BANDS_HZ = ((350.0, 1200.0), (900.0, 3200.0), (2600.0, 9000.0))


def impact(rng: Random) -> Wave:
    """The big hit of a headline: a falling drum, air, and a crack."""
    length_s = 1.8
    time_s = clock(length_s)
    pitch_hz = 46.0 + 95.0 * np.exp(-time_s / 0.035)
    drum = sine(pitch_hz, length_s) * struck(length_s, decay_s=1.5, attack_s=0.002)
    skin = sine(pitch_hz * 1.59, length_s) * struck(length_s, decay_s=0.5)

    def air() -> Wave:
        return low_pass(rng.standard_normal(len(time_s)), 700.0) * struck(length_s, decay_s=0.35)

    left = air()
    crack = band_pass(rng.standard_normal(len(time_s)), 1200.0, 5200.0) * struck(length_s, decay_s=0.09)
    return pan(drum + 0.35 * skin + 0.7 * crack, 0.0) + 0.8 * np.stack([left, air()], axis=1)


def kick(rng: Random) -> Wave:
    length_s = 0.4
    pitch_hz = 52.0 + 110.0 * np.exp(-clock(length_s) / 0.022)
    drum = sine(pitch_hz, length_s) * struck(length_s, decay_s=0.42, attack_s=0.002)
    click = band_pass(rng.standard_normal(frames(length_s)), 1500.0, 4500.0) * struck(length_s, decay_s=0.02)
    return pan(drum + 0.25 * click, 0.0)


def bass_drum(rng: Random) -> Wave:
    """A concert bass drum, softer than a kick and longer."""
    length_s = 0.9
    pitch_hz = 48.0 + 30.0 * np.exp(-clock(length_s) / 0.03)
    skin = sine(pitch_hz, length_s) * struck(length_s, decay_s=0.9, attack_s=0.004)
    felt = low_pass(rng.standard_normal(frames(length_s)), 500.0) * struck(length_s, decay_s=0.15)
    return pan(skin + 0.4 * felt, 0.0)


def timpani(note: float, rng: Random) -> Wave:
    length_s = 1.6
    pitch_hz = midi_to_hz(note)
    glide = 1.0 + 0.012 * np.exp(-clock(length_s) / 0.05)
    sound = np.zeros(frames(length_s))
    for ratio, level, decay_s in _KETTLE_MODES:
        tone = sine(pitch_hz * ratio * glide, length_s, start=rng.uniform())
        sound += level * tone * struck(length_s, decay_s=decay_s, attack_s=0.003)
    felt = low_pass(rng.standard_normal(len(sound)), 900.0) * struck(length_s, decay_s=0.12)
    return pan(sound + 0.5 * felt, 0.15)


def snare(rng: Random) -> Wave:
    length_s = 0.28
    skin = sine(186.0, length_s) + sine(331.0, length_s)
    wires = band_pass(rng.standard_normal(frames(length_s)), 1800.0, 8500.0) * struck(length_s, decay_s=0.24)
    return pan(0.35 * skin * struck(length_s, decay_s=0.12) + 0.9 * wires, -0.1)


def rim(rng: Random) -> Wave:
    """A stick across the rim of a snare drum."""
    length_s = 0.12
    wood = sine(820.0, length_s) + 0.6 * sine(1710.0, length_s)
    knock = band_pass(rng.standard_normal(frames(length_s)), 1200.0, 6000.0) * struck(length_s, decay_s=0.03)
    return pan(0.5 * wood * struck(length_s, decay_s=0.07) + 0.5 * knock, -0.1)


def clap(rng: Random) -> Wave:
    """A few hands, not quite together."""
    sound = np.zeros((frames(0.3), 2))
    for start_s in (0.0, 0.009, 0.019, 0.026):
        hand = band_pass(rng.standard_normal(frames(0.25)), 900.0, 3800.0) * struck(0.25, decay_s=0.16)
        start = frames(start_s) - 1
        sound[start : start + len(hand)] += pan(hand, rng.uniform(-0.6, 0.6))
    return sound


def hat(rng: Random) -> Wave:
    noise = high_pass(rng.standard_normal(frames(0.09)), 6500.0, 3) * struck(0.09, decay_s=0.07)
    return pan(low_pass(noise, 13_000.0), 0.3)


def shaker(rng: Random) -> Wave:
    shape = np.sin(np.pi * np.clip(clock(0.11) / 0.11, 0.0, 1.0)) ** 1.5
    return pan(band_pass(rng.standard_normal(len(shape)), 4200.0, 9500.0) * shape, -0.35)


def crash(rng: Random) -> Wave:
    """A cymbal: noise in three bands; the higher, the sooner it is gone; over a swarm of partials."""
    length_s = 2.6
    sound = np.zeros((frames(length_s), 2))
    for low_hz, high_hz, decay_s, level in _CRASH_BANDS:
        noise = band_pass(rng.standard_normal(sound.shape), low_hz, high_hz)
        sound += level * noise * struck(length_s, decay_s=decay_s, attack_s=0.004)[:, None]
    for _ in range(36):
        ring = 0.035 * sine(float(rng.uniform(900.0, 7500.0)), length_s, start=rng.uniform())
        sound += pan(ring * struck(length_s, decay_s=float(rng.uniform(0.6, 1.8))), rng.uniform(-1, 1))
    return sound


def swell(seconds: float, rng: Random) -> Wave:
    """A rush of air that rises into the next beat."""
    time_s = clock(seconds)
    share = time_s / seconds
    sound = np.zeros((len(time_s), 2))
    for number, (low_hz, high_hz) in enumerate(_SWELL_BANDS_HZ):
        weight = np.exp(-(((share - (number + 0.5) / len(_SWELL_BANDS_HZ)) / 0.38) ** 2))
        sound += band_pass(rng.standard_normal(sound.shape), low_hz, high_hz) * weight[:, None]
    fade = np.minimum(1.0, (seconds - time_s) / 0.015).clip(0.0)
    return np.asarray(sound * (share**2 * fade)[:, None])
