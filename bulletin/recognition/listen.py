"""
Sound files and the sentences in them -> what the recognisers miss; runs in the restrained process.

English: the first model hears everything, the second only the sentences in which the first misses something. Other
languages: the second model alone, which knows them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from bulletin.language.language_folders import base_of
from bulletin.normalization.load_number_and_abbreviation_tables import ENGLISH
from bulletin.recognition.compare_alone import compare_alone
from bulletin.recognition.compare_with_script import HeardSentence, Miss, ScriptSentence, compare
from bulletin.recognition.timed_sentences import TimedSentence, cut_window, join_into_windows
from bulletin.runtime.read_sound_file import Samples, read_sound, to_mono
from bulletin.runtime.resampling import resample
from bulletin.runtime.restrained_process import report_progress
from bulletin.runtime.whisper_models import RATE_HZ, ModelName, knows, load_model, transcribe

FIRST_MODEL: ModelName = "tiny.en"
SECOND_MODEL: ModelName = "base"
_LEAST_SHARE = 0.75
"""Share of a language's words below which its voice cannot be judged by a recogniser."""
_ENOUGH, _HOPELESS = 5, 0.6
"""Sentences after which a share below this is not waited for any longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A part of a sentence that both models miss."""

    sentence: int
    """Number of the sentence in the request."""
    miss: Miss
    """As the first model heard it."""
    second: str
    """What the second model heard in its place; where it heard alone, the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What was heard of the sentences of a file."""

    doubts: tuple[Doubt, ...]
    unheard: tuple[int, ...]
    """Sentences of which the first model recognised too little."""
    unjudged: tuple[tuple[str, str], ...]
    """Each language that could not be judged, and why."""
    asked_again: int
    """English sentences that the second model heard, too."""
    cpu_s: float
    """Processor time of the process."""


def listen_from_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """`listen` for the restrained process. Raises RecogniserError, AudioError, OSError."""
    sentences = [
        TimedSentence(
            start_s=float(item["start_s"]),
            end_s=float(item["end_s"]),
            script=ScriptSentence(spoken=item["spoken"], names=frozenset(item["names"])),
            language=item["language"],
        )
        for item in facts["sentences"]
    ]
    heard = listen(
        Path(facts["source"]),
        sentences,
        known_names=frozenset(facts["known_names"]),
        asks_both=bool(facts["asks_both"]),
        folder=Path(facts["languages"]) if facts["languages"] else None,
    )
    return asdict(heard)


def listen(
    source: Path,
    sentences: Sequence[TimedSentence],
    *,
    known_names: frozenset[str],
    asks_both: bool = False,
    folder: Path | None = None,
) -> Heard:
    """
    Hear sentences in a sound file; with `asks_both` the second model hears all English ones.

    `folder` holds further languages. Raises RecogniserError, AudioError, OSError.
    """
    samples, rate_hz = read_sound(source)
    mono = resample(to_mono(samples), rate_hz=rate_hz, to_hz=RATE_HZ)
    del samples
    english = [number for number, item in enumerate(sentences) if item.is_english]
    ear = _Ear(mono=mono, sentences=sentences)
    by_two = _hear_english(ear, english, known_names, asks_both=asks_both)
    alone = [
        _hear_alone(ear, language, folder)
        for language in dict.fromkeys(item.language for item in sentences if not item.is_english)
    ]
    return Heard(
        doubts=(*by_two.doubts, *(doubt for part in alone for doubt in part.doubts)),
        unheard=tuple(sorted(number for part in (by_two, *alone) for number in part.unheard)),
        unjudged=tuple(fault for part in alone for fault in part.unjudged),
        asked_again=by_two.asked_again,
        cpu_s=round(time.process_time(), 2),
    )


def _hear_english(
    ear: _Ear, english: Sequence[int], known_names: frozenset[str], *, asks_both: bool
) -> Heard:
    """English sentences, by both models."""

    def judge(scripts: Sequence[ScriptSentence], words: str) -> Sequence[HeardSentence]:
        return compare(scripts, words, known_names=known_names)

    first = dict(zip(english, ear.hear(FIRST_MODEL, english, judge, joins=True), strict=True))
    asked = [number for number, found in first.items() if asks_both or (found.misses and found.is_heard)]
    second = ear.hear(SECOND_MODEL, asked, judge, joins=False)
    return Heard(
        doubts=tuple(
            doubt
            for number, again in zip(asked, second, strict=True)
            for doubt in _agreed(number, first[number], again, asks_both=asks_both)
        ),
        unheard=tuple(number for number, found in first.items() if not found.is_heard),
        unjudged=(),
        asked_again=len(asked),
        cpu_s=0.0,
    )


def _hear_alone(ear: _Ear, language: str, folder: Path | None) -> Heard:
    """Sentences of another language, by the model that knows it; nothing where it understands the voice badly."""
    numbers = [number for number, item in enumerate(ear.sentences) if item.language == language]

    def judge(scripts: Sequence[ScriptSentence], words: str) -> Sequence[HeardSentence]:
        return compare_alone(scripts, words, language=language, folder=folder)

    found = ear.hear(SECOND_MODEL, numbers, judge, joins=True, language=language)
    share = _share(found)
    reason = ""
    if not found:
        reason = "the recogniser does not know the language"
    elif share < _LEAST_SHARE:
        reason = f"the recogniser makes out {share:.0%} of the words"
    return Heard(
        doubts=()
        if reason
        else tuple(
            Doubt(sentence=number, miss=miss, second=miss.heard)
            for number, item in zip(numbers, found, strict=True)
            for miss in item.misses
        ),
        unheard=tuple(numbers)
        if reason
        else tuple(number for number, item in zip(numbers, found, strict=True) if not item.is_heard),
        unjudged=((language, reason),) if reason else (),
        asked_again=0,
        cpu_s=0.0,
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


def _share(found: Sequence[HeardSentence]) -> float:
    """Mean share of the words that were recognised."""
    return fmean(item.share for item in found) if found else 0.0


_Judge = Callable[[Sequence[ScriptSentence], str], Sequence[HeardSentence]]
"""Compares sentences with the words that were heard of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ear:
    """The sound at RATE_HZ, and the sentences in it."""

    mono: Samples
    sentences: Sequence[TimedSentence]

    def hear(
        self, name: ModelName, numbers: Sequence[int], judge: _Judge, *, joins: bool, language: str = ENGLISH
    ) -> list[HeardSentence]:
        """
        What one model hears of the sentences with these numbers; empty where it does not know the language.

        It stops early at a voice that it does not understand: invented words take the longest.
        """
        if not numbers:
            return []
        model = load_model(name)
        if not knows(model, base_of(language)):
            return []
        found: list[HeardSentence] = []
        for window in join_into_windows([self.sentences[number] for number in numbers], joins=joins):
            words = transcribe(model, cut_window(self.mono, window), language=base_of(language))
            found += judge([sentence.script for piece in window for sentence in piece], words)
            if joins:
                report_progress(sum(map(len, window)))
            if language != ENGLISH and len(found) >= _ENOUGH and _share(found) < _HOPELESS:
                break
        return found


def heard_from_facts(answer: Mapping[str, Any]) -> Heard:
    """The answer of the restrained process as `Heard`."""
    doubts = tuple(
        Doubt(sentence=int(item["sentence"]), miss=Miss(**item["miss"]), second=str(item["second"]))
        for item in answer["doubts"]
    )
    return Heard(
        doubts=doubts,
        unheard=tuple(answer["unheard"]),
        unjudged=tuple((language, reason) for language, reason in answer["unjudged"]),
        asked_again=int(answer["asked_again"]),
        cpu_s=float(answer["cpu_s"]),
    )
