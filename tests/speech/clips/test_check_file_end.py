"""Recordings that were cut off: by a lost line, a copy that was broken off, a telephone that died."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from bulletin.runtime.mp3_frames import frame_bytes
from bulletin.speech.clips.import_sound import ImportedSound, ImportJob, import_sound
from bulletin.speech.clips.recording_checks import HEAD_BYTES, RecordingError, check_is_complete
from bulletin.speech.clips.sniff_sound_type import SoundType
from tests.support.encode_recordings import encode_recording
from tests.support.speech_like_sounds import SENTENCE_S, speech_like

REMEDY = "copy or upload it again, or save what is there as WAV"


def encode(kind: SoundType, folder: Path) -> bytes:
    if kind.needs_pyav:
        pytest.importorskip("av", reason='needs the extra "clips" (PyAV)')
    return encode_recording(speech_like(sentences=1), kind, folder=folder)


def import_bytes(data: bytes, kind: SoundType, folder: Path) -> ImportedSound:
    source = folder / "source"
    source.write_bytes(data)
    check_is_complete(data[:HEAD_BYTES], len(data))
    job: dict[str, Any] = {"source": str(source), "target": str(folder / "clip.wav"), "kind": kind}
    return import_sound(ImportJob(**job, most_s=60.0, may_cut=False))


@pytest.mark.parametrize("kind", SoundType)
def test_a_file_of_every_type_that_was_cut_off_anywhere_is_refused_as_incomplete(
    tmp_path: Path, kind: SoundType
) -> None:
    data, rng = encode(kind, tmp_path), random.Random(15)
    places = [len(data) - 2, *(rng.randrange(len(data) // 8, len(data)) for _ in range(6))]

    for place in places:
        with pytest.raises(RecordingError, match=f"the file is incomplete.*; {REMEDY}"):
            import_bytes(data[:place], kind, tmp_path)
    assert import_bytes(data, kind, tmp_path).duration_s == pytest.approx(SENTENCE_S, abs=0.1)


def test_the_answer_says_how_much_is_there(tmp_path: Path) -> None:
    wav, flac = (encode(kind, tmp_path) for kind in (SoundType.WAV, SoundType.FLAC))

    with pytest.raises(RecordingError, match=r"incomplete: 200,000 of 384,044 bytes are there"):
        import_bytes(wav[:200_000], SoundType.WAV, tmp_path)
    with pytest.raises(RecordingError, match=r"incomplete or damaged: \d\.\d of 2\.0 s can be read"):
        import_bytes(flac[: len(flac) // 2], SoundType.FLAC, tmp_path)


def test_a_telephones_file_without_its_index_is_named_so(tmp_path: Path) -> None:
    data = encode(SoundType.M4A, tmp_path)
    without_index = data[: data.index(b"moov") - 4]

    with pytest.raises(RecordingError, match=r"incomplete: the index .*\(moov\) is missing"):
        import_bytes(without_index, SoundType.M4A, tmp_path)


def test_an_mp3_that_ends_between_two_frames_has_fewer_than_it_announces(tmp_path: Path) -> None:
    data = encode(SoundType.MP3, tmp_path)

    with pytest.raises(RecordingError, match=r"incomplete: 39 of the 8\d frames that it announces"):
        import_bytes(data[: end_of_frame(data, 40)], SoundType.MP3, tmp_path)
    # without its announcement nobody can know; the imported length is what the editor sees
    first = end_of_frame(data, 1)
    imported = import_bytes(data[first : end_of_frame(data, 40)], SoundType.MP3, tmp_path)
    assert imported.duration_s == pytest.approx(39 * 1152 / 48_000, abs=0.1)


def end_of_frame(data: bytes, number: int) -> int:
    at = 0
    for _ in range(number):
        at += frame_bytes(data[at : at + 4])
    return at


def test_a_tag_at_the_end_of_an_mp3_is_no_cut(tmp_path: Path) -> None:
    data = encode(SoundType.MP3, tmp_path)

    imported = import_bytes(data + b"TAG" + bytes(125), SoundType.MP3, tmp_path)

    assert imported.duration_s == pytest.approx(SENTENCE_S, abs=0.1)


def test_an_ogg_file_that_ends_between_two_pages_is_imported_with_a_note(tmp_path: Path) -> None:
    data = encode(SoundType.OGG, tmp_path)

    imported = import_bytes(data[: data.rindex(b"OggS")], SoundType.OGG, tmp_path)

    assert imported.notes == ("it has no mark at its end: listen whether all of it is there",)
    assert imported.duration_s < SENTENCE_S


@pytest.mark.parametrize("head", [b"RF64" + b"\xff" * 4, b"FORM" + bytes([0, 1, 0, 0])])
def test_long_wav_files_and_aiff_announce_their_length_too(head: bytes) -> None:
    facts = head + b"WAVEds64" + (28).to_bytes(4, "little") + (65_536).to_bytes(8, "little")

    check_is_complete(facts, 65_544)
    with pytest.raises(RecordingError, match="incomplete: 30,000 of 65,544 bytes"):
        check_is_complete(facts, 30_000)


def test_a_recorder_that_streams_announces_nothing() -> None:
    for length in (bytes(4), b"\xff" * 4):
        check_is_complete(b"RIFF" + length + b"WAVEfmt ", 30_000)
