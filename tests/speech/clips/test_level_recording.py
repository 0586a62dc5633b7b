"""Mono from the channels of a recording, without much memory."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from bulletin.runtime.read_sound_file import Samples
from bulletin.speech.clips.level_recording import mix_to_mono
from bulletin.speech.clips.recording_checks import RecordingError, check_sound
from tests.support.speech_like_sounds import speech_like


@pytest.mark.parametrize("other", [0.8, -1.0, 0.0])
def test_ten_minutes_of_stereo_fit_into_a_small_computer(other: float) -> None:
    samples: Samples = np.tile(np.array([[0.5, 0.5 * other]], dtype=np.float32), (4_000_000, 1))
    tracemalloc.start()

    mono, _ = mix_to_mono(samples)

    assert tracemalloc.get_traced_memory()[1] < 1.5 * samples.nbytes
    tracemalloc.stop()
    assert np.allclose(mono, {0.8: 0.45, -1.0: 0.5, 0.0: 0.5}[other])


def test_a_damaged_channel_is_not_left_out_silently() -> None:
    voice = speech_like()
    damaged = np.where(np.arange(voice.size) == 9000, np.nan, voice).astype(np.float32)

    with pytest.raises(RecordingError, match="damaged"):
        check_sound(mix_to_mono(np.stack([voice, damaged], axis=1))[0])
