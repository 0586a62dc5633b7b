"""Promises of the stretching library: length to the frame, same pitch, right timing."""

import numpy as np
import pytest

from bulletin.audio.mixing.time_stretch import can_stretch, stretch_speech
from tests.audio.sounds import make_speech, make_tone

pytestmark = pytest.mark.skipif(not can_stretch(), reason="python-stretch has no wheel for this machine")

RATE_HZ = 24_000


@pytest.mark.parametrize("times", [0.95, 0.987, 1.02, 1.05])
@pytest.mark.parametrize("seconds", [0.001, 0.05, 3.217])
def test_the_stretched_sound_has_the_exact_length(times, seconds):
    mono = make_speech(seconds, rate_hz=RATE_HZ)

    stretched = stretch_speech(mono, rate_hz=RATE_HZ, times=times)

    assert stretched.dtype == np.float32
    assert len(stretched) == round(len(mono) * times)
    assert np.isfinite(stretched).all()


@pytest.mark.parametrize("times", [0.95, 1.05])
def test_the_pitch_stays(times):
    mono = make_tone(2.0, hz=440.0, dbfs=-12.0, rate_hz=RATE_HZ, channels=1)[:, 0]

    stretched = stretch_speech(mono, rate_hz=RATE_HZ, times=times)

    spectrum = np.abs(np.fft.rfft(stretched * np.hanning(len(stretched))))
    assert spectrum.argmax() * RATE_HZ / len(stretched) == pytest.approx(440.0, abs=1.0)
    assert np.square(stretched).mean() == pytest.approx(np.square(mono).mean(), rel=0.05)


@pytest.mark.parametrize("times", [0.95, 1.05])
def test_sounds_are_at_their_stretched_times(times):
    mono = np.zeros(4 * RATE_HZ, dtype=np.float32)
    knocks = [0.5, 1.7, 3.1]
    for at_s in knocks:
        mono[round(at_s * RATE_HZ) :][:48] = np.hanning(48)

    stretched = stretch_speech(mono, rate_hz=RATE_HZ, times=times)

    for at_s in knocks:
        first = round((at_s * times - 0.2) * RATE_HZ)
        heard = first + int(np.abs(stretched[first : first + round(0.4 * RATE_HZ)]).argmax())
        assert heard / RATE_HZ == pytest.approx(at_s * times, abs=0.005)
