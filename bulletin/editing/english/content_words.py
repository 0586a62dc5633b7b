"""The words of a sentence that carry its news; pure."""

from __future__ import annotations

from functools import lru_cache

from bulletin.editing.english.word_classes import listed
from bulletin.language.sentences import words


def content_words(text: str) -> frozenset[str]:
    """
    The content words of a sentence: in small letters, stemmed, without function words.

    >>> sorted(content_words("The ferries have sunk in Wexcombe's harbour."))
    ['ferr', 'harbour', 'sunk', 'wexcomb']
    """
    small = _weightless()
    low_words = [word.casefold().replace("’", "'") for word in words(text)]
    return frozenset([_stem(word) for word in low_words if word not in small])


@lru_cache(maxsize=1)
def _weightless() -> frozenset[str]:
    lists = ("weightless", "prepositions", "determiners", "pronouns")
    return frozenset().union(*(listed("words", name) for name in lists))


@lru_cache(maxsize=16_384)
def _stem(word: str) -> str:
    word = word.removesuffix("'s").removesuffix("'")
    for ending in ("ing", "ies", "ied", "es", "ed", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word.removesuffix(ending)
    return word
