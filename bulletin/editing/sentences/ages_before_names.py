"""Ages before names, as they are said: "Joan Pike, 54, said" is print; pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from bulletin.editing.english.grammar import WORD, bare, is_finite, listed, one_of

_FULL_NAME = r"[A-Z][\w'’-]+(?: [A-Z]\.)?(?: (?:de|van|von|bin|al|der|la|di))?(?: [A-Z][\w'’-]+){1,3}"
_NAMED = re.compile(
    rf"(?P<name>{_FULL_NAME}|\b[A-Z][a-z][\w'’-]+), (?:aged )?(?P<age>\d{{1,2}})(?P<end>,|\.$)"
)


def say_ages(text: str, *, spell: Callable[[int], str]) -> str:
    """
    Ages as people say them: before the name where nothing stands before it, else "aged 54".

    Print puts the age between commas; a listener would hear two pauses and a bare number. The age is written out where
    it opens the sentence; `spell` gives a number in words.

    >>> say_ages("Joan Pike, 54, said so.", spell=lambda number: "fifty-four")
    'Fifty-four-year-old Joan Pike said so.'
    >>> say_ages("Then the victim, 26, was freed and Joan Pike, 54, left.", spell=str)
    'Then the 26-year-old victim was freed and Joan Pike, aged 54, left.'
    """
    text = _aged_noun().sub(_before_noun, text)
    match = _NAMED.match(text)
    if match and match["end"] == "," and _follows_verb(text, match.end()) and _is_name(match["name"]):
        text = f"{spell(int(match['age'])).capitalize()}-year-old {match['name']}{text[match.end() :]}"
    return _NAMED.sub(_aged, text)


def _follows_verb(text: str, end: int) -> bool:
    word = WORD.match(text, end + 1)
    return word is not None and is_finite(word[0])


def _is_name(name: str) -> bool:
    first = bare(name.split()[0])
    return first not in listed("words", "not_names") and first not in listed("words", "roles")


def _aged(match: re.Match[str]) -> str:
    return f"{match['name']}, aged {match['age']}{match['end']}"


@lru_cache(maxsize=1)
def _aged_noun() -> re.Pattern[str]:
    """ "the victim, 26, was" """
    return re.compile(
        rf"\b(?P<whose>[Tt]he|[Aa]n?|[Hh]is|[Hh]er) (?P<who>{one_of('people', 'aged')}), (?:aged )?(?P<age>\d{{1,2}}), (?=(?P<next>\w+))"
    )


def _before_noun(match: re.Match[str]) -> str:
    if not is_finite(match["next"]) or match["who"] == "couple":
        return match[0]
    whose, age = match["whose"], match["age"]
    if whose.casefold() in ("a", "an"):
        whose = whose[0] + ("n" if age.startswith("8") or age in ("11", "18") else "")
    return f"{whose} {age}-year-old {match['who']} "
