"""Damage of sound files, described in words."""

from __future__ import annotations

from pathlib import Path

import lameenc
import numpy as np
import pytest

from bulletin.audio.metering.measure_sound_file import count_flat_tops
from bulletin.audio.quality.detect_file_damage import describe_format, is_clipped, lost_share
from bulletin.imaging.find_shipped_jingle_sets import JINGLES, SHIPPED_SEEDS, default_jingles
from bulletin.runtime.read_sound_file import read_sound
from tests.audio.formats.test_mp3_encoder import encode
from tests.audio.sounds import make_music


@pytest.mark.parametrize(
    ("head", "description"),
    [
        (b"\0\0\0\x20ftypM4P \0\0\0\0M4P mp42", "a copy-protected M4P purchase"),
        (b"\0\0\0\x20ftypM4A \0\0\0\0M4A mp42", "MPEG-4 (M4A, M4P or video)"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0", "MPEG-4 (M4A, M4P or video)"),
        (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9", "Windows Media (WMA)"),
        (b"\x1a\x45\xdf\xa3\x01", "Matroska or WebM"),
        (b"PK\x03\x04\x14\0", "a ZIP archive"),
        (b"Our ident was made in 1998 by", "plain text"),
        (b"", "an empty file"),
        (b"\x80\x01\x02\x03" * 9, ""),
    ],
)
def test_a_file_is_known_by_its_first_bytes(head: bytes, description: str, tmp_path: Path) -> None:
    path = tmp_path / "ident.mp3"
    path.write_bytes(head)

    assert describe_format(path) == description


def test_an_unreadable_file_is_not_described(tmp_path: Path) -> None:
    assert describe_format(tmp_path) == ""
    assert describe_format(tmp_path / "nowhere.wav") == ""


def test_crests_that_are_cut_off_are_counted() -> None:
    music = make_music(2.0)

    assert not is_clipped(music / np.abs(music).max())
    assert is_clipped((music / np.abs(music).max() * 1.5).clip(-1.0, 1.0))


def test_a_few_flat_tops_are_no_clipping() -> None:
    samples = np.zeros((1000, 2), dtype=np.float32)
    samples[100:104, 0] = 1.0
    samples[300:303, 1] = -1.0

    assert count_flat_tops(samples[:, 0], least_run=4) == 1
    assert not is_clipped(samples)


@pytest.mark.parametrize("style", SHIPPED_SEEDS)
def test_our_own_files_are_not_clipped(style: str) -> None:
    assert [is_clipped(read_sound(default_jingles(style)[name])[0]) for name in JINGLES] == [0] * len(JINGLES)


@pytest.mark.parametrize("rate_hz", [8_000, 11_025, 16_000, 24_000, 44_100, 48_000])
def test_a_complete_mp3_has_no_damage(rate_hz: int, tmp_path: Path) -> None:
    """Files of each MPEG version with a tag before the sound, and two with a picture after it."""
    lame = lameenc.Encoder()
    lame.silence()
    lame.set_bit_rate(32)
    lame.set_in_sample_rate(rate_hz)
    lame.set_channels(1)
    whole = (20_000 * make_music(4.0, rate_hz=rate_hz, channels=1)).astype("<i2")
    sound = bytes(lame.encode(whole.tobytes())) + bytes(lame.flush())
    picture = bytes(30_000)
    ape = picture + b"APETAGEX" + (2_000).to_bytes(4, "little") + (30_032).to_bytes(4, "little") + bytes(16)
    path = tmp_path / "ident.mp3"
    path.write_bytes(b"ID3\x03\0\0\0\0\x02\x10" + b"\xff" * 272 + sound + ape + b"TAG" + bytes(125))

    assert lost_share(path) == 0.0


@pytest.mark.parametrize(("from_share", "lost"), [(0.5, 0.5), (0.05, 0.95)])
def test_noise_in_an_mp3_is_counted(from_share: float, lost: float, tmp_path: Path) -> None:
    data = bytearray(encode(make_music(6.0)).getvalue())
    start = round(from_share * len(data))
    data[start:] = np.random.default_rng(2).integers(0, 256, len(data) - start, dtype=np.uint8).tobytes()
    path = tmp_path / "ident.mp3"
    path.write_bytes(bytes(data))

    assert lost_share(path) == pytest.approx(lost, abs=0.05)


@pytest.mark.parametrize(
    "data", [b"", b"\xff", bytes(9_000), b"\xff" * 9_000, b"RIFF" + b"\xff\xfb\x90\x64" * 99]
)
def test_other_files_have_no_mp3_damage(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "ident.mp3"
    path.write_bytes(data)

    assert lost_share(path) == 0.0
    assert lost_share(tmp_path / "nowhere.mp3") == 0.0
