"""Clicks of a jingle are named with the jingle, once; those of the mix with the file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile

from bulletin.audio.music.jingle_clicks import clicks_beside_music, place_music
from bulletin.audio.music.load_jingles import REFERENCE_LUFS, StationJingles, load_jingles
from bulletin.audio.place_sounds_on_timeline import JingleKind, Pacing, PlayedMusic, Rundown
from bulletin.imaging.sounds import instruments
from bulletin.imaging.sounds.oscillators import RATE_HZ, Random
from bulletin.model import Cue, Role


def write_sting(path: Path, *, clicks: bool) -> Path:
    """Plucked notes for two seconds, and one wrong sample 1.3 s after the start."""
    sound = np.zeros((2 * RATE_HZ, 2))
    for step, note in enumerate((62, 66, 69, 74, 69, 66, 62)):
        played = instruments.pluck(note, 0.2, Random(step))
        at = step * RATE_HZ // 4
        sound[at : at + len(played)] += played[: len(sound) - at]
    sound *= 0.4 / np.abs(sound).max()
    if clicks:
        sound[round(1.3 * RATE_HZ)] += 0.4
    soundfile.write(path, sound, RATE_HZ)
    return path


def load(path: Path):
    return load_jingles(StationJingles(sting=path), rate_hz=RATE_HZ, voice_lufs=REFERENCE_LUFS)


def test_a_plucked_jingle_is_no_click_and_a_click_in_it_is_named_with_its_file(tmp_path: Path) -> None:
    assert load(write_sting(tmp_path / "plucked.wav", clicks=False)).notes == ()
    assert load(write_sting(tmp_path / "ding.wav", clicks=True)).notes == (
        "sting: ding.wav may click at 1.3 s; listen to it, and export it again if it does",
    )


def test_a_sting_that_clicks_is_not_named_again_for_each_time_it_is_played(tmp_path: Path) -> None:
    """Two stings from 10 and 20 s; a click in each, one at the cut end of a sting, one in a pause, one under words."""
    jingles = load(write_sting(tmp_path / "ding.wav", clicks=True)).jingles
    length = round(jingles[JingleKind.STING].timing.length_s * RATE_HZ)
    rundown = Rundown(
        rate_hz=RATE_HZ,
        frames=30 * RATE_HZ,
        voiced=(),
        played=tuple(
            PlayedMusic(jingle=JingleKind.STING, start=at * RATE_HZ, end=at * RATE_HZ + length)
            for at in (10, 20)
        ),
        pacing=Pacing(gap_s=0.5),
    )
    end_s = 10 + length / RATE_HZ
    words = (Cue(start_s=21.0, end_s=23.0, text="Words", role=Role.STORY),)
    clicks_s = (11.301, end_s, 15.0, 21.299, 21.6)

    assert clicks_beside_music(clicks_s, place_music(rundown, jingles), words) == (end_s, 15.0, 21.6)
