"""Sound files: written samples are read back."""

from __future__ import annotations

import io
import os
from pathlib import Path

import numpy as np
import pytest
import soundfile

from bulletin.errors import AudioError
from bulletin.runtime.read_sound_file import read_blocks, read_sound, write_flac, write_ogg
from tests.audio.sounds import make_music


@pytest.mark.parametrize("seconds", [0.1, 1.0, 7.3])
def test_vorbis_has_the_length_of_what_went_in_and_nearly_its_samples(tmp_path: Path, seconds: float) -> None:
    music = make_music(seconds)
    write_ogg(tmp_path / "music.ogg", music, rate_hz=44_100, quality=0.5, tags={"title": "A chord"})

    samples, rate_hz = read_sound(tmp_path / "music.ogg")

    assert (rate_hz, samples.shape) == (44_100, music.shape)
    assert soundfile.info(tmp_path / "music.ogg").duration == pytest.approx(seconds, abs=1e-4)
    assert np.sqrt(np.mean((samples - music) ** 2)) < 0.1 * np.sqrt(np.mean(music**2))


def test_higher_quality_is_closer_to_the_original(tmp_path: Path) -> None:
    music = make_music(2.0)
    misses = []
    for quality in (0.2, 0.9):
        write_ogg(tmp_path / "music.ogg", music, rate_hz=44_100, quality=quality)
        misses.append(np.sqrt(np.mean((read_sound(tmp_path / "music.ogg")[0] - music) ** 2)))

    assert misses[1] < 0.5 * misses[0]


def test_flac_is_exact_to_16_bits(tmp_path: Path) -> None:
    music = make_music(0.5)
    write_flac(tmp_path / "music.flac", music, rate_hz=44_100)

    assert np.abs(read_sound(tmp_path / "music.flac")[0] - music).max() <= 0.5 / 32768 + 1e-9


@pytest.mark.parametrize("write", [write_flac, write_ogg])
def test_a_missing_folder_is_an_error_with_its_name(tmp_path: Path, write) -> None:
    with pytest.raises(AudioError, match=r"nowhere.*cannot be written"):
        write(tmp_path / "nowhere" / "music", make_music(0.1), rate_hz=44_100)


class Talking(io.BytesIO):
    """File object that writes to standard error while it is read."""

    def read(self, count: int | None = -1) -> bytes:
        os.write(2, b"Note: the news is late\n")
        return super().read(count)

    def readinto(self, room) -> int:  # called by libsndfile
        os.write(2, b"Note: the news is late\n")
        return super().readinto(room)


@pytest.mark.parametrize("seed", range(4))
def test_a_damaged_mp3_prints_nothing(seed: int, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """libmpg123 itself prints warnings about such files on standard error."""
    noise = np.random.default_rng(seed).integers(0, 256, 30_000, dtype=np.uint8).tobytes()
    for name, data in (("noise.mp3", noise), ("bytes.mp3", bytes(range(128, 256)) * 80)):
        (tmp_path / name).write_bytes(data)
        for read in (read_sound, lambda path: list(read_blocks(path))):
            with pytest.raises(AudioError):
                read(tmp_path / name)

    assert capfd.readouterr().err == ""


def test_half_an_mp3_prints_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "half.mp3"
    soundfile.write(path, np.zeros((44_100, 2)), 44_100)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    read_sound(path)
    assert sum(len(block) for block, _ in read_blocks(path)) < 44_100

    assert capfd.readouterr().err == ""


def test_output_of_other_code_is_not_lost(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(AudioError):
        read_sound(Talking(bytes(range(128, 256)) * 80), name="noise.mp3")

    assert set(capfd.readouterr().err.splitlines()) == {"Note: the news is late"}
