import numpy as np
import pytest

from bulletin.audio.metering.measure_equal_channels_once import join_sounds, reduce_equal

VOICE = np.linspace(-0.5, 0.5, 1_000, dtype=np.float32)[:, None]


@pytest.mark.parametrize("channels", [1, 2, 6])
def test_equal_channels_become_one(channels):
    reduced = reduce_equal(np.repeat(VOICE, channels, axis=1))

    np.testing.assert_array_equal(reduced, VOICE)


@pytest.mark.parametrize("frame", [0, 1, 63, 64, 999])
def test_channels_that_differ_in_one_frame_stay(frame):
    stereo = np.repeat(VOICE, 2, axis=1)
    stereo[frame, 1] += 0.1

    assert reduce_equal(stereo) is stereo


def test_a_sound_without_frames_has_equal_channels():
    assert reduce_equal(np.zeros((0, 2), dtype=np.float32)).shape == (0, 1)


@pytest.mark.parametrize("is_voice_first", [False, True])
def test_one_channel_is_joined_to_two_as_equal_ones(is_voice_first):
    music = np.random.default_rng(1).standard_normal((50, 2)).astype(np.float32)
    parts = (VOICE, music) if is_voice_first else (music, VOICE)

    joined = join_sounds(*parts)

    np.testing.assert_array_equal(
        joined, np.concatenate([np.broadcast_to(part, (len(part), 2)) for part in parts])
    )
    assert joined.T.flags.c_contiguous


def test_two_parts_of_one_channel_stay_one_channel():
    assert join_sounds(VOICE, VOICE).shape == (2_000, 1)
