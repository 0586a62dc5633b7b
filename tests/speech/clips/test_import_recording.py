"""Import through the importer's process: what is stored, and that nothing half-written stays."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import soundfile

from bulletin.model import RecordedClip
from bulletin.speech.clips import import_recording as module
from bulletin.speech.clips.clip_folder import clip_path, delete_unused_clips, hash_file, read_clip
from bulletin.speech.clips.import_recording import import_recording
from bulletin.speech.clips.recording_checks import MOST_BYTES, RecordingError, check_size
from tests.support.factories import NOW
from tests.support.speech_like_sounds import RATE_HZ, speech_like


def write_mp3(path: Path, **options: Any) -> Path:
    soundfile.write(path, speech_like(**options), RATE_HZ, format="MP3")
    return path


@pytest.mark.slow
def test_a_recording_is_stored_under_its_hash_with_its_facts(tmp_path: Path) -> None:
    source, folder = write_mp3(tmp_path / "mayor.wav"), tmp_path / "state" / "clips"

    clip = import_recording(
        source, folder=folder, words=" We  have waited.\n", speaker="Ann Fox", credit="us", rights="free"
    )

    path = clip_path(folder, clip)
    assert path is not None
    assert hash_file(path) == clip.sha256
    assert soundfile.info(path).duration == pytest.approx(clip.duration_s, abs=1e-5)
    assert (clip.words, clip.speaker, clip.credit, clip.rights) == (
        "We have waited.",
        "Ann Fox",
        "us",
        "free",
    )
    assert clip.source_name == "mayor.wav"
    assert clip.notes == ("its content is MP3, in spite of its name",)
    assert read_clip(folder, clip.sha256) == clip
    assert sorted(file.suffix for file in folder.iterdir()) == [".json", ".wav"]


@pytest.mark.slow
def test_bytes_of_an_upload_are_imported_like_a_file(tmp_path: Path) -> None:
    data = write_mp3(tmp_path / "a.mp3").read_bytes()

    clip = import_recording(
        data,
        folder=tmp_path / "clips",
        name="C:\\fake\\a\x07.mp3",
        words="We \ud800\x00 waited.",
        speaker="Ann " * 100,
        most_s=2.5,
        may_cut=True,
    )

    assert (clip.source_name, len(clip.speaker)) == ("a .mp3", 200)
    assert clip.words.startswith("We")
    assert clip.words.isprintable()
    assert [note.partition(" after")[0] for note in clip.notes] == [
        "cut at a breath",
        "its words may go on",
    ]
    assert len(list((tmp_path / "clips").iterdir())) == 2


REFUSED = {
    "empty": (b"", "empty"),
    "text": (b"Dear sir or madam", "it is a text; save as WAV"),
    "half a WAV": (b"RIFF\x00\x00\x10\x00WAVEfmt ", r"incomplete: 16 of 1,048,584 bytes"),
}


@pytest.mark.parametrize(("data", "message"), REFUSED.values(), ids=REFUSED)
def test_a_file_that_is_no_recording_is_refused_before_it_is_decoded(
    tmp_path: Path, data: bytes, message: str
) -> None:
    with pytest.raises(RecordingError, match=f"letter.wav: .*{message}") as error:
        import_recording(data, folder=tmp_path, name="letter.wav")
    assert error.value.exit_code == 6
    assert list(tmp_path.iterdir()) == []


def test_a_huge_file_is_refused_by_its_size() -> None:
    with pytest.raises(RecordingError, match="121 MB, more than 120"):
        check_size(MOST_BYTES + 10**6)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match=r"none\.mp3: no such file"):
        import_recording(tmp_path / "none.mp3", folder=tmp_path / "clips")
    with pytest.raises(RecordingError, match="is a folder"):
        import_recording(tmp_path, folder=tmp_path / "clips")


@pytest.mark.slow
def test_a_bomb_ends_the_importer_and_not_this_process(tmp_path: Path) -> None:
    source = tmp_path / "bomb.flac"
    soundfile.write(source, speech_like(sentences=1), RATE_HZ, format="FLAC")
    data = bytearray(source.read_bytes())
    data[200:] = bytes(len(data) - 200)

    with pytest.raises(RecordingError, match=r"bomb\.flac: .*(damaged|no sound)"):
        import_recording(bytes(data), folder=tmp_path / "clips", name="bomb.flac")
    assert list((tmp_path / "clips").iterdir()) == []


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, folder = write_mp3(tmp_path / "mayor.mp3", sentences=1), tmp_path / "clips"

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "run_import", full)
    with pytest.raises(RecordingError, match=r"No space left on device.*free some space"):
        import_recording(source, folder=folder)
    assert list(folder.iterdir()) == []


def test_unused_clips_are_deleted_when_they_are_old(tmp_path: Path) -> None:
    import os

    used, unused, new = (sign * 64 for sign in "abc")
    for sha256 in (used, unused, new):
        for suffix in (".wav", ".json"):
            path = tmp_path / f"{sha256}{suffix}"
            path.write_text(json.dumps({}))
            age_s = 10 if sha256 == new else 1000
            os.utime(path, (NOW.timestamp() - age_s,) * 2)

    assert (
        delete_unused_clips(
            tmp_path, used={used}, before=NOW.fromtimestamp(NOW.timestamp() - 100, NOW.tzinfo)
        )
        == 1
    )
    assert {path.stem for path in tmp_path.iterdir()} == {used, new}


def test_a_hash_that_is_a_path_is_no_clip(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("{}")

    assert read_clip(tmp_path, "../x") is None
    assert clip_path(tmp_path, RecordedClip(sha256="0" * 64, duration_s=1.0)) is None
