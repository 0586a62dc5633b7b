import numpy as np
import pytest
from scipy.signal import resample_poly

from bulletin.audio.metering.true_peak import PeakMeter, peaks_above


def read(samples, *, block=None):
    meter = PeakMeter()
    for start in range(0, len(samples), block or len(samples)):
        meter.feed(samples[start : start + (block or len(samples))])
    return meter.true_peak_dbtp


def faded_sine(rate_hz, divisor, degrees, amplitude):
    """EBU Tech 3341, cases 15 to 19: a sine of a whole fraction of the rate, with a phase that hides its peak."""
    frames = np.arange(rate_hz)
    sine = amplitude * np.sin(2 * np.pi * frames / divisor + np.deg2rad(degrees))
    fade = np.clip(np.minimum(frames, frames[::-1]) / (0.05 * rate_hz), 0, 1)
    return np.repeat((sine * fade)[:, None], 2, axis=1).astype(np.float32)


def burst(rate_hz, offset):
    """EBU Tech 3341, cases 20 to 23: one loud period of a sine of a sixth of the rate, at four phases."""
    fine = 4 * (rate_hz // 2)
    sine = 0.5 * np.sin(2 * np.pi * np.arange(fine) / 24)
    middle = fine // 2 // 24 * 24
    sine[middle : middle + 24] *= 2
    taps = np.arange(-512, 513)
    low_pass = np.sinc(taps * 0.225) * 0.225 * np.hamming(1025)
    sine = np.convolve(sine, low_pass, "same")
    sine /= np.abs(sine).max()
    fade = np.clip(np.minimum(np.arange(fine), np.arange(fine)[::-1]) / (0.2 * rate_hz), 0, 1)
    return np.repeat((sine * fade)[offset::4][:, None], 2, axis=1).astype(np.float32)


@pytest.mark.parametrize("rate_hz", [44_100, 48_000])
@pytest.mark.parametrize(
    ("divisor", "degrees", "amplitude", "expected"),
    [
        pytest.param(4, 0, 0.5, -6.0, id="3341-15"),
        pytest.param(4, 45, 0.5, -6.0, id="3341-16"),
        pytest.param(6, 60, 0.5, -6.0, id="3341-17"),
        pytest.param(8, 67.5, 0.5, -6.0, id="3341-18"),
        pytest.param(4, 45, 1.41, 3.0, id="3341-19"),
    ],
)
def test_true_peak_of_sines_passes_ebu_3341(divisor, degrees, amplitude, expected, rate_hz):
    peak = read(faded_sine(rate_hz, divisor, degrees, amplitude))

    assert expected - 0.4 <= peak <= expected + 0.2


@pytest.mark.parametrize("rate_hz", [44_100, 48_000])
@pytest.mark.parametrize("offset", [0, 1, 2, 3], ids=["3341-20", "3341-21", "3341-22", "3341-23"])
def test_true_peak_of_bursts_passes_ebu_3341(offset, rate_hz):
    assert -0.4 <= read(burst(rate_hz, offset)) <= 0.2


def test_every_peak_of_white_noise_is_found():
    noise = np.random.default_rng(3).standard_normal((100_000, 1)).astype(np.float32) * 0.2
    fine = np.abs(resample_poly(noise[:, 0].astype(np.float64), 4, 1, window=("kaiser", 6.0)))
    highest = fine.reshape(-1, 4).max(axis=1)
    level = 0.6

    frames, heights = peaks_above(noise, level)

    surely_over = set(np.flatnonzero(highest > level * 1.05)[1:-1].tolist())
    assert len(surely_over) > 100
    assert surely_over <= set(frames[heights > level].tolist())


def test_blocks_find_the_peak_between_them():
    sine = faded_sine(48_000, 4, 45, 0.9)

    for block in (7, 999, 4096):
        assert read(sine[20_000:26_000], block=block) == pytest.approx(20 * np.log10(0.9), abs=0.2)


def test_a_sound_cut_off_at_its_height_is_not_read_higher():
    step = np.full((4_000, 1), 0.5, dtype=np.float32)
    step[:2_000, 0] *= np.linspace(0, 1, 2_000)

    assert read(step, block=500) == pytest.approx(-6.02, abs=0.1)


def test_no_peak_over_the_level_gives_no_frames():
    frames, heights = peaks_above(np.full((1_000, 2), 0.1, dtype=np.float32), 0.5)

    assert not frames.size
    assert not heights.size
