"""Sets composed again: by the same recipe, by another one, and with wrong options."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PIL import Image

from bulletin.errors import AudioError
from bulletin.imaging.arrange_jingle import PIECES
from bulletin.imaging.composing.compose_tune import draw_tune
from bulletin.imaging.composing.jingle_styles import STYLES
from bulletin.imaging.composing.music_theory import KEYS
from bulletin.imaging.find_shipped_jingle_sets import SHIPPED_SEEDS, MixPoints, default_jingles, mix_points
from bulletin.imaging.players.find_soundfont import FILE_NAMES, find_soundfont
from bulletin.imaging.players.soundfont_orchestra import SoundfontOrchestra
from bulletin.imaging.render_jingles import make_imaging
from bulletin.runtime.read_sound_file import read_sound
from tests.audio.music_measures import loudness_lufs
from tests.imaging.jingle_promises import (
    assert_level,
    assert_mono_compatible,
    assert_never_clips,
    assert_no_hole,
    assert_no_whistle,
)
from tests.imaging.test_render_jingles import seam_surprise


@pytest.fixture(scope="module")
def made_sting(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    """A set of one piece, made with a station's options."""
    return make_imaging(tmp_path_factory.mktemp("set"), seed=3, key="bb", only=("sting",))


@pytest.mark.slow
def test_another_seed_and_key_make_another_sting(made_sting: tuple[Path, ...]) -> None:
    made, _ = read_sound(made_sting[0])
    shipped, _ = read_sound(default_jingles()["sting"])
    shared = min(len(made), len(shipped))

    assert [path.name for path in made_sting] == ["sting.flac", "imaging.png", "imaging.toml"]
    assert not list(made_sting[0].parent.glob("part-*"))
    assert abs(loudness_lufs(made) + 16.0) <= 0.4
    assert abs(np.corrcoef(made[:shared, 0], shipped[:shared, 0])[0, 1]) < 0.5


@pytest.mark.slow
def test_the_same_options_give_the_same_bytes_over_an_older_set(
    made_sting: tuple[Path, ...], tmp_path: Path
) -> None:
    folder = tmp_path / "set"
    shutil.copytree(made_sting[0].parent, folder)
    (folder / "sting.flac").write_bytes(b"an older one")
    again = make_imaging(folder, seed=3, key="Bb", only=("sting",))

    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in made_sting]


@pytest.mark.slow
def test_a_picture_of_the_set_is_written_beside_it(made_sting: tuple[Path, ...]) -> None:
    """The columns of the picture are time, so it is brighter before a jingle's end than after it."""
    sting, picture, _ = made_sting
    with Image.open(picture) as image:
        pixels = np.asarray(image.convert("L"), dtype=float)

    assert image.format == "PNG"
    assert pixels.shape[1] == pytest.approx(soundfile.info(sting).duration * 60 + 70, abs=4)
    assert pixels[60:360, 60:90].mean() > 1.5 * pixels[60:360, 128:138].mean()


def test_a_stations_own_jingle_is_never_overwritten(tmp_path: Path) -> None:
    own = tmp_path / "sting.flac"
    own.write_bytes(b"bought")

    with pytest.raises(
        AudioError, match=r"sting.flac: was not composed by Bulletin .* choose another folder"
    ):
        make_imaging(tmp_path, only=("sting",))

    assert own.read_bytes() == b"bought"
    assert [path.name for path in tmp_path.iterdir()] == ["sting.flac"]


DRAWN = np.random.RandomState(4)
SHUFFLED = list(map(str, DRAWN.permutation(list(PIECES)))) * len(STYLES)
SETS = [
    (
        style,
        int(DRAWN.randint(1000)),
        str(DRAWN.choice(list(KEYS))),
        tuple(SHUFFLED[3 * number : 3 * number + 3]),
    )
    for number, style in enumerate(STYLES)
]
"""Of each style a seed, a key, and three jingles; together they are all."""
SHIPPED = [(style, tuple(SHUFFLED[3 * number :][:3])) for number, style in enumerate(SHIPPED_SEEDS)]
"""Three jingles of each shipped set; together they are all."""


@pytest.mark.slow
@pytest.mark.parametrize(("style", "pieces"), SHIPPED)
def test_the_shipped_set_matches_its_recipe(style: str, pieces: tuple[str, ...], tmp_path: Path) -> None:
    """
    A sample: all jingles of the four sets would take two minutes.

    Another numpy or processor may round sums differently, so an error 60 dB below the music is allowed.

    The shipped bed is Vorbis, whose error is 25 dB below the music.
    """
    pytest.importorskip("tinysoundfont")
    soundfont = find_soundfont()
    if soundfont is None or soundfont.name != FILE_NAMES[0]:
        pytest.skip(f"{FILE_NAMES[0]} is not installed")
    players = partial(SoundfontOrchestra, soundfont)
    make_imaging(tmp_path, style=style, seed=SHIPPED_SEEDS[style], players=players, only=pieces)
    for piece in pieces:
        made, _ = read_sound(tmp_path / f"{piece}.flac")
        shipped, _ = read_sound(default_jingles(style)[piece])
        most = 0.1 if piece == "bed" else 0.001

        assert made.shape == shipped.shape
        assert np.sqrt(np.mean((made - shipped) ** 2)) < most * np.sqrt(np.mean(shipped**2))


@pytest.mark.slow
@pytest.mark.parametrize(("style", "seed", "key", "only"), SETS)
def test_any_style_seed_and_key_keep_the_promises(
    style: str, seed: int, key: str, only: tuple[str, ...], tmp_path: Path
) -> None:
    tune = draw_tune(STYLES[style], seed=seed, key=key)
    for path in make_imaging(tmp_path, style=style, seed=seed, key=key, only=only):
        if path.suffix != ".flac":
            continue
        samples, _ = read_sound(path)

        assert_never_clips(samples)
        assert_level(samples, is_bed=path.stem == "bed")
        assert_mono_compatible(samples)
        assert_no_hole(samples)
        assert_no_whistle(samples, tune)
        if path.stem == "bed":
            assert seam_surprise(samples) < 1.0


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
    ("options", "message"),
    [
        ({"style": "jazz"}, r'"jazz" is not a style; use one of bright'),
        ({"key": "H"}, r'"H" is not a valid key; use one of C, '),
        ({"seed": -1}, "the seed is a whole number from 0"),
        ({"only": ("jingle",)}, 'there is no jingle "jingle"; use one of ident, bed'),
    ],
)
def test_a_wrong_option_is_refused_before_any_file_is_written(
    options: dict, message: str, tmp_path: Path
) -> None:
    with pytest.raises(AudioError, match=message):
        make_imaging(tmp_path / "new", **options)

    assert not (tmp_path / "new").exists()


def test_a_folder_that_is_a_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")

    with pytest.raises(AudioError, match="cannot be written there"):
        make_imaging(tmp_path / "taken", only=("sting",))


def test_an_unknown_set_lists_those_that_ship() -> None:
    with pytest.raises(AudioError, match='no built-in set "jazz"; use one of bright'):
        default_jingles("jazz")
