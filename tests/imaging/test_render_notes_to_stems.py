"""Unit tests of pitches, chords, oscillators, mixing desk and master."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyloudnorm
import pytest

from bulletin.imaging.composing.compose_tune import draw_tune
from bulletin.imaging.composing.jingle_styles import STYLES
from bulletin.imaging.composing.music_theory import KEYS, Chord, make_scale, voice
from bulletin.imaging.mastering.master_jingle import CEILING_DBTP, fill_spectral_gaps, master
from bulletin.imaging.mastering.measure_music_loudness import loudness_lufs, peaks
from bulletin.imaging.mastering.mix_stems import StemMixer, make_hall, reverberate
from bulletin.imaging.sounds import instruments, percussion
from bulletin.imaging.sounds.oscillators import (
    RATE_HZ,
    Random,
    adsr,
    bell_eq,
    midi_to_hz,
    phase_of,
    read_table,
    saw_table,
)
from tests.audio.music_measures import band_levels_db

TONES = [
    instruments.trumpets, instruments.horns, instruments.strings, instruments.low_strings, instruments.spiccato,
    instruments.pad, instruments.bass, instruments.pluck, instruments.glockenspiel, instruments.marimba,
    instruments.piano, instruments.electric_piano,
]  # fmt: skip
DRUMS = [
    percussion.impact, percussion.kick, percussion.snare, percussion.clap,
    percussion.hat, percussion.shaker, percussion.crash,
]  # fmt: skip


def few(sounds: list[Any]) -> list[Any]:
    """The first three sounds, and the others marked slow, as they repeat the test on other sounds."""
    return [*sounds[:3], *(pytest.param(play, marks=pytest.mark.slow) for play in sounds[3:])]


def noise(seconds: float) -> np.ndarray:
    return Random(1).standard_normal((round(seconds * RATE_HZ), 2)) * 0.1


def test_degrees_become_pitches() -> None:
    scale = make_scale("D", "major")

    assert [scale.note(degree) for degree in (0, 2, 4, 7, -3)] == [62, 66, 69, 74, 57]
    assert make_scale("bb", "minor").tonic == KEYS["A#"]


def test_voices_move_as_little_as_they_can() -> None:
    scale = make_scale("C", "major")
    first = voice(Chord(root=0), scale, centre=64)
    second = voice(Chord(root=5), scale, centre=64, before=first)

    assert {note % 12 for note in second} == {9, 0, 4}
    assert sum(abs(a - b) for a, b in zip(first, second, strict=True)) <= 4


@pytest.mark.parametrize("style", STYLES.values(), ids=lambda style: style.name)
def test_every_motif_and_rhythm_of_a_style_fit_together(style) -> None:
    assert all(len(motif.question) == len(rhythm) for motif in style.motifs for rhythm in style.rhythms)
    assert {sum(rhythm) for rhythm in style.rhythms} == {16}
    assert {len(phrase) for phrase in style.phrases} == {4}
    assert len(style.phrases) >= 3
    assert {len(telegraph) for telegraph in style.telegraphs} == {16}


def test_a_seed_draws_the_same_tune_and_another_seed_another() -> None:
    style = STYLES["bright"]
    tunes = [draw_tune(style, seed=seed, key="D") for seed in (4, 4, 5)]

    assert tunes[0] == tunes[1]
    assert tunes[0] != tunes[2]
    assert len({draw_tune(style, seed=seed, key="D").motif for seed in range(30)}) == len(style.motifs)


def test_a_saw_does_not_alias() -> None:
    """All energy of a high note is on its harmonics; aliases would lie between them."""
    pitch_hz = 2205.0
    tone = read_table(saw_table(pitch_hz, 20_000.0), phase_of(pitch_hz, 1.0))
    power = np.abs(np.fft.rfft(tone)) ** 2
    on_harmonics = sum(power[round(k * pitch_hz)] for k in range(1, 10))

    assert on_harmonics > 0.9999 * power.sum()


def test_an_envelope_starts_and_ends_in_silence() -> None:
    shape = adsr(0.5, attack_s=0.05, decay_s=0.2, sustain=0.6, release_s=0.2)

    assert shape[0] == 0.0
    assert shape.max() == pytest.approx(1.0, abs=0.02)
    assert shape[-1] < 1e-6


@pytest.mark.parametrize("play", few(TONES), ids=lambda play: play.__name__)
def test_an_instrument_plays_the_note_it_is_given(play) -> None:
    """The strongest lower partial is the note or one of its harmonics, within 25 cents."""
    sound = play(62, 0.5, Random(2))
    power = np.abs(np.fft.rfft(sound.mean(axis=1), 2**17)) ** 2
    loudest_hz = float(np.argmax(power)) * RATE_HZ / 2**17
    ratio = loudest_hz / midi_to_hz(62)

    assert sound.shape[1] == 2
    assert np.isfinite(sound).all()
    assert abs(1200 * np.log2(ratio / max(1, round(ratio)))) < 25
    assert np.abs(sound[-40:]).max() < 0.02 * np.abs(sound).max()


@pytest.mark.parametrize("play", few(DRUMS), ids=lambda play: play.__name__)
def test_a_drum_decays_and_is_reproducible_from_its_seed(play) -> None:
    sound = play(Random(3))

    assert np.abs(sound[-40:]).max() < 0.05 * np.abs(sound).max()
    assert np.array_equal(sound, play(Random(3)))


def test_in_a_loop_the_end_sounds_over_the_beginning() -> None:
    loop, once = StemMixer(1.0, is_loop=True), StemMixer(1.0)
    for desk in (loop, once):
        desk.place("bells", np.ones((RATE_HZ // 2, 2)), 0.75)

    assert loop.stems["bells"][: RATE_HZ // 4 - 1].min() == 1.0
    assert once.stems["bells"][: RATE_HZ // 4].max() == 0.0


def test_the_desk_balances_stems_by_loudness() -> None:
    """A difference of ten LU is kept, however loud the stems are; the hall adds under 1 LU."""
    desk = StemMixer(2.0)
    desk.place("bass", noise(2.0) * 5.0, 0.0)
    loud = loudness_lufs(desk.mix({"bass": 0.0}, make_hall(0.5, Random(1))))
    soft = loudness_lufs(desk.mix({"bass": -10.0}, make_hall(0.5, Random(1))))

    assert loud - soft == pytest.approx(10.0, abs=0.01)


def test_a_halls_tail_falls_and_wraps_in_a_loop() -> None:
    hall = make_hall(0.6, Random(5))
    click = np.zeros((RATE_HZ, 2))
    click[-100] = 1.0
    quarter = len(hall) // 4

    assert np.sum(hall[-quarter:] ** 2) < 1e-3 * np.sum(hall[:quarter] ** 2)
    assert np.abs(reverberate(click, hall, is_loop=True)[:20_000]).max() > 0.0
    assert np.abs(reverberate(click, hall, is_loop=False)[:20_000]).max() < 1e-9


def test_the_loudness_meter_agrees_with_pyloudnorm() -> None:
    sound = noise(3.0) * np.linspace(0.2, 1.0, 3 * RATE_HZ)[:, None]
    other = pyloudnorm.Meter(RATE_HZ, filter_class="DeMan").integrated_loudness(sound)

    assert loudness_lufs(sound) == pytest.approx(other, abs=0.05)


def test_the_peak_meter_sees_between_the_samples() -> None:
    """A sine at a quarter of the rate, sampled 45 degrees off its crests, reads 3 dB low in samples (EBU Tech 3341, 17)."""
    wave = np.sin(np.pi / 2 * np.arange(4000) + np.pi / 4)[:, None] * np.hanning(4000)[:, None] * [1.0, 1.0]

    assert 20 * np.log10(np.abs(wave).max()) == pytest.approx(-3.01, abs=0.05)
    assert 20 * np.log10(peaks(wave).max()) == pytest.approx(0.0, abs=0.2)


@pytest.mark.slow
def test_the_master_keeps_its_promises_for_a_mix_with_wild_peaks() -> None:
    mix = noise(3.0)
    mix[:: RATE_HZ // 3] += 4.0
    sound = master(mix, fade_s=0.5, is_loop=False)

    assert loudness_lufs(sound) == pytest.approx(-16.0, abs=0.3)
    assert 20 * np.log10(peaks(sound).max()) <= CEILING_DBTP + 0.1
    assert np.abs(sound[-100:]).max() < 1e-3


def test_a_hole_in_the_spectrum_is_filled_and_a_full_spectrum_unchanged() -> None:
    full_spectrum = noise(2.0)
    holed = bell_eq(full_spectrum, 1587.4, -15.0, 4.3)

    assert fill_spectral_gaps(full_spectrum) is full_spectrum
    assert depth_at_1600(holed) > 5.0
    assert depth_at_1600(fill_spectral_gaps(holed)) < 4.0


def depth_at_1600(sound: np.ndarray) -> float:
    below, at, above = band_levels_db(sound, 1587.4 * 2.0 ** (np.arange(-1, 2) / 3), octaves=1 / 3)
    return min(below, above) - at
