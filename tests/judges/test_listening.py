"""The demo bulletin is heard by a recogniser: are the words there, and is each chapter where it says?"""

from __future__ import annotations

import difflib
import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bulletin.audio.quality.inspect_sound_file import inspect
from bulletin.runtime.read_sound_file import read_sound, write_wav

pytestmark = pytest.mark.judges

Judge = Callable[..., subprocess.CompletedProcess[str]]

MOST_WER = 12.0
"""Per cent of the words: the recogniser itself misses one name in twenty words of news."""

FOLDED = {
    # a difference of spelling, not of sound: what the voice was given -> how the recogniser writes it
    "wecks-kum": "wexcom",
    "marl-bridge": "marlbridge",
    "otter-meed": "ottermead",
}
"""The whole list, with letters of initials written together: nothing else is folded beyond the
recogniser's own normaliser (numbers, case, spelling)."""


def spoken_words(data: dict[str, Any]) -> str:
    return " ".join(s["spoken"] for passage in data["aired"] for s in passage["sentences"])


def fold(text: str) -> str:
    text = text.casefold()
    for said, written in FOLDED.items():
        text = text.replace(said, written)
    return re.sub(r"\b(?:[a-z]-)+[a-z]\b", lambda match: match[0].replace("-", ""), text)


def test_the_words_of_the_script_are_heard(demo: dict[str, Any], judge: Judge, tmp_path: Path) -> None:
    reference = tmp_path / "reference.txt"
    reference.write_text(fold(spoken_words(demo)), encoding="utf-8")

    done = judge("speech/transcribe.py", demo["renditions"][0]["path"], "--reference", reference, "--json")

    assert done.returncode == 0, done.stderr
    heard = json.loads(done.stdout)
    print("WER", heard["wer_percent"], heard["differences"])
    assert heard["wer_percent"] <= MOST_WER


def test_at_each_chapters_time_its_first_words_are_heard(
    demo: dict[str, Any], judge: Judge, tmp_path: Path
) -> None:
    """The sound is cut at the chapter's time, so the recogniser hears nothing before it."""
    sound = demo["renditions"][0]
    samples, rate_hz = read_sound(Path(sound["path"]))
    first: dict[str, str] = {}
    for number, chapter in enumerate(sound["chapters"]):
        start = round(chapter["start_s"] * rate_hz)
        path = tmp_path / f"{number:02d}.wav"
        write_wav(path, samples[start : start + 4 * rate_hz], rate_hz=rate_hz)
        first[str(path)] = opening_words(demo, number, chapter["title"])

    done = judge("speech/transcribe.py", *first, "--json")

    assert done.returncode == 0, done.stderr
    for line in done.stdout.splitlines():
        result = json.loads(line)
        heard = " ".join(segment["text"] for segment in result["segments"])
        wanted = first[result["file"]]
        assert begins_alike(heard, wanted), f"{result['file']}: heard {heard!r}, wanted {wanted!r}"


def podcast_of(demo: dict[str, Any]) -> dict[str, Any]:
    """What most people listen to; the file for the air has another loudness, and the time."""
    made: dict[str, Any] = next(one for one in demo["renditions"] if one["kind"] == "podcast")
    return made


def test_it_is_as_long_and_loud_as_it_should_be_and_never_falls_silent(demo: dict[str, Any]) -> None:
    """Decoded: the length within a tenth, -16 LUFS, at most -1.5 dBTP, no silence over 1.5 s."""
    report = inspect(Path(podcast_of(demo)["path"]))

    print(report.duration_s, report.loudness_lufs, report.true_peak_dbtp, report.faults, report.warnings)
    assert report.duration_s == pytest.approx(demo["planned_s"], rel=0.1)
    assert report.loudness_lufs == pytest.approx(-16.0, abs=0.5)
    assert report.true_peak_dbtp <= -1.5
    assert report.silences == ()
    assert report.is_fit


def opening_words(data: dict[str, Any], number: int, title: str) -> str:
    """The first words of the passage that the chapter marks: the first one begins with the opening."""
    for passage in data["aired"]:
        if passage["role"] == "story" and passage["title"] == title:
            return str(passage["sentences"][0]["spoken"])
    role = "opening" if number == 0 else "closing"
    return next(str(p["sentences"][0]["spoken"]) for p in data["aired"] if p["role"] == role)


def begins_alike(heard: str, wanted: str) -> bool:
    """The first twenty letters, nearly: recognisers misspell names and numbers."""

    def letters(text: str) -> str:
        return re.sub(r"[^a-z]", "", fold(text))[:20]

    return difflib.SequenceMatcher(None, letters(heard), letters(wanted)).ratio() >= 0.55
