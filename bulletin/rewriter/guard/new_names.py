"""Sentence, origins -> names of the sentence that no origin has."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from bulletin.editing.english.word_lists import listed, table
from bulletin.editing.sentences.ages_and_days import DAY_NAMES
from bulletin.language.sentences import words
from bulletin.rewriter.guard.answer_words import ONES, TENS

_NAME = re.compile(r"(?<!\w)[A-Z][\w'’-]*")
_INSIDE = re.compile(r"[-.,:']")


def find_strange_names(sentence: str, origins: Sequence[str]) -> tuple[str, ...]:
    """Find names that no origin has; a part of a known name is known."""
    known = frozenset[str]().union(*(_parts(word) for origin in origins for word in words(origin)))
    return tuple(dict.fromkeys(name for name in names_in(sentence) if not _is_known(name, known)))


def names_in(text: str) -> list[str]:
    """
    List words with a capital, but for those that only open the sentence.

    >>> names_in("The mayor met Ann Fox in Wexcombe")
    ['Ann', 'Fox', 'Wexcombe']
    """
    return [match[0] for match in _NAME.finditer(text) if _is_name(match)]


def _is_name(match: re.Match[str]) -> bool:
    low = _bare(match[0])
    first = low.partition("-")[0]
    is_plain = low in _common_words() or first in ONES or first in TENS
    opens = match.start() == 0
    return match[0] in DAY_NAMES or not (is_plain or (opens and low in _plain_words()))


@lru_cache(maxsize=1)
def _common_words() -> frozenset[str]:
    """Words that are no name, even with a capital."""
    lists = ("not_names", "prepositions", "determiners", "pronouns")
    return frozenset().union(*(listed("words", name) for name in lists))


@lru_cache(maxsize=1)
def _plain_words() -> frozenset[str]:
    """Words that may open any sentence, and the plain words of the edits: "According to" for "As per"."""
    said = frozenset(
        word for said in (table()["plain"] | table()["reworded"]).values() for word in str(said).split()
    )
    return said | listed("connectives", "light") | listed("words", "back_pointing") | {"according"}


@lru_cache(maxsize=16_384)
def _parts(word: str) -> frozenset[str]:
    bare = _bare(word)
    return frozenset((word.casefold().replace("’", "'"), bare, *_INSIDE.split(bare)))


def _bare(name: str) -> str:
    return name.casefold().replace("’", "'").removesuffix("'s").removesuffix("'")


def _is_known(name: str, known: frozenset[str]) -> bool:
    low = _bare(name)
    return low in known or all(part in known for part in low.split("-")) or f"{low}s" in known
