import gc
import io
import shutil
import subprocess
import threading
import weakref

import mutagen.mp3
import numpy as np
import pytest

from bulletin.audio.formats.mp3_encoder import Mp3Encoder
from bulletin.audio.metering.loudness import measure_lufs
from bulletin.runtime.read_sound_file import read_sound
from tests.audio.sounds import make_music

RATE_HZ = 44_100


def encode(samples, *, kbps=128, block=RATE_HZ, head=b"", rate_hz=RATE_HZ):
    file = io.BytesIO()
    file.write(head)
    encoder = Mp3Encoder(file, rate_hz=rate_hz, channels=samples.shape[1], kbps=kbps)
    for start in range(0, len(samples), block):
        encoder.write(samples[start : start + block])
    encoder.close()
    file.seek(0)
    return file


@pytest.mark.parametrize("frames", [1, 575, 576, 1_152, 1_153, 44_100, 50_001, 88_199])
def test_the_decoded_length_is_exact_to_the_sample(frames):
    decoded, rate_hz = read_sound(encode(make_music(3)[:frames]))

    assert (len(decoded), rate_hz) == (frames, RATE_HZ)


@pytest.mark.parametrize("kbps", [64, 80, 96, 112, 128, 160, 192, 224, 256, 320])
def test_the_decoded_sound_is_as_loud_and_as_long_as_the_sound(kbps):
    music = make_music(2)

    decoded, _ = read_sound(encode(music, kbps=kbps))

    assert len(decoded) == len(music)
    off_lu = measure_lufs(decoded, rate_hz=RATE_HZ) - measure_lufs(music, rate_hz=RATE_HZ)
    assert off_lu == pytest.approx(0, abs=0.1)


def test_the_decoded_sound_is_not_moved():
    music = make_music(2)

    decoded, _ = read_sound(encode(music, kbps=320))

    assert np.corrcoef(decoded[2_000:-2_000, 0], music[2_000:-2_000, 0])[0, 1] > 0.999


@pytest.mark.parametrize("rate_hz", [32_000, 48_000])
@pytest.mark.parametrize("channels", [1, 2])
def test_other_rates_and_mono_are_exact_too(rate_hz, channels):
    music = make_music(1.234, rate_hz=rate_hz, channels=channels)

    decoded, its_rate_hz = read_sound(encode(music, rate_hz=rate_hz))

    assert (decoded.shape, its_rate_hz) == (music.shape, rate_hz)


def test_blocks_of_any_size_make_the_same_file():
    music = make_music(1)

    assert encode(music, block=777).getvalue() == encode(music).getvalue()


def test_data_before_the_sound_stay():
    data = encode(make_music(0.5), head=b"a tag").getvalue()

    assert data.startswith(b"a tag\xff\xfb")


def test_an_independent_reader_finds_the_header_and_its_length():
    file = encode(make_music(2.5))

    info = mutagen.mp3.MP3(file).info

    assert info.length == pytest.approx(2.5, abs=1e-4)
    assert (info.bitrate, info.sample_rate, info.channels, info.sketchy) == (128_000, RATE_HZ, 2, False)
    assert info.encoder_info.startswith("LAME")


def count_frames(data):
    """Number of frames of an MP3, walked from header to header up to the last byte."""
    kbps = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
    at = count = 0
    while at < len(data):
        assert data[at : at + 2] == b"\xff\xfb"
        bitrate, rate = kbps[data[at + 2] >> 4], (44_100, 48_000, 32_000)[data[at + 2] >> 2 & 3]
        at += 144_000 * bitrate // rate + (data[at + 2] >> 1 & 1)
        count += 1
    assert at == len(data)
    return count


@pytest.mark.parametrize("rate_hz", [32_000, 44_100, 48_000])
@pytest.mark.parametrize("kbps", [64, 96, 112, 128, 192, 320])
def test_the_header_holds_the_number_of_frames(rate_hz, kbps):
    data = encode(make_music(1.7, rate_hz=rate_hz), rate_hz=rate_hz, kbps=kbps).getvalue()

    frames = count_frames(data) - 1
    assert int.from_bytes(data[44:48], "big") == frames
    assert frames * 1152 >= 1.7 * rate_hz


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("ffmpeg"), reason="ffmpeg is not here")
def test_ffmpeg_decodes_the_same_length(tmp_path):
    path = tmp_path / "sound.mp3"
    path.write_bytes(encode(make_music(2.5)).getvalue())

    raw = subprocess.run(
        ["ffmpeg", "-v", "error", "-i", path, "-f", "s16le", "-"], capture_output=True, check=True
    ).stdout

    assert len(raw) == 4 * round(2.5 * RATE_HZ)


class FullDisk(io.BytesIO):
    """A file that accepts the reserved Info frame, and is full after that."""

    def write(self, data):
        if self.tell() > 500:
            raise OSError(28, "No space left on device")
        return super().write(data)


def test_a_full_disk_is_an_error_for_the_writer():
    encoder = Mp3Encoder(FullDisk(), rate_hz=RATE_HZ, channels=2, kbps=128)

    def write_on():
        for _ in range(50):
            encoder.write(make_music(1))
        encoder.close()

    with pytest.raises(OSError, match="No space left"):
        write_on()
    encoder.abandon()


def test_giving_up_ends_the_thread():
    encoder = Mp3Encoder(io.BytesIO(), rate_hz=RATE_HZ, channels=2, kbps=128)
    encoder.write(make_music(0.2))

    encoder.abandon()

    assert not any(thread.name.startswith("LAME") for thread in threading.enumerate())


@pytest.mark.parametrize("end", [Mp3Encoder.close, Mp3Encoder.abandon])
def test_an_ended_encoder_is_freed_without_a_garbage_collection(end):
    """LAME takes 1.5 MB, and a worker of a group mixes hundreds of bulletins between two full collections."""
    encoder = Mp3Encoder(io.BytesIO(), rate_hz=RATE_HZ, channels=2, kbps=128)
    encoder.write(np.zeros((1_152, 2), np.float32))
    end(encoder)
    gone = weakref.ref(encoder)
    gc.disable()
    try:
        del encoder

        assert gone() is None
    finally:
        gc.enable()
