"""A voice before the browser's microphone, on air: recorded in the page, and found in the published sound."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyloudnorm
import pytest
import soundfile
from scipy.signal import correlate

from bulletin.newsroom.coming_bulletin import coming_bulletin
from bulletin.runtime.read_sound_file import Samples, read_sound
from bulletin.runtime.resampling import resample
from bulletin.speech.clips.trim_recording import trim_recording
from bulletin.speech.voice_factory import build_chain
from tests.newsroom_web.end_to_end.air_slot import air
from tests.newsroom_web.end_to_end.editors import EDITORS
from tests.support.newsroom_pages import served_hill
from tests.support.playwright_browser import chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytest.importorskip("av", reason='needs the extra "clips" (PyAV)')
pytestmark = pytest.mark.browser

OPTIONS = '[outputs]\nmake = ["podcast", "fm"]\n[outputs.fm]\nformat = "flac"\n'
WORDS = "We have waited eleven years for this bridge. It opens again in the spring."
SPEAKER = "Ann Fox, mayor"
RATE_HZ = 48_000
WINDOW_S = 0.3


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the microphone hears: a soft voice in a quiet room, a second after it is opened; WAV at 48 kHz."""
    folder = tmp_path_factory.mktemp("microphone")
    (reader,) = build_chain(["hibari"], engines={}, speed=1.0, language="en-GB")
    reader.engine.synthesize(WORDS, reader.voice, folder / "spoken.wav")
    spoken, rate_hz = read_sound(folder / "spoken.wav")
    voice = resample(spoken[:, 0], rate_hz=rate_hz, to_hz=RATE_HZ)
    room = 0.0002 * np.random.default_rng(5).standard_normal(voice.size + 2 * RATE_HZ)
    room[RATE_HZ : RATE_HZ + voice.size] += 0.2 / np.abs(voice).max() * voice
    soundfile.write(folder / "said.wav", np.stack([room, room], axis=1), RATE_HZ, subtype="PCM_16")
    return folder / "said.wav"


@pytest.fixture(scope="module")
def browser(said: Path) -> Iterator[Browser]:
    with chromium(f"--use-file-for-fake-audio-capture={said}%noloop") as opened:
        yield opened


def seconds_of(clock: str) -> float:
    """Seconds of a WebVTT time, "01:02.345"."""
    return sum(float(part) * 60**place for place, part in enumerate(reversed(clock.split(":"))))


def spans_by_speaker(captions: str) -> dict[str, list[tuple[float, float]]]:
    """Name -> start and end of each caption; one without a name belongs to the speaker before it."""
    spans: dict[str, list[tuple[float, float]]] = {}
    name = ""
    for block in captions.split("\n\n")[1:]:
        times, *lines = block.strip().splitlines()
        if lines[0].startswith("<v "):
            name = lines[0][3:].partition(">")[0]
        start, end = times.split(" --> ")
        spans.setdefault(name, []).append((seconds_of(start), seconds_of(end)))
    return spans


def likeness(wanted: Samples, within: Samples) -> tuple[float, int]:
    """Highest normalized correlation of `wanted` with any place of `within`, and that place."""
    sums = np.concatenate([[0.0], np.cumsum(np.square(within, dtype=np.float64))])
    energy = np.maximum(sums[wanted.size :] - sums[: -wanted.size], 1e-9)
    products = correlate(within, wanted, "valid") / np.sqrt(energy * np.dot(wanted, wanted))
    place = int(np.argmax(products))
    return float(products[place]), place


def find_windows(said: Samples, aired: Samples, *, rate_hz: int) -> tuple[float, list[float]]:
    """Median likeness of the windows of what was said, each where it is most alike; seconds from window to place."""
    size = round(WINDOW_S * rate_hz)
    starts = range(0, said.size - size, size)
    found = [(start, *likeness(said[start : start + size], aired)) for start in starts]
    shifts_s = [(place - start) / rate_hz for start, _, place in found]
    return float(np.median([alike for _, alike, _ in found])), shifts_s


def _cut(sound: Samples, spans: list[tuple[float, float]], *, later_s: float, rate_hz: int) -> Samples:
    """The sound of some spans, which begin later than they say."""
    return np.concatenate(
        [sound[round((a + later_s) * rate_hz) : round((b + later_s) * rate_hz)] for a, b in spans]
    )


@pytest.mark.parametrize("way", ["phone", "keyboard alone"])
def test_what_is_said_to_the_browsers_microphone_airs_in_its_place_at_the_level_of_the_voice(
    browser: Browser, said: Path, tmp_path: Path, way: str
) -> None:
    spoken = trim_recording(read_sound(said)[0][:, 0], rate_hz=RATE_HZ)
    with served_hill(tmp_path, OPTIONS, voice="hibari") as (served, desk):
        editor = EDITORS[way](browser, served.address, desk)
        lasts_s = round(soundfile.info(said).duration)
        heard_s = editor.record(
            "bridge", lasts_s=lasts_s, before="The mayor said:", words=WORDS, speaker=SPEAKER
        )
        (clip,) = (one.recording for one in coming_bulletin(desk).find("bridge").sentences if one.recording)
        air(served, desk)
        published = served.output / "hill" / desk.archive.episodes("hill")[0].audio
        on_air = next(served.output.rglob("fm.flac"))
        problems = editor.visitor.problems
        editor.visitor.close()

    assert heard_s == pytest.approx(lasts_s, abs=1.5)
    assert clip.duration_s == pytest.approx(spoken.size / RATE_HZ, abs=0.1)
    spans = spans_by_speaker(published.with_suffix(".vtt").read_text("utf-8"))
    start_s, end_s = spans[SPEAKER][0][0], spans[SPEAKER][-1][1]
    chapters = json.loads(published.with_suffix(".chapters.json").read_bytes())["chapters"]
    assert {chapter["title"]: chapter["startTime"] for chapter in chapters}[SPEAKER] == start_s
    for path in (published, on_air):
        sound, rate_hz = read_sound(path)
        mono = sound.mean(axis=1)
        wanted = resample(spoken, rate_hz=RATE_HZ, to_hz=rate_hz)
        alike, places_s = find_windows(wanted, mono, rate_hz=rate_hz)
        place_s = float(np.median(places_s))
        later_s = place_s - start_s  # each rendition has its own opening, and so its own times
        others, _ = find_windows(wanted, mono[round((end_s + later_s + 2) * rate_hz) :], rate_hz=rate_hz)
        assert alike > 0.95
        assert others < 0.7  # the same voice in other words
        assert places_s == pytest.approx([place_s] * len(places_s), abs=0.1)  # without a gap
        assert path == on_air or later_s == pytest.approx(0.0, abs=0.1)
        meter = pyloudnorm.Meter(rate_hz)
        clip_lufs, voice_lufs = (
            meter.integrated_loudness(_cut(sound, spans[name], later_s=later_s, rate_hz=rate_hz))
            for name in (SPEAKER, "Hill")
        )
        assert clip_lufs == pytest.approx(voice_lufs, abs=0.5)
    assert problems == []
