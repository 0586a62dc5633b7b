import subprocess
import sys

import numpy as np
import pytest

from bulletin.audio.clip_editing import (
    join_sounds,
    make_silence,
    make_sound,
    resample,
    resampled_frames,
    to_samples,
)
from tests.audio.sounds import make_music, make_speech

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


@pytest.mark.parametrize("hz", [1_000, 3_000, 10_000])
def test_resampling_adds_nothing_that_can_be_heard(hz):
    """pydub's own way has 32 dB between tone and dirt at 3 kHz, and 6 dB at 10 kHz."""
    time = np.arange(24_000) / 24_000
    tone = (0.5 * np.sin(2 * np.pi * hz * time)).astype(np.float32)

    out = resample(tone, rate_hz=24_000, to_hz=RATE_HZ)[5_000:-5_000].astype(np.float64)

    phases = 2 * np.pi * hz * np.arange(len(out)) / RATE_HZ
    waves = np.stack([np.sin(phases), np.cos(phases)], axis=1)
    dirt = out - waves @ np.linalg.lstsq(waves, out, rcond=None)[0]
    assert 10 * np.log10((out**2).mean() / (dirt**2).mean()) > 85


@pytest.mark.parametrize("rate_hz", [8_000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000])
def test_resampling_gives_the_promised_number_of_frames(rate_hz):
    speech = make_speech(0.7, rate_hz=rate_hz)

    out = resample(speech, rate_hz=rate_hz, to_hz=RATE_HZ)

    assert len(out) == resampled_frames(len(speech), rate_hz=rate_hz, to_hz=RATE_HZ)
    assert abs(len(out) - 0.7 * RATE_HZ) <= 2


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
