"""Recordings of telephones and browsers: M4A/AAC and WebM/Opus, whole and damaged."""

from __future__ import annotations

import builtins
import random
from pathlib import Path
from typing import Any

import pytest

from bulletin.speech.clips.decode_recording import decode_recording
from bulletin.speech.clips.import_recording import import_recording
from bulletin.speech.clips.import_sound import ImportedSound, ImportJob, import_sound
from bulletin.speech.clips.recording_checks import RecordingError
from bulletin.speech.clips.sniff_sound_type import SoundType, sniff_sound_type
from tests.support.encode_recordings import encode_recording
from tests.support.speech_like_sounds import speech_like

av = pytest.importorskip("av", reason='needs the extra "clips" (PyAV)')
TYPES = (SoundType.M4A, SoundType.WEBM, SoundType.AAC)


def run(data: bytes, folder: Path, kind: SoundType) -> ImportedSound:
    (folder / "source").write_bytes(data)
    job: dict[str, Any] = {"source": str(folder / "source"), "target": str(folder / "clip.wav")}
    return import_sound(ImportJob(**job, kind=kind, most_s=60.0, may_cut=False))


@pytest.mark.parametrize("kind", TYPES)
def test_recordings_of_telephones_and_browsers_are_read_to_their_end(tmp_path: Path, kind: SoundType) -> None:
    sound = speech_like(sentences=1)

    data = encode_recording(sound, kind, folder=tmp_path)
    (tmp_path / "source").write_bytes(data)

    assert sniff_sound_type(data[:64]) is kind
    decoded = decode_recording(tmp_path / "source", kind)
    assert decoded.shape[1] == 2
    assert len(decoded) == pytest.approx(len(sound), abs=4096)


@pytest.mark.slow
@pytest.mark.parametrize("kind", [SoundType.M4A, SoundType.WEBM])
def test_a_file_that_was_cut_off_or_damaged_is_refused_or_read(tmp_path: Path, kind: SoundType) -> None:
    data = encode_recording(speech_like(sentences=1), kind, folder=tmp_path)
    rng = random.Random(3)

    refused = 0
    for number in range(12):
        damaged = bytearray(data)
        if number % 2:
            del damaged[rng.randrange(len(data) // 2) :]
        else:
            for _ in range(rng.choice((1, 30, 300))):
                damaged[rng.randrange(len(damaged))] = rng.randrange(256)
        try:
            run(bytes(damaged), tmp_path, kind)
        except RecordingError:
            refused += 1
    assert refused


def test_a_film_without_sound_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    with av.open(path, "w", format="mp4") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width = stream.height = 32
        for packet in stream.encode(av.VideoFrame(32, 32, "yuv420p")):
            container.mux(packet)
        for packet in stream.encode(None):
            container.mux(packet)

    with pytest.raises(RecordingError, match="no sound track"):
        run(path.read_bytes(), tmp_path, SoundType.M4A)


def test_without_the_extra_the_message_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = encode_recording(speech_like(sentences=1), SoundType.M4A, folder=tmp_path)
    real = builtins.__import__

    def lacking(name: str, *args: Any, **options: Any) -> Any:
        if name == "av":
            raise ImportError(name)
        return real(name, *args, **options)

    monkeypatch.setattr(builtins, "__import__", lacking)
    with pytest.raises(
        RecordingError, match=r'mayor\.m4a: .*needs the extra "clips".*install.*WAV, MP3, FLAC or Ogg'
    ):
        import_recording(data, folder=tmp_path / "clips", name="mayor.m4a")
    assert list((tmp_path / "clips").iterdir()) == []
