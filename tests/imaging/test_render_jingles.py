"""Shipped jingles, measured as a listener hears them."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from scipy.linalg import solve_toeplitz
from scipy.signal import butter, sosfiltfilt

from bulletin.imaging.arrange_jingle import PIECES
from bulletin.imaging.composing.compose_tune import JingleTune, draw_tune
from bulletin.imaging.composing.jingle_styles import STYLES
from bulletin.imaging.find_shipped_jingle_sets import SHIPPED_SEEDS, default_jingles, mix_points
from bulletin.runtime.read_sound_file import read_sound
from tests.audio.music_measures import loudness_lufs
from tests.imaging.jingle_promises import (
    assert_level,
    assert_mono_compatible,
    assert_never_clips,
    assert_no_hole,
    assert_no_whistle,
)

FILES = [default_jingles(style)[piece] for style in SHIPPED_SEEDS for piece in PIECES]
JINGLES = [path for path in FILES if path.stem != "bed"]
BEDS = [path for path in FILES if path.stem == "bed"]


def few(paths: list[Path], *, most: int) -> list[Any]:
    """The first paths, and the others marked slow, as they repeat the test on other files."""
    return [*paths[:most], *(pytest.param(path, marks=pytest.mark.slow) for path in paths[most:])]


def name(path: Path) -> str:
    return f"{path.parent.name}-{path.stem}"


def tune_of(path: Path) -> JingleTune:
    style = STYLES[path.parent.name]
    return draw_tune(style, seed=SHIPPED_SEEDS[style.name], key=style.key)


def test_every_style_ships() -> None:
    assert set(SHIPPED_SEEDS) == set(STYLES)
    assert len(FILES) == 28


@pytest.mark.parametrize("path", few([*JINGLES, *BEDS], most=2), ids=name)
def test_a_jingle_keeps_the_promises(path: Path) -> None:
    samples, rate_hz = read_sound(path)

    assert (rate_hz, samples.shape[1]) == (44_100, 2)
    assert_never_clips(samples)
    assert_level(samples, is_bed=path.stem == "bed")
    assert_mono_compatible(samples)
    assert_no_hole(samples)
    assert_no_whistle(samples, tune_of(path))


@pytest.mark.slow
@pytest.mark.parametrize("path", few(JINGLES[:2], most=1), ids=name)
def test_a_whistle_and_a_hole_are_detected(path: Path) -> None:
    """Each assertion fails on bad sound: a tone 13 dB below the music, a notch of half an octave, one channel inverted."""
    samples, _ = read_sound(path)
    time_s = np.arange(len(samples))[:, None] / 44_100
    whistle = samples + 0.06 * np.sin(2 * np.pi * 3150.0 * time_s)
    notch = butter(4, (2700.0, 3700.0), "bandstop", fs=44_100, output="sos")

    with pytest.raises(AssertionError):
        assert_no_whistle(whistle, tune_of(path))
    with pytest.raises(AssertionError):
        assert_no_hole(sosfiltfilt(notch, samples, axis=0))
    with pytest.raises(AssertionError):
        assert_mono_compatible(samples * [1.0, -1.0])
    with pytest.raises(AssertionError):
        assert_level(samples * 1.4)


@pytest.mark.parametrize("path", few(JINGLES, most=6), ids=name)
def test_a_jingle_rings_out_without_a_dead_tail(path: Path) -> None:
    samples, _ = read_sound(path)
    level = np.abs(samples).max(axis=1)
    heard_until_s = float(np.flatnonzero(level > 10.0 ** (-50.0 / 20.0))[-1]) / 44_100

    assert level[-441:].max() < 10.0 ** (-70.0 / 20.0)
    assert len(samples) / 44_100 - heard_until_s < 0.8
    assert np.flatnonzero(level > 0.01)[0] < 0.15 * 44_100


def seam_surprise(samples: np.ndarray) -> float:
    """
    Prediction error at the seam of a loop, relative to the largest error within the last tenth of a second.

    Each sample is predicted from the 64 before it (linear prediction, fitted to the end); a click is an
    unpredictable sample, however small the step is.
    """
    surprise = 0.0
    for channel in samples.astype(np.float64).T:
        end = channel[-4096:]
        around = np.concatenate([end, channel[:4]])
        likeness = np.correlate(end, end, "full")[4095 : 4095 + 65]
        likeness[0] *= 1.0001
        weights = solve_toeplitz(likeness[:-1], likeness[1:])
        error = np.abs(around - np.convolve(around, np.concatenate([[0.0], weights]))[: len(around)])
        surprise = max(surprise, error[4096:].max() / error[128:4096].max())
    return surprise


@pytest.mark.parametrize("path", few(BEDS, most=1), ids=name)
def test_the_bed_loops_without_a_click(path: Path) -> None:
    samples, _ = read_sound(path)

    assert len(samples) >= 24 * 44_100
    assert seam_surprise(samples) < 1.0
    assert seam_surprise(samples[:-10]) > 1.0


@pytest.mark.parametrize("path", few(BEDS, most=1), ids=name)
def test_each_bar_of_the_bed_sounds_its_chord(path: Path) -> None:
    """Between 60 and 1000 Hz most of the energy is on the tones of the written chord, the tune of the bells apart."""
    style = STYLES[path.parent.name]
    tune = draw_tune(style, seed=SHIPPED_SEEDS[style.name], key=style.key)
    samples, _ = read_sound(path)
    bars = np.array_split(samples.mean(axis=1), len(tune.progression))
    for bar, chord in zip(bars, tune.progression, strict=True):
        power = np.abs(np.fft.rfft(bar * np.hanning(len(bar)))) ** 2
        pitch_hz = np.fft.rfftfreq(len(bar), 1 / 44_100)
        usable = (pitch_hz > 60.0) & (pitch_hz < 1000.0)
        classes = np.rint(69 + 12 * np.log2(pitch_hz[usable] / 440.0)).astype(int) % 12
        chroma = np.bincount(classes, power[usable], 12)
        own = {tune.scale.note(degree) % 12 for degree in chord.degrees}

        assert sum(chroma[list(own)]) > 0.55 * chroma.sum()


@pytest.mark.parametrize("style", SHIPPED_SEEDS)
def test_a_set_is_small_and_complete(style: str) -> None:
    jingles = default_jingles(style)
    sizes = [path.stat().st_size for path in jingles["ident"].parent.iterdir()]
    seconds = {piece: soundfile.info(jingles[piece]).duration for piece in PIECES}

    assert len(sizes) == len(PIECES) + 1
    assert sum(sizes) < 3_000_000
    assert 4.5 <= seconds["ident"] <= 8.0
    assert 1.0 <= seconds["sting"] <= 2.2
    assert 5.0 <= seconds["closing"] <= 8.5
    assert all(1.5 <= seconds[section] <= 3.2 for section in ("sport", "weather", "travel"))


@pytest.mark.parametrize("style", SHIPPED_SEEDS)
def test_the_ident_leaves_room_for_a_voice(style: str) -> None:
    path = default_jingles(style)["ident"]
    points = mix_points(path)
    assert points is not None
    samples, _ = read_sound(path)
    start, end = round(points.start_s * 44_100), round(points.end_s * 44_100)

    assert 1.4 <= points.start_s <= 2.6
    assert points.end_s - points.start_s >= 2.2
    assert loudness_lufs(samples[:start]) - loudness_lufs(samples[start:end]) >= 5.0


def test_the_sheet_names_licence_and_recipe() -> None:
    sheet = tomllib.loads(default_jingles()["ident"].with_name("imaging.toml").read_text(encoding="utf-8"))

    assert (sheet["licence"], sheet["style"], sheet["seed"]) == (
        "Apache-2.0",
        "bright",
        SHIPPED_SEEDS["bright"],
    )
    assert sheet["jingles"]["bed"]["loops"] is True
