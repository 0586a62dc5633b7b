"""Sentence, origins -> verbs of the sentence that no origin has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bulletin.editing.english.guess_parts_of_speech import is_finite
from bulletin.editing.english.word_list_regexes import listed, table
from bulletin.rewriter.guard.find_changed_negations import TURNING
from bulletin.rewriter.guard.tokenize_sentence import (
    SAME_DEEDS,
    Token,
    TokenKind,
    Tokens,
    guarded,
    read_tokens,
    stem,
    word_set,
)

_PLAIN = frozenset(map(stem, guarded("plain_verbs")))
"""Light verbs that a sentence may add, because they report no new event."""
_PASSIVE = _PLAIN - frozenset(map(stem, guarded("active_only")))
"""Light verbs that may be passive: "was held", but not "was announced off his bicycle"."""
_BE = word_set("is are was were be been being")
_BEFORE_VERB = listed("verbs", "auxiliary") | word_set("to been being be having not")
_SPEECH = listed("verbs", "saying") | listed("verbs", "reporting") | word_set("announced announce reported")
_PLAINER = {
    printed: frozenset(map(stem, str(spoken).split()))
    for printed, spoken in (table()["plain"] | table()["reworded"]).items()
}
"""Print's words -> stems of the plain words that the edits put for them: "criticised" for "slammed"."""

_FRAME = 2
"""Words after a verb that identify its place in the origin."""


def find_strange_events(sentence: str, origins: Sequence[str], *, small: frozenset[str]) -> Iterator[str]:
    """
    Find verbs that no origin has: "has resigned" for an article about a meeting.

    The prompt asks the model to keep the article's verbs, but for light ones.
    """
    tokens = read_tokens(sentence, small=small)
    theirs = [read_tokens(origin, small=small) for origin in origins]
    plainer = _said_plainly(" ".join(origins).casefold())
    # a word that opens a sentence may look like a name: "Speaking publicly, ..."
    known = plainer | {t.stem for origin in theirs for t in origin} | {stem(o[0].low) for o in theirs if o}
    lows = {token.low for origin in theirs for token in origin}
    before = ""
    for token in tokens:
        is_verb = (
            token.kind is TokenKind.CONTENT
            and token.low.isalpha()  # "they're" is no verb of its own
            and (is_finite(token.low) or before in _BEFORE_VERB)
        )
        light = _PASSIVE if before in _BE else _PLAIN
        is_new = token.stem not in known | light and token.low not in TURNING
        if is_verb and is_new and not any(token.low in deed and deed & lows for deed in SAME_DEEDS):
            yield f'"{token.text}" does not happen in the source'
        if not token.low.endswith("ly"):
            before = token.low
    yield from _find_exchanged_verbs(tokens, theirs, plainer)


def _find_exchanged_verbs(tokens: Tokens, theirs: Sequence[Tokens], plainer: frozenset[str]) -> Iterator[str]:
    """
    Find a verb between words that have another verb between them in an origin.

    "Has been knocked for four years" where he knocked on doors and "has been jailed for four years".
    """
    framed: dict[tuple[str, ...], set[str]] = {}
    for origin in theirs:
        for verb, after in _framed_verbs(origin):
            framed.setdefault(after, set()).add(verb.low)
    for verb, after in _framed_verbs(tokens):
        verbs = framed.get(after)
        if verbs and not any(_are_alike(verb.low, low) for low in verbs) and verb.stem not in plainer:
            yield f'"{verb.text}" replaces "{min(verbs)}"'


def _framed_verbs(tokens: Tokens) -> Iterator[tuple[Token, tuple[str, ...]]]:
    """Verbs after an auxiliary, with the two words after them."""
    for index in range(1, len(tokens) - _FRAME):
        token, before = tokens[index], tokens[index - 1]
        if before.low.endswith("ly") and index > 1:
            before = tokens[index - 2]
        if token.kind is TokenKind.CONTENT and token.low.isalpha() and before.low in _BEFORE_VERB:
            yield token, tuple(after.low for after in tokens[index + 1 : index + 1 + _FRAME])


def _are_alike(verb: str, other: str) -> bool:
    """Whether two verbs name one deed."""
    return stem(verb) == stem(other) or any({verb, other} <= deed for deed in (_SPEECH, *SAME_DEEDS))


def _said_plainly(source: str) -> frozenset[str]:
    """Stems of the plain words for print's words of the source."""
    return frozenset[str]().union(*(stems for printed, stems in _PLAINER.items() if printed in source))
