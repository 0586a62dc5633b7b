import numpy as np
import pytest

from bulletin.audio.mp3frame import (
    FRAME,
    count_frames,
    crc16,
    frame_size,
    info_size,
    make_info_frame,
    read_length,
)


def make(**changes):
    fields = {
        "kbps": 128,
        "rate_hz": 44_100,
        "channels": 2,
        "samples": 44_100,
        "frames": 41,
        "audio_bytes": 17_000,
        "audio_crc": 0x1234,
    }
    return make_info_frame(**(fields | changes))


def test_crc_of_the_standard_check_string():
    assert crc16(b"123456789") == 0xBB3D


@pytest.mark.parametrize("size", [0, 1, 4_095, 4_096, 5_000, 65_537])
def test_a_long_crc_is_that_of_its_bytes(size):
    data = np.random.default_rng(size).integers(0, 256, size, dtype=np.uint8).tobytes()

    whole = crc16(data)

    bytewise = 0
    for start in range(0, size, 1_000):
        bytewise = crc16(data[start : start + 1_000], bytewise)
    assert whole == bytewise


@pytest.mark.parametrize(("kbps", "bytes_"), [(128, 417), (320, 1044), (64, 208), (192, 626)])
def test_frame_sizes_are_the_standards(kbps, bytes_):
    assert frame_size(kbps, 44_100) == bytes_


@pytest.mark.parametrize("kbps", [64, 80, 96, 112, 128, 160, 192, 224, 256, 320])
@pytest.mark.parametrize("rate_hz", [44_100, 48_000, 32_000])
@pytest.mark.parametrize("channels", [1, 2])
def test_the_info_frame_is_one_frame_and_tells_the_length(kbps, rate_hz, channels):
    frame = make(kbps=kbps, rate_hz=rate_hz, channels=channels)

    assert count_frames(frame) == (1, len(frame))
    assert len(frame) == info_size(kbps, rate_hz)
    assert read_length(frame) == 44_100


def test_frames_that_cannot_hold_the_sound_are_refused():
    with pytest.raises(ValueError, match="cannot hold"):
        make(frames=38)
    with pytest.raises(ValueError, match="cannot hold"):
        make(samples=10 * FRAME)


def test_counting_stops_before_a_frame_that_is_not_whole():
    frame = make()

    assert count_frames(frame + frame[:100]) == (1, len(frame))
    assert count_frames(b"") == (0, 0)


def test_something_else_between_frames_is_an_error():
    with pytest.raises(ValueError, match="at byte 417"):
        count_frames(make() + b"junk junk")


@pytest.mark.parametrize("data", [b"", b"\xff", b"RIFF....WAVE", b"\xff\xfb\x00\x00", bytes(500)])
def test_what_is_no_info_frame_tells_no_length(data):
    assert read_length(data) is None


def test_a_frame_without_info_tells_no_length():
    frame = bytearray(make())
    frame[36:40] = b"\0\0\0\0"

    assert read_length(bytes(frame)) is None
