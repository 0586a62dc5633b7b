"""Text in two languages -> its part in the station's language, or nothing. Pure."""

from __future__ import annotations

import itertools
from functools import lru_cache

from bulletin.language.is_text_in_station_language import is_foreign

_LEAST_WORDS = 12
"""The language of a shorter paragraph is not detected; it belongs to the half around it."""
_MIXED_SHARE = 0.3
"""A smaller share of another language is quotations, and they stay."""
_HALF_SHARE = 0.4
_HALF_WORDS = 40
"""Fewest words of the half in the station's language, as a separate article."""


@lru_cache(maxsize=16384)  # stations of a process read the same texts
def keep_language(text: str, *, language: str) -> str:
    """
    The text's part in `language` where it is a whole half, before or after the other one.

    A text in one language, whichever it is, is returned unchanged: the selection of stories deals with foreign
    ones. Empty where two languages alternate.
    """
    paragraphs = text.split("\n\n")
    if len(paragraphs) < 2:
        return text
    counts = [len(paragraph.split()) for paragraph in paragraphs]
    total = sum(counts)
    marks = [_mark(paragraph, count, language) for paragraph, count in zip(paragraphs, counts, strict=True)]
    foreign = sum(count for count, mark in zip(counts, marks, strict=True) if mark == "foreign")
    own = sum(count for count, mark in zip(counts, marks, strict=True) if mark == "own")
    if foreign < _MIXED_SHARE * total or own < _MIXED_SHARE * total:
        return text
    order = [mark for mark in marks if mark]
    changes = sum(before != after for before, after in itertools.pairwise(order))
    if changes > 1 or own < max(_HALF_WORDS, _HALF_SHARE * total):
        return ""
    border = marks.index("foreign" if order[0] == "own" else "own")
    return "\n\n".join(paragraphs[:border] if order[0] == "own" else paragraphs[border:])


def _mark(paragraph: str, words: int, language: str) -> str:
    if words < _LEAST_WORDS:
        return ""
    return "foreign" if is_foreign(paragraph, language=language) else "own"
