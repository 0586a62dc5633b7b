"""Gaps within the words of a robotic voice, and real dropouts in the same file."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bulletin.audio.mixing.normalize_voice_loudness import VoiceTrack
from bulletin.audio.mixing.silent_stops import find_silent_stops
from bulletin.audio.place_sounds_on_timeline import Pacing, Rundown, VoicedPassage
from bulletin.audio.quality.inspect_sound_file import QualityLimits, examine
from bulletin.model import Clip, Rendition, Spoken, Voice
from bulletin.runtime.read_sound_file import Samples, read_sound, write_wav
from bulletin.speech.engines.espeak import EspeakEngine
from tests.audio.sounds import VOICE, make_speech
from tests.support.factories import make_passage

RATE_HZ = 24_000
LEAD_S = 0.5
ROBOT = replace(VOICE, is_natural=False)


def holed(sound: Samples, *, gap_s: float, seed: int, rate_hz: int) -> tuple[Samples, list[float]]:
    """The sound with a gap of silence in each second, at random places where it is loud on both sides."""
    rng, sound, times = np.random.default_rng(seed), sound.copy(), []
    edge, gap = round(0.004 * rate_hz), round(gap_s * rate_hz)
    loud = 0.5 * np.abs(sound).mean()
    for second in range(1, int(len(sound) / rate_hz) - 1):
        for start in second * rate_hz + rng.integers(0, rate_hz // 2, 40):
            sides = sound[start - edge : start], sound[start + gap : start + gap + edge]
            if min(np.abs(side).max() for side in sides) > loud:
                sound[start : start + gap] = 0
                times.append(start / rate_hz)
                break
    return sound, times


def dropouts(tmp_path: Path, clip: Samples, aired: Samples, *, voice: Voice, rate_hz: int) -> str:
    """Warning of dropouts in a file whose voice is `clip`, and which is `aired` in fact."""
    clip_path, path = tmp_path / "clip.wav", tmp_path / "aired.wav"
    write_wav(clip_path, clip, rate_hz=rate_hz)
    lead = np.zeros(round(LEAD_S * rate_hz), dtype=np.float32)
    write_wav(path, np.concatenate([lead, aired, lead]), rate_hz=rate_hz)
    spoken = Clip(passage=make_passage(), path=clip_path, duration_s=len(clip) / rate_hz, rate_hz=rate_hz)
    voiced = VoicedPassage(clip=spoken, start=len(lead), end=len(lead) + len(clip))
    frames = len(aired) + 2 * len(lead)
    rundown = Rundown(rate_hz=rate_hz, frames=frames, voiced=(voiced,), played=(), pacing=Pacing(gap_s=0.4))
    rendition = Rendition(
        kind="podcast",
        path=path,
        media_type="audio/wav",
        duration_s=frames / rate_hz,
        loudness_lufs=-16.0,
        true_peak_dbtp=-2.0,
        chapters=(),
        cues=(),
    )
    read = Spoken(clips=(spoken,), voice=voice, attempts=())
    track = VoiceTrack((spoken,))
    found = examine(rendition, limits=QualityLimits(), stops=lambda: find_silent_stops(rundown, read, track))
    return next((warning for warning in found.warnings if warning.startswith("dropouts")), "")


def test_gaps_of_a_robotic_voice_are_no_dropouts_and_those_of_a_natural_voice_are(tmp_path: Path) -> None:
    speech, _ = holed(make_speech(6, rate_hz=RATE_HZ), gap_s=0.04, seed=1, rate_hz=RATE_HZ)

    robotic, natural = (
        dropouts(tmp_path, speech, speech, voice=voice, rate_hz=RATE_HZ) for voice in (ROBOT, VOICE)
    )

    assert robotic == ""
    assert natural.startswith("dropouts: 0:0")


@pytest.mark.slow
@pytest.mark.parametrize("gap_s", [0.03, 0.06, 0.1, 0.2])
def test_dropouts_in_a_bulletin_of_espeak_are_found_among_its_own_stops(tmp_path: Path, gap_s: float) -> None:
    if not shutil.which("espeak-ng"):
        pytest.skip("espeak-ng is not installed")
    engine = EspeakEngine(language="de")
    text = "Die Feuerwehr war mit hundertzwanzig Kräften im Einsatz, wie die Polizei mitteilte. " * 3
    engine.synthesize(text, engine.voices()[0], tmp_path / "spoken.wav")
    sound, rate_hz = read_sound(tmp_path / "spoken.wav")
    voice = sound.reshape(len(sound), -1)[:, 0]
    broken, times = holed(voice, gap_s=gap_s, seed=7, rate_hz=rate_hz)

    whole = dropouts(tmp_path, voice, voice, voice=ROBOT, rate_hz=rate_hz)
    found = dropouts(tmp_path, voice, broken, voice=ROBOT, rate_hz=rate_hz)

    assert whole == ""
    count = (
        int(found.removeprefix("dropouts: ").partition(",")[0])
        if "first at" in found
        else found.count(":") - 1
    )
    assert count >= 0.6 * len(times)
