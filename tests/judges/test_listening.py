"""Demo bulletin transcribed by a speech recogniser: its words, and the start of each chapter."""

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
"""Highest word error rate in per cent; the recogniser itself misses one name in twenty words of news."""

FOLDED = {
    # text for the voice -> spelling of the recogniser; the sound is the same
    "wecks-kum": "wexcom",
    "marl-bridge": "marlbridge",
    "otter-meed": "ottermead",
}
"""All spellings that are folded, besides initials and the recogniser's own normaliser (numbers, case, spelling)."""


def spoken_words(data: dict[str, Any]) -> str:
    return " ".join(s["spoken"] for passage in data["aired"] for s in passage["sentences"])


def fold(text: str) -> str:
    text = text.casefold()
    for spoken, written in FOLDED.items():
        text = text.replace(spoken, written)
    return re.sub(r"\b(?:[a-z]-)+[a-z]\b", lambda match: match[0].replace("-", ""), text)


def test_the_recogniser_hears_the_words_of_the_script(
    demo: dict[str, Any], judge: Judge, tmp_path: Path
) -> None:
    reference = tmp_path / "reference.txt"
    reference.write_text(fold(spoken_words(demo)), encoding="utf-8")

    done = judge("speech/transcribe.py", demo["renditions"][0]["path"], "--reference", reference, "--json")

    assert done.returncode == 0, done.stderr
    transcript = json.loads(done.stdout)
    print("WER", transcript["wer_percent"], transcript["differences"])
    assert transcript["wer_percent"] <= MOST_WER


def test_each_chapter_starts_with_its_first_words(demo: dict[str, Any], judge: Judge, tmp_path: Path) -> None:
    """The sound starts at the chapter's time, so the recogniser hears no earlier words."""
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
        words_heard = " ".join(segment["text"] for segment in result["segments"])
        wanted = first[result["file"]]
        assert begins_alike(words_heard, wanted), (
            f"{result['file']}: heard {words_heard!r}, wanted {wanted!r}"
        )


def podcast_of(demo: dict[str, Any]) -> dict[str, Any]:
    """Podcast of the demo, which most people hear; the FM file has another loudness and a time check."""
    podcast: dict[str, Any] = next(
        rendition for rendition in demo["renditions"] if rendition["kind"] == "podcast"
    )
    return podcast


def test_the_podcast_has_its_length_and_loudness_without_silence(demo: dict[str, Any]) -> None:
    """Decoded sound: length within a tenth, -16 LUFS, at most -1.5 dBTP, no silence over 1.5 s."""
    report = inspect(Path(podcast_of(demo)["path"]))

    print(report.duration_s, report.loudness_lufs, report.true_peak_dbtp, report.faults, report.warnings)
    assert report.duration_s == pytest.approx(demo["planned_s"], rel=0.1)
    assert report.loudness_lufs == pytest.approx(-16.0, abs=0.5)
    assert report.true_peak_dbtp <= -1.5
    assert report.silences == ()
    assert report.is_fit


def opening_words(data: dict[str, Any], number: int, title: str) -> str:
    """First words of a chapter's passage; the first chapter begins with the opening."""
    for passage in data["aired"]:
        if passage["role"] == "story" and passage["title"] == title:
            return str(passage["sentences"][0]["spoken"])
    role = "opening" if number == 0 else "closing"
    return next(str(p["sentences"][0]["spoken"]) for p in data["aired"] if p["role"] == role)


def begins_alike(heard: str, wanted: str) -> bool:
    """Whether the first twenty letters nearly match; recognisers misspell names and numbers."""

    def letters(text: str) -> str:
        return re.sub(r"[^a-z]", "", fold(text))[:20]

    return difflib.SequenceMatcher(None, letters(heard), letters(wanted)).ratio() >= 0.55
