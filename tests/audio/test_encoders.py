"""One port, four formats: what comes out of the decoder, whoever wrote it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from bulletin.audio.encoders import RATES_HZ, SUFFIXES, Head, make_encoder, make_head
from bulletin.audio.id3 import Tags
from bulletin.audio.loudness import measure_lufs
from bulletin.errors import AudioError
from bulletin.model import Chapter
from bulletin.pcm import Samples, read_sound
from tests.audio.sounds import make_music

FORMATS = ("mp3", "wav", "flac", "opus")
TAGS = Tags(
    artist="Wexcombe Radio",
    album="Wexcombe Radio News",
    date=datetime(2026, 11, 24, 7, 0),  # noqa: DTZ001 - local
)


def encode(path: Path, fmt: str, samples: Samples, *, block: int = 44_100, **changes: object) -> Path:
    given = {"rate_hz": RATES_HZ[fmt], "channels": samples.shape[1], "kbps": 128}
    encoder = make_encoder(fmt, path / f"sound{SUFFIXES[fmt]}", **(given | changes))
    for start in range(0, len(samples), block):
        encoder.write(samples[start : start + block])
    encoder.close()
    return path / f"sound{SUFFIXES[fmt]}"


@pytest.mark.parametrize("fmt", FORMATS)
@pytest.mark.parametrize("frames", [1, 959, 960, 48_000, 50_001])
@pytest.mark.parametrize("channels", [1, 2])
def test_the_decoded_length_is_exact_to_the_sample(tmp_path, fmt, frames, channels):
    music = make_music(2, rate_hz=RATES_HZ[fmt], channels=channels)[:frames]

    decoded, rate_hz = read_sound(encode(tmp_path, fmt, music))

    assert (decoded.shape, rate_hz) == ((frames, channels), RATES_HZ[fmt])


@pytest.mark.parametrize("fmt", FORMATS)
@pytest.mark.parametrize("channels", [1, 2])
def test_the_decoded_sound_is_as_loud_and_not_moved(tmp_path, fmt, channels):
    rate_hz = RATES_HZ[fmt]
    music = make_music(3, rate_hz=rate_hz, channels=channels)

    decoded, _ = read_sound(encode(tmp_path, fmt, music, kbps=160))

    off_lu = measure_lufs(decoded, rate_hz=rate_hz) - measure_lufs(music, rate_hz=rate_hz)
    assert off_lu == pytest.approx(0, abs=0.1)
    assert np.corrcoef(decoded[4_000:-4_000, 0], music[4_000:-4_000, 0])[0, 1] > 0.99


@pytest.mark.parametrize("fmt", ["mp3", "wav", "flac"])
def test_blocks_of_any_size_make_the_same_file(tmp_path, fmt):
    """Opus is left out: libsndfile numbers its streams by chance."""
    music = make_music(1, rate_hz=RATES_HZ[fmt])

    first = encode(tmp_path, fmt, music, block=777).read_bytes()

    assert encode(tmp_path, fmt, music).read_bytes() == first
