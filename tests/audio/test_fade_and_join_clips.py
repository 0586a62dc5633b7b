import subprocess
import sys

import numpy as np
import pytest

from bulletin.audio.fade_and_join_clips import fade_ends, join_clips
from tests.audio.sounds import make_music

RATE_HZ = 44_100


def test_clips_are_placed_to_the_frame_with_silence_between():
    first, last = make_music(0.1)[:, 0], make_music(0.2, seed=9)[:, 0]

    joined = join_clips([(7, first), (7 + len(first) + 123, last)], frames=20_000, rate_hz=RATE_HZ)

    expected = np.zeros(20_000)
    expected[7 : 7 + len(first)] = first
    expected[7 + len(first) + 123 :][: len(last)] = last
    np.testing.assert_allclose(joined, expected, atol=2**-26)


def test_no_clips_give_silence():
    assert not join_clips([], frames=100, rate_hz=RATE_HZ).any()


def test_sound_over_full_scale_is_not_clipped():
    """The limiter runs later; before it a mix may be 24 dB too loud."""
    loud = np.full(100, 12.5, dtype=np.float32)

    np.testing.assert_allclose(join_clips([(0, loud)], frames=100, rate_hz=RATE_HZ), 12.5)


@pytest.mark.parametrize("frames", [0, 1, 30, 441, 44_097, 44_100])
@pytest.mark.parametrize("milliseconds", [2, 4, 100, 150])
def test_a_fade_begins_and_ends_in_silence(frames, milliseconds):
    sound = np.full((frames, 2), 0.5, dtype=np.float32)

    fade_ends(sound, rate_hz=RATE_HZ, in_ms=milliseconds, out_ms=milliseconds)

    if frames > 400:
        assert abs(sound[0, 0]) < 0.01
        assert abs(sound[-1, 0]) < 0.01
        assert np.abs(np.diff(sound[:, 0])).max() < 0.01


def test_importing_pydub_gives_no_warning():
    """pydub warns when ffmpeg is missing, which is not needed here."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", "import bulletin.audio.fade_and_join_clips"],
        capture_output=True,
        text=True,
        env={"PATH": "", "PYTHONDONTWRITEBYTECODE": "1"},
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
