import subprocess
import sys

import numpy as np
import pytest

from bulletin.audio.clip_editing import join_sounds, make_silence, make_sound, to_samples
from tests.audio.sounds import make_music

RATE_HZ = 44_100


def test_samples_come_back_as_they_were():
    music = make_music(0.5)

    back = to_samples(make_sound(music, rate_hz=RATE_HZ))

    np.testing.assert_allclose(back, music, atol=2**-27)


def test_what_is_over_full_scale_is_not_clipped():
    """The limiter comes later: until then a mix may be 24 dB too loud."""
    back = to_samples(make_sound(np.full(100, 12.5, dtype=np.float32), rate_hz=RATE_HZ))

    np.testing.assert_allclose(back, 12.5)


def test_a_cut_is_exact_to_the_frame():
    music = make_music(0.3)

    cut = make_sound(music, rate_hz=RATE_HZ).cut(1_001, 2_004)

    np.testing.assert_allclose(to_samples(cut), music[1_001:2_004], atol=2**-27)


@pytest.mark.parametrize("frames", [0, 1, 30, 441, 44_097, 44_100])
@pytest.mark.parametrize("milliseconds", [2, 4, 100, 150])
def test_a_fade_keeps_the_length_and_ends_in_silence(frames, milliseconds):
    sound = make_sound(np.full(frames, 0.5, dtype=np.float32), rate_hz=RATE_HZ)

    faded = to_samples(sound.faded(in_ms=milliseconds, out_ms=milliseconds))

    assert len(faded) == frames
    if frames > 400:
        assert abs(faded[0, 0]) < 0.01
        assert abs(faded[-1, 0]) < 0.01
        assert np.abs(np.diff(faded[:, 0])).max() < 0.01


def test_a_join_is_one_after_the_other():
    first, last = make_music(0.1), make_music(0.2, seed=9)
    gap = make_silence(123, rate_hz=RATE_HZ, channels=2)

    joined = join_sounds([make_sound(first, rate_hz=RATE_HZ), gap, make_sound(last, rate_hz=RATE_HZ)])

    wanted = np.concatenate([first, np.zeros((123, 2)), last])
    np.testing.assert_allclose(to_samples(joined), wanted, atol=2**-27)


def test_importing_pydub_warns_of_nothing():
    """It looks for ffmpeg, which is not needed here and often not there."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", "import bulletin.audio.clip_editing"],
        capture_output=True,
        text=True,
        env={"PATH": "", "PYTHONDONTWRITEBYTECODE": "1"},
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
