"""Waveform bars: their height follows the loudness."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from bulletin.publishing.measure_waveform_bars import BARS, FULL, measure_wave, measure_wave_bars
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


def test_speech_and_music_are_apart(tmp_path: Path) -> None:
    """Ten seconds each of music, of speech over quiet music, and of dry speech: words of 0.4 s with pauses of 0.2 s."""
    seconds = np.arange(10 * RATE) / RATE
    music = np.sin(seconds * 900).astype(np.float32) * 0.4
    words = np.where(seconds % 0.6 < 0.4, np.sin(seconds * 1300), 0).astype(np.float32) * 0.5
    path = tmp_path / "sound.wav"
    write_wav(path, np.concatenate([music, words + music * 0.1, words]), rate_hz=RATE)

    bars = measure_wave_bars(path, speech=[(10.0, 14.0), (14.5, 20.0), (20.3, 30.0)], bars=30)

    assert bars.heights == measure_wave(path, bars=30)
    assert bars.music[:10] == bars.heights[:10]
    assert all(5 < under < 25 for under in bars.music[12:18])
    assert set(bars.music[22:]) == {0}


def test_silence_between_sentences_is_no_music(tmp_path: Path) -> None:
    tone = np.sin(np.arange(RATE * 3) * 0.3).astype(np.float32)
    path = tmp_path / "sound.wav"
    write_wav(path, np.concatenate([tone, tone * 0]), rate_hz=RATE)

    assert set(measure_wave_bars(path, speech=[(0.0, 3.0)], bars=12).music[7:]) == {0}
