"""The picture of a quality report: waveform, loudness, chapters."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from bulletin.audio.quality.draw_waveform_and_loudness import draw_report
from bulletin.audio.quality.inspect_sound_file import QualityLimits, inspect
from bulletin.audio.quality.quality_chart_canvas import drawable, fitting
from bulletin.errors import AudioError
from tests.audio.quality.test_inspect_sound_file import RATE_HZ, chapter, save, save_mp3, talk
from tests.audio.sounds import make_music

pytestmark = pytest.mark.slow

LEFT, COLUMNS = 76, 1600 - 76 - 136
BLUE, RED, ORANGE = (36, 99, 168), (250, 214, 216), (214, 84, 20)


def draw(path, folder, **limits):
    asked = QualityLimits(**limits)
    draw_report(inspect(path, limits=asked), folder / "report.png", limits=asked)
    with Image.open(folder / "report.png") as picture:
        return np.asarray(picture.convert("RGB")).astype(int)


def has_ink(pixels, ink, *, within=12):
    """Mask of the coloured pixels of the plots."""
    return (np.abs(pixels - np.array(ink)) <= within).all(axis=2)[:, LEFT : LEFT + COLUMNS]


def columns_of(pixels, ink, *, least=1):
    return np.flatnonzero(has_ink(pixels, ink).sum(axis=0) >= least)


@pytest.mark.slow
def test_dead_air_is_drawn_red(tmp_path):
    sound = talk(10)
    sound[round(4 * RATE_HZ) : round(7 * RATE_HZ)] = 0

    red = columns_of(draw(save(tmp_path / "gap.wav", sound), tmp_path), RED, least=100)

    assert (red[0] / COLUMNS * 10, red[-1] / COLUMNS * 10) == pytest.approx((4.0, 7.5), abs=0.06)


def test_the_waveform_is_as_high_as_the_sound(tmp_path):
    """The sound is a tone at half of full scale that ends in the middle."""
    time = np.arange(4 * RATE_HZ) / RATE_HZ
    tone = 0.5 * np.sin(2 * np.pi * 440 * time) * (time < 2)
    pixels = draw(save(tmp_path / "tone.wav", tone[:, None].astype(np.float32)), tmp_path)

    heights = has_ink(pixels, BLUE).sum(axis=0)
    assert np.median(heights[: COLUMNS // 2 - 5]) == pytest.approx(0.5 * (250 - 12), abs=3)
    assert heights[COLUMNS // 2 + 5 :].max() <= 2


@pytest.mark.parametrize("lufs", [-29.0, -23.0, -17.0])
def test_the_loudness_curve_matches_its_scale(tmp_path, lufs):
    """Short-term curve of a steady sound, on a scale from 24 LU under the target to 9 LU over it."""
    tone = 10 ** (lufs / 20) * np.sin(2 * np.pi * 1000 * np.arange(8 * 48_000) / 48_000)
    path = save(tmp_path / "tone.wav", np.stack([tone, tone], axis=1).astype(np.float32), rate_hz=48_000)

    pixels = draw(path, tmp_path, loudness_lufs=-23.0)

    top = 32 + 92 + 250 + 40
    rows = np.flatnonzero(has_ink(pixels, ORANGE, within=40)[top : top + 280, 400:800].any(axis=1))
    assert rows.mean() == pytest.approx(6 + 268 * (-23.0 + 9 - lufs) / 33, abs=1.5)


@pytest.mark.parametrize("seconds", [0.02, 0.1, 0.45, 1.0])
def test_short_sounds_are_drawn_too(tmp_path, seconds):
    pixels = draw(save(tmp_path / "short.wav", make_music(seconds)), tmp_path)

    assert columns_of(pixels, BLUE).size > 0.9 * COLUMNS


@pytest.mark.slow
def test_chapters_and_faults_make_the_picture_higher(tmp_path):
    plain = draw(save(tmp_path / "a.wav", talk(6)), tmp_path)
    annotated = draw(
        save_mp3(tmp_path / "b.mp3", talk(6), chapter("☔ One", 0, 2.5), chapter("", 2.5, 9)), tmp_path
    )

    assert annotated.shape[0] > plain.shape[0] + 34
    assert annotated.shape[1] == plain.shape[1] == 1600


@pytest.mark.slow
def test_many_long_titles_are_cut(tmp_path):
    chapters = [chapter("A title without end " * 30, n * 0.05, n * 0.05 + 0.05) for n in range(100)]

    pixels = draw(save_mp3(tmp_path / "a.mp3", talk(6), *chapters), tmp_path)

    assert pixels.shape[0] < 2500
    assert (pixels[:, -4:] == 255).all()


def test_an_unwritable_picture_is_an_error_and_leaves_nothing(tmp_path):
    report = inspect(save(tmp_path / "a.wav", talk(1)))

    with pytest.raises(AudioError, match="another folder"):
        draw_report(report, tmp_path / "nowhere" / "a.png")
    (tmp_path / "taken.png").mkdir()
    with pytest.raises(AudioError, match=r"taken\.png"):
        draw_report(report, tmp_path / "taken.png")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.wav", "taken.png"]


def test_only_letters_that_the_typeface_has_are_drawn():
    assert drawable("Łódź\n\U0001f422 北京 Αθήνα").split() == ["Łódź", "Αθήνα"]
    assert fitting("A long title", 14, 40).endswith("…")
    assert fitting("A long title", 14, 3) == ""
