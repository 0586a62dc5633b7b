from __future__ import annotations

from pathlib import Path

import pytest

from bulletin.runtime.restrained_process import Limits
from bulletin.speech.clips import transcribe_recording as module
from bulletin.speech.clips.import_recording import import_recording
from bulletin.speech.clips.recording_checks import RecordingError
from bulletin.speech.voice_factory import build_chain

WORDS = "The bridge will open before the summer."


@pytest.mark.slow
def test_the_words_of_a_recording_are_recognised(tmp_path: Path) -> None:
    pytest.importorskip("faster_whisper", reason='needs the extra "transcripts"')
    (reader,) = build_chain(["hibari"], engines={}, speed=1.0, language="en-GB")
    reader.engine.synthesize(WORDS, reader.voice, tmp_path / "mayor.wav")

    recognised = import_recording(tmp_path / "mayor.wav", folder=tmp_path / "clips", transcribes_in="en-GB")
    given = import_recording(
        tmp_path / "mayor.wav", folder=tmp_path / "clips", words="Mine.", transcribes_in="en-GB"
    )

    assert "bridge will open before the summer" in recognised.words
    assert given.words == "Mine."


def test_a_machine_that_cannot_recognise_words_does_not_blame_the_recording(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "check_recogniser", lambda: None)
    monkeypatch.setattr(module, "_LIMITS", Limits(memory_bytes=2_000_000_000, cpu_s=5.0, within_s=0.01))

    with pytest.raises(RecordingError, match=r"its words cannot be recognised here.*give its words yourself"):
        module.transcribe_recording(tmp_path / "a.wav", language="en-GB")


def test_without_the_extra_the_message_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bulletin.runtime.whisper_models.missing_modules", lambda *names: ("no_package",))

    with pytest.raises(RecordingError, match=r'needs the extra "transcripts".*install.*--words'):
        import_recording(b"ID3", folder=tmp_path, transcribes_in="en-GB")
