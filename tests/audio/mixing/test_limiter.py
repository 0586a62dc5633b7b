import numpy as np
import pytest

from bulletin.audio.metering.loudness import Meter
from bulletin.audio.mixing.limiter import limit, limit_blocks, limit_voice
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
def test_no_true_peak_passes_the_ceiling(ceiling_dbtp):
    limited = limit(loud_mix(), rate_hz=RATE_HZ, ceiling_dbtp=ceiling_dbtp)

    # The gain changes during a peak, which raises the peaks between two frames slightly.
    assert true_peak(limited) <= ceiling_dbtp + 0.1
    assert true_peak(limited) >= ceiling_dbtp - 0.5


def test_sound_under_the_ceiling_is_unchanged():
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
def test_blocks_are_limited_like_the_whole_sound(sizes):
    sound = loud_mix()
    cuts = np.cumsum(sizes)[:-1]

    pieces = list(limit_blocks(np.split(sound, cuts), rate_hz=RATE_HZ, ceiling_dbtp=-6.0))

    joined = np.concatenate(pieces)
    np.testing.assert_allclose(joined, limit(sound, rate_hz=RATE_HZ, ceiling_dbtp=-6.0), atol=2e-6)


def test_an_empty_sound_stays_empty():
    assert list(limit_blocks([], rate_hz=RATE_HZ, ceiling_dbtp=-1.0)) == []


HELD = [-12.0, -9.0, -6.0]


def rms_db(voice):
    return 10 * np.log10(np.square(voice, dtype=np.float64).mean())


@pytest.mark.parametrize("ceiling_dbtp", HELD)
def test_a_held_voice_has_no_peak_above_the_ceiling(ceiling_dbtp):
    held = limit_voice(make_speech(6.0, gain=0.5), rate_hz=24_000, ceiling_dbtp=ceiling_dbtp)

    assert held.shape == (6 * 24_000,)
    assert ceiling_dbtp - 0.5 <= true_peak(held[:, None]) <= ceiling_dbtp + 0.1


def test_a_held_voice_is_as_loud_as_before():
    """One gain for the whole voice restores the loudness that limiting took."""
    voice = make_speech(6.0, gain=0.5)
    ceiling_dbtp = true_peak(voice[:, None]) - 3.0

    held = limit_voice(voice, rate_hz=24_000, ceiling_dbtp=ceiling_dbtp)
    only_limited = limit(voice[:, None], rate_hz=24_000, ceiling_dbtp=ceiling_dbtp)[:, 0]

    assert rms_db(only_limited) < rms_db(voice) - 0.05
    assert rms_db(held) == pytest.approx(rms_db(voice), abs=0.02)


def test_between_its_peaks_a_held_voice_is_only_made_louder():
    voice = np.full(48_000, 0.05, dtype=np.float32)
    voice[24_000:24_040] = np.hanning(40) * 0.9

    held = limit_voice(voice, rate_hz=24_000, ceiling_dbtp=-3.0)

    gain = held[:12_000] / voice[:12_000]
    assert gain.max() - gain.min() < 1e-6
    assert 1.0 < gain[0] < 1.12


def test_a_voice_under_the_ceiling_is_unchanged():
    voice = make_speech(2.0, gain=0.1)

    assert limit_voice(voice, rate_hz=24_000, ceiling_dbtp=-1.0) is voice
    assert not limit_voice(np.zeros(0, dtype=np.float32), rate_hz=24_000, ceiling_dbtp=-1.0).size


def test_a_sound_that_is_all_peaks_is_not_raised_by_more_than_a_decibel():
    buzz = np.sign(np.sin(np.arange(24_000) * 0.1)).astype(np.float32)

    held = limit_voice(buzz, rate_hz=24_000, ceiling_dbtp=-12.0)

    assert true_peak(held[:, None]) <= -11.9


@pytest.mark.parametrize("size", [20_000, 1_000])
def test_a_lower_voice_does_not_change_the_limiting_of_music(size):
    """Blocks of voice alone have one channel; the limiter's release after music reaches into them."""
    rng = np.random.default_rng(4)
    voice = (0.1 * rng.standard_normal((120_000, 1))).clip(-0.3, 0.3).astype(np.float32)
    whole = np.repeat(voice, 2, axis=1)
    whole[40_000:60_000] += (0.4 * rng.standard_normal((20_000, 2))).astype(np.float32)
    starts = range(0, len(whole), size)
    blocks = [(whole if 40_000 <= at < 60_000 else voice)[at : at + size].copy() for at in starts]

    limited = list(limit_blocks(blocks, rate_hz=44_100, ceiling_dbtp=-3.0, is_voice_lower=True))

    both = np.concatenate([np.broadcast_to(block, (len(block), 2)) for block in limited])
    np.testing.assert_allclose(both, limit(whole, rate_hz=44_100, ceiling_dbtp=-3.0), atol=1e-6)
