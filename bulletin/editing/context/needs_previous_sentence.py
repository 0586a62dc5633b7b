"""
Whether a sentence needs the one before it: a pronoun, "As a result", "Two days later"; pure.

Source: reference and conjunction are cohesive ties to an earlier sentence (Halliday and Hasan 1976, chapters 2 and
5); anticipatory "it" is none (Quirk et al. 1985, chapter 18, extraposition).

Judgement, no source: the words of a short sentence, because a longer one may explain its own "that".
"""

from __future__ import annotations

import re

from bulletin.editing.context.find_unintroduced_names import has_name
from bulletin.editing.english.guess_parts_of_speech import bare, capitalise, starts_clause
from bulletin.editing.english.word_list_regexes import WORD, listed, regex

# "This year", and anticipatory "it": "It is feared that ...".
_POINTS_FORWARD = (
    r"(?:This|These) (?:year|week|month|summer|winter|spring|autumn|season|morning|afternoon|evening|days|weekend)\b"
    r"|It (?:is|was|has been|will be|would be|is not|was not) (?:also )?(?:\w+ed|thought|understood|known|said|possible|likely|"
    r"unlikely|unclear|clear|not clear|important|the first time)\b"
)
"""Example: `points_back`."""
_POINTS_WITHIN = (
    r"(?:\w+ ){0,3}of (?:those|these|them|this|that|which|whom)\b"
    # "In her talk, the 30-year-old said": no name comes after the comma
    r"|(?:In|On|At|For|With|After|Before|During|Under|From|Since|By|Of|Despite|Following|Through|Throughout|Like|Unlike|Among) "
    r"(?:his|her|their|its|those|these|this|that|such|both)\b(?! (?:year|week|month|season|summer|winter|spring|autumn|morning|weekend)\b)"
    r"(?![^,]{0,80}, (?:an? |[A-Z0-9]))"
)
"""Example: `points_back`."""
_OBJECT_THAT = (
    r"\b(?:do|does|did|doing|done|change|changed|changing|share|shared|sharing|stop|prevent|mean|means|meant|say|says|said|like|"
    r"about|than|with|for|to|of|from|by) (?:that|this|so|those|these)(?:[.]$| (?:with|by|to)\b)"
)
"""Example: `points_back`."""
_SHORT = 12
"""Words of a sentence that is too short to explain its own "that". Example: `points_back`."""


def points_back(text: str) -> bool:
    """
    Whether a sentence opens with a word that only the sentence before explains.

    >>> points_back("He sank the ferry."), points_back("It is feared that the ferry sank."), points_back("Ann Fox left.")
    (True, False, False)
    >>> points_back("Most of them left."), points_back("Police will do that.")
    (True, True)
    >>> points_back("This year, Fox left.")
    False
    """
    if regex(_POINTS_FORWARD).match(text):
        return False
    words = WORD.findall(text[:80])
    first = bare(words[0]).partition("'")[0] if words else ""
    points = regex(_POINTS).match(text) or regex(_POINTS_WITHIN).match(text)
    if points or first in listed("words", "back_pointing"):
        return True
    is_short = len(WORD.findall(text)) <= _SHORT
    return (is_short and bool(regex(_OBJECT_THAT).search(text))) or has_unbound_pronoun(text)


_POINTS = r"(?:The )?(?:«opening.pointing»)\b(?!-| (?:of|to|that|between|into) )"
"""
>>> [bool(regex(_POINTS).match(text)) for text in ("The pair rowed.", "The pair of boats sank.")]
[True, False]
"""


_HE_OR_SHE = r"\b(?:he|she|him|his|her|himself|herself)\b"
"""Example: `has_unbound_pronoun`."""
_GENERIC = r"(?:\w+-year-old|\w{2,}(?:er|or|ist|ian)|\w*man)$"
"""
>>> bool(regex(_GENERIC).match("singer"))
True
"""


def has_unbound_pronoun(text: str) -> bool:
    """
    Whether "he" or "her" comes before any person for whom it could stand: "The diocese says he fell ill".

    Any name and any word for a person is an antecedent; after an opening such as "When he died," the name may follow.

    >>> has_unbound_pronoun("The diocese says he fell ill."), has_unbound_pronoun("The bishop says he fell ill.")
    (True, False)
    """
    match = regex(_HE_OR_SHE).search(text)
    if not match or match.start() == 0:
        return False
    before = text[: match.start()]
    common = listed("words", "not_names", "prepositions", "determiners") | listed("people", "nobody")
    names = (word for word in WORD.findall(before) if word[0].isupper() and bare(word) not in common)
    if any(names) or any(map(is_person, WORD.findall(before))):
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


_PRONOUN = r"(?i)(?:it|(?P<opening>[^,]{0,80}), (?:he|she|it|they|his|her|their))(?:'s|\b)"
"""Example: `lacks_antecedent`."""
_PERHAPS = r"(?:[A-Z][a-z]{3,}ly|Perhaps|Maybe),? (?:he|she|they|his|her|their|them)\b"
"""Example: `opens_with_pronoun`."""
_OF_WHAT = r"\b[Tt]he (?:number|figure|total|toll|count) (?:stood|stands|was|is|had|has|rose|fell|rises|increased|dropped|went)\b"
"""Example: `lacks_antecedent`."""
_SAID_IT = r"^[^,]{3,60} (?:said|says|added|adds) (?:that )?(?:it|this|that) (?:is|was|reflect\w*|show\w*|means?|meant|comes?|came)\b(?! (?:\w+ )?\w+ing\b)"
"""Example: `lacks_antecedent`."""
_JOINS = r"^(?:Although|Though|While|When|If|Because|Since|As|After|Before|Once) "
"""Example: `_explains`."""


def opens_with_pronoun(text: str) -> bool:
    """
    Whether "it", "Probably they" or "In May, he" comes before its antecedent.

    >>> opens_with_pronoun("It sank."), opens_with_pronoun("In May, he left."), opens_with_pronoun("When Ann Fox rowed, she won.")
    (True, True, False)
    >>> opens_with_pronoun("Perhaps they left."), opens_with_pronoun("In May, it was easy to row.")
    (True, False)
    """
    if regex(_PERHAPS).match(text):
        return True
    pronoun = regex(_PRONOUN).match(text)
    return pronoun is not None and not (_explains(pronoun["opening"] or "") or regex(_IMPERSONAL).match(text))


def _explains(opening: str) -> bool:
    """
    Whether the words before the comma say who "she" is: "Although Ann Fox is new, she ...".

    Reference to an earlier sentence is a cohesive tie (Halliday and Hasan 1976, chapter 2).

    >>> _explains("Although Ann Fox is new"), _explains("When the mayor left"), _explains("In May")
    (True, True, False)
    """
    clause = regex(_JOINS).sub("", opening)
    return has_name(opening) or (
        clause != opening and starts_clause(clause) and not points_back(capitalise(clause))
    )


def lacks_antecedent(text: str) -> bool:
    """
    Whether a pronoun after an opening ("Laying the stone, he said") has no antecedent.

    Nor has "it" in "The auditor said it showed neglect", nor "the number", which needs a noun.

    >>> lacks_antecedent("Laying the stone, he spoke."), lacks_antecedent("The number rose by ten.")
    (True, True)
    >>> lacks_antecedent("Ann Fox laid the stone.")
    False
    >>> lacks_antecedent("The auditor said it showed neglect.")
    True
    >>> lacks_antecedent("The auditor said it is easy to row.")
    False
    """
    if regex(_OF_WHAT).search(text) or (regex(_SAID_IT).search(text) and not regex(_IMPERSONAL).search(text)):
        return True
    pronoun = regex(_PRONOUN).match(text)
    if not pronoun or not pronoun["opening"] or _explains(pronoun["opening"]):
        return False
    return not any(regex(_IMPERSONAL).match(text[at:]) for at in pronoun.span())


_IMPERSONAL = (
    r"(?:[^,]{0,80}, it)?(?:'s| (?:is|was|has been|will be|would be|may be|might be|can be|could be|had been|seems|appears|looks|became)) "
    r"(?!(?:in|at|on|from|by|with) )(?:not )?(?:\w+ )?\w+ (?:to|that|for|how|whether|when)\b"
)
"""Anticipatory "it": ", it would be easy to say". Example: `lacks_antecedent`."""


def has_binding_connective(text: str) -> bool:
    """
    Whether a connective ties the sentence to the one before: "As a result", "Two days later".

    >>> has_binding_connective("As a result, the quay is shut."), has_binding_connective("Two days later, it sank."), has_binding_connective("The quay is shut.")
    (True, True, False)
    """
    first = bare(text.split(" ", 1)[0])
    phrase = regex(r"(?i)(?:«connectives.binding_phrases»)(?!-)").match(text)
    return bool(phrase or first in listed("connectives", "binding") or regex(_LATER).match(text))


_LATER = (
    r"^(?:(?:Just|Only|Almost|About|Some|Barely|More than|Less than) )?(?:[Aa]n?|[Aa] few|[Oo]ne|[\w-]+|\d+)? ?(?:(?:couple|half) of )?"
    r"(?:[Mm]oments|[Ss]econds|[Mm]inutes?|[Hh]ours?|[Dd]ays?|[Ww]eeks?|[Mm]onths?|[Yy]ears?|[Dd]ecades?|[Cc]entur(?:y|ies)) "
    r"(?:(?:later|afterwards|previously)\b(?! (?:than|the|an?|his|her|their|its|being|\w+ing)\b),? |(?:earlier|before|on), )"
    r"|^(?:The|That) (?:next|following|previous|same) (?:day|week|month|year|morning|evening|night|afternoon)\b"
    r"|^That (?:day|week|month|year|morning|evening|night|afternoon)\b"
)
"""Time that counts from an earlier sentence: "Two days later, ...". Example: `has_binding_connective`."""
