"""
Sentences that one recogniser heard alone -> figures and negations that it surely heard otherwise. Pure.

For languages other than English: only the base model knows them. One witness must be surer than two, so a difference
counts only where the words around it were recognised.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from bulletin.normalization.normalize_text import make_speakable
from bulletin.recognition.align_tokens import Difference, find_differences
from bulletin.recognition.compare_with_script import (
    HeardSentence,
    Miss,
    MissKind,
    ScriptSentence,
    has_figure,
    has_negation,
)
from bulletin.recognition.tokens import Kind, Token, tokens_of_language

LEAST_SHARE = 0.8
"""Share of a sentence's words that must be recognised before anything follows from the rest."""
_LONGEST = 3
"""Words of a difference, on either side, beyond which the recogniser was lost there."""


def compare_alone(
    sentences: Sequence[ScriptSentence], heard: str, *, language: str, folder: Path | None = None
) -> tuple[HeardSentence, ...]:
    """
    Compare sentences that were heard one after the other with the recogniser's text, in their language.

    The text is normalized as a script is, so "1.200" is read like "eintausendzweihundert". `folder` holds further
    languages. In a language without normalization or negations only that is compared which it has.

    >>> said = ScriptSentence(spoken="Eintausendzweihundert Menschen kamen gestern nicht zum Fest nach Rostock.")
    >>> (found,) = compare_alone([said], "1.700 Menschen kamen gestern nicht zum Fest nach Rostock.", language="de")
    >>> [(miss.said, miss.heard) for miss in found.misses]
    [('eintausendzweihundert', 'eintausendsiebenhundert')]
    """
    parts = [tokens_of_language(sentence.spoken, language, folder=folder) for sentence in sentences]
    script = [token for part in parts for token in part]
    text = make_speakable(heard, language=language, folder=folder)
    theirs = tokens_of_language(text, language, folder=folder)
    differences = find_differences(script, theirs)
    starts = [sum(map(len, parts[:number])) for number in range(len(parts))]
    return tuple(
        _judge(range(start, start + len(part)), script, theirs, differences)
        for start, part in zip(starts, parts, strict=True)
    )


def _judge(
    own: range, script: Sequence[Token], heard: Sequence[Token], differences: Sequence[Difference]
) -> HeardSentence:
    lost = sum(
        len(range(max(each.script.start, own.start), min(each.script.stop, own.stop))) for each in differences
    )
    share = 1 - lost / len(own) if own else 1.0
    if share < LEAST_SHARE:
        return HeardSentence(is_heard=False, share=share)
    misses = (
        miss
        for each in differences
        if max(len(each.script), len(each.heard)) <= _LONGEST
        for miss in _find(own, [script[at] for at in each.script], [heard[at] for at in each.heard], each)
    )
    return HeardSentence(misses=tuple(misses), share=share)


def _find(
    own: range, script: Sequence[Token], heard: Sequence[Token], difference: Difference
) -> Iterator[Miss]:
    """A figure or negation of the script that is another one or none, and a negation that the script lacks."""
    for at, token in zip(difference.script, script, strict=True):
        if at not in own:
            continue
        if token.kind is Kind.FIGURE and not has_figure(token, script, heard):
            yield _miss("figure", at - own.start, token, heard)
        elif token.kind is Kind.NEGATION and not has_negation(token, script, heard):
            yield _miss("negation", at - own.start, token, heard)
    if added := _added_negation(own, script, heard, difference):
        yield added


def _added_negation(
    own: range, script: Sequence[Token], heard: Sequence[Token], difference: Difference
) -> Miss | None:
    place = max(0, difference.script.start - (0 if difference.script else 1))
    if place not in own or any(token.kind is Kind.NEGATION for token in script):
        return None
    added = next((token for token in heard if token.kind is Kind.NEGATION), None)
    return Miss(kind="negation", place=place - own.start, said="", heard=added.text) if added else None


def _miss(kind: MissKind, place: int, token: Token, heard: Sequence[Token]) -> Miss:
    words = [item for item in heard if item.kind is token.kind] or heard
    return Miss(kind=kind, place=place, said=token.text, heard=" ".join(item.text for item in words))
