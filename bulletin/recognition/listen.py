"""
Sound files and the sentences in them -> what two recognisers miss; runs in the restrained process.

The first model hears everything, the second only the sentences in which the first misses something. Whisper hears
30 seconds at a time, whatever the sound's length, so sentences share windows.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bulletin.recognition.compare_with_script import HeardSentence, Miss, ScriptSentence, compare
from bulletin.runtime.read_sound_file import Samples, read_sound, to_mono
from bulletin.runtime.resampling import resample
from bulletin.runtime.whisper_models import RATE_HZ, WINDOW_S, ModelName, load_model, transcribe

FIRST_MODEL: ModelName = "tiny.en"
SECOND_MODEL: ModelName = "base"
_BEFORE_S, _AFTER_S = 0.15, 0.25
"""Sound around a sentence that belongs to it."""
_JOINED_GAP_S = 0.9
"""Longest gap between two sentences that are heard in one piece; a longer one may hold a jingle."""
_PAUSE_S = 0.5
"""Silence between two pieces of a window."""
_MOST_WINDOW_S = WINDOW_S - 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedSentence:
    """A sentence and its time in a sound file, in seconds from its start."""

    start_s: float
    end_s: float
    script: ScriptSentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A part of a sentence that both models miss."""

    sentence: int
    """Number of the sentence in the request."""
    miss: Miss
    """As the first model heard it."""
    second: str
    """What the second model heard in its place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What was heard of the sentences of a file."""

    doubts: tuple[Doubt, ...]
    unheard: tuple[int, ...]
    """Sentences of which the first model recognised too little."""
    asked_again: int
    """Sentences that the second model heard, too."""
    cpu_s: float
    """Processor time of the process."""


def listen_from_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """`listen` for the restrained process. Raises RecogniserError, AudioError, OSError."""
    sentences = [
        TimedSentence(
            start_s=float(item["start_s"]),
            end_s=float(item["end_s"]),
            script=ScriptSentence(spoken=item["spoken"], names=frozenset(item["names"])),
        )
        for item in facts["sentences"]
    ]
    heard = listen(
        Path(facts["source"]),
        sentences,
        known_names=frozenset(facts["known_names"]),
        asks_both=bool(facts["asks_both"]),
    )
    return asdict(heard)


def listen(
    source: Path, sentences: Sequence[TimedSentence], *, known_names: frozenset[str], asks_both: bool = False
) -> Heard:
    """
    Hear sentences in a sound file; with `asks_both` the second model hears all of them.

    Raises RecogniserError, AudioError, OSError.
    """
    samples, rate_hz = read_sound(source)
    mono = resample(to_mono(samples), rate_hz=rate_hz, to_hz=RATE_HZ)
    del samples
    first = _hear(FIRST_MODEL, mono, sentences, known_names, joins=True)
    asked = [number for number, found in enumerate(first) if asks_both or (found.misses and found.is_heard)]
    second = _hear(SECOND_MODEL, mono, [sentences[number] for number in asked], known_names, joins=False)
    doubts = tuple(
        doubt
        for number, again in zip(asked, second, strict=True)
        for doubt in _agreed(number, first[number], again, asks_both=asks_both)
    )
    return Heard(
        doubts=doubts,
        unheard=tuple(number for number, found in enumerate(first) if not found.is_heard),
        asked_again=len(asked),
        cpu_s=round(time.process_time(), 2),
    )


def _agreed(number: int, first: HeardSentence, second: HeardSentence, *, asks_both: bool) -> Iterator[Doubt]:
    """
    What both models miss; a name only where both heard the same other one.

    Where both were asked, a sentence that the second did not recognise is not heard right.
    """
    if not second.is_heard:
        if asks_both:
            yield from (Doubt(sentence=number, miss=miss, second="") for miss in first.misses)
        return
    by_place = {(miss.kind, miss.place): miss for miss in second.misses}
    for miss in first.misses:
        again = by_place.get((miss.kind, miss.place))
        if again and (miss.kind != "name" or miss.heard == again.heard):
            yield Doubt(sentence=number, miss=miss, second=again.heard)


def _hear(
    name: ModelName,
    mono: Samples,
    sentences: Sequence[TimedSentence],
    known_names: frozenset[str],
    *,
    joins: bool,
) -> list[HeardSentence]:
    """What one model hears of each sentence."""
    if not sentences:
        return []
    model = load_model(name)
    found: list[HeardSentence] = []
    for window in _windows(sentences, joins=joins):
        words = transcribe(model, _cut(mono, window))
        scripts = [sentence.script for piece in window for sentence in piece]
        found += compare(scripts, words, known_names=known_names)
    return found


_Piece = list[TimedSentence]
"""Sentences that are heard without a break."""


def _windows(sentences: Sequence[TimedSentence], *, joins: bool) -> Iterator[list[_Piece]]:
    """Sentences in their order, in pieces of at most a window together; without `joins` each is a piece."""
    window: list[_Piece] = []
    length_s = 0.0
    for sentence in sentences:
        last = window[-1][-1] if window else None
        continues = joins and last is not None and 0 <= sentence.start_s - last.end_s <= _JOINED_GAP_S
        if continues and last:
            more_s = sentence.end_s - last.end_s
        else:
            more_s = sentence.end_s - sentence.start_s + _BEFORE_S + _AFTER_S + _PAUSE_S
        if window and length_s + more_s > _MOST_WINDOW_S:
            yield window
            window, length_s, continues = [], 0.0, False
            more_s = sentence.end_s - sentence.start_s + _BEFORE_S + _AFTER_S
        if continues:
            window[-1].append(sentence)
        else:
            window.append([sentence])
        length_s += more_s
    if window:
        yield window


def _cut(mono: Samples, window: Sequence[_Piece]) -> Samples:
    """The sound of a window: its pieces with silence between them."""
    pause = np.zeros(round(_PAUSE_S * RATE_HZ), dtype=np.float32)
    sounds: list[Samples] = []
    for piece in window:
        start = max(0, round((piece[0].start_s - _BEFORE_S) * RATE_HZ))
        end = round((piece[-1].end_s + _AFTER_S) * RATE_HZ)
        sounds += [mono[start:end], pause]
    return np.concatenate(sounds[:-1])


def heard_from_facts(answer: Mapping[str, Any]) -> Heard:
    """The answer of the restrained process as `Heard`."""
    doubts = tuple(
        Doubt(sentence=int(item["sentence"]), miss=Miss(**item["miss"]), second=str(item["second"]))
        for item in answer["doubts"]
    )
    return Heard(
        doubts=doubts,
        unheard=tuple(answer["unheard"]),
        asked_again=int(answer["asked_again"]),
        cpu_s=float(answer["cpu_s"]),
    )
