"""MIDI note -> stereo sound of an instrument; all have about the same loudness."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from bulletin.imaging.sounds.oscillators import (
    RATE_HZ,
    Random,
    Wave,
    adsr,
    band_pass,
    bell_eq,
    clock,
    frames,
    high_pass,
    midi_to_hz,
    pan,
    phase_of,
    read_table,
    saw_table,
    sine,
    struck,
)

Instrument = Callable[[float, float, Random], Wave]
"""(MIDI note, seconds held, random numbers) -> stereo sound, a little longer than held."""
Partials = tuple[tuple[float, float, float], ...]
"""Ratio to the pitch, level, seconds to fall 60 dB."""


def trumpets(note: float, held_s: float, rng: Random) -> Wave:
    return _brass(note, held_s, rng, cutoffs_hz=(900.0, 5200.0), attack_s=0.028)


def horns(note: float, held_s: float, rng: Random) -> Wave:
    return _brass(note, held_s, rng, cutoffs_hz=(450.0, 2100.0), attack_s=0.045)


def _brass(
    note: float, held_s: float, rng: Random, *, cutoffs_hz: tuple[float, float], attack_s: float
) -> Wave:
    """Four players: a saw wave that is brighter when it is louder."""
    players, release_s = 4, 0.16
    length_s = held_s + release_s
    time_s = clock(length_s)
    pitch_hz = midi_to_hz(note)
    shape = adsr(held_s, attack_s=attack_s, decay_s=0.35, sustain=0.72, release_s=release_s)
    bright = np.clip(shape * (0.55 + 0.6 * np.exp(-time_s / 0.12)), 0.0, 1.0) ** 1.4
    dull_table, bright_table = (saw_table(round(pitch_hz, 3), max(c, pitch_hz * 1.2)) for c in cutoffs_hz)
    sound = np.zeros((len(time_s), 2))
    for player in range(players):
        cents = rng.uniform(-7.0, 7.0) - 35.0 * np.exp(-time_s / (0.018 + 0.01 * rng.uniform()))
        late = np.clip((time_s - 0.28) / 0.35, 0.0, 1.0)
        cents = cents + 9.0 * late * np.sin(2.0 * np.pi * (5.0 + 0.5 * rng.uniform()) * time_s + player)
        phase = phase_of(pitch_hz * 2.0 ** (cents / 1200.0), length_s, start=rng.uniform())
        tone = read_table(dull_table, phase) * (1.0 - bright) + read_table(bright_table, phase) * bright
        start = rng.randint(0, frames(0.008))
        sound[start:] += pan(tone * shape, (player / (players - 1) - 0.5) * 0.9)[: len(sound) - start]
    breath = band_pass(rng.standard_normal(len(time_s)), 1200.0, 5000.0) * np.exp(-time_s / 0.03) * 0.10
    sound += pan(breath * shape, 0.0)
    return bell_eq(sound, 1300.0, 2.5, 0.9) / float(np.sqrt(players))


def strings(note: float, held_s: float, rng: Random) -> Wave:
    """A section with long bows."""
    return _section(note, held_s, rng, attack_s=min(0.16, held_s * 0.4), release_s=0.35, cutoff_hz=3600.0)


def low_strings(note: float, held_s: float, rng: Random) -> Wave:
    return _section(note, held_s, rng, attack_s=min(0.09, held_s * 0.3), release_s=0.3, cutoff_hz=1500.0)


def spiccato(note: float, held_s: float, rng: Random) -> Wave:
    """The same section with short, bouncing bows: the motor of a news theme."""
    sound = _section(note, min(held_s, 0.09), rng, attack_s=0.009, release_s=0.16, cutoff_hz=4200.0)
    bow = band_pass(rng.standard_normal(len(sound)), 1800.0, 6500.0)
    return sound + pan(bow * struck(len(sound) / RATE_HZ, decay_s=0.08) * 0.16, 0.0)


def pad(note: float, held_s: float, rng: Random) -> Wave:
    """A wide, soft synthesizer."""
    attack_s = min(0.3, held_s * 0.5)
    return _section(note, held_s, rng, attack_s=attack_s, release_s=0.5, cutoff_hz=1300.0, cents=11.0)


def _section(
    note: float,
    held_s: float,
    rng: Random,
    *,
    attack_s: float,
    release_s: float,
    cutoff_hz: float,
    cents: float = 8.0,
) -> Wave:
    players = 6
    length_s = held_s + release_s
    time_s = clock(length_s)
    pitch_hz = midi_to_hz(note)
    table = saw_table(round(pitch_hz, 3), max(cutoff_hz, pitch_hz * 1.5), 1.2)
    shape = adsr(held_s, attack_s=attack_s, decay_s=0.8, sustain=0.85, release_s=release_s)
    sound = np.zeros((len(time_s), 2))
    for player in range(players):
        detune = (player - (players - 1) / 2.0) / players * 2.0 * cents + rng.uniform(-1.5, 1.5)
        vibrato = 5.0 * np.sin(2.0 * np.pi * (4.6 + 1.2 * rng.uniform()) * time_s + 6.28 * rng.uniform())
        bent = pitch_hz * 2.0 ** ((detune + vibrato * np.clip(time_s / 0.4, 0.0, 1.0)) / 1200.0)
        tone = read_table(table, phase_of(bent, length_s, start=rng.uniform()))
        sound += pan(tone, (player % 2 * 2 - 1) * (0.2 + 0.75 * player / players))
    sound *= shape[:, None] / np.sqrt(players)
    return sound


def bass(note: float, held_s: float, rng: Random) -> Wave:
    """A round synthesizer bass: a saw that closes, and an octave of pure tone under it; a long note dies away."""
    release_s = 0.07 if held_s < 0.5 else 0.45 * held_s
    length_s = held_s + release_s
    time_s = clock(length_s)
    pitch_hz = midi_to_hz(note)
    phase = phase_of(pitch_hz, length_s)
    open_share = np.exp(-time_s / 0.09)
    saw = read_table(saw_table(round(pitch_hz, 3), 1400.0), phase) * open_share
    saw += read_table(saw_table(round(pitch_hz, 3), 320.0), phase) * (1.0 - open_share)
    shape = adsr(held_s, attack_s=0.006, decay_s=0.5, sustain=0.7, release_s=release_s)
    return pan((0.8 * saw + 0.5 * np.sin(2.0 * np.pi * phase)) * shape, 0.0)


def pluck(note: float, held_s: float, rng: Random) -> Wave:
    """A plucked synthesizer string: bright for an instant, then dull."""
    length_s = 0.42
    time_s = clock(length_s)
    pitch_hz = midi_to_hz(note)
    bright = np.exp(-time_s / 0.035)
    dull_table = saw_table(round(pitch_hz, 3), pitch_hz * 1.8)
    bright_table = saw_table(round(pitch_hz, 3), max(4800.0, pitch_hz * 3.0))
    sides = []
    for cents in (-5.0, 5.0):
        phase = phase_of(pitch_hz * 2.0 ** (cents / 1200.0), length_s, start=rng.uniform())
        sides.append(read_table(dull_table, phase) * (1 - bright) + read_table(bright_table, phase) * bright)
    left, right = sides
    wide = np.stack([0.75 * left + 0.25 * right, 0.25 * left + 0.75 * right], axis=1)
    return wide * struck(length_s, decay_s=0.55, attack_s=0.002)[:, None]


def acoustic_guitar(note: float, held_s: float, rng: Random) -> Wave:
    """A plucked steel string: every partial rings, the higher the shorter; plucked at a fifth of its length."""
    pitch_hz = midi_to_hz(note)
    partials = tuple(
        (
            k * float(np.sqrt(1.0 + 0.00008 * k * k)),
            abs(float(np.sin(np.pi * k / 5.2))) / k,
            2.6 / (1.0 + 0.25 * k),
        )
        for k in range(1, int(min(24.0, 10_000.0 / pitch_hz)) + 1)
    )
    return _bars(note, rng, partials, knock=0.1, beating_cents=0.8)


def glockenspiel(note: float, held_s: float, rng: Random) -> Wave:
    """Struck metal bars; sounds where it is written."""
    partials = ((1.0, 1.0, 2.2), (2.76, 0.38, 1.0), (5.4, 0.16, 0.5), (8.93, 0.06, 0.25))
    return _bars(note, rng, partials)


def marimba(note: float, held_s: float, rng: Random) -> Wave:
    """Struck wooden bars, tuned as instrument makers do: fourth partial two octaves up."""
    return _bars(note, rng, ((1.0, 1.0, 0.55), (3.93, 0.42, 0.22), (9.2, 0.14, 0.09)), knock=0.35)


def piano(note: float, held_s: float, rng: Random) -> Wave:
    """A hammered string: stretched partials that die the sooner the higher they are."""
    pitch_hz = midi_to_hz(note)
    partials = tuple(
        (k * float(np.sqrt(1.0 + 0.0004 * k * k)), k**-1.25, 3.2 / (1.0 + 0.35 * k))
        for k in range(1, int(min(18.0, 9000.0 / pitch_hz)) + 1)
    )
    return _bars(note, rng, partials, knock=0.22, beating_cents=1.2)


def electric_piano(note: float, held_s: float, rng: Random) -> Wave:
    """A tine and its tone bar, by frequency modulation."""
    length_s = held_s + 0.5
    time_s = clock(length_s)
    pitch_hz = midi_to_hz(note)
    phase = 2.0 * np.pi * phase_of(pitch_hz, length_s)
    tine = np.sin(14.0 * phase) * 0.35 * np.exp(-time_s / 0.06)
    tone = np.sin(phase + (1.1 * np.exp(-time_s / 0.7) + 0.15) * np.sin(phase) + tine)
    shape = struck(length_s, decay_s=3.5, attack_s=0.003)
    shape *= adsr(held_s, attack_s=0.003, decay_s=4.0, sustain=0.5, release_s=0.5)
    sway = 0.35 * np.sin(2.0 * np.pi * 3.1 * time_s)
    return np.stack([tone * shape * (0.7 + sway), tone * shape * (0.7 - sway)], axis=1)


@lru_cache(maxsize=24)  # a piece strikes few bars, each often; a note has about two megabytes
def _ring(note: float, partials: Partials, beating_cents: float) -> Wave:
    """Ringing partials of a struck bar; callers copy the array."""
    length_s = max(decay for _, _, decay in partials)
    pitch_hz = midi_to_hz(note)
    sound = np.zeros((frames(length_s), 2))
    for ratio, level, decay_s in partials:
        if pitch_hz * ratio > 15_000.0:
            continue
        ring = struck(length_s, decay_s=decay_s, attack_s=0.0012)
        for side, cents in enumerate((-beating_cents - 0.6, beating_cents + 0.6)):
            tone = sine(pitch_hz * ratio * 2.0 ** (cents / 1200.0), length_s)
            sound[:, side] += level * tone * ring
    return sound


def _bars(
    note: float, rng: Random, partials: Partials, *, knock: float = 0.12, beating_cents: float = 0.0
) -> Wave:
    """Ringing partials, and the knock of the mallet."""
    sound = _ring(note, partials, beating_cents).copy()
    wood = high_pass(rng.standard_normal(frames(0.03)), 900.0) * struck(0.03, decay_s=0.03, attack_s=0.0005)
    sound[: len(wood)] += pan(wood * knock, 0.0)
    return sound
