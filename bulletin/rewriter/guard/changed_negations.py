"""Aligned words of a sentence and its origin -> negations added or dropped between the same words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bulletin.rewriter.guard.answer_words import guarded

NEGATING = guarded("negating")

FEWEST_COMMON = 2
"""Words that stand side by side in both, on either side, before anything is said of what is between them."""

SURE_COMMON = 3
"""Words that stand side by side in both, on one side, before a "not" alone that is gone from there is missed."""

MOST_LEFT_OUT = 4
"""Words; a longer stretch with a "not" in it is an aside, which may go with what it says."""

Opcodes = Sequence[tuple[str, int, int, int, int]]


def changed_negations(
    sentence_words: Sequence[str], origin_words: Sequence[str], codes: Opcodes
) -> Iterator[str]:
    """What differs in negations where words of a sentence, in small letters, stand beside those of its origin."""
    for number, (tag, a, a_end, b, b_end) in enumerate(codes):
        if tag == "insert" and NEGATING.issuperset(origin_words[b:b_end]) and _is_surely_there(codes, number):
            yield f'a "{origin_words[b]}" is left out'
            continue
        if tag == "equal" or not is_between_same(codes, number):
            continue
        ours, theirs = (
            NEGATING.intersection(sentence_words[a:a_end]),
            NEGATING.intersection(origin_words[b:b_end]),
        )
        if ours and not theirs:
            yield f'"{min(ours)}" is not said of that there'
        elif theirs and not ours and tag == "insert" and b_end - b <= MOST_LEFT_OUT:
            yield f'a "{min(theirs)}" is left out'


def is_between_same(codes: Opcodes, number: int) -> bool:
    """Whether enough words before and after it are the same in both."""
    return all(_same_at(codes, place) >= FEWEST_COMMON for place in (number - 1, number + 1))


def _is_surely_there(codes: Opcodes, number: int) -> bool:
    """ "he did have a choice" of "I did not have a choice", "the maker says it is" of "... says it is not"."""
    before, after = _same_at(codes, number - 1), _same_at(codes, number + 1)
    is_last = number + 1 == len(codes)
    return (before > 0 and after >= SURE_COMMON) or (is_last and before >= SURE_COMMON)


def _same_at(codes: Opcodes, place: int) -> int:
    """How many words are the same in a stretch."""
    if not 0 <= place < len(codes) or codes[place][0] != "equal":
        return 0
    return codes[place][2] - codes[place][1]


def part_contractions(text: str) -> str:
    """ "won't" -> "wo not", so that the negation is a word."""
    text = re.sub(r"\bcan(?:not|['’]t)\b", "can not", text)
    text = re.sub(r"n['’]t\b", " not", text)
    text = re.sub(r"\bwhether or not\b", "whether", text)
    return re.sub(r"\bnot only\b", "", text)
