"""Mix points of jingles: on envelopes with a known answer, our own jingles and hostile sounds."""

from __future__ import annotations

import numpy as np
import pytest

from bulletin.audio.music.find_mix_points import find_mix_points
from bulletin.imaging.find_shipped_jingle_sets import SHIPPED_SEEDS, default_jingles, mix_points
from bulletin.runtime.read_sound_file import read_sound
from tests.audio.sounds import make_music

RATE_HZ = 44_100


def shape(*stretches: tuple[float, float], rate_hz: int = RATE_HZ) -> np.ndarray:
    """Music with a level in steps of (seconds, dB), each reached within 0.1 s."""
    ends = np.cumsum([seconds for seconds, _ in stretches])
    times, levels = [0.0], [stretches[0][1]]
    for end, (_, level_db), (_, next_db) in zip(
        ends, stretches, [*stretches[1:], stretches[-1]], strict=True
    ):
        times += [end, end + 0.1]
        levels += [level_db, next_db]
    music = make_music(float(ends[-1]), rate_hz=rate_hz)
    curve = np.interp(np.arange(len(music)) / rate_hz, times, levels)
    return (music * 10.0 ** (curve / 20.0)[:, None]).astype(np.float32)


def find(samples: np.ndarray, *, rate_hz: int = RATE_HZ) -> tuple[float, float] | None:
    points = find_mix_points(samples, rate_hz=rate_hz)
    return (points.start_s, points.end_s) if points else None


def near(start_s: float, end_s: float) -> tuple[object, object]:
    return pytest.approx(start_s, abs=0.3), pytest.approx(end_s, abs=0.3)


@pytest.mark.parametrize("rate_hz", [8_000, 22_050, 44_100, 96_000])
@pytest.mark.parametrize("falls_db", [8.0, 14.0, 25.0])
def test_a_sung_logo_with_a_quiet_tail(falls_db: float, rate_hz: int) -> None:
    assert find(shape((4.0, 0.0), (5.0, -falls_db), rate_hz=rate_hz), rate_hz=rate_hz) == near(4.0, 9.0)


def test_the_gap_before_the_last_hit_when_it_holds_a_sentence() -> None:
    assert find(shape((2.0, 0.0), (2.5, -10.0), (1.5, 0.0))) == near(2.0, 4.5)


def test_a_gap_too_short_for_a_sentence_is_no_mix_point() -> None:
    assert find(shape((2.0, 0.0), (1.0, -10.0), (1.5, 0.0))) is None


def test_a_long_tail_is_taken_before_a_longer_gap() -> None:
    """Speech must not cover the vocals that return after the gap."""
    assert find(shape((2.0, 0.0), (3.5, -10.0), (2.0, 0.0), (2.5, -12.0))) == near(7.5, 10.0)


def test_a_chord_that_rings_out() -> None:
    time_s = np.arange(6 * RATE_HZ)[:, None] / RATE_HZ
    ring = make_music(6.0) * 10.0 ** (-np.maximum(0.0, time_s - 3.0) * 12.0 / 20.0)

    start_s, end_s = find(ring) or (0.0, 0.0)

    assert 3.3 <= start_s <= 4.0  # 12 dB a second: 6 dB under its level at 3.5 s
    assert end_s == pytest.approx(6.0, abs=0.05)


def test_a_quiet_start_is_no_mix_point() -> None:
    assert find(shape((3.0, -15.0), (3.0, 0.0))) is None
    assert find(shape((3.0, -15.0), (3.0, 0.0), (2.0, -12.0))) == near(6.0, 8.0)


def test_a_single_hit_does_not_make_the_vocals_after_it_quiet() -> None:
    song = shape((6.0, -9.0))
    song[: RATE_HZ // 8] *= 10.0 ** (9.0 / 20.0)

    assert find(song) is None


def test_drums_in_a_quiet_tail_do_not_end_it() -> None:
    tail = shape((3.0, 0.0), (5.0, -14.0))
    for beat in range(7):
        at = round((3.6 + 0.6 * beat) * RATE_HZ)
        tail[at : at + RATE_HZ // 20] *= 10.0 ** (9.0 / 20.0)

    assert find(tail) == near(3.0, 8.0)


def test_a_level_change_below_6_db_is_no_mix_point() -> None:
    assert find(shape((2.0, 0.0), (2.0, -4.0), (2.0, 0.0), (2.0, -5.0))) is None


def test_rests_between_sung_words_are_no_mix_point() -> None:
    words = shape(*[(0.5, 0.0), (0.4, -40.0)] * 6, (0.5, 0.0))

    assert find(words) is None


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros((0, 2), dtype=np.float32),
        np.zeros((1, 1), dtype=np.float32),
        np.zeros((RATE_HZ * 3, 2), dtype=np.float32),
        np.full((RATE_HZ * 3, 2), np.nan, dtype=np.float32),
        make_music(0.1),
        make_music(0.02),
        make_music(5.0),
        np.sign(make_music(3.0)),
        make_music(3.0)[:, 0],
    ],
    ids=["none", "one", "silent", "nan", "0.1 s", "0.02 s", "steady", "square", "one-dimensional"],
)
def test_a_jingle_without_a_gap_has_no_mix_point(samples: np.ndarray) -> None:
    assert find(samples) is None


@pytest.mark.parametrize("clicks_at", [slice(1000, 1001), slice(0, None), slice(-1, None)])
def test_mix_points_of_clicks_and_dc_are_within_the_sound(clicks_at: slice) -> None:
    click = np.zeros((RATE_HZ, 2), dtype=np.float32)
    click[clicks_at] = 1.0

    points = find(click)

    assert points is None or 0.0 <= points[0] < points[1] <= 1.0


@pytest.mark.parametrize("style", SHIPPED_SEEDS)
@pytest.mark.parametrize("name", ["ident", "closing", "sting", "sport", "weather", "travel"])
def test_mix_points_of_our_own_jingles_match_the_sheet(style: str, name: str) -> None:
    """Found points may be late, not early: a ring-out ends 6 dB down, while the sheet follows the beat."""
    path = default_jingles(style)[name]
    samples, rate_hz = read_sound(path)
    sheet = mix_points(path)
    assert sheet is not None

    start_s, end_s = find(samples, rate_hz=rate_hz) or (0.0, 0.0)

    assert -0.1 <= start_s - sheet.start_s <= 0.8
    assert abs(end_s - sheet.end_s) <= 0.5
