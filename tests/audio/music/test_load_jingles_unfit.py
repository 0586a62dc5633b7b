"""Unusable jingle files are left out, damaged ones are played as far as possible; both give a note."""

import numpy as np
import pytest
import soundfile

from bulletin.audio.metering.loudness import measure_lufs
from bulletin.audio.music.load_jingles import StationJingles, read_timings
from bulletin.audio.place_sounds_on_timeline import JingleKind
from tests.audio.formats.test_mp3_encoder import encode
from tests.audio.music.test_load_jingles import RATE_HZ, load, save
from tests.audio.sounds import make_music


def write_text(path):
    path.write_text("This is not music.\n" * 50)


def write_nothing(path):
    path.write_bytes(b"")


def write_silence(path):
    soundfile.write(path, np.zeros((RATE_HZ, 2)), RATE_HZ, format="WAV")


def write_noise(path):
    path.write_bytes(np.random.default_rng(1).integers(0, 256, 20_000, dtype=np.uint8).tobytes())


def write_header_only(path):
    soundfile.write(path, np.zeros((0, 2)), RATE_HZ, format="WAV")


def write_folder(path):
    path.mkdir()


def write_none(path):
    """A path without a file."""


UNFIT = [write_text, write_nothing, write_silence, write_noise, write_header_only, write_folder, write_none]


@pytest.mark.parametrize("write", UNFIT, ids=lambda write: write.__name__)
def test_an_unusable_jingle_is_left_out_and_noted(tmp_path, write):
    path = tmp_path / "sting.mp3"
    write(path)

    shelf = load(sting=path, ident=save(tmp_path / "ident.wav", make_music(1.0)))

    assert set(shelf.jingles) == {JingleKind.IDENT}
    (note,) = shelf.notes
    assert note.startswith("without sting: ")
    assert "sting.mp3" in note


@pytest.mark.parametrize(
    ("head", "description"),
    [
        (b"\0\0\0\x20ftypM4P \0\0\0\0", "is a copy-protected M4P purchase; save it as WAV, FLAC, OGG or MP3"),
        (b"\0\0\0\x20ftypM4A \0\0\0\0", "is MPEG-4 (M4A, M4P or video); save it as"),
        (b"This is not music, this is prose.", "is plain text; save it as"),
        (b"", "is an empty file; save it as"),
    ],
)
@pytest.mark.parametrize("name", ["sting.mp3", "sting.wav", "sting.m4a", "sting"])
def test_the_note_names_the_real_format_of_an_unusable_file(tmp_path, name, head, description):
    path = tmp_path / name
    path.write_bytes(head + bytes(range(256)) * 40 * bool(head) if b"prose" not in head else head)

    (note,) = load(sting=path).notes

    assert description in note
    assert name in note


@pytest.mark.parametrize("rate_hz", [1, 10, 100, 3_999])
def test_a_rate_that_carries_no_music_is_refused(tmp_path, rate_hz):
    path = save(tmp_path / "ident.wav", make_music(0.2), rate_hz=rate_hz)

    assert "too low for music" in load(ident=path).notes[0]
    assert read_timings(StationJingles(ident=path)) == {}


@pytest.mark.parametrize("rate_hz", [4_000, 192_000, 384_000])
def test_odd_rates_are_played(tmp_path, rate_hz):
    path = save(tmp_path / "ident.wav", make_music(0.5, rate_hz=rate_hz), rate_hz=rate_hz)

    shelf = load(ident=path)

    assert shelf.notes == ()
    assert shelf.timings[JingleKind.IDENT].length_s == pytest.approx(0.5, abs=0.01)


def test_a_clipped_jingle_is_played_and_noted(tmp_path):
    harsh = (make_music(3.0) * 9).clip(-1.0, 1.0)
    shelf = load(ident=save(tmp_path / "loud.wav", harsh))

    assert shelf.notes == ("ident: loud.wav is clipped and sounds distorted; use a copy at a lower level",)
    assert measure_lufs(shelf.jingles[JingleKind.IDENT].samples, rate_hz=RATE_HZ) == pytest.approx(
        -17.0, abs=0.1
    )


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("ident.wav", "ends after 2.0 of 4.0 s"),
        ("ident.mp3", "ends after 2.0 of 4.0 s"),
        ("low.mp3", "ends after 1.9 of 4.0 s"),
        ("ident.flac", "ends after 1.8 of 4.0 s"),
        ("ident.ogg", "ends after 1.2 s"),
    ],
)
def test_a_truncated_file_is_played_to_its_end_and_noted(tmp_path, name, problem):
    """Half of a file, as after an interrupted copy; the low-rate MP3 is MPEG-2."""
    path = tmp_path / name
    write_whole(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    shelf = load(ident=path)

    assert shelf.notes == (f"ident: {name} {problem}; was it cut off while it was copied?",)
    assert 1.0 < shelf.timings[JingleKind.IDENT].length_s < 2.1


def test_a_truncated_flac_of_unknown_length_is_noted(tmp_path):
    """A program that streams its output writes 0 as the number of samples."""
    path = tmp_path / "ident.flac"
    write_whole(path)
    data = bytearray(path.read_bytes()[: path.stat().st_size // 2])
    data[21] &= 0xF0
    data[22:26] = bytes(4)
    path.write_bytes(bytes(data))

    assert load(ident=path).notes == (
        "ident: ident.flac ends after 1.8 s; was it cut off while it was copied?",
    )


@pytest.mark.parametrize("name", ["ident.wav", "ident.mp3", "low.mp3", "ident.flac", "ident.ogg"])
def test_a_complete_file_gives_no_note(tmp_path, name):
    write_whole(tmp_path / name)

    assert load(ident=tmp_path / name).notes == ()


def test_a_jingle_truncated_after_its_used_part_gives_no_note(tmp_path):
    path = save(tmp_path / "sting.wav", make_music(20.0))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    assert load(sting=path).notes == ("sting: only the first 8 s of sting.wav are used",)


def write_whole(path):
    if path.name == "ident.mp3":
        path.write_bytes(encode(make_music(4.0)).getvalue())
    else:
        rate_hz = 22_050 if path.name == "low.mp3" else RATE_HZ
        soundfile.write(path, make_music(4.0, rate_hz=rate_hz), rate_hz)


def test_a_jingle_with_noise_in_the_middle_is_left_out_and_noted(tmp_path):
    """A decoder would find single frames in the noise, and click."""
    path = tmp_path / "ident.mp3"
    data = bytearray(encode(make_music(4.0)).getvalue())
    data[4_000:40_000] = np.random.default_rng(6).integers(0, 256, 36_000, dtype=np.uint8).tobytes()
    path.write_bytes(bytes(data))

    shelf = load(ident=path)

    assert JingleKind.IDENT not in shelf.jingles
    assert shelf.notes[0].startswith("without ident: ident.mp3 is damaged: 5")
    assert shelf.notes[0].endswith("% of it is not sound; copy or save it again")


def test_a_video_with_the_name_of_a_jingle_is_recognized(tmp_path):
    path = tmp_path / "ident.mp3"
    path.write_bytes(b"\0\0\0\x20ftypM4P \0\0\0\0M4P mp42" + encode(make_music(4.0)).getvalue())

    shelf = load(ident=path)

    assert shelf.notes == (
        f"without ident: {path}: is a copy-protected M4P purchase; save it as WAV, FLAC, OGG or MP3",
    )
