"""`join_mp3_parts`, checked by decoding with libmpg123 and, if it is here, with ffmpeg."""

import io
import shutil
import subprocess

import mutagen.mp3
import numpy as np
import pytest

from bulletin.audio.formats.join_mp3_parts import Mp3Part, join_mp3_parts, split_frames
from bulletin.audio.formats.mp3_encoder import Mp3Encoder
from bulletin.audio.metering.detect_clicks import ClickFinder
from bulletin.errors import AudioError
from bulletin.runtime.read_sound_file import read_sound
from tests.audio.sounds import make_music, make_speech

RATE_HZ, FRAME = 44_100, 1152


def encode(samples, *, kbps=128):
    file = io.BytesIO()
    encoder = Mp3Encoder(file, rate_hz=RATE_HZ, channels=2, kbps=kbps)
    encoder.write(samples)
    encoder.close()
    return file.getvalue()


def decode(data):
    return read_sound(io.BytesIO(data))[0]


def decode_with_ffmpeg(data):
    raw = subprocess.run(
        ["ffmpeg", "-v", "error", "-i", "-", "-f", "f32le", "-"], input=data, capture_output=True, check=True
    ).stdout
    return np.frombuffer(raw, dtype=np.float32).reshape(-1, 2)


def place(seconds, *, seed, lead=0, tail=0):
    """Speech between whole frames of silence, as stereo."""
    speech = make_speech(seconds, rate_hz=RATE_HZ, seed=seed)
    frames = -(-len(speech) // FRAME)
    samples = np.zeros(((lead + frames + tail) * FRAME, 2), dtype=np.float32)
    samples[lead * FRAME : lead * FRAME + len(speech)] = speech[:, None]
    return samples


def join(parts, *, samples, kbps=128):
    return join_mp3_parts(
        [Mp3Part(data=data, frames=frames) for data, frames in parts],
        samples=samples,
        kbps=kbps,
        rate_hz=RATE_HZ,
        channels=2,
    )


@pytest.fixture(scope="module")
def three():
    """Opening, body and closing, with silence at the joints, and their encoded parts."""
    sounds = [
        place(0.4, seed=1, tail=2),
        place(0.7, seed=2, lead=2, tail=2),
        place(0.3, seed=3, lead=2)[:-500],
    ]
    return sounds, [encode(sound) for sound in sounds]


@pytest.mark.parametrize(
    "decoder",
    [
        decode,
        pytest.param(
            decode_with_ffmpeg,
            marks=[
                pytest.mark.clients,
                pytest.mark.skipif(not shutil.which("ffmpeg"), reason="ffmpeg is not here"),
            ],
        ),
    ],
)
def test_each_part_decodes_as_it_does_alone_to_the_sample(three, decoder):
    sounds, encoded = three
    lengths = [len(sound) for sound in sounds]

    joined = join(
        [(data, length // FRAME) for data, length in zip(encoded, lengths, strict=True)], samples=sum(lengths)
    )

    decoded = decoder(joined)
    assert len(decoded) == sum(lengths)
    alone = np.concatenate([decoder(data) for data in encoded])
    assert np.array_equal(decoded, alone)


def test_frames_that_are_only_put_one_after_the_other_are_damaged(three):
    """The measure of the test before: it finds what a joint without copied data does."""
    sounds, encoded = three
    frames = len(sounds[0]) // FRAME
    plain = b"".join([*split_frames(encoded[0])[: frames + 1], *split_frames(encoded[1])[1:]])

    decoded = decode(plain)[: len(sounds[0]) + len(sounds[1])]

    middle = decoded[len(sounds[0]) + 1105 :]
    assert np.abs(middle - decode(encoded[1])[: len(middle)]).max() > 0.01


@pytest.mark.parametrize("kbps", [64, 320])
def test_the_header_has_the_exact_length_at_other_bitrates(three, kbps):
    sounds, _ = three
    parts = [(encode(sound, kbps=kbps), len(sound) // FRAME) for sound in sounds]
    samples = sum(map(len, sounds))

    joined = join(parts, samples=samples, kbps=kbps)

    info = mutagen.mp3.MP3(io.BytesIO(joined)).info
    assert len(decode(joined)) == round(info.length * RATE_HZ) == samples
    assert info.bitrate == pytest.approx(kbps * 1000, abs=20)
    assert not info.sketchy


def test_a_joint_in_music_is_no_worse_than_one_encode():
    music, border = make_music(2.5), 40
    parts = [(encode(music[: (border + 21) * FRAME]), border), (encode(music[border * FRAME :]), 0)]

    decoded = decode(join(parts, samples=len(music)))

    whole = decode(encode(music))
    near = slice((border - 2) * FRAME, (border + 21) * FRAME)
    noise = [float(np.sqrt(np.square(sound[near] - music[near]).mean())) for sound in (decoded, whole)]
    assert noise[0] < 1.3 * noise[1]
    finder = ClickFinder(rate_hz=RATE_HZ)
    finder.feed(decoded.mean(axis=1))
    assert not finder.times_s


def test_parts_of_other_bitrates_are_refused(three):
    sounds, encoded = three
    other = encode(sounds[1], kbps=96)

    with pytest.raises(AudioError, match="different bitrates"):
        join([(encoded[0], len(sounds[0]) // FRAME), (other, 0)], samples=1)


def test_a_border_behind_the_end_of_a_part_is_refused(three):
    _, encoded = three

    with pytest.raises(AudioError, match="no inaudible joint at frame 999"):
        join([(encoded[0], 999), (encoded[1], 0)], samples=1)


def test_a_damaged_part_is_refused(three):
    _, encoded = three

    with pytest.raises(AudioError, match="no frame of MPEG 1, layer III, at byte"):
        split_frames(encoded[0][:-3])


def test_a_wrong_length_is_refused(three):
    sounds, encoded = three

    with pytest.raises(AudioError, match="cannot hold"):
        join([(encoded[0], len(sounds[0]) // FRAME), (encoded[1], 0)], samples=10 * RATE_HZ)
