"""WAV files: their bytes, and what independent readers see."""

from __future__ import annotations

import io
import struct
import wave
from pathlib import Path

import numpy as np
import pytest

from bulletin.audio.formats.wav.riff_wave import Chunk, WaveEncoder, replace_chunk
from bulletin.errors import AudioError
from bulletin.runtime.read_sound_file import read_sound
from tests.audio.playout_readers import read_chunks
from tests.audio.sounds import make_music, make_tone

RATE_HZ = 48_000
ODD, EVEN = Chunk(name=b"odd ", data=b"abc"), Chunk(name=b"even", data=b"abcd")


def write(path: Path, samples, *, chunks=(), block=10_000) -> Path:
    with path.open("wb") as file:
        encoder = WaveEncoder(file, rate_hz=RATE_HZ, channels=samples.shape[1], chunks=chunks)
        for start in range(0, len(samples), block):
            encoder.write(samples[start : start + block])
        encoder.close()
    return path


def layout(data: bytes) -> list[tuple[bytes, int]]:
    """Names and sizes of the chunks, in the order of the file."""
    chunks, at = [], 12
    while at < len(data):
        name, size = struct.unpack_from("<4sI", data, at)
        chunks.append((name, size))
        at += 8 + size + size % 2
    assert at == len(data)
    return chunks


@pytest.mark.parametrize(("frames", "channels"), [(0, 1), (1, 1), (1_001, 1), (1_001, 2)])
def test_sizes_are_right_and_every_chunk_begins_at_an_even_byte(tmp_path, frames, channels):
    samples = make_music(1, rate_hz=RATE_HZ, channels=channels)[:frames]

    data = write(tmp_path / "a.wav", samples, chunks=(ODD, EVEN)).read_bytes()

    assert struct.unpack_from("<4sI4s", data) == (b"RIFF", len(data) - 8, b"WAVE")
    size = frames * channels * 2
    assert layout(data) == [(b"fmt ", 16), (b"odd ", 3), (b"even", 4), (b"data", size)]


@pytest.mark.parametrize("channels", [1, 2])
def test_pythons_own_reader_agrees(tmp_path, channels):
    samples = make_music(0.5, rate_hz=RATE_HZ, channels=channels)

    with wave.open(str(write(tmp_path / "a.wav", samples, chunks=(ODD,)))) as wave_file:
        assert wave_file.getparams()[:4] == (channels, 2, RATE_HZ, len(samples))


def test_the_sound_is_within_two_steps(tmp_path):
    """Dither moves a sample by up to one step, rounding by up to half a step."""
    samples = make_music(1, rate_hz=RATE_HZ)

    decoded, rate_hz = read_sound(write(tmp_path / "a.wav", samples))

    assert rate_hz == RATE_HZ
    assert np.abs(decoded - samples).max() <= 2.01 / 2**15


def test_samples_over_full_scale_are_clipped_and_do_not_wrap(tmp_path):
    loud = np.array([[1.0], [-1.0], [1.5], [-1.5], [40.0], [-40.0]], dtype=np.float32)

    decoded, _ = read_sound(write(tmp_path / "a.wav", loud))

    assert decoded[:, 0] == pytest.approx([1, -1, 1, -1, 1, -1], abs=1e-4)


def test_blocks_of_any_size_make_the_same_file(tmp_path):
    samples = make_music(0.3, rate_hz=RATE_HZ, channels=1)

    first = write(tmp_path / "a.wav", samples, block=77).read_bytes()

    assert write(tmp_path / "a.wav", samples).read_bytes() == first


def test_a_tone_below_the_last_bit_survives_in_the_dither(tmp_path):
    """Dither keeps the tone 20 dB above its neighbours; without it there would be silence."""
    quiet = make_tone(4, hz=1_000, dbfs=-98, channels=1)

    decoded, _ = read_sound(write(tmp_path / "a.wav", quiet))

    spectrum = np.abs(np.fft.rfft(decoded[:, 0]))
    tone, neighbours = spectrum[4_000], spectrum[4_010:4_400]
    assert 20 * np.log10(tone / np.sqrt((neighbours**2).mean())) > 20


def test_the_dither_has_the_right_noise_power(tmp_path):
    """Variance in steps squared: 1/6 from two uniform numbers and 1/12 from rounding give 1/4."""
    silence = np.full((200_000, 2), 0.3 / 2**15, dtype=np.float32)

    decoded, _ = read_sound(write(tmp_path / "a.wav", silence))

    steps = decoded * 2**15
    assert steps.mean() == pytest.approx(0.3, abs=0.01)
    assert steps.var() == pytest.approx(1 / 4, rel=0.02)
    left, right = (steps - 0.3).T
    assert np.corrcoef(left, right)[0, 1] == pytest.approx(0, abs=0.01)


def test_a_file_of_four_gigabytes_is_refused():
    encoder = WaveEncoder(io.BytesIO(), rate_hz=RATE_HZ, channels=2)
    encoder._sound_bytes = 2**32 - 100

    with pytest.raises(AudioError, match="four gigabytes"):
        encoder.write(np.zeros((100, 2), dtype=np.float32))


def test_chunks_are_read_back(tmp_path):
    path = write(tmp_path / "a.wav", make_music(0.1), chunks=(ODD, EVEN))

    chunks = read_chunks(path)

    assert (chunks[b"odd "], chunks[b"even"], chunks[b"data"]) == (b"abc", b"abcd", b"")


def test_a_chunk_is_replaced_in_place(tmp_path):
    path = write(tmp_path / "a.wav", make_music(0.1), chunks=(ODD, EVEN))
    before = path.read_bytes()

    replace_chunk(path, Chunk(name=b"odd ", data=b"xyz"))

    assert path.read_bytes() == before.replace(b"odd \x03\0\0\0abc", b"odd \x03\0\0\0xyz")


@pytest.mark.parametrize("chunk", [Chunk(name=b"odd ", data=b"four"), Chunk(name=b"none", data=b"abc")])
def test_a_chunk_of_another_length_is_not_replaced(tmp_path, chunk):
    path = write(tmp_path / "a.wav", make_music(0.1), chunks=(ODD,))
    before = path.read_bytes()

    with pytest.raises(AudioError, match="is missing or cut off"):
        replace_chunk(path, chunk)

    assert path.read_bytes() == before
