import numpy as np
import pytest

from bulletin.audio.metering.detect_clicks import ClickFinder
from tests.audio.sounds import make_music, make_speech, make_tone


def find(side, rate_hz, *, block=None):
    finder = ClickFinder(rate_hz=rate_hz)
    for start in range(0, len(side), block or max(1, len(side))):
        finder.feed(side[start : start + (block or len(side))])
    return finder.times_s


def impulse(side, at):
    side[at] += 0.15


def jump(side, at):
    """Add a decaying step, as where two sounds are joined without a fade."""
    side[at:] += (0.1 * np.exp(-np.arange(len(side) - at) / 200)).astype(np.float32)


def cut(side, at):
    """Remove a few milliseconds, so that the wave jumps at the cut."""
    side[at:-300] = side[at + 300 :].copy()


def louder(side, at):
    """A rise by 8 dB; a larger one is the onset of a note."""
    side[at:] *= 2.5


def drop(side, at):
    """Lose a buffer of 5 ms."""
    side[at : at + 200] = 0.0


@pytest.mark.parametrize("damage", [impulse, jump, cut, louder, drop])
@pytest.mark.parametrize("rate_hz", [24_000, 44_100, 48_000])
def test_a_click_in_a_steady_sound_is_found_where_it_is(damage, rate_hz):
    side = make_music(4, rate_hz=rate_hz, channels=1)[:, 0]
    at = round(2.005 * rate_hz)
    damage(side, at)

    assert find(side, rate_hz) == pytest.approx([at / rate_hz], abs=0.009 if damage is drop else 0.002)


def struck_over_ringing(*, is_hammered):
    """
    A kettledrum rings; at 2 s its overtone at 700 Hz rises, and with it the slope to 2.4 times what it was.

    `is_hammered`: with the noise of a mallet and a skin behind the burst; without, the burst is a click.
    """
    time_s = np.arange(4 * 44_100) / 44_100
    since_s = np.maximum(0.0, time_s - 2.0)
    overtone = 0.18 * np.sin(2 * np.pi * 700 * since_s) * np.exp(-since_s / 0.3)
    noise = np.random.default_rng(1).standard_normal(len(time_s)) * 0.0025 * np.exp(-since_s / 0.1)
    side = 0.4 * np.sin(2 * np.pi * 140 * time_s) + 1e-5 * noise
    side += overtone + (noise * (since_s > 0) if is_hammered else 0.0)
    side[2 * 44_100] += 0.06
    return side.astype(np.float32)


def test_a_note_that_is_struck_while_another_rings_is_no_click():
    assert find(struck_over_ringing(is_hammered=True), 44_100) == ()
    assert find(struck_over_ringing(is_hammered=False), 44_100) == pytest.approx([2.0], abs=0.002)


@pytest.mark.parametrize("seed", range(4))
def test_most_clicks_in_a_voice_are_found_and_nothing_else(seed):
    """Noise is the hardest voice for a detector, because it cannot be predicted."""
    rng = np.random.default_rng(seed)
    clean = make_speech(20, rate_hz=44_100, seed=seed)
    broken, times = clean.copy(), np.arange(1.0, 19.0) + rng.uniform(0, 0.5, 18)
    broken[(times * 44_100).astype(int)] += 0.4

    assert find(clean, 44_100) == ()
    clicks_s = np.array(find(broken, 44_100))
    assert sum(np.abs(clicks_s - time).min() < 0.002 for time in times) >= 15
    assert all(np.abs(times - time).min() < 0.002 for time in clicks_s)


@pytest.mark.parametrize("block", [100, 4_410, 44_100])
def test_blocks_give_the_same_clicks_as_the_whole_sound(block):
    side = make_music(4, channels=1)[:, 0]
    for at in (44_080, 88_200, 100_000):
        impulse(side, at)

    assert find(side, 44_100, block=block) == find(side, 44_100)
    assert len(find(side, 44_100)) == 3


@pytest.mark.parametrize("side", [[], [0.5], np.zeros(30_000), np.full(30_000, 0.3), [0.0, 1.0] * 50])
def test_silence_has_no_click(side):
    assert find(np.array(side, dtype=np.float32), 44_100) == ()


def test_a_beginning_and_an_end_in_full_swing_are_no_clicks():
    tone = make_tone(1, hz=1_000, dbfs=-6)[13:-7, 0]

    assert find(np.ascontiguousarray(tone), 48_000) == ()
