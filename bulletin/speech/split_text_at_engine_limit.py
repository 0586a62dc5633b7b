"""Long sentence -> pieces within an engine's limit, cut where a reader would breathe. Pure."""

from __future__ import annotations

import math
import re

_SPACE = re.compile(r"\s+")
_SENTENCE_END = re.compile(r"[.!?…][\"”’)]*$")
_CLAUSE_END = re.compile(r"[,;:—–][\"”’)]*$")
_BREATH_BEFORE = re.compile(
    r"(?:and|but|or|who|which|that|when|while|after|before|because|as)\b", re.IGNORECASE
)
_TITLE = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|St|Sir|Prof|Rev|No|[A-Z])\.$")

_SENTENCE, _CLAUSE, _WORD_GROUP, _WORD = 0.0, 0.15, 0.45, 0.8
"""Cost of a cut there, plus its distance from the ideal place as a share of a piece."""


def split_text(text: str, *, most: int) -> tuple[str, ...]:
    """
    Cut `text` into as few pieces as possible of at most `most` characters each.

    Of the places that need no further piece the cheapest is taken: a sentence's end, then a
    clause's, then the space before "and" or "which", then any space. Pieces are of similar length,
    because a last piece of one word sounds like an afterthought. Punctuation stays with the word
    before it, for intonation. Pieces without a letter or digit are left out.
    """
    rest = _SPACE.sub(" ", text).strip()
    pieces = []
    while len(rest) > most:
        cut = _best_cut(rest, most)
        pieces.append(rest[:cut].strip())
        rest = rest[cut:].strip()
    pieces.append(rest)
    return tuple(piece for piece in pieces if any(map(str.isalnum, piece)))


def _best_cut(text: str, most: int) -> int:
    needed = math.ceil(len(text) / most)
    ideal = len(text) / needed
    spaces = [match.start() for match in _SPACE.finditer(text[: most + 1])]
    if not spaces:
        return most  # one endless word

    def cost(cut: int) -> tuple[int, float]:
        pieces_after = math.ceil((len(text) - cut - 1) / most)
        return max(0, pieces_after - (needed - 1)), _price(text, cut) + abs(cut - ideal) / ideal

    return min(spaces, key=cost)


def _price(text: str, cut: int) -> float:
    before, after = text[:cut], text[cut + 1 :]
    if _SENTENCE_END.search(before) and not _TITLE.search(before):
        return _SENTENCE
    if _CLAUSE_END.search(before):
        return _CLAUSE
    return _WORD_GROUP if _BREATH_BEFORE.match(after) else _WORD
