"""Samples of an engine -> trimmed and levelled speech."""

from __future__ import annotations

import numpy as np
import pyloudnorm
import pytest

from bulletin.errors import BadSpeechError
from bulletin.runtime.read_sound_file import Samples
from bulletin.speech.trim_and_level_speech import (
    LEVEL_LUFS,
    clean_speech,
    join_parts,
    level,
    limit_peaks,
    loudness_lufs,
    remove_rumble,
    trim_silence,
)
from tests.speech.engines.google import LETTERS_A_SECOND, speech_samples

RATE_HZ = 24_000
TEXT = "The bridge over the River Wex closes on Monday for six weeks."


def sine(hz: float, *, seconds: float = 1.0, peak: float = 0.5, rate_hz: int = RATE_HZ) -> Samples:
    return np.asarray(
        peak * np.sin(2 * np.pi * hz * np.arange(round(rate_hz * seconds)) / rate_hz), np.float32
    )


def silence(seconds: float) -> Samples:
    return np.zeros(round(RATE_HZ * seconds), dtype=np.float32)


def rms_db(samples: Samples) -> float:
    return float(10 * np.log10(np.square(samples, dtype=np.float64).mean()))


def clean(samples: Samples, text: str = TEXT) -> Samples:
    return clean_speech(samples, rate_hz=RATE_HZ, text=text, pace_wps=2.7)


@pytest.mark.parametrize("gain", [0.02, 0.3, 1.0, 2.5])
def test_speech_comes_out_level_trimmed_and_unclipped(gain: float) -> None:
    cleaned = clean(speech_samples(TEXT) * gain)

    letters = sum(map(str.isalnum, TEXT))
    assert cleaned.size / RATE_HZ == pytest.approx(letters / LETTERS_A_SECOND + 0.1, abs=0.05)
    assert loudness_lufs(cleaned, rate_hz=RATE_HZ) == pytest.approx(LEVEL_LUFS, abs=0.3)
    assert np.abs(cleaned).max() <= 0.8901
    assert cleaned.dtype == np.float32


def test_stereo_becomes_mono() -> None:
    mono = speech_samples(TEXT)

    assert np.allclose(clean(np.stack([mono, mono], axis=1)), clean(mono), atol=1e-6)


@pytest.mark.parametrize(
    ("samples", "says"),
    [
        (silence(0), "no sound"),
        (silence(4), "only silence"),
        (np.full(RATE_HZ * 4, np.nan, dtype=np.float32), "damaged sound"),
        (np.clip(sine(200, seconds=4, peak=3), -1, 1), "clipped"),
        (speech_samples(TEXT[:20]), "are usual"),
        (speech_samples(TEXT * 3), "are usual"),
    ],
)
def test_a_file_without_speech_is_refused(samples: Samples, says: str) -> None:
    with pytest.raises(BadSpeechError, match=says):
        clean(samples)


def test_a_peak_that_touches_full_scale_is_not_clipped() -> None:
    clean(np.asarray(speech_samples(TEXT) / np.abs(speech_samples(TEXT)).max(), dtype=np.float32))


def test_a_soft_consonant_at_either_end_is_kept() -> None:
    """An "f" lies 35 dB below the vowels; trimming must not take the first or the last sound."""
    noise = np.random.default_rng(1).standard_normal(round(RATE_HZ * 0.08)).astype(np.float32)
    soft = noise * 0.0035
    spoken = np.concatenate([silence(0.4), soft, sine(200, seconds=1.0, peak=0.3), soft, silence(0.6)])

    trimmed = trim_silence(spoken, rate_hz=RATE_HZ)

    assert trimmed.size / RATE_HZ == pytest.approx(1.16 + 0.1, abs=0.02)


def test_trimming_follows_the_level_of_the_speech() -> None:
    spoken = np.concatenate([silence(0.4), sine(200, peak=0.3), silence(0.6)])

    loud, quiet = (trim_silence(spoken * gain, rate_hz=RATE_HZ) for gain in (1.0, 0.01))

    assert loud.size == quiet.size


def test_trimming_an_empty_sound_leaves_it_empty() -> None:
    assert trim_silence(silence(1.0), rate_hz=RATE_HZ).size == 0
    assert trim_silence(silence(0), rate_hz=RATE_HZ).size == 0


def test_rumble_is_removed_and_the_voice_stays() -> None:
    def change_db(hz: float) -> float:
        tone = sine(hz)
        inner = slice(RATE_HZ // 4, -RATE_HZ // 4)
        return rms_db(remove_rumble(tone, rate_hz=RATE_HZ)[inner]) - rms_db(tone[inner])

    assert change_db(20) < -20
    assert change_db(70) == pytest.approx(-3, abs=0.2)
    assert change_db(150) > -0.3
    assert change_db(1000) == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize("rate_hz", [16_000, 22_050, 24_000, 44_100, 48_000])
def test_loudness_agrees_with_an_independent_meter(rate_hz: int) -> None:
    """pyloudnorm is the reference; its filters read up to 0.06 LU low, ours ignore the phase."""
    noise = np.random.default_rng(7).standard_normal(rate_hz * 6)
    swell = 0.05 + np.abs(np.sin(np.arange(noise.size) / rate_hz * 3))
    signal = np.asarray(0.1 * noise * swell, dtype=np.float32)
    signal[2 * rate_hz : 3 * rate_hz] *= 0.001

    judged = pyloudnorm.Meter(rate_hz).integrated_loudness(signal.astype(np.float64))

    assert loudness_lufs(signal, rate_hz=rate_hz) == pytest.approx(judged, abs=0.15)


def test_a_full_scale_sine_reads_as_the_standard_says() -> None:
    """BS.1770: a 997 Hz sine at 0 dBFS in one channel reads −3.01 LUFS."""
    assert loudness_lufs(sine(997, seconds=5, peak=1.0), rate_hz=RATE_HZ) == pytest.approx(-3.01, abs=0.05)


def test_a_word_shorter_than_a_block_is_levelled_too() -> None:
    short = level(sine(300, seconds=0.25, peak=0.01), rate_hz=RATE_HZ)

    assert loudness_lufs(short, rate_hz=RATE_HZ) == pytest.approx(LEVEL_LUFS, abs=0.1)


def test_the_limiter_leaves_peaks_under_the_ceiling() -> None:
    calm = sine(200, peak=0.5)

    assert np.array_equal(limit_peaks(calm, rate_hz=RATE_HZ), calm)


def test_the_limiter_turns_down_around_a_peak_only() -> None:
    spiky = sine(200, peak=0.5)
    spiky[12_000] = 1.6

    limited = limit_peaks(spiky, rate_hz=RATE_HZ)

    assert np.abs(limited).max() <= 0.89 + 1e-6
    assert np.array_equal(limited[:11_500], spiky[:11_500])
    assert np.array_equal(limited[12_500:], spiky[12_500:])


def test_parts_are_joined_with_a_short_breath_and_no_click() -> None:
    part = sine(200, seconds=0.5)

    joined = join_parts([part, part], rate_hz=RATE_HZ)

    assert joined.size == 2 * part.size + round(0.12 * RATE_HZ)
    assert np.abs(np.diff(joined)).max() <= np.abs(np.diff(part)).max() * 1.05
