"""Test signals of EBU Tech 3341 (v4) and 3342 (v3) that can be generated, at several rates."""

import numpy as np
import pytest

from bulletin.audio.metering.loudness import (
    MOMENTARY,
    SHORT_TERM,
    SILENT_LUFS,
    Meter,
    loudest_lufs,
    loudness_curve,
    measure_lufs,
    measure_powers,
    range_lu,
)
from tests.audio.sounds import make_music, make_speech, make_tone

RATES = (pytest.param(44_100, marks=pytest.mark.slow), 48_000)


def steps(rate_hz, *parts, hz=1000.0):
    """A 1 kHz stereo sine with stepped levels, each (dBFS, seconds), without a jump in phase."""
    levels = np.concatenate([np.full(round(seconds * rate_hz), 10 ** (dbfs / 20)) for dbfs, seconds in parts])
    side = levels * np.sin(2 * np.pi * hz * np.arange(len(levels)) / rate_hz)
    return np.repeat(side[:, None], 2, axis=1).astype(np.float32)


def feed_meter(samples, rate_hz, *, block=None):
    meter = Meter(rate_hz=rate_hz, channels=samples.shape[1])
    step = block or max(len(samples), 1)
    for start in range(0, len(samples), step):
        meter.feed(samples[start : start + step])
    return meter


@pytest.mark.slow
@pytest.mark.parametrize("rate_hz", RATES)
@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        pytest.param([(-23, 20)], -23.0, id="3341-1"),
        pytest.param([(-33, 20)], -33.0, id="3341-2"),
        pytest.param([(-36, 10), (-23, 60), (-36, 10)], -23.0, id="3341-3"),
        pytest.param([(-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)], -23.0, id="3341-4"),
        pytest.param([(-26, 20), (-20, 20.1), (-26, 20)], -23.0, id="3341-5"),
    ],
)
def test_integrated_loudness_passes_ebu_3341(parts, expected, rate_hz):
    """In cases 1 and 2, momentary and short-term loudness must equal the integrated loudness."""
    meter = feed_meter(steps(rate_hz, *parts), rate_hz)

    assert meter.integrated_lufs == pytest.approx(expected, abs=0.1)
    if len(parts) == 1:
        for hops in (4, 30):
            assert np.abs(loudness_curve(meter.powers, hops=hops)[1:] - expected).max() <= 0.1


@pytest.mark.parametrize("rate_hz", RATES)
def test_short_term_loudness_passes_ebu_3341_9(rate_hz):
    """The standard wants a constant reading from 3 s on."""
    meter = feed_meter(steps(rate_hz, *[(-20, 1.34), (-30, 1.66)] * 5), rate_hz)

    assert loudest_lufs(meter.powers, hops=SHORT_TERM) == pytest.approx(-23.0, abs=0.1)
    readings = loudness_curve(meter.powers, hops=30)
    assert len(readings) == 121
    assert np.abs(readings + 23.0).max() <= 0.1


@pytest.mark.parametrize("rate_hz", RATES)
def test_momentary_loudness_passes_ebu_3341_12(rate_hz):
    """The standard wants a constant reading from 1 s on."""
    meter = feed_meter(steps(rate_hz, *[(-20, 0.18), (-30, 0.22)] * 25), rate_hz)

    assert loudest_lufs(meter.powers, hops=MOMENTARY) == pytest.approx(-23.0, abs=0.1)
    readings = loudness_curve(meter.powers, hops=4)
    assert len(readings) == 97
    assert np.abs(readings[6:] + 23.0).max() <= 0.1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        pytest.param([(-20, 20), (-30, 20)], 10.0, id="3342-1"),
        pytest.param([(-20, 20), (-15, 20)], 5.0, id="3342-2"),
        pytest.param([(-40, 20), (-20, 20)], 20.0, id="3342-3"),
        pytest.param([(-50, 20), (-35, 20), (-20, 20), (-35, 20), (-50, 20)], 15.0, id="3342-4"),
    ],
)
def test_loudness_range_passes_ebu_3342(parts, expected):
    powers = measure_powers(steps(48_000, *parts), rate_hz=48_000)

    assert range_lu(powers) == pytest.approx(expected, abs=1.0)


@pytest.mark.parametrize("rate_hz", [16_000, 22_050, 24_000, 44_100, 48_000, 96_000])
def test_an_independent_meter_reads_the_same(rate_hz):
    import pyloudnorm  # loads much of SciPy, for seconds

    sound = make_speech(6, rate_hz=rate_hz)
    judge = pyloudnorm.Meter(rate_hz, filter_class="DeMan")

    assert measure_lufs(sound, rate_hz=rate_hz) == pytest.approx(judge.integrated_loudness(sound), abs=0.05)


def test_blocks_are_measured_like_the_whole_sound():
    sound = make_music(7)

    whole, pieces = feed_meter(sound, 44_100), feed_meter(sound, 44_100, block=9_999)

    np.testing.assert_allclose(pieces.powers, whole.powers, rtol=1e-4)
    assert pieces.true_peak_dbtp == pytest.approx(whole.true_peak_dbtp, abs=1e-4)


def test_a_voice_on_both_sides_reads_three_lu_more_than_on_one():
    mono = make_speech(5, rate_hz=48_000)

    both = measure_lufs(np.stack([mono, mono], axis=1), rate_hz=48_000)

    assert both - measure_lufs(mono, rate_hz=48_000) == pytest.approx(3.01, abs=0.01)


def test_sides_that_begin_to_differ_are_weighted_apart():
    mono, music = make_speech(2, rate_hz=44_100), make_music(2)
    sound = np.concatenate([np.stack([mono, mono], axis=1), music])

    left, right = (measure_powers(sound[:, side], rate_hz=44_100) for side in (0, 1))

    np.testing.assert_allclose(measure_powers(sound, rate_hz=44_100), left + right, rtol=1e-4, atol=1e-9)


def test_silence_and_an_empty_sound_have_no_loudness():
    assert measure_lufs(np.zeros(48_000, dtype=np.float32), rate_hz=48_000) == SILENT_LUFS
    assert measure_lufs(np.zeros(0, dtype=np.float32), rate_hz=48_000) == SILENT_LUFS
    assert feed_meter(np.zeros((0, 2), dtype=np.float32), 48_000).integrated_lufs == SILENT_LUFS


def test_a_sound_shorter_than_a_block_is_measured_over_its_own_length():
    short = make_tone(0.15, hz=1000, dbfs=-23)

    assert measure_lufs(short, rate_hz=48_000) == pytest.approx(-23.0, abs=0.3)
