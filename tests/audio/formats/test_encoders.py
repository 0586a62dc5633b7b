"""Contract of the four encoders, checked on the decoded sound."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from bulletin.audio.formats.encoders import RATES_HZ, SUFFIXES, make_encoder, peak_room_db
from bulletin.audio.formats.wav.riff_wave import Chunk
from bulletin.audio.formats.write_id3_tags import Head, Tags, make_id3
from bulletin.audio.metering.loudness import Meter, measure_lufs
from bulletin.audio.mixing.limiter import limit_blocks
from bulletin.errors import AudioError
from bulletin.runtime.read_sound_file import Samples, read_sound
from tests.audio.playout_readers import read_chunks
from tests.audio.sounds import make_music, make_speech

FORMATS = ("mp3", "wav", "flac", "opus")


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


@pytest.mark.parametrize("fmt", FORMATS)
def test_a_block_may_be_used_again_and_stretched_from_mono(tmp_path, fmt):
    mono = make_music(1, rate_hz=RATES_HZ[fmt], channels=1)
    block = np.empty((len(mono) // 4, 1), dtype=np.float32)
    encoder = make_encoder(fmt, tmp_path / "a", rate_hz=RATES_HZ[fmt], kbps=256)
    for start in range(0, len(mono), len(block)):
        block[:] = mono[start : start + len(block)]
        encoder.write(np.broadcast_to(block, (len(block), 2)))
        block[:] = 0
    encoder.close()

    decoded, _ = read_sound(tmp_path / "a")

    assert np.corrcoef(decoded[:, 1], mono[:, 0])[0, 1] > 0.99


@pytest.mark.parametrize("fmt", ["mp3", "wav", "flac"])
def test_blocks_of_any_size_make_the_same_file(tmp_path, fmt):
    """Opus is left out, because libsndfile gives its streams random numbers."""
    music = make_music(1, rate_hz=RATES_HZ[fmt])

    first = encode(tmp_path, fmt, music, block=777).read_bytes()

    assert encode(tmp_path, fmt, music).read_bytes() == first


def test_each_format_gets_its_own_tags(tmp_path):
    tags = Tags(artist="Radio", album="News", date=datetime(2026, 11, 24, 7, 0, tzinfo=UTC))
    head = Head(tags=tags, title="News", chunks=(Chunk(name=b"bext", data=b"abcd"),))
    music = make_music(0.1, rate_hz=48_000)

    mp3 = encode(tmp_path, "mp3", music, head=head, rate_hz=48_000).read_bytes()
    assert mp3.startswith(make_id3(head) + b"\xff\xfb")
    assert read_chunks(encode(tmp_path, "wav", music, head=head))[b"bext"] == b"abcd"
    for fmt in ("flac", "opus"):
        assert b"TITLE=News" in encode(tmp_path, fmt, music, head=head).read_bytes()


@pytest.mark.parametrize("kbps", [64, 128, 256])
def test_opus_keeps_to_its_bitrate(tmp_path, kbps):
    """The mean of the variable rate is checked; music like this uses the full rate."""
    music = make_music(5, rate_hz=48_000)

    size = encode(tmp_path, "opus", music, kbps=kbps).stat().st_size

    assert size * 8 / 5 / 1000 == pytest.approx(kbps, rel=0.15)


@pytest.mark.parametrize("fmt", FORMATS)
def test_giving_up_ends_every_thread_and_closes_the_file(tmp_path, fmt):
    path = tmp_path / "part-sound"
    encoder = make_encoder(fmt, path, rate_hz=48_000)
    encoder.write(make_music(0.2, rate_hz=48_000))

    encoder.abandon()

    assert not [
        thread for thread in threading.enumerate() if thread.name.startswith(("LAME", "flac", "opus"))
    ]
    path.unlink()


@pytest.mark.parametrize("fmt", FORMATS)
def test_a_missing_folder_is_an_error(tmp_path, fmt):
    with pytest.raises((AudioError, OSError), match="absent"):
        make_encoder(fmt, tmp_path / "absent" / "a", rate_hz=48_000)


@pytest.mark.parametrize("fmt", FORMATS)
@pytest.mark.parametrize("kbps", [128])
def test_decoded_peaks_stay_within_the_headroom(tmp_path, fmt, kbps):
    """The input is music and voice, limited as in the mixer."""
    rate_hz = RATES_HZ[fmt]
    mix = make_music(3, rate_hz=rate_hz) + make_speech(3, rate_hz=rate_hz)[:, None]
    limited = np.concatenate(list(limit_blocks([mix], rate_hz=rate_hz, ceiling_dbtp=-3.0)))

    decoded, _ = read_sound(encode(tmp_path, fmt, limited, kbps=kbps))

    meter = Meter(rate_hz=rate_hz, channels=2)
    meter.feed(decoded)
    assert meter.true_peak_dbtp <= -3.0 + peak_room_db(fmt, kbps)


_FULL = """
import resource, sys
import numpy as np
from pathlib import Path
from bulletin.audio.formats.encoders import make_encoder
from bulletin.errors import AudioError

resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
noise = np.random.default_rng(1).uniform(-0.5, 0.5, (48_000, 2)).astype(np.float32)
try:
    encoder = make_encoder(sys.argv[1], Path(sys.argv[2]), rate_hz=48_000)
    try:
        for _ in range(4):
            encoder.write(noise)
        encoder.close()
    except BaseException:
        encoder.abandon()
        raise
except (AudioError, OSError) as error:
    print("told:", error)
else:
    print("wrote", Path(sys.argv[2]).stat().st_size)
"""


@pytest.mark.faults
@pytest.mark.skipif(sys.platform == "win32", reason="no limits on a file's length here")
@pytest.mark.parametrize("fmt", FORMATS)
def test_a_disk_full_at_any_point_is_an_error(tmp_path, fmt):
    """The disk fills at any byte: no incomplete file counts as finished."""

    def write(room: int) -> str:
        command = [sys.executable, "-c", _FULL, fmt, str(tmp_path / "a"), str(room)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    size = int(write(2**30).removeprefix("wrote "))

    for room in (0, 10, 100, 5_000, size // 2, size - 5_000, size - 100, size - 1):
        (tmp_path / "a").unlink(missing_ok=True)
        # libsndfile prints lines too, before or after ours
        assert "told:" in write(room), f"{room} of {size} bytes"
