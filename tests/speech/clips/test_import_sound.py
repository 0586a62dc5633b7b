"""The importer's work without its process: what is kept of a recording, and what is refused."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from bulletin.runtime.read_sound_file import Samples, read_sound
from bulletin.speech.clips.import_sound import ImportedSound, ImportJob, import_sound
from bulletin.speech.clips.recording_checks import RecordingError
from bulletin.speech.clips.sniff_sound_type import SoundType
from bulletin.speech.trim_and_level_speech import LEVEL_LUFS, loudness_lufs
from tests.support.speech_like_sounds import BREATH_S, RATE_HZ, SENTENCE_S, speech_like

LASTS_S = 2 * SENTENCE_S + BREATH_S


def run(
    sound: Samples, folder: Path, *, rate_hz: int = RATE_HZ, form: str = "WAV", **options: Any
) -> ImportedSound:
    source = folder / "source"
    soundfile.write(source, sound, rate_hz, format=form)
    return run_file(source, folder, kind=options.pop("kind", SoundType.WAV), **options)


def run_file(source: Path, folder: Path, *, kind: SoundType, **options: Any) -> ImportedSound:
    fields: dict[str, Any] = {"most_s": 60.0, "may_cut": False} | options
    return import_sound(ImportJob(source=str(source), target=str(folder / "clip.wav"), kind=kind, **fields))


@pytest.mark.slow
@pytest.mark.parametrize(("level", "noise"), [(0.01, 0.0), (0.9, 0.0), (0.1, 0.0005)])
def test_a_recording_is_trimmed_and_has_the_level_of_the_voice(
    tmp_path: Path, level: float, noise: float
) -> None:
    imported = run(speech_like(level=level, quiet_s=1.5, noise=noise), tmp_path)

    samples, rate_hz = read_sound(tmp_path / "clip.wav")
    assert (samples.shape, rate_hz) == ((round(imported.duration_s * RATE_HZ), 1), RATE_HZ)
    assert imported.duration_s == pytest.approx(LASTS_S, abs=0.35)
    assert loudness_lufs(samples[:, 0], rate_hz=RATE_HZ) == pytest.approx(LEVEL_LUFS, abs=0.2)
    assert np.abs(samples).max() <= 0.9


@pytest.mark.parametrize(
    ("left", "right", "note"),
    [(1.0, 0.8, ""), (1.0, -1.0, "turned round"), (1.0, 0.001, "only one channel")],
)
def test_nothing_is_cancelled_in_mono(tmp_path: Path, left: float, right: float, note: str) -> None:
    mono = speech_like()

    imported = run(np.stack([left * mono, right * mono], axis=1), tmp_path)

    samples, _ = read_sound(tmp_path / "clip.wav")
    assert loudness_lufs(samples[:, 0], rate_hz=RATE_HZ) == pytest.approx(LEVEL_LUFS, abs=0.2)
    assert note in " ".join(imported.notes)
    assert bool(imported.notes) == bool(note)


def test_a_long_recording_is_cut_at_a_breath_if_the_editor_allows_it(tmp_path: Path) -> None:
    sound = speech_like(sentences=4, noise=0.0005)

    with pytest.raises(RecordingError, match=r"lasts 9\.\d s, longer than the 6 s .*--may-cut"):
        run(sound, tmp_path, most_s=6.0)
    imported = run(sound, tmp_path, most_s=6.0, may_cut=True)

    # two sentences and a breath end at 4.5 s; the third would end at 7
    assert imported.duration_s == pytest.approx(LASTS_S, abs=0.25)
    assert "cut at a breath after 4." in imported.notes[0]


def test_without_a_breath_nothing_is_cut(tmp_path: Path) -> None:
    breathless = np.tile(speech_like(sentences=1), 5)

    with pytest.raises(RecordingError, match="no breath within 6 s"):
        run(breathless, tmp_path, most_s=6.0, may_cut=True)


REFUSED: dict[str, tuple[Samples, str]] = {
    "silent": (np.zeros(RATE_HZ, dtype=np.float32), "silent; check the microphone"),
    "short": (speech_like()[:12_000], r"only 0\.\d s of sound"),
    "distorted": (np.clip(6 * speech_like(level=0.5), -0.9, 0.9), "distorted.*lower level"),
    "no samples": (np.zeros(0, dtype=np.float32), "no sound in it"),
}


@pytest.mark.parametrize(("sound", "message"), REFUSED.values(), ids=REFUSED)
def test_a_recording_that_cannot_air_is_refused_with_the_remedy(
    tmp_path: Path, sound: Samples, message: str
) -> None:
    with pytest.raises(RecordingError, match=message) as error:
        run(sound, tmp_path)
    assert error.value.exit_code == 6
    assert not (tmp_path / "clip.wav").exists()


def test_a_recording_of_noise_alone_is_refused_when_its_noise_is_reduced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bulletin.speech.clips.import_sound.reduce_noise", lambda mono, rate_hz: mono * 0)

    with pytest.raises(RecordingError, match="too short for a clip"):
        run(speech_like(), tmp_path, reduces_noise=True)


def test_a_beep_is_not_taken_for_distortion(tmp_path: Path) -> None:
    time = np.arange(2 * RATE_HZ) / RATE_HZ
    beeps = np.asarray(0.3 * np.sin(2 * np.pi * 440 * time) * (time % 1 < 0.5), dtype=np.float32)

    assert run(beeps, tmp_path).duration_s == pytest.approx(1.5, abs=0.35)


@pytest.mark.parametrize("form", ["MP3", "OGG"])
def test_distortion_is_found_after_an_encoder_has_rounded_it(tmp_path: Path, form: str) -> None:
    kind = SoundType.OGG if form == "OGG" else SoundType(form)
    sound = 0.4 * np.clip(6 * speech_like(level=0.5), -1, 1)

    with pytest.raises(RecordingError, match="distorted"):
        run(sound, tmp_path, form=form, kind=kind)


@pytest.mark.slow
def test_an_hour_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    source = tmp_path / "hour.flac"
    soundfile.write(source, np.zeros(601 * 8000, dtype=np.int16), 8000, format="FLAC")

    with pytest.raises(RecordingError, match="longer than 10 minutes"):
        run_file(source, tmp_path, kind=SoundType.FLAC)


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "damaged.flac"
    source.write_bytes(b"fLaC" + bytes(2000))

    with pytest.raises(RecordingError, match="damaged: its header says FLAC"):
        run_file(source, tmp_path, kind=SoundType.FLAC)


@pytest.mark.parametrize(
    ("channels", "rate_hz", "message"),
    [(500, 48_000, "500 channels"), (1, 2_000_000_000, "sampling rate"), (1, 1, "sampling rate")],
)
def test_an_impossible_header_is_refused(tmp_path: Path, channels: int, rate_hz: int, message: str) -> None:
    head = struct.pack("<HHIIHH", 1, channels, rate_hz, 0, 2 * channels, 16)
    body = bytes(2 * channels * 100)
    source = tmp_path / "odd.wav"
    source.write_bytes(
        b"RIFF" + struct.pack("<I", 36 + len(body)) + b"WAVEfmt " + struct.pack("<I", 16) + head
        + b"data" + struct.pack("<I", len(body)) + body
    )  # fmt: skip

    with pytest.raises(RecordingError, match=message):
        run_file(source, tmp_path, kind=SoundType.WAV)


def test_the_same_recording_gives_the_same_bytes(tmp_path: Path) -> None:
    contents = []
    for _ in range(2):
        run(speech_like(sentences=1), tmp_path)
        contents.append((tmp_path / "clip.wav").read_bytes())

    assert contents[0] == contents[1]


@pytest.mark.parametrize("form", ["FLAC", "MP3", "OGG"])
def test_libsndfile_reads_the_other_types(tmp_path: Path, form: str) -> None:
    kind = SoundType.OGG if form == "OGG" else SoundType(form)

    imported = run(speech_like(rate_hz=44_100), tmp_path, rate_hz=44_100, form=form, kind=kind)

    assert imported.duration_s == pytest.approx(LASTS_S, abs=0.35)
