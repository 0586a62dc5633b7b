import numpy as np
import pytest

from bulletin.audio.limiter import limit, limit_blocks
from bulletin.audio.loudness import Meter
from tests.audio.sounds import make_music, make_speech

RATE_HZ = 44_100


def loud_mix(seconds=6.0):
    voice = make_speech(seconds, rate_hz=RATE_HZ, gain=0.9)
    return make_music(seconds) + np.stack([voice, voice], axis=1)


def true_peak(samples):
    meter = Meter(rate_hz=RATE_HZ, channels=samples.shape[1])
    meter.feed(samples)
    return meter.true_peak_dbtp


@pytest.mark.parametrize("ceiling_dbtp", [-1.0, -2.5, -6.0, -12.0])
def test_no_true_peak_comes_through(ceiling_dbtp):
    limited = limit(loud_mix(), rate_hz=RATE_HZ, ceiling_dbtp=ceiling_dbtp)

    # The gain changes while a peak passes, which bends what lies between the frames by a hair.
    assert true_peak(limited) <= ceiling_dbtp + 0.1
    assert true_peak(limited) >= ceiling_dbtp - 0.5


def test_what_is_low_enough_is_left_as_it_is():
    quiet = make_music(1)

    assert limit(quiet, rate_hz=RATE_HZ, ceiling_dbtp=-1.0) is quiet


def test_far_from_a_peak_nothing_changes():
    sound = make_music(2)
    sound[RATE_HZ, 0] = 1.5

    limited = limit(sound, rate_hz=RATE_HZ, ceiling_dbtp=-1.0)

    changed = np.flatnonzero((limited != sound).any(axis=1))
    assert RATE_HZ - changed[0] < 0.02 * RATE_HZ
    assert changed[-1] - RATE_HZ < 0.2 * RATE_HZ


def test_the_gain_never_jumps():
    sound = np.full((RATE_HZ, 2), 0.2, dtype=np.float32)
    sound[20_000] = 2.0

    limited = limit(sound, rate_hz=RATE_HZ, ceiling_dbtp=-1.0)

    gain = (limited / sound)[:, 0]
    assert gain.min() < 0.5
    assert np.abs(np.diff(gain)).max() < 0.02


@pytest.mark.parametrize(
    "sizes", [[44_100] * 6, [100_000, 3, 100_000, 64_597], [264_600], [50_000, 200_000, 14_600]]
)
def test_blocks_come_out_as_the_whole_would(sizes):
    sound = loud_mix()
    cuts = np.cumsum(sizes)[:-1]

    pieces = list(limit_blocks(np.split(sound, cuts), rate_hz=RATE_HZ, ceiling_dbtp=-6.0))

    joined = np.concatenate(pieces)
    np.testing.assert_allclose(joined, limit(sound, rate_hz=RATE_HZ, ceiling_dbtp=-6.0), atol=2e-6)


def test_nothing_comes_of_nothing():
    assert list(limit_blocks([], rate_hz=RATE_HZ, ceiling_dbtp=-1.0)) == []
