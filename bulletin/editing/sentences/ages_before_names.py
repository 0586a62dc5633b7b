"""Ages before names, as they are said: "Joan Pike, 54, said" is print; pure."""

from __future__ import annotations

import re
from collections.abc import Callable

from bulletin.editing.english.word_classes import bare, is_finite
from bulletin.editing.english.word_lists import WORD, listed, regex

_FULL_NAME = r"[A-Z][\w'’-]+(?: [A-Z]\.)?(?: (?:de|van|von|bin|al|der|la|di))?(?: [A-Z][\w'’-]+){1,3}"
_NAMED = rf"(?P<name>{_FULL_NAME}|\b[A-Z][a-z][\w'’-]+), (?:aged )?(?P<age>\d{{1,2}})(?P<end>,|\.$)"


def say_ages(text: str, *, spell: Callable[[int], str]) -> str:
    """
    Ages as people say them: before the name where nothing stands before it, else "aged 54".

    Print puts the age between commas; a listener would hear two pauses and a bare number. The age is written out where
    it opens the sentence; `spell` gives a number in words.

    >>> say_ages("Joan Pike, 54, said so.", spell=lambda number: "fifty-four")
    'Fifty-four-year-old Joan Pike said so.'
    >>> say_ages("The ferry hit Joan Pike, 54, in May.", spell=str)
    'The ferry hit Joan Pike, aged 54, in May.'
    """
    match = regex(_NAMED).match(text)
    if match and match["end"] == "," and _follows_verb(text, match.end()) and _is_name(match["name"]):
        text = f"{spell(int(match['age'])).capitalize()}-year-old {match['name']}{text[match.end() :]}"
    return regex(_NAMED).sub(_aged, text)


def _follows_verb(text: str, end: int) -> bool:
    word = WORD.match(text, end + 1)
    return word is not None and is_finite(word[0])


def _is_name(name: str) -> bool:
    first = bare(name.split()[0])
    return first not in listed("words", "not_names") and first not in listed("words", "roles")


def _aged(match: re.Match[str]) -> str:
    return f"{match['name']}, aged {match['age']}{match['end']}"
