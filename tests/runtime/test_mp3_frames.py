"""MP3 files whose header is missing or announces too little are read to their end."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import soundfile

from bulletin.runtime.mp3_frames import frame_bytes, read_mp3_frames, with_length
from bulletin.runtime.read_sound_file import read_blocks, read_sound
from tests.support.speech_like_sounds import RATE_HZ, speech_like

FRAME_S = 1152 / RATE_HZ
LASTS_S = 4.5


@pytest.fixture(scope="module")
def mp3() -> bytes:
    """Of variable bit rate, with a header, as libsndfile writes it."""
    buffer = io.BytesIO()
    soundfile.write(buffer, speech_like(sentences=2), RATE_HZ, format="MP3")
    return buffer.getvalue()


def seconds(path: Path) -> tuple[float, float]:
    """Seconds that the two readers find."""
    samples, rate_hz = read_sound(path)
    return len(samples) / rate_hz, sum(len(block) for block, _ in read_blocks(path)) / rate_hz


def test_a_variable_bit_rate_without_a_header_is_read_to_its_end(mp3: bytes, tmp_path: Path) -> None:
    path = tmp_path / "stream.mp3"
    path.write_bytes(mp3[frame_bytes(mp3[:4]) :])

    assert soundfile.info(path).duration < LASTS_S / 2  # the library's guess
    assert seconds(path) == pytest.approx((LASTS_S, LASTS_S), abs=2 * FRAME_S)


@pytest.mark.parametrize("tag", [b"", b"ID3\x04\0\0\0\0\0\x0a" + bytes(10), b"TAG" + bytes(125)])
def test_two_files_that_were_joined_are_read_to_the_end_of_the_second(
    mp3: bytes, tag: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "joined.mp3"
    path.write_bytes(mp3 + tag + mp3)

    assert seconds(path) == pytest.approx((2 * LASTS_S, 2 * LASTS_S), abs=5 * FRAME_S)


def test_a_file_with_a_true_header_is_read_as_it_is(mp3: bytes, tmp_path: Path) -> None:
    assert with_length(mp3) is mp3
    half = mp3[: len(mp3) // 2]
    assert with_length(half) is half
    assert with_length(b"\xff") == b"\xff"
    path = tmp_path / "whole.mp3"
    path.write_bytes(mp3)
    assert seconds(path) == (LASTS_S, LASTS_S)


def test_frames_are_counted_and_a_cut_is_seen(mp3: bytes) -> None:
    whole, cut = read_mp3_frames(mp3), read_mp3_frames(mp3[:-1])

    assert (whole.count, whole.is_cut, whole.is_variable) == (whole.announced, False, True)
    assert cut.is_cut
    assert read_mp3_frames(b"ID3\x04\0\0\0\0\x7f\x7f" + mp3[:100]).is_cut


@pytest.mark.parametrize(
    ("head", "size"),
    [("fffb9064", 417), ("fffb9264", 418), ("fffd8004", 417), ("fff3a044", 313), ("ffe31844", 72)],
)
def test_the_length_of_a_frame_is_that_of_the_standard(head: str, size: int) -> None:
    assert frame_bytes(bytes.fromhex(head)) == size


@pytest.mark.parametrize("head", ["fffb0064", "fffbf064", "fffb9c64", "ffeb9064", "fff99064", "7ffb9064"])
def test_what_is_no_frame_has_no_length(head: str) -> None:
    assert frame_bytes(bytes.fromhex(head)) == 0
