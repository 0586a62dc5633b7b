import numpy as np
import pytest

from bulletin.audio.metering.k_weighting import KWeighting
from bulletin.audio.metering.measure_equal_channels_once import reduce_equal


def make_noise(frames, *, channels=2, seed=3):
    return (0.1 * np.random.default_rng(seed).standard_normal((frames, channels))).astype(np.float32)


def filter_slowly(samples, rate_hz):
    """The two filters of ITU-R BS.1770 frame by frame, with its coefficients for 48 kHz."""
    assert rate_hz == 48_000
    out = samples.astype(np.float64)
    for b, a in (
        ((1.53512485958697, -2.69169618940638, 1.19839281085285), (-1.69065929318241, 0.73248077421585)),
        ((1.0, -2.0, 1.0), (-1.99004745483398, 0.99007225036621)),
    ):
        first = second = np.zeros(samples.shape[1])
        filtered = np.empty_like(out)
        for n, frame in enumerate(out):
            filtered[n] = b[0] * frame + first
            first = b[1] * frame - a[0] * filtered[n] + second
            second = b[2] * frame - a[1] * filtered[n]
        out = filtered
    return out.T


def test_the_filter_matches_the_standard():
    noise = make_noise(10_000)

    weighted = KWeighting(48_000)(noise)

    np.testing.assert_allclose(weighted, filter_slowly(noise, 48_000), atol=2e-5)


@pytest.mark.parametrize("sizes", [[1, 63, 64, 65, 2_047, 2_048, 2_049], [32_768, 7, 32_761], [40_000, 0, 9]])
def test_blocks_are_filtered_like_the_whole_sound(sizes):
    noise = make_noise(sum(sizes))
    whole = KWeighting(44_100)(noise)
    weigh = KWeighting(44_100)

    pieces = [weigh(block) for block in np.split(noise, np.cumsum(sizes)[:-1])]

    np.testing.assert_allclose(np.concatenate(pieces, axis=1), whole, atol=2e-6)


@pytest.mark.parametrize("apart", [False, True])
def test_one_channel_represents_equal_channels(apart):
    """The channels may have differed before; the filter forgets that within 0.1 s."""
    mono = make_noise(200_000, channels=1)
    both = np.repeat(mono, 2, axis=1)
    if apart:
        both[:5_000, 1] *= -0.5
    weigh = KWeighting(44_100)

    weighted = [weigh(reduce_equal(block)) for block in np.split(both, 4)]

    alone = KWeighting(44_100)(mono)[0]
    assert [len(sides) for sides in weighted] == [2 if apart else 1, 1, 1, 1]
    for sides, expected in zip(weighted[1:], np.split(alone, 4)[1:], strict=True):
        np.testing.assert_allclose(sides[-1], expected, atol=2e-6)


def test_a_long_tone_is_filtered_without_drift():
    weigh = KWeighting(44_100)
    tone = np.sin(2 * np.pi * 1_000 * np.arange(441_000) / 44_100).astype(np.float32)[:, None]

    levels = [float(np.square(weigh(tone)[:, -44_100:]).mean()) for _ in range(10)]

    assert max(levels) == pytest.approx(min(levels), rel=1e-6)
    assert 10 * np.log10(levels[-1] / 0.5) == pytest.approx(0.691, abs=0.02)
