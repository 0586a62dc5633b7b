"""The jingles that ship, measured as a listener gets them, and made again."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pyloudnorm
import pytest
from scipy.linalg import solve_toeplitz
from scipy.signal import resample_poly

from bulletin.audio.imaging.package import (
    SHIPPED_SEEDS,
    MixPoints,
    default_jingles,
    make_imaging,
    mix_points,
)
from bulletin.audio.imaging.pieces import PIECES
from bulletin.audio.imaging.score import draw_tune
from bulletin.audio.imaging.styles import STYLES
from bulletin.errors import AudioError
from bulletin.pcm import read_sound

FILES = [default_jingles(style).ident.parent / f"{piece}.flac" for style in SHIPPED_SEEDS for piece in PIECES]
JINGLES = [path for path in FILES if path.stem != "bed"]
BEDS = [path for path in FILES if path.stem == "bed"]


def name(path: Path) -> str:
    return f"{path.parent.name}-{path.stem}"


def loudness(samples: np.ndarray) -> float:
    return float(pyloudnorm.Meter(44_100, filter_class="DeMan").integrated_loudness(samples))


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_jingle_is_levelled_and_never_clips(path: Path) -> None:
    samples, rate_hz = read_sound(path)
    peak_dbtp = 20.0 * np.log10(np.abs(resample_poly(samples, 8, 1, axis=0)).max())

    assert (rate_hz, samples.shape[1]) == (44_100, 2)
    assert abs(loudness(samples) + 16.0) <= 0.2
    assert peak_dbtp <= -3.0
    assert np.abs(samples.mean(axis=0)).max() < 1e-3


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_jingle_is_stereo_that_survives_a_kitchen_radio(path: Path) -> None:
    samples, _ = read_sound(path)
    mono = np.repeat(samples.mean(axis=1, keepdims=True), 2, axis=1)

    assert 0.2 < np.corrcoef(samples.T)[0, 1] < 0.95
    assert loudness(samples) - loudness(mono) < 3.0


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_jingle_has_the_spectrum_of_music(path: Path) -> None:
    """Octaves from 63 Hz to 8 kHz: none is missing, the treble is softer than the bass, no whistle stands out."""
    samples, _ = read_sound(path)
    power = np.abs(np.fft.rfft(samples.mean(axis=1) * np.hanning(len(samples)))) ** 2
    pitch_hz = np.fft.rfftfreq(len(samples), 1 / 44_100)
    octaves = np.array(
        [power[(pitch_hz > hz / 1.41) & (pitch_hz < hz * 1.41)].sum() for hz in 62.5 * 2.0 ** np.arange(8)]
    )
    level_db = 10.0 * np.log10(octaves / octaves.max())
    treble = power[pitch_hz > 4000.0]

    assert level_db.min() > -30.0
    assert level_db[-1] < level_db[:3].max() - 8.0
    assert treble.max() < 0.1 * treble.sum()


@pytest.mark.parametrize("path", JINGLES, ids=name)
def test_a_jingle_rings_out_without_a_dead_tail(path: Path) -> None:
    samples, _ = read_sound(path)
    level = np.abs(samples).max(axis=1)
    heard_until_s = float(np.flatnonzero(level > 10.0 ** (-50.0 / 20.0))[-1]) / 44_100

    assert level[-441:].max() < 10.0 ** (-70.0 / 20.0)
    assert len(samples) / 44_100 - heard_until_s < 0.8
    assert np.flatnonzero(level > 0.01)[0] < 0.15 * 44_100


def seam_surprise(samples: np.ndarray) -> float:
    """
    How badly the end foretells the beginning, against the worst surprise within the last tenth of a second.

    Each sample is predicted from the 64 before it (linear prediction, fitted to the end); a click is
    what cannot be predicted, however small the step is.
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


@pytest.mark.parametrize("path", BEDS, ids=name)
def test_the_bed_loops_without_a_click(path: Path) -> None:
    samples, _ = read_sound(path)

    assert len(samples) >= 24 * 44_100
    assert seam_surprise(samples) < 1.0
    assert seam_surprise(samples[:-10]) > 1.0


@pytest.mark.parametrize("path", BEDS, ids=name)
def test_each_bar_of_the_bed_sounds_its_chord(path: Path) -> None:
    """Between 60 and 1000 Hz most of the energy lies on the tones of the chord that is written."""
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

        assert sum(chroma[list(own)]) > 0.6 * chroma.sum()


@pytest.mark.parametrize("style", SHIPPED_SEEDS)
def test_a_set_is_small_and_complete(style: str) -> None:
    jingles = default_jingles(style)
    sizes = [path.stat().st_size for path in jingles.ident.parent.glob("*.flac")]
    seconds = {piece: len(read_sound(jingles.ident.with_stem(piece))[0]) / 44_100 for piece in PIECES}

    assert len(sizes) == len(PIECES)
    assert sum(sizes) < 4_000_000
    assert 4.5 <= seconds["ident"] <= 8.0
    assert 1.0 <= seconds["sting"] <= 2.2
    assert 5.0 <= seconds["closing"] <= 8.5
    assert all(1.5 <= seconds[section] <= 3.2 for section in ("sport", "weather", "travel"))


@pytest.mark.parametrize("style", SHIPPED_SEEDS)
def test_the_ident_leaves_room_for_a_voice(style: str) -> None:
    path = default_jingles(style).ident
    points = mix_points(path)
    assert points is not None
    samples, _ = read_sound(path)
    start, end = round(points.start_s * 44_100), round(points.end_s * 44_100)

    assert 1.4 <= points.start_s <= 2.6
    assert points.end_s - points.start_s >= 2.2
    assert loudness(samples[:start]) - loudness(samples[start:end]) >= 5.0


def test_the_sheet_names_licence_and_recipe() -> None:
    sheet = tomllib.loads(default_jingles().ident.with_name("imaging.toml").read_text(encoding="utf-8"))

    assert (sheet["licence"], sheet["style"], sheet["seed"]) == (
        "Apache-2.0",
        "bright",
        SHIPPED_SEEDS["bright"],
    )
    assert sheet["jingles"]["bed"]["loops"] is True


@pytest.mark.parametrize("style", SHIPPED_SEEDS)
def test_the_shipped_sting_is_what_its_recipe_gives(style: str, tmp_path: Path) -> None:
    """Another numpy or processor may round the last bits of a sum differently: 60 dB below the music is the same."""
    make_imaging(tmp_path, style=style, seed=SHIPPED_SEEDS[style], only=("sting",))
    made, _ = read_sound(tmp_path / "sting.flac")
    shipped, _ = read_sound(default_jingles(style).sting)

    assert made.shape == shipped.shape
    assert np.sqrt(np.mean((made - shipped) ** 2)) < 0.001 * np.sqrt(np.mean(shipped**2))


def test_another_seed_and_key_make_another_sting(tmp_path: Path) -> None:
    paths = make_imaging(tmp_path, seed=3, key="Bb", only=("sting",))
    made, _ = read_sound(paths[0])
    shipped, _ = read_sound(default_jingles().sting)
    shared = min(len(made), len(shipped))

    assert [path.name for path in paths] == ["sting.flac", "imaging.toml"]
    assert not list(tmp_path.glob("part-*"))
    assert abs(loudness(made) + 16.0) <= 0.2
    assert abs(np.corrcoef(made[:shared, 0], shipped[:shared, 0])[0, 1]) < 0.5


@pytest.mark.slow
@pytest.mark.parametrize("style", SHIPPED_SEEDS)
def test_the_whole_set_is_what_its_recipe_gives(style: str, tmp_path: Path) -> None:
    make_imaging(tmp_path, style=style, seed=SHIPPED_SEEDS[style])
    for piece in PIECES:
        made, _ = read_sound(tmp_path / f"{piece}.flac")
        shipped, _ = read_sound(default_jingles(style).ident.with_stem(piece))

        assert np.sqrt(np.mean((made - shipped) ** 2)) < 0.001 * np.sqrt(np.mean(shipped**2))


@pytest.mark.slow
@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("seed", [1, 2])
def test_any_style_and_seed_keeps_the_promises(style: str, seed: int, tmp_path: Path) -> None:
    """The bed is left out: it costs most and has no part that the others lack."""
    *paths, _ = make_imaging(tmp_path, style=style, seed=seed, only=tuple(set(PIECES) - {"bed"}))
    for path in paths:
        samples, _ = read_sound(path)

        assert abs(loudness(samples) + 16.0) <= 0.3
        assert 20.0 * np.log10(np.abs(resample_poly(samples, 8, 1, axis=0)).max()) <= -3.0
        assert np.corrcoef(samples.T)[0, 1] > 0.2


def test_mix_points_of_a_stations_own_jingle_are_unknown(tmp_path: Path) -> None:
    own = tmp_path / "ident.flac"
    own.write_bytes(b"not looked at")
    assert mix_points(own) is None

    (tmp_path / "imaging.toml").write_text("jingles = 3", encoding="utf-8")
    assert mix_points(own) is None

    entry = '[jingles.ident]\nfile = "ident.flac"\nmix_point_s = 1.5\ntalk_until_s = 4'
    (tmp_path / "imaging.toml").write_text(entry, encoding="utf-8")
    assert mix_points(own) == MixPoints(start_s=1.5, end_s=4.0)
    assert mix_points(tmp_path / "ident.wav") is None


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"style": "jazz"}, r'"jazz" is no style; use one of bright'),
        ({"key": "H"}, r'"H" is no key; use one of C, '),
        ({"seed": -1}, "the seed is a whole number from 0"),
        ({"only": ("jingle",)}, "no piece is called jingle; there are ident, bed"),
    ],
)
def test_a_wrong_order_is_refused_before_anything_is_written(asked: dict, said: str, tmp_path: Path) -> None:
    with pytest.raises(AudioError, match=said):
        make_imaging(tmp_path / "new", **asked)

    assert not (tmp_path / "new").exists()


def test_a_folder_that_is_a_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")

    with pytest.raises(AudioError, match="cannot be written there"):
        make_imaging(tmp_path / "taken", only=("sting",))


def test_an_unknown_set_lists_those_that_ship() -> None:
    with pytest.raises(AudioError, match='no set "jazz" ships; there is bright'):
        default_jingles("jazz")
