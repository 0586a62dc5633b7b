"""Whether a sentence opens with, or holds, a pronoun that nothing in it explains; pure."""

from __future__ import annotations

import re
from functools import lru_cache

from bulletin.editing.english.word_classes import WORD, bare, listed, one_of

# "This year", and "it" that stands for the clause to come: "It is feared that ...".
_POINTS_FORWARD = re.compile(
    r"(?:This|These) (?:year|week|month|summer|winter|spring|autumn|season|morning|afternoon|evening|days|weekend)\b"
    r"|It (?:is|was|has been|will be|would be|is not|was not) (?:also )?(?:\w+ed|thought|understood|known|said|possible|likely|"
    r"unlikely|unclear|clear|not clear|important|the first time)\b"
)
_POINTS_WITHIN = re.compile(
    # "One of those scientists"
    r"(?:\w+ ){0,3}of (?:those|these|them|this|that|which|whom)\b"
    # "In her talk, the 30-year-old said": no name comes after the comma
    r"|(?:In|On|At|For|With|After|Before|During|Under|From|Since|By|Of|Despite|Following|Through|Throughout|Like|Unlike|Among) "
    r"(?:his|her|their|its|those|these|this|that|such|both)\b(?! (?:year|week|month|season|summer|winter|spring|autumn|morning|weekend)\b)"
    r"(?![^,]{0,80}, (?:an? |[A-Z0-9]))",
)
_OBJECT_THAT = re.compile(
    r"\b(?:do|does|did|doing|done|change|changed|changing|share|shared|sharing|stop|prevent|mean|means|meant|say|says|said|like|"
    r"about|than|with|for|to|of|from|by) (?:that|this|so|those|these)(?:[.]$| (?:with|by|to)\b)"
)
_THAT_TIME = re.compile(
    r"\b(?:over|at|in|during|by|for|since|until|from) that (?:time|moment|period|point|stage|day|night)\b"
    r"|\b(?:since|until|by) then\b"
)
_TIME_TOLD = re.compile(
    r"\d|\b(?:when|while|after|before|until|years?|months?|weeks?|days?|hours?|nights?|season|century|\w+day|began|first)\b"
)
_SHORT = 12
"""Words of a sentence that is too short to say itself what "that" is."""


def points_back(text: str) -> bool:
    """
    Whether a sentence opens with a word that only the sentence before explains.

    >>> points_back("He sank the ferry."), points_back("It is feared that the ferry sank."), points_back("Ann Fox left.")
    (True, False, False)
    """
    if _POINTS_FORWARD.match(text):
        return False
    words = WORD.findall(text[:80])
    first = bare(words[0]).partition("'")[0] if words else ""
    if first in listed("words", "back_pointing") or _points().match(text) or _POINTS_WITHIN.match(text):
        return True
    is_short = len(WORD.findall(text)) <= _SHORT
    return (is_short and bool(_OBJECT_THAT.search(text))) or has_unbound_pronoun(text) or _names_no_time(text)


@lru_cache(maxsize=1)
def _points() -> re.Pattern[str]:
    return re.compile(rf"(?:The )?(?:{one_of('opening', 'pointing')})\b(?!-| (?:of|to|that|between|into) )")


def _names_no_time(text: str) -> bool:
    """ "It has made a name for itself over that time.": which, only another sentence knows."""
    match = _THAT_TIME.search(text)
    return match is not None and not _TIME_TOLD.search(text[: match.start()])


_PRONOUN = re.compile(r"\b(?:he|she|him|his|her|himself|herself)\b")
_GENERIC = re.compile(r"(?:\w+-year-old|\w{2,}(?:er|or|ist|ian)|\w*man)$")


def has_unbound_pronoun(text: str) -> bool:
    """
    Whether "he" or "her" comes before any person for whom it could stand: "The diocese says he fell ill".

    Any name and any word for a person is an antecedent; after an opening such as "When he died," the name may follow.

    >>> has_unbound_pronoun("The diocese says he fell ill."), has_unbound_pronoun("The bishop says he fell ill.")
    (True, False)
    """
    match = _PRONOUN.search(text)
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
    return low in _roles() or low in listed("people", "anybody") or bool(_GENERIC.match(low))


@lru_cache(maxsize=1)
def _roles() -> frozenset[str]:
    return frozenset(one_of("words", "roles").replace("\\", "").split("|"))


@lru_cache(maxsize=1)
def _not_people() -> frozenset[str]:
    known = listed("words", "not_names") | listed("words", "prepositions") | listed("words", "determiners")
    return known | listed("people", "nobody")
