"""Sentence, article -> names that speak in the sentence but not in the article."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bulletin.editing.english.word_classes import is_finite
from bulletin.editing.english.word_lists import listed
from bulletin.rewriter.guard.answer_words import Token, TokenKind, read_tokens
from bulletin.rewriter.guard.combined_names import BE, runs_of

_BRACKETS = re.compile(r"\s*\([^()]{0,200}\)")
_DASHES = re.compile(r"\s+(?:--|[–—-])\s+")
_SPEECH = listed("verbs", "saying") | listed("verbs", "reporting") | frozenset(("according",))


def find_false_speakers(
    sentence: str, source: Sequence[str], *, closest: int, small: frozenset[str]
) -> tuple[str, ...]:
    """
    Find names that speak in the sentence but not in the article.

    Where the closest sentence of the article names the speaker, it must be the same; where it does not ("he said"),
    it must be a name in a sentence with a verb of saying, or up to two sentences before one.
    """
    named = _speakers(read_tokens(_without_asides(source[closest]), small=small))
    speaking = set(named)
    for place, text in enumerate(source):
        if not named and any(token.low in _SPEECH for token in read_tokens(text, small=small)):
            near = " ".join(source[max(0, place - 2) : place + 1])
            speaking |= {run[-1].low for run in runs_of(read_tokens(near, small=small))}
    ours = _speakers(read_tokens(sentence, small=small))
    return tuple(f'"{ours[key]}" does not say that there' for key in ours if key not in speaking)


def _without_asides(text: str) -> str:
    """ "Tiwari (Cong) said", "Guangzhou -- a port -- has announced": brackets go, dashes are commas."""
    return _DASHES.sub(", ", _BRACKETS.sub("", text))


def _speakers(tokens: Sequence[Token]) -> dict[str, str]:
    """Names before a verb of saying, an apposition between them or not, or right after one: "said Joan Pike"."""
    places = {id(token): place for place, token in enumerate(tokens)}
    found = {}
    for run in runs_of(tokens):
        start, end = places[id(run[0])], places[id(run[-1])] + 1
        before = tokens[start - 1].low if start else ""
        after = tokens[end : end + 2]
        if after and after[0].low == "," and after[-1].kind is not TokenKind.NAME:
            close = next(
                (p for p in range(end + 1, min(end + 14, len(tokens))) if tokens[p].low == ","), None
            )
            after = tokens[close + 1 : close + 3] if close else ()
        says = bool(after) and after[0].low in _SPEECH
        # "has said", but not "was told"
        says |= (
            bool(after)
            and after[0].kind is TokenKind.GLUE
            and after[0].low not in BE
            and after[-1].low in _SPEECH
        )
        # "said Joan Pike.", but not "said Joan Pike has left"
        inverted = before in _SPEECH and before not in ("told", "tells", "telling")
        if says or (inverted and not _goes_on(tokens[end : end + 1])):
            found[run[-1].low] = " ".join(token.text for token in run)
    return found


def _goes_on(after: Sequence[Token]) -> bool:
    """Whether a verb follows a name, so that it is what is said and not who says it."""
    return bool(after) and (
        after[0].low in listed("verbs", "auxiliary")
        or (after[0].kind is TokenKind.CONTENT and is_finite(after[0].low) and after[0].low not in _SPEECH)
    )
