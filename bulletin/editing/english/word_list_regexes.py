"""
Word lists of English, expressions that hold them, and the words of a sentence that carry its news.

Source: words of closed classes carry no content (Quirk et al. 1985, chapter 2, open and closed classes).
Judgement, no source: the endings of a stem, because a stem that is too short only makes two words alike.
"""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from itertools import chain
from typing import Any

from bulletin.language.read_word_lists import either, read_table
from bulletin.language.split_sentences import words

WORD = re.compile(r"[^\W_][\w'’.-]*")
"""Example: `find_unattributed_quotes._is_name`."""
TITLE_WORD = re.compile(r"[^\W_](?:[\w'’.&/-]*[^\W_])?")
"""
A word with its hyphens, apostrophes and inner full stops; no mark at either end.

Example: `clean_title.is_title_case`.
"""

_FOLDER = "bulletin.editing.english.en"


@lru_cache(maxsize=1)
def table() -> Mapping[str, Any]:
    """
    The folder "en" as one table; no two of its files have a group of one name.

    >>> "verbs" in table()
    True
    """
    files = sorted(file.name for file in resources.files(_FOLDER).iterdir() if file.name.endswith(".toml"))
    return dict(ChainMap(*(dict(read_table(_FOLDER, file)) for file in files)))


@lru_cache(maxsize=512)
def listed(group: str, *names: str) -> frozenset[str]:
    """
    Lists of the table as one set, words in a row or phrases one by one.

    >>> "the" in listed("words", "determiners")
    True
    """
    lists = (table()[group][name] for name in names)
    return frozenset(
        chain.from_iterable(entry.split() if isinstance(entry, str) else entry for entry in lists)
    )


@lru_cache(maxsize=1_024)
def regex(expression: str) -> re.Pattern[str]:
    """
    Compile an expression in which «verbs.saying» stands for the words of that list.

    A word that ends with an asterisk matches every word with that beginning.

    >>> regex(r"\\b(?:«verbs.saying»)\\b").search("Ann Fox said")[0]
    'said'
    """
    return re.compile(re.sub(r"«(\w+)\.(\w+)»", lambda match: one_of(match[1], match[2]), expression))


def one_of(group: str, name: str) -> str:
    """
    A list as a regular expression's alternatives, longest first.

    >>> "kremlin|" in one_of("headlines", "bodies")
    True
    """
    return either(listed(group, name)).replace(r"\*", r"\w*")


def any_of(name: str) -> re.Pattern[str]:
    """
    A list for headlines as one expression, whole words only.

    >>> any_of("bodies").search("Kremlin denies it")[0], any_of("bodies").search("Kremlin-watchers")
    ('Kremlin', None)
    """
    return regex(rf"(?i)(?<![\w'-])(?:«headlines.{name}»)(?![\w'-])")


@lru_cache(maxsize=2_048)
def content_words(text: str) -> frozenset[str]:
    """
    The content words of a sentence: in small letters, stemmed, without function words.

    >>> sorted(content_words("The ferries have sunk in Wexcombe's harbour."))
    ['ferr', 'harbour', 'sunk', 'wexcomb']
    """
    small = listed("words", "weightless", "prepositions", "determiners", "pronouns")
    low_words = [word.casefold().replace("’", "'") for word in words(text)]
    return frozenset([_stem(word) for word in low_words if word not in small])


@lru_cache(maxsize=16_384)
def _stem(word: str) -> str:
    """
    The word without "'s" and its ending, if four letters remain.

    >>> _stem("ferries"), _stem("sinking"), _stem("used")
    ('ferr', 'sink', 'used')
    """
    word = word.removesuffix("'s").removesuffix("'")
    for ending in ("ing", "ies", "ied", "es", "ed", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word.removesuffix(ending)
    return word
