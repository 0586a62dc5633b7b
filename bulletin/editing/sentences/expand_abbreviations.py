"""
Abbreviations that the article explains in brackets -> the name in full.

Source: a name is in full at its first mention (AP Stylebook and Guardian style guide, "abbreviations and
acronyms"). Brackets are not read out, so a listener would not know the abbreviation in a later sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import partial
from itertools import takewhile

from bulletin.editing.english.word_list_regexes import listed, regex

Names = Mapping[str, str]
"""Abbreviation -> the name in full, with "the " where it has one: "WHC" -> "the Wexcombe Harbour Company"."""

_EXPLAINED = (
    r"(?P<name>(?:[Tt]he )?[A-Z][\w'’&.-]*(?: (?:[A-Z][\w'’&.-]*|of|and|the|for|on|to|in|&)){1,9}) "
    r"\((?P<letters>[A-Z][A-Za-z&]{1,7})\)"
)
"""Example: `explained_abbreviations`."""
_BEFORE = (
    r"(?P<before>\b(?:(?i:an?|the|its|his|her|their|our|this|that|every|former|local|new)|[\w-]+['’]s?) )?"
)
"""Example: `expand_abbreviations`."""


def explained_abbreviations(sentences: Iterable[str]) -> Names:
    """
    The abbreviations that the sentences explain in brackets; not those that everybody knows ("BBC").

    >>> dict(explained_abbreviations(["It is owned by the Wexcombe Harbour Company (WHC)."]))
    {'WHC': 'the Wexcombe Harbour Company'}
    """
    names: dict[str, str] = {}
    for sentence in sentences:
        for match in regex(_EXPLAINED).finditer(sentence):
            name = _name_of(match["letters"], match["name"].split())
            if name and match["letters"] not in listed("headlines", "known_letters"):
                names.setdefault(match["letters"], name)
    return names


def _name_of(letters: str, words: list[str]) -> str:
    """
    The last words that begin with the letters, and "the" before them; empty if none do.

    >>> _name_of("WHC", "the Wexcombe Harbour Company".split())
    'the Wexcombe Harbour Company'
    >>> _name_of("WHC", "the Harbour Company".split())
    ''
    """
    for start in range(len(words) - 1, -1, -1):
        initials = "".join(word[0] for word in words[start:] if word[0].isupper() or word == "&")
        if initials.casefold() == letters.casefold() and words[start][0].isupper():
            before = list(
                takewhile(lambda word: word[0].isupper() and word != "The", reversed(words[:start]))
            )
            has_the = start > len(before) and words[start - len(before) - 1] in ("the", "The")
            return f"{'the ' if has_the else ''}{' '.join(words[start:])}"
    return ""


def expand_abbreviations(text: str, names: Names) -> str:
    """
    The sentence with full names instead of abbreviations; a sentence that explains the abbreviation stays.

    >>> expand_abbreviations("An WHC spokesman said WHC's ferry is late.", {"WHC": "the Wexcombe Harbour Company"})
    "A Wexcombe Harbour Company spokesman said the Wexcombe Harbour Company's ferry is late."
    """
    for letters, name in names.items():
        if f"({letters})" not in text:
            known = re.compile(rf"{_BEFORE}(?<![\w.&-]){re.escape(letters)}(?![\w&-])")
            text = known.sub(partial(_say, name=name), text)
    return text


def _say(match: re.Match[str], *, name: str) -> str:
    """
    The name in full after its article or possessive, which takes the place of its "the".

    >>> texts = ("An WHC ferry sank.", "WHC rows.")
    >>> [expand_abbreviations(text, {"WHC": "the Wexcombe Harbour Company"}) for text in texts]
    ['A Wexcombe Harbour Company ferry sank.', 'The Wexcombe Harbour Company rows.']
    """
    before, bare = match["before"], name.removeprefix("the ")
    if before and before.casefold() in ("a ", "an "):
        article = "an " if bare[0] in "AEIOU" else "a "
        return (article.capitalize() if before[0] == "A" else article) + bare
    if before:
        return before + bare
    return name[0].upper() + name[1:] if match.start() == 0 else name
