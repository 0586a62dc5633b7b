import numpy as np
import pytest

from bulletin.runtime.resampling import resample
from tests.audio.sounds import make_speech

RATE_HZ = 44_100


@pytest.mark.parametrize("hz", [1_000, 3_000, 10_000])
def test_resampling_adds_no_audible_noise(hz):
    """Linear interpolation would give a signal-to-noise ratio of 32 dB at 3 kHz and 6 dB at 10 kHz."""
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

    assert len(out) == round(len(speech) * RATE_HZ / rate_hz)
    assert abs(len(out) - 0.7 * RATE_HZ) <= 2
