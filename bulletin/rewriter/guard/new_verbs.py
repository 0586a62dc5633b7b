"""Sentence, origins -> verbs of the sentence that no origin has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from bulletin.editing.english.word_classes import is_finite
from bulletin.editing.english.word_lists import listed, table
from bulletin.rewriter.guard.answer_words import (
    Token,
    TokenKind,
    guarded,
    read_tokens,
    same_deeds,
    stem,
    word_set,
)
from bulletin.rewriter.guard.polarity import TURNING

_PLAIN = frozenset(stem(word) for word in guarded("plain_verbs"))
"""Light verbs that a sentence may add, because they report no new event."""

_SAME = same_deeds()
_BEFORE_VERB = listed("verbs", "auxiliary") | word_set("to been being be having not")


_PASSIVE = _PLAIN - frozenset(stem(word) for word in guarded("active_only"))
"""Light verbs that may be passive: "was held", but not "was announced off his bicycle"."""
_BE = word_set("is are was were be been being")


_FRAME = 2
"""Words after a verb that identify its place in the origin."""
_SPEECH = listed("verbs", "saying") | listed("verbs", "reporting") | word_set("announced announce reported")


def find_strange_events(sentence: str, origins: Sequence[str], *, small: frozenset[str]) -> tuple[str, ...]:
    """
    Find verbs that no origin has: "has resigned" for an article about a meeting.

    The prompt asks the model to keep the article's verbs, but for light ones.
    """
    known = {token.stem for origin in origins for token in read_tokens(origin, small=small)}
    # a word that opens a sentence may look like a name: "Speaking publicly, ..."
    known |= {stem(token.low) for origin in origins for token in read_tokens(origin, small=small)[:1]}
    known |= _said_plainly(" ".join(origins).casefold())
    lows = {token.low for origin in origins for token in read_tokens(origin, small=small)}
    strange = []
    before = ""
    for token in read_tokens(sentence, small=small):
        is_verb = (
            token.kind is TokenKind.CONTENT
            and token.low.isalpha()  # "they're" is no verb of its own
            and (is_finite(token.low) or before in _BEFORE_VERB)
        )
        plain = _PASSIVE if before in _BE else _PLAIN
        is_new = token.stem not in known | plain and token.low not in TURNING
        if is_verb and is_new and not any(token.low in alike and alike & lows for alike in _SAME):
            strange.append(token.text)
        if not token.low.endswith("ly"):
            before = token.low
    found = [f'"{word}" is not what happens there' for word in dict.fromkeys(strange)]
    return (*found, *_in_anothers_place(sentence, origins, small=small))


def _in_anothers_place(sentence: str, origins: Sequence[str], *, small: frozenset[str]) -> list[str]:
    """
    Find a verb between words that have another verb between them in an origin.

    "Has been knocked for four years" where he knocked on doors and "has been jailed for four years".
    """
    told: dict[tuple[str, ...], set[str]] = {}
    for origin in origins:
        for verb, after in _framed(read_tokens(origin, small=small)):
            told.setdefault(after, set()).add(verb.low)
    known = _said_plainly(" ".join(origins).casefold())
    wrong = []
    for verb, after in _framed(read_tokens(sentence, small=small)):
        there = told.get(after, set())
        if there and not any(_are_alike(verb.low, low) for low in there) and verb.stem not in known:
            wrong.append(f'"{verb.text}" stands in the place of "{min(there)}"')
    return wrong


def _framed(tokens: Sequence[Token]) -> Iterator[tuple[Token, tuple[str, ...]]]:
    """Verbs after an auxiliary one, with the two words that follow them."""
    for place in range(1, len(tokens) - _FRAME):
        token, before = tokens[place], tokens[place - 1]
        if before.low.endswith("ly") and place > 1:
            before = tokens[place - 2]
        if token.kind is TokenKind.CONTENT and token.low.isalpha() and before.low in _BEFORE_VERB:
            yield token, tuple(after.low for after in tokens[place + 1 : place + 1 + _FRAME])


def _are_alike(one: str, other: str) -> bool:
    """Whether two verbs name one deed."""
    pair = {one, other}
    return stem(one) == stem(other) or pair <= _SPEECH or any(pair <= alike for alike in _SAME)


def _said_plainly(source: str) -> frozenset[str]:
    """Stems of the plain words that the edits put for print's: "criticised" for "slammed"."""
    return frozenset(stem(word) for print_, words in _plainer() if print_ in source for word in words)


@lru_cache(maxsize=1)
def _plainer() -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple(
        (key, tuple(str(said).split())) for key, said in (table()["plain"] | table()["reworded"]).items()
    )
