"""Sentences of a script -> the words of their proper names, and the names that may be heard instead."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from bulletin.editing.names.find_proper_names import find_names
from bulletin.editing.names.words_newsreaders_know import load_vocabulary
from bulletin.model import Sentence
from bulletin.recognition.align_tokens import find_differences
from bulletin.recognition.tokens import Kind, tokens_of

_LEAST_LETTERS = 3


def names_in(sentences: Sequence[Sentence]) -> list[frozenset[str]]:
    """
    For each sentence the words of its names in small letters: as written, and as respelled for the voice.

    >>> [sorted(names) for names in names_in([Sentence(text="He met Ann Fox.", spoken="He met Ann Fox.")])]
    [['ann', 'fox']]
    """
    ordinary = load_vocabulary().ordinary
    found = find_names(
        (sentence.text for sentence in sentences), is_ordinary=lambda word: word.lower() in ordinary
    )
    words = {token.text for name in found for token in tokens_of(name.name) if token.kind is Kind.WORD}
    words = {word for word in words if len(word) >= _LEAST_LETTERS}
    return [_names_of(sentence, words) for sentence in sentences]


def _names_of(sentence: Sentence, words: set[str]) -> frozenset[str]:
    written, spoken = tokens_of(sentence.text), tokens_of(sentence.spoken)
    capitals = {token.text for token in tokens_of(_only_capitals(sentence.text))}
    names = {token.text for token in written if token.text in words & capitals}
    for difference in find_differences(written, spoken):
        if any(written[at].text in names for at in difference.script):
            respelled = (spoken[at] for at in difference.heard)
            names |= {token.text for token in respelled if token.kind is Kind.WORD}
    return frozenset(names)


def _only_capitals(text: str) -> str:
    """The words of a text that begin with a capital letter."""
    return " ".join(word for word in text.split() if any(letter.isupper() for letter in word))


def known_names(names: Iterable[frozenset[str]]) -> frozenset[str]:
    """
    Words that are names beyond doubt: those of the bulletin, of people, of the news, of a pronouncing dictionary.

    >>> known = known_names([frozenset({"wexcombe"})])
    >>> {"iraq", "australia", "wexcombe"} <= known, "hope" in known
    (True, False)
    """
    return _listed_names().union(*names)


@lru_cache(maxsize=1)
def _listed_names() -> frozenset[str]:
    vocabulary = load_vocabulary()
    listed = (vocabulary.common | vocabulary.pronounced) - vocabulary.ordinary
    return frozenset(word for word in listed if len(word) >= _LEAST_LETTERS and word.isalpha())
