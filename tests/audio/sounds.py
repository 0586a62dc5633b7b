"""Sounds and clips for tests: noise in the rhythm of speech, tones, jingles."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

from bulletin.audio.place_sounds_on_timeline import JingleKind, JingleTiming
from bulletin.model import Clip, Cut, Passage, Role, Script, Sentence, Spoken, StoryScript, Voice
from bulletin.runtime.read_sound_file import Samples, write_wav
from tests.support.factories import make_article, make_passage, make_script, make_story

VOICE = Voice(name="noise", engine="noise", language="en-GB")
_numbers = count()


def make_speech(seconds: float, *, rate_hz: int = 24_000, seed: int = 1, gain: float = 0.2) -> Samples:
    """Noise like a voice: four syllables a second, most energy under 1 kHz, never silent."""
    return gain * _speech(seconds, rate_hz, seed)


@lru_cache(maxsize=8)
def _speech(seconds: float, rate_hz: int, seed: int) -> Samples:
    rng = np.random.default_rng(seed)
    frames = round(seconds * rate_hz)
    noise = np.fft.irfft(_vowel(np.fft.rfft(rng.standard_normal(frames)), frames, rate_hz), frames)
    time = np.arange(frames) / rate_hz
    syllables = 0.15 + np.abs(np.sin(np.pi * 4.0 * time + rng.uniform(0, np.pi)))
    return (noise / np.abs(noise).std() * syllables * 0.4).astype(np.float32)


def make_tone(seconds: float, *, hz: float, dbfs: float, rate_hz: int = 48_000, channels: int = 2) -> Samples:
    """A sine with its peak at `dbfs`."""
    time = np.arange(round(seconds * rate_hz)) / rate_hz
    side = 10 ** (dbfs / 20) * np.sin(2 * np.pi * hz * time)
    return np.repeat(side[:, None], channels, axis=1).astype(np.float32)


def make_music(seconds: float, *, rate_hz: int = 44_100, channels: int = 2, seed: int = 5) -> Samples:
    """A chord, different left and right."""
    return _music(seconds, rate_hz, channels, seed).copy()


@lru_cache(maxsize=16)
def _music(seconds: float, rate_hz: int, channels: int, seed: int) -> Samples:
    rng = np.random.default_rng(seed)
    time = np.arange(round(seconds * rate_hz))[:, None] / rate_hz
    pitches = [220.0, 277.2, 329.6, 440.0]
    sides = [
        sum(np.sin(2 * np.pi * hz * time + rng.uniform(0, 6)) for hz in pitches) * 0.08
        for _ in range(channels)
    ]
    return np.concatenate(sides, axis=1).astype(np.float32)


def make_clip(folder: Path, passage: Passage, seconds: float, **changes: Any) -> Clip:
    """A clip of `seconds`, written to a file."""
    rate_hz = changes.pop("rate_hz", 24_000)
    number = next(_numbers)
    path = folder / f"clip{number}.wav"
    samples = make_speech(seconds, rate_hz=rate_hz, seed=number, gain=changes.pop("gain", 0.2))
    write_wav(path, samples, rate_hz=rate_hz)
    return Clip(passage=passage, path=path, duration_s=len(samples) / rate_hz, rate_hz=rate_hz, **changes)


def make_story_script(
    name: str, *, cuts: int = 3, headline: bool = True, category: str = "news", light: bool = False
) -> StoryScript:
    """A story with up to three cuts; its words name story, cut and sentence."""
    article = make_article(
        id=name, title=f"Title of {name}", category=category, link=f"https://news.example/{name}"
    )
    story = make_story(article, is_light=light)
    kinds = (Cut.SHORT, Cut.NORMAL, Cut.LONG)[:cuts] if cuts > 1 else (Cut.NORMAL,)
    passages = tuple(
        Passage(
            role=Role.STORY,
            sentences=tuple(_sentence(f"{name} {cut}, sentence {n}.") for n in range(length)),
            story_id=name,
            cut=cut,
            title=f"Title of {name}",
        )
        for length, cut in enumerate(kinds, 2)
    )
    head = make_passage(f"Headline of {name}.", role=Role.HEADLINE, story_id=name)
    return StoryScript(story=story, cuts=passages, headline=head if headline else None)


def make_bulletin_script(*stories: StoryScript, ident: bool = True) -> Script:
    """A script with an ident's voice-over, opening and closing around the stories."""
    voice_over = make_passage("This is Wexcombe Radio.", role=Role.IDENT) if ident else None
    return make_script(*stories, ident=voice_over)


SECONDS = {Role.IDENT: 2.0, Role.OPENING: 3.0, Role.HEADLINE: 2.0, Role.CLOSING: 3.0}
CUT_SECONDS = {Cut.SHORT: 8.0, Cut.NORMAL: 14.0, Cut.LONG: 20.0}


def seconds_of(passage: Passage) -> float:
    """Duration of a passage in tests."""
    return CUT_SECONDS[passage.cut] if passage.role is Role.STORY else SECONDS[passage.role]


def time_script(script: Script) -> Spoken:
    """Clips with durations but without sound files, for tests of lengths."""
    clips = tuple(
        Clip(passage=passage, path=Path("nowhere.wav"), duration_s=seconds_of(passage), rate_hz=24_000)
        for passage in script.passages()
    )
    return Spoken(clips=clips, voice=VOICE, attempts=())


def speak_noise(script: Script, folder: Path, *, hurry: float = 1.0, **changes: Any) -> Spoken:
    """Speak every passage as speech-like noise; `hurry` 2 halves the durations."""
    clips = tuple(
        make_clip(folder, passage, seconds_of(passage) / hurry, **changes) for passage in script.passages()
    )
    return Spoken(clips=clips, voice=VOICE, attempts=())


def make_tunes(*names: JingleKind) -> dict[JingleKind, JingleTiming]:
    """Jingles of a usual length, all or those named."""
    tunes = {
        JingleKind.IDENT: JingleTiming(length_s=5.0, talk_from_s=1.5, talk_until_s=4.0),
        JingleKind.BED: JingleTiming(length_s=20.0, talk_from_s=0.0, talk_until_s=20.0),
        JingleKind.STING: JingleTiming(length_s=1.5, talk_from_s=0.8, talk_until_s=1.5),
        JingleKind.CLOSING: JingleTiming(length_s=6.0, talk_from_s=6.0, talk_until_s=6.0),
        JingleKind.SPORT: JingleTiming(length_s=2.3, talk_from_s=1.6, talk_until_s=2.3),
        JingleKind.WEATHER: JingleTiming(length_s=2.9, talk_from_s=1.6, talk_until_s=2.9),
        JingleKind.TRAVEL: JingleTiming(length_s=2.3, talk_from_s=1.6, talk_until_s=2.3),
    }
    return {name: tunes[name] for name in (names or tuple(tunes))}


def describe_passages(passages: Sequence[Passage]) -> list[str]:
    """Passages in running order, as "headline bridge", "story bridge short" ..."""
    return [
        f"{p.role} {p.story_id} {p.cut}" if p.role is Role.STORY else f"{p.role} {p.story_id}".strip()
        for p in passages
    ]


def _sentence(text: str) -> Sentence:
    return Sentence(text=text, spoken=text)


def _vowel(spectrum: Any, frames: int, rate_hz: int) -> Any:
    hz = np.fft.rfftfreq(frames, 1 / rate_hz)
    return spectrum * (hz > 90) / (1 + (hz / 600) ** 2)
