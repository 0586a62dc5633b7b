import struct

import numpy as np
import pytest
import soundfile

from bulletin.audio.formats.mp3_info_frame import FRAME, crc16, frame_size, make_info_frame, read_length


def make(**changes):
    fields = {
        "kbps": 128,
        "rate_hz": 44_100,
        "channels": 2,
        "samples": 44_100,
        "audio_bytes": 41 * 144_000 * changes.get("kbps", 128) // changes.get("rate_hz", 44_100),
    }
    return make_info_frame(**(fields | changes))


def test_crc_of_the_standard_check_string():
    assert crc16(b"123456789") == 0xBB3D


@pytest.mark.parametrize(("kbps", "bytes_"), [(128, 417), (320, 1044), (64, 208), (192, 626)])
def test_frame_sizes_are_the_standards(kbps, bytes_):
    assert frame_size(kbps, 44_100) == bytes_


@pytest.mark.parametrize("kbps", [64, 80, 96, 112, 128, 160, 192, 224, 256, 320])
@pytest.mark.parametrize("rate_hz", [44_100, 48_000, 32_000])
@pytest.mark.parametrize("channels", [1, 2])
def test_the_info_frame_is_one_frame_and_holds_the_length(kbps, rate_hz, channels):
    frame = make(kbps=kbps, rate_hz=rate_hz, channels=channels)

    assert len(frame) == frame_size(kbps, rate_hz)
    assert read_length(frame) == 44_100


def test_frames_that_cannot_hold_the_sound_are_refused():
    with pytest.raises(ValueError, match="cannot hold"):
        make(audio_bytes=38 * 417)
    with pytest.raises(ValueError, match="cannot hold"):
        make(samples=10 * FRAME)


@pytest.mark.parametrize("frames", [1, 2, 25, 26, 10_000, 137_813])
def test_frames_are_counted_by_their_bytes(frames):
    """A frame has 417.96 bytes: all but the first and every 25th are one byte longer."""
    audio_bytes = 417 * frames - (-(frames - 1) * 47 // 49)

    frame = make(audio_bytes=audio_bytes, samples=frames * FRAME - 576)

    assert int.from_bytes(frame[44:48], "big") == frames


@pytest.mark.parametrize("data", [b"", b"\xff", b"RIFF....WAVE", b"\xff\xfb\x00\x00", bytes(500)])
def test_other_data_give_no_length(data):
    assert read_length(data) is None


def test_a_frame_without_info_gives_no_length():
    frame = bytearray(make())
    frame[36:40] = b"\0\0\0\0"

    assert read_length(bytes(frame)) is None


@pytest.mark.slow
def test_a_frame_of_an_mpeg_2_file_is_half_as_long(tmp_path):
    """LAME in soundfile writes a tag at every rate; the length from it is exact to the sample."""
    for rate_hz in (8_000, 16_000, 22_050, 24_000, 48_000):
        for channels in (1, 2):
            path = tmp_path / "low.mp3"
            soundfile.write(path, np.zeros((3 * rate_hz + 7, channels)), rate_hz)

            assert read_length(path.read_bytes()) == 3 * rate_hz + 7


@pytest.mark.parametrize(("head", "frame"), [(b"\xff\xfb\x90\x64", 1152), (b"\xff\xf3\x80\x64", 576)])
def test_fraunhofers_header_gives_the_length(head, frame):
    """Fields of the VBRI header: version, delay, quality, bytes, frames."""
    vbri = b"VBRI" + struct.pack(">HHHII", 1, 1105, 75, 100_000, 250) + bytes(200)

    assert read_length(head + bytes(32) + vbri) == 250 * frame
