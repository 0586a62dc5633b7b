"""Whether a sentence opens with, or holds, a pronoun that nothing in it explains; pure."""

from __future__ import annotations

import re
from functools import lru_cache

from bulletin.editing.english.word_classes import bare
from bulletin.editing.english.word_lists import WORD, listed, regex

# "This year", and "it" that stands for the clause to come: "It is feared that ...".
_POINTS_FORWARD = (
    r"(?:This|These) (?:year|week|month|summer|winter|spring|autumn|season|morning|afternoon|evening|days|weekend)\b"
    r"|It (?:is|was|has been|will be|would be|is not|was not) (?:also )?(?:\w+ed|thought|understood|known|said|possible|likely|"
    r"unlikely|unclear|clear|not clear|important|the first time)\b"
)
_POINTS_WITHIN = (
    r"(?:\w+ ){0,3}of (?:those|these|them|this|that|which|whom)\b"
    # "In her talk, the 30-year-old said": no name comes after the comma
    r"|(?:In|On|At|For|With|After|Before|During|Under|From|Since|By|Of|Despite|Following|Through|Throughout|Like|Unlike|Among) "
    r"(?:his|her|their|its|those|these|this|that|such|both)\b(?! (?:year|week|month|season|summer|winter|spring|autumn|morning|weekend)\b)"
    r"(?![^,]{0,80}, (?:an? |[A-Z0-9]))"
)
_OBJECT_THAT = (
    r"\b(?:do|does|did|doing|done|change|changed|changing|share|shared|sharing|stop|prevent|mean|means|meant|say|says|said|like|"
    r"about|than|with|for|to|of|from|by) (?:that|this|so|those|these)(?:[.]$| (?:with|by|to)\b)"
)
_SHORT = 12
"""Words of a sentence that is too short to say itself what "that" is."""


def points_back(text: str) -> bool:
    """
    Whether a sentence opens with a word that only the sentence before explains.

    >>> points_back("He sank the ferry."), points_back("It is feared that the ferry sank."), points_back("Ann Fox left.")
    (True, False, False)
    """
    if regex(_POINTS_FORWARD).match(text):
        return False
    words = WORD.findall(text[:80])
    first = bare(words[0]).partition("'")[0] if words else ""
    if (
        first in listed("words", "back_pointing")
        or regex(_POINTS).match(text)
        or regex(_POINTS_WITHIN).match(text)
    ):
        return True
    is_short = len(WORD.findall(text)) <= _SHORT
    return (is_short and bool(regex(_OBJECT_THAT).search(text))) or has_unbound_pronoun(text)


_POINTS = r"(?:The )?(?:«opening.pointing»)\b(?!-| (?:of|to|that|between|into) )"


_PRONOUN = r"\b(?:he|she|him|his|her|himself|herself)\b"
_GENERIC = r"(?:\w+-year-old|\w{2,}(?:er|or|ist|ian)|\w*man)$"


def has_unbound_pronoun(text: str) -> bool:
    """
    Whether "he" or "her" comes before any person for whom it could stand: "The diocese says he fell ill".

    Any name and any word for a person is an antecedent; after an opening such as "When he died," the name may follow.

    >>> has_unbound_pronoun("The diocese says he fell ill."), has_unbound_pronoun("The bishop says he fell ill.")
    (True, False)
    """
    match = regex(_PRONOUN).search(text)
    if not match or match.start() == 0:
        return False
    before = text[: match.start()]
    words = WORD.findall(before)
    if any(word[0].isupper() and bare(word) not in _not_people() for word in words) or any(
        map(is_person, words)
    ):
        return False
    rest = text[match.end() :]
    return not re.search(r", (?:[A-Z]|an? |the )", rest) or "," in before


def is_person(word: str) -> bool:
    """
    Whether a common noun stands for a person.

    >>> is_person("mayor"), is_person("singer"), is_person("bridge")
    (True, True, False)
    """
    low = bare(word).removesuffix("'s")
    if low in listed("people", "no_person"):
        return False
    return (
        low in listed("words", "roles")
        or low in listed("people", "anybody")
        or bool(regex(_GENERIC).match(low))
    )


@lru_cache(maxsize=1)
def _not_people() -> frozenset[str]:
    known = listed("words", "not_names") | listed("words", "prepositions") | listed("words", "determiners")
    return known | listed("people", "nobody")
