import numpy as np
import pytest

from bulletin.audio.music.ducking import Envelope, merge_spans

RATE_HZ = 1_000


def curve(words, *, seconds=20.0, start_s=0.0, **changes):
    """Ducking gain in dB at every millisecond."""
    fields = {"up_db": -6.0, "under_db": -20.0, "start_s": start_s, "end_s": start_s + seconds}
    envelope = Envelope(words, **(fields | changes))
    frames = np.arange(round(start_s * RATE_HZ), round((start_s + seconds) * RATE_HZ))
    return 20 * np.log10(np.maximum(envelope.at(frames, rate_hz=RATE_HZ), 1e-9))


def test_without_words_the_music_is_up():
    np.testing.assert_allclose(curve([]), -6.0, atol=0.01)


def test_the_music_is_down_from_the_first_word_to_the_last():
    gain = curve([(5.0, 9.0)])

    assert gain[5_000:9_000].max() == pytest.approx(-20.0, abs=0.05)
    assert gain[4_740] == pytest.approx(-6.0, abs=0.05)
    assert gain[9_610] == pytest.approx(-6.0, abs=0.05)
    assert gain[4_870] == pytest.approx(-13.0, abs=1.0)
    assert gain[9_300] == pytest.approx(-13.0, abs=1.0)


def test_a_short_pause_does_not_bring_it_up():
    assert curve([(5.0, 7.0), (7.8, 9.0)])[5_000:9_000].max() == pytest.approx(-20.0, abs=0.05)
    assert curve([(5.0, 7.0), (8.5, 9.0)])[7_000:8_500].max() > -8.0


def test_the_gain_never_jumps():
    gain = 10 ** (curve([(1.0, 2.0), (4.0, 4.1), (5.2, 9.0)], fade_in_s=0.4, fade_out_s=1.0) / 20)

    assert np.abs(np.diff(gain)).max() < 0.006


def test_words_that_began_before_the_music_hold_it_down_from_its_start():
    assert curve([(8.0, 12.0)], start_s=10.0)[:2_000].max() == pytest.approx(-20.0, abs=0.05)


def test_fades_begin_and_end_in_silence():
    gain = curve([], fade_in_s=0.5, fade_out_s=2.0)

    assert gain[0] < -60
    assert gain[-1] < -50
    assert gain[600] == pytest.approx(-6.0, abs=0.05)
    assert gain[17_900] == pytest.approx(-6.0, abs=0.05)


def test_spans_are_merged_in_order():
    assert merge_spans([(5, 6), (1, 2), (2.5, 3)]) == ((1, 3), (5, 6))
    assert merge_spans([(1, 9), (2, 3)]) == ((1, 9),)
    assert merge_spans([]) == ()
