"""Waveform bars: their height follows the loudness."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from bulletin.publishing.measure_waveform_bars import BARS, FULL, measure_wave
from bulletin.runtime.read_sound_file import write_wav

RATE = 8000


def test_bars_follow_the_sound(tmp_path: Path) -> None:
    """Half a second of tone, half a second of silence, then the tone at a quarter of the level."""
    tone = np.sin(np.arange(RATE // 2) * 0.3).astype(np.float32)
    path = tmp_path / "sound.wav"
    write_wav(path, np.concatenate([tone, tone * 0, tone * 0.25]), rate_hz=RATE)

    wave = measure_wave(path, bars=30)

    assert max(wave) == FULL
    assert min(wave[:9]) > 90
    assert set(wave[11:19]) == {1}
    assert all(25 < height < 50 for height in wave[21:])


def test_silence_is_a_thin_line(tmp_path: Path) -> None:
    path = tmp_path / "sound.wav"
    write_wav(path, np.zeros(RATE, dtype=np.float32), rate_hz=RATE)

    assert measure_wave(path) == (1,) * BARS


def test_a_sound_shorter_than_a_bar_has_bars_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "sound.wav"
    write_wav(path, np.full(10, 0.5, dtype=np.float32), rate_hz=RATE)

    assert measure_wave(path) == (FULL,) * BARS


def test_an_unreadable_file_has_no_bars(tmp_path: Path) -> None:
    path = tmp_path / "sound.mp3"
    path.write_bytes(b"no sound")

    assert measure_wave(path) == ()
