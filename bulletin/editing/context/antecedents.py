"""Whether a sentence needs the one before it: an unexplained pronoun, "As a result", "Two days later"; pure."""

from __future__ import annotations

from bulletin.editing.context.introduced_names import has_name
from bulletin.editing.context.pronouns import points_back
from bulletin.editing.english.word_classes import bare, capitalise, starts_clause
from bulletin.editing.english.word_lists import listed, regex, table

_PRONOUN = r"(?i)(?:it|(?P<opening>[^,]{0,80}), (?:he|she|it|they|his|her|their))(?:'s|\b)"
_PERHAPS = r"(?:[A-Z][a-z]{3,}ly|Perhaps|Maybe),? (?:he|she|they|his|her|their|them)\b"
_OF_WHAT = r"\b[Tt]he (?:number|figure|total|toll|count) (?:stood|stands|was|is|had|has|rose|fell|rises|increased|dropped|went)\b"
_SAID_IT = r"^[^,]{3,60} (?:said|says|added|adds) (?:that )?(?:it|this|that) (?:is|was|reflect\w*|show\w*|means?|meant|comes?|came)\b(?! (?:\w+ )?\w+ing\b)"
_JOINS = r"^(?:Although|Though|While|When|If|Because|Since|As|After|Before|Once) "


def opens_with_pronoun(text: str) -> bool:
    """
    Whether "it", "Probably they" or "In May, he" comes before its antecedent.

    >>> opens_with_pronoun("It sank."), opens_with_pronoun("In May, he left."), opens_with_pronoun("When Ann Fox rowed, she won.")
    (True, True, False)
    """
    if regex(_PERHAPS).match(text):
        return True
    pronoun = regex(_PRONOUN).match(text)
    return pronoun is not None and not (_explains(pronoun["opening"] or "") or regex(_IMPERSONAL).match(text))


def _explains(opening: str) -> bool:
    """Whether the words before the comma say who "she" is: "Although Ann Fox is new, she ..."."""
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
    """
    if regex(_OF_WHAT).search(text) or (regex(_SAID_IT).search(text) and not regex(_IMPERSONAL).search(text)):
        return True
    pronoun = regex(_PRONOUN).match(text)
    opening = pronoun["opening"] if pronoun else ""
    if (
        not pronoun
        or regex(_IMPERSONAL).match(text[pronoun.end() :])
        or regex(_IMPERSONAL).match(text[pronoun.start() :])
    ):
        return False
    return bool(opening) and not _explains(opening)


_IMPERSONAL = (
    r"(?:[^,]{0,80}, it)?(?:'s| (?:is|was|has been|will be|would be|may be|might be|can be|could be|had been|seems|appears|looks|became)) "
    r"(?!(?:in|at|on|from|by|with) )(?:not )?(?:\w+ )?\w+ (?:to|that|for|how|whether|when)\b"
)
"""An "it" that stands for what comes: ", it would be easy to say"."""


def has_binding_connective(text: str) -> bool:
    """
    Whether a connective ties the sentence to the one before: "As a result", "Two days later".

    >>> has_binding_connective("As a result, the quay is shut."), has_binding_connective("Two days later, it sank."), has_binding_connective("The quay is shut.")
    (True, True, False)
    """
    low = text.casefold()
    first = bare(low.split(" ", 1)[0]) if low else ""
    phrases = table()["connectives"]["binding_phrases"]
    return (
        first in listed("connectives", "binding")
        or any(low.startswith(phrase) and low[len(phrase) : len(phrase) + 1] != "-" for phrase in phrases)
        or bool(regex(_LATER).match(text))
    )


_LATER = (
    r"^(?:(?:Just|Only|Almost|About|Some|Barely|More than|Less than) )?(?:[Aa]n?|[Aa] few|[Oo]ne|[\w-]+|\d+)? ?(?:(?:couple|half) of )?"
    r"(?:[Mm]oments|[Ss]econds|[Mm]inutes?|[Hh]ours?|[Dd]ays?|[Ww]eeks?|[Mm]onths?|[Yy]ears?|[Dd]ecades?|[Cc]entur(?:y|ies)) "
    r"(?:(?:later|afterwards|previously)\b(?! (?:than|the|an?|his|her|their|its|being|\w+ing)\b),? |(?:earlier|before|on), )"
    r"|^(?:The|That) (?:next|following|previous|same) (?:day|week|month|year|morning|evening|night|afternoon)\b"
    r"|^That (?:day|week|month|year|morning|evening|night|afternoon)\b"
)
"""A time that is counted from what was said: "Two days later, ..."."""
