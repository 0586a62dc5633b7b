"""Mixed bulletin -> what the recognisers heard otherwise than the script says; never raises, never takes longer."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import Any

from bulletin.language.language_folders import base_of
from bulletin.language.split_sentences import count_words
from bulletin.model import Bulletin, Cue, Rendition, Sentence
from bulletin.normalization.load_number_and_abbreviation_tables import ENGLISH
from bulletin.recognition.compare_with_script import Miss, ScriptSentence
from bulletin.recognition.listen import (
    FIRST_MODEL,
    SECOND_MODEL,
    Heard,
    heard_from_facts,
)
from bulletin.recognition.names_of_script import known_names, names_in
from bulletin.recognition.names_sound_alike import are_read_alike
from bulletin.recognition.timed_sentences import TimedSentence
from bulletin.runtime.deadline import Deadline
from bulletin.runtime.restrained_process import Limits, RefusedError, StoppedError, run_restrained
from bulletin.runtime.whisper_models import RecogniserError, check_models, verify_model

log = logging.getLogger(__name__)

EXTRA = "hearing"
LIMITS = Limits(memory_bytes=3_000_000_000, cpu_s=300.0, file_bytes=1_000_000)
"""Ten minutes of bulletin take 70 s of processor time and less than 1 GB."""
_JOB = "bulletin.recognition.listen:listen_from_facts"
_LEAST_BEGIN_S, _LEAST = 3.0, 0.06
"""Seconds to begin, and for each second of speech, on a quiet machine."""
_USUAL_BEGIN_S, _USUAL = 6.0, 0.15
"""The same on a machine that is busy with as much again."""
_hearing = Lock()
_MOST_S, _SLOWEST = 30.0, 0.6
"""The same, at most: a machine that needs longer is too slow for hearing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubtfulSentence:
    """A sentence of the bulletin, and what the recognisers heard otherwise."""

    sentence: Sentence
    start_s: float
    end_s: float
    """In the sound of the first rendition."""
    misses: tuple[tuple[Miss, str], ...]
    """What the first model heard, and what the second."""
    is_reported_only: bool = False
    """It is not English: one recogniser alone heard it, which is no reason to speak it again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """The result of hearing a bulletin."""

    sentences: int = 0
    """Sentences heard."""
    doubtful: tuple[DoubtfulSentence, ...] = ()
    unheard: tuple[str, ...] = ()
    """Spoken forms of the sentences that the first recogniser could not make out."""
    unjudged: tuple[tuple[str, str], ...] = ()
    """Each language in which nothing could be judged, and why."""
    why_not: str = ""
    """Why the bulletin was not heard; empty: it was."""
    cpu_s: float = 0.0


def why_no_hearing() -> str:
    """Why this installation cannot hear bulletins; empty: it can, unless a model is damaged."""
    try:
        check_models(FIRST_MODEL, SECOND_MODEL, extra=EXTRA)
    except RecogniserError as error:
        return str(error)
    return ""


def verify_recognisers() -> None:
    """Raise RecogniserError with the remedy when recogniser or models are not installed, or damaged."""
    check_models(FIRST_MODEL, SECOND_MODEL, extra=EXTRA)
    for name in (FIRST_MODEL, SECOND_MODEL):
        verify_model(name)


def usual_seconds(speech_s: float) -> float:
    """Seconds that hearing so much speech usually takes at most."""
    return _USUAL_BEGIN_S + _USUAL * speech_s


def hear_bulletin(
    bulletin: Bulletin,
    *,
    left_s: float | None,
    only: Collection[str] = (),
    asks_both: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Hearing:
    """
    Hear the first rendition of a finished bulletin, in a process of its own that is killed when `left_s` are over.

    `only`: the spoken forms of the sentences to hear; by default all. With `asks_both` the second model hears all
    English ones. `progress` gets the number of sentences that were heard since its last call. Whatever goes wrong, the
    bulletin can be published: `why_not` of the result has the reason.
    """
    on_air = [item for item in sentences_on_air(bulletin) if not only or item.sentence.spoken in only]
    if not on_air:
        return Hearing(why_not="no sentence of its own to hear")
    timed = _with_names(on_air)
    speech_s = sum(item.end_s - item.start_s for item in timed)
    least_s = _LEAST_BEGIN_S + _LEAST * speech_s
    most_s = min(_MOST_S + _SLOWEST * speech_s, left_s if left_s is not None else LIMITS.within_s)
    if most_s < least_s:
        return Hearing(why_not=f"too little time: {most_s:.0f} s were left, it takes {least_s:.0f} s or more")
    path, until = bulletin.renditions[0].path, Deadline.after(most_s)
    try:
        with _one_at_a_time(until.left_s - least_s):
            heard = _listen(
                path,
                timed,
                asks_both=asks_both,
                within_s=until.left_s,
                folder=bulletin.script.station.languages,
                progress=progress,
            )
    except RefusedError as error:
        return Hearing(why_not=str(error))
    except StoppedError as error:
        return Hearing(why_not=_explain(error))
    return Hearing(
        sentences=len(timed) - len(heard.unheard),
        doubtful=_doubtful(heard, on_air),
        unheard=tuple(timed[number].script.spoken for number in heard.unheard),
        unjudged=heard.unjudged,
        cpu_s=heard.cpu_s,
    )


@contextmanager
def _one_at_a_time(within_s: float) -> Iterator[None]:
    """Hear one bulletin of this process at a time: two recognisers need half a gigabyte. Raises RefusedError."""
    if not _hearing.acquire(timeout=max(0.0, within_s)):
        raise RefusedError("too little time: bulletins of other stations were being heard")
    try:
        yield
    finally:
        _hearing.release()


def _with_names(on_air: Sequence[SentenceOnAir]) -> list[TimedSentence]:
    names = iter(names_in([item.sentence for item in on_air if item.is_english]))
    return [
        TimedSentence(
            start_s=item.cue.start_s,
            end_s=item.cue.end_s,
            script=ScriptSentence(
                spoken=item.sentence.spoken, names=next(names) if item.is_english else frozenset()
            ),
            language=item.language,
        )
        for item in on_air
    ]


def describe_job(
    path: Path,
    timed: Sequence[TimedSentence],
    known: Collection[str],
    *,
    asks_both: bool,
    folder: Path | None = None,
) -> dict[str, Any]:
    """The facts of `listen_from_facts`: a sound file, its sentences with their times, and words of known names."""
    return {
        "source": str(path.absolute()),
        "sentences": [
            {
                "start_s": item.start_s,
                "end_s": item.end_s,
                "spoken": item.script.spoken,
                "names": sorted(item.script.names),
                "language": item.language,
            }
            for item in timed
        ],
        "languages": str(folder.absolute()) if folder else "",
        "known_names": sorted(known),
        "asks_both": asks_both,
    }


def _listen(
    path: Path,
    timed: Sequence[TimedSentence],
    *,
    asks_both: bool,
    within_s: float,
    folder: Path | None,
    progress: Callable[[int], None] | None,
) -> Heard:
    """Raises RefusedError, StoppedError."""
    known = known_names(item.script.names for item in timed)
    facts = describe_job(path, timed, known, asks_both=asks_both, folder=folder)
    began_s = time.monotonic()
    limits = replace(LIMITS, within_s=within_s)
    heard = heard_from_facts(run_restrained(_JOB, facts, limits=limits, progress=progress))
    log.info(
        "bulletin heard: sentences=%d asked_again=%d doubts=%d cpu_s=%.1f seconds=%.1f",
        len(timed),
        heard.asked_again,
        len(heard.doubts),
        heard.cpu_s,
        time.monotonic() - began_s,
    )
    return heard


def _explain(error: StoppedError) -> str:
    if error.why == "wall time":
        return f"the recogniser was not ready within {error.detail} and was stopped"
    if error.why == "processor time":
        return f"the recogniser took more than {LIMITS.cpu_s:.0f} s of processor time and was stopped"
    if error.why == "start":
        return f"the recogniser's process cannot be started ({error.detail})"
    if error.why == "disk":
        return f"the recogniser cannot read its files ({error.detail})"
    if error.why == "memory":
        return "the recogniser needs more memory than this machine has"
    return f"the recogniser crashed ({error.detail})"


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceOnAir:
    """A sentence of the newsreader in the finished sound."""

    cue: Cue
    sentence: Sentence
    language: str

    @property
    def is_english(self) -> bool:
        return base_of(self.language) == ENGLISH


def sentences_on_air(bulletin: Bulletin) -> Iterator[SentenceOnAir]:
    """The newsreader's sentences in the first rendition, each with its time and language, without recorded voices."""
    made: Rendition = bulletin.renditions[0]
    cues = iter(made.cues)
    for passage in made.aired:
        for sentence in passage.sentences:
            if sentence.recording or not count_words(sentence.spoken):
                continue
            place = (sentence.text, passage.role, passage.story_id)
            cue = next((cue for cue in cues if (cue.text, cue.role, cue.story_id) == place), None)
            if cue is None:
                return
            language = passage.language or bulletin.script.station.language
            yield SentenceOnAir(cue=cue, sentence=sentence, language=language)


def _doubtful(heard: Heard, on_air: Sequence[SentenceOnAir]) -> tuple[DoubtfulSentence, ...]:
    """The doubts by sentence; not those about names that the voice reads alike."""
    found: dict[int, list[tuple[Miss, str]]] = {}
    for doubt in heard.doubts:
        if doubt.miss.kind != "name" or not are_read_alike(doubt.miss.said, doubt.miss.heard):
            found.setdefault(doubt.sentence, []).append((doubt.miss, doubt.second))
    return tuple(
        DoubtfulSentence(
            sentence=on_air[number].sentence,
            start_s=on_air[number].cue.start_s,
            end_s=on_air[number].cue.end_s,
            misses=tuple(misses),
            is_reported_only=not on_air[number].is_english,
        )
        for number, misses in sorted(found.items())
    )
