"""Hearing -> lines for the quality report, the newsroom and the log. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bulletin.model import Passage
from bulletin.recognition.hear_bulletin import DoubtfulSentence, Hearing

_HEARD_AS = "was heard as"
REPORTED_ONLY = "reported only: one recogniser is no witness"


def describe_doubt(found: DoubtfulSentence) -> str:
    """`figure "twelve hundred" was heard as "2200" by both recognisers at 0:31: "..."`."""
    minutes, seconds = divmod(int(found.start_s), 60)
    parts = "; ".join(_describe_misses(found))
    return f'{parts} at {minutes}:{seconds:02d}: "{found.sentence.text}"'


def _describe_misses(found: DoubtfulSentence) -> Iterator[str]:
    for miss, second in found.misses:
        first, second = miss.heard or "nothing", second or "nothing"
        if found.is_reported_only:
            others = f'"{first}" by the recogniser'
        else:
            others = f'"{first}" by both recognisers' if first == second else f'"{first}" and "{second}"'
        if miss.said:
            yield f'{miss.kind} "{miss.said}" {_HEARD_AS} {others}'
        else:
            yield f"a negation that the script lacks {_HEARD_AS} {others}"


def describe_unheard(hearing: Hearing) -> list[str]:
    """Why the bulletin was not heard, or that most of it could not be made out; else nothing."""
    if hearing.why_not:
        return [f"not heard before publication: {hearing.why_not}"]
    if hearing.unjudged or len(hearing.unheard) <= hearing.sentences:
        return []
    total = len(hearing.unheard) + hearing.sentences
    return [
        f"only {hearing.sentences} of {total} sentences could be made out before publication; listen to the voice"
    ]


def describe_unjudged(hearing: Hearing) -> list[str]:
    """
    Languages whose voice the recogniser understands too badly; notes, no warnings, because each bulletin has them.

    >>> describe_unjudged(Hearing(unjudged=(("de", "the recogniser makes out 56% of the words"),)))
    ['its sentences in de could not be judged before publication: the recogniser makes out 56% of the words']
    """
    return [
        f"its sentences in {language} could not be judged before publication: {reason}"
        for language, reason in hearing.unjudged
    ]


def doubts_about(notes: Iterable[str], passage: Passage) -> tuple[str, ...]:
    """The notes of a bulletin that say how a sentence of the passage was heard."""
    return tuple(
        note
        for note in notes
        if any(is_doubt(note, sentence=sentence.text) for sentence in passage.sentences)
    )


def is_doubt(note: str, *, sentence: str = "") -> bool:
    """
    Whether a note of a bulletin says how a sentence was heard, or how this one was.

    >>> is_doubt('figure "twelve" was heard as "20" by both recognisers at 0:31: "Twelve came." (not spoken again)')
    True
    """
    return _HEARD_AS in note and (not sentence or f': "{sentence}" (' in note)
