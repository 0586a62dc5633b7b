"""Names of a sentence, whole: those put together of parts of others; pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from bulletin.editing.english.word_lists import listed
from bulletin.rewriter.guard.answer_words import Token, TokenKind, guarded, plain, read_tokens, word_set

BE = word_set("is are was were be been being get got")
_CALENDAR = guarded("calendar")


def find_mixed_names(sentence: str, source: Sequence[str], *, small: frozenset[str]) -> tuple[str, ...]:
    """Find names combined of parts that never stand together: "Ann Pike" of Ann Fox and Joan Pike."""
    near: set[tuple[str, str]] = set()
    whole = " ".join(source).casefold().replace("’", "'")
    for text in source:
        found = [plain(token.text) for token in read_tokens(text, small=frozenset())]
        near |= {(a, b) for gap in (1, 2, 3) for a, b in zip(found, found[gap:], strict=False)}
    tokens = read_tokens(sentence, small=small)
    wrong = [
        f'"{token.text}" is no name in the article'
        for token in tokens
        # "Trent-on-Stoke", "a pan-Rana star"
        if token.text.rpartition("-")[2][0].isupper() and "-" in token.low and token.low not in whole
    ]
    for run in runs_of(tokens):
        names = [token for token in run if token.kind is TokenKind.NAME]
        for one, other in pairwise(names):
            is_title = one.low.rstrip(".") in listed("words", "titles") | listed("words", "roles")
            if not is_title and (one.low, other.low) not in near:
                wrong.append(f'"{one.text} {other.text}" is no name in the article')
    return tuple(wrong)


def runs_of(tokens: Sequence[Token]) -> Iterator[tuple[Token, ...]]:
    """Names of one or more words; "of", "and" and the like part them."""
    run: list[Token] = []
    for token in tokens:
        if token.kind is TokenKind.NAME and token.low not in _CALENDAR:
            run.append(token)
            continue
        if run:
            yield tuple(run)
        run = []
    if run:
        yield tuple(run)
