"""File in timed pieces: all audio is sent, nothing else, and not too early."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.runtime.read_sound_file import SoundWriter, read_sound, to_mono, write_flac, write_ogg
from bulletin.streaming.real_time_chunks import PacedFile, split_frames
from tests.streaming.servers import RATE_HZ, assert_whole, hiss, write_mp3

LENGTH_S = 3.0


@pytest.fixture(scope="module")
def mp3(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return write_mp3(tmp_path_factory.mktemp("mp3") / "a.mp3", hiss(LENGTH_S)).read_bytes()


def sound_of(framed: PacedFile) -> bytes:
    return b"".join(piece.data for piece in framed.pieces)


def assert_in_order(framed: PacedFile) -> None:
    assert framed.pieces[0].start_s == 0.0
    for piece, following in zip(framed.pieces, framed.pieces[1:], strict=False):
        assert piece.start_s <= piece.end_s == following.start_s


def test_every_mp3_frame_is_sent_but_the_info_frame(mp3: bytes) -> None:
    framed = split_frames(mp3)

    assert framed.media_type == "audio/mpeg"
    assert b"Info" in mp3[:100]
    assert b"Info" not in framed.head + sound_of(framed)
    assert mp3.endswith(sound_of(framed))
    assert len(mp3) - len(sound_of(framed)) < 500
    assert framed.duration_s == pytest.approx(LENGTH_S, abs=0.06)
    assert_in_order(framed)


def test_the_sent_bytes_decode_to_the_sound_between_two_silences(mp3: bytes) -> None:
    framed = split_frames(mp3)

    samples, rate_hz = read_sound(BytesIO(framed.head + sound_of(framed) + framed.tail))

    heard = to_mono(samples)
    begun, ended = assert_whole(heard, hiss(LENGTH_S), part_s=0.5)
    assert 0.1 < begun < 0.4
    assert not np.any(np.abs(heard[: round((begun - 0.05) * rate_hz)]) > 1e-3)
    assert 0.2 < len(heard) / rate_hz - ended < 0.5
    assert not np.any(np.abs(heard[round((ended + 0.05) * rate_hz) :]) > 1e-3)


def test_tags_and_pictures_are_not_sent(mp3: bytes) -> None:
    picture = bytes([0xFF, 0xFB, 0x90, 0x64]) * 100
    body = b"APIC" + len(picture).to_bytes(4, "big") + b"\0\0" + picture
    size = bytes(len(body) >> shift & 0x7F for shift in (21, 14, 7, 0))
    tagged = b"ID3\x04\0\0" + size + body + mp3 + b"TAG" + bytes(125)

    assert split_frames(tagged) == split_frames(mp3)


def test_bytes_between_two_frames_are_left_out(mp3: bytes) -> None:
    paced = split_frames(mp3)
    cut = mp3.index(paced.pieces[3].data)

    assert sound_of(split_frames(mp3[:cut] + b"\xff\xfb rubbish \xff\xe0" + mp3[cut:])) == sound_of(paced)


def test_a_last_frame_that_is_cut_off_is_not_sent(mp3: bytes) -> None:
    framed = split_frames(mp3[:-100])

    assert sound_of(split_frames(mp3)).startswith(sound_of(framed))
    assert len(sound_of(split_frames(mp3))) - len(sound_of(framed)) < 500


@pytest.mark.parametrize(
    ("rate_hz", "header", "length_s"),
    [
        (22_050, b"\xff\xf3\x80\xc0", 576 / 22_050),
        (8_000, b"\xff\xe3\x88\xc0", 576 / 8_000),
        (48_000, b"\xff\xfb\x94\xc0", 1152 / 48_000),
    ],
)
def test_frames_of_every_mpeg_version_have_their_duration(
    rate_hz: int, header: bytes, length_s: float
) -> None:
    kbps = 128 if rate_hz == 48_000 else 64
    size = int(length_s * kbps * 125 + 1e-6)

    framed = split_frames((header + bytes(size - 4)) * 40)

    assert framed.duration_s == pytest.approx(40 * length_s)


@pytest.mark.parametrize("kind", ["opus", "vorbis"])
def test_ogg_is_sent_page_by_page_after_its_headers(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "a.ogg"
    if kind == "opus":
        writer = SoundWriter(path, kind="opus", rate_hz=48_000, channels=1)
        writer.write(hiss(LENGTH_S))
        writer.close()
    else:
        write_ogg(path, hiss(LENGTH_S), rate_hz=48_000)
    data = path.read_bytes()

    framed = split_frames(data)

    assert framed.head + sound_of(framed) == data
    assert b"OpusTags" in framed.head or b"\x05vorbis" in framed.head
    assert all(piece.data.startswith(b"OggS") for piece in framed.pieces)
    assert framed.duration_s == pytest.approx(LENGTH_S * RATE_HZ / 48_000, abs=0.05)
    assert max(piece.end_s - piece.start_s for piece in framed.pieces) <= 1.1
    assert_in_order(framed)


@pytest.mark.parametrize("data", [b"", b"RIFF\0\0\0\0WAVE", b"no sound at all" * 50, b"OggS" + bytes(40)])
def test_a_file_other_than_mp3_or_ogg_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="the file is "):
        split_frames(data)


def test_flac_is_refused_by_its_name(tmp_path: Path) -> None:
    write_flac(tmp_path / "a.flac", hiss(0.2), rate_hz=48_000)

    with pytest.raises(ValueError, match="WAV or FLAC"):
        split_frames((tmp_path / "a.flac").read_bytes())


@given(st.binary(max_size=3000))
def test_any_bytes_give_pieces_or_a_value_error(data: bytes) -> None:
    for start in (b"", b"OggS", b"ID3\x04", b"\xff\xfb\x90\x64"):
        try:
            framed = split_frames(start + data)
        except ValueError:
            continue
        assert_in_order(framed)


def test_after_a_break_sending_resumes_at_the_current_piece(mp3: bytes) -> None:
    framed = split_frames(mp3)

    assert framed.first_after(0.0) == 0
    assert framed.first_after(99.0) == len(framed.pieces) - 1
    for heard_s in (0.05, 1.0, 2.5):
        piece = framed.pieces[framed.first_after(heard_s)]
        assert piece.start_s <= heard_s < piece.end_s
