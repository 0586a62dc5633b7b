"""Whether a verb after "and" is the second deed of a sentence's subject; pure."""

from __future__ import annotations

import re

from bulletin.script.edits.grammar import WORD, bare, is_finite, is_main_verb, listed, starts_clause, table
from bulletin.script.edits.joints import has_two_clauses, is_present, keeps_doubt
from bulletin.script.edits.subjects import agrees
from bulletin.script.rare import Rare

_CLAUSE_JOINT = Rare(r",? (?:and|but|so|while|as|after|before|until|though|although) ")
_AFTER_COMMA = Rare(r", ([a-z]+) ")
_HAS_OBJECT = Rare(
    r"(?:(?:also|later|then|now|\w{3,}ly) )?\w+ (?:(?:the|an?|his|her|its|their|this|that|these|those|some|all|many|several|more|"
    r"one|two|three|four|five|six|him|them|it|to|in|on|at|for|with|from|by|off|out|up|down|over|into|not|no|how|why|what|whether)\b|[A-Z\d£$€])"
)
"""After a verb, and not after a word before a noun."""


def asks_too_by(head: str, verb: str) -> bool:
    """ "alleged that arms are stored there and demanded": the demand is theirs who allege, for it is in the past."""
    found = [bare(word) for word in WORD.findall(head) if is_finite(word)]
    speech = listed("verbs", "saying") | set(table()["deeds"].values())
    return (
        bool(found)
        and found[0] in listed("verbs", "saying")
        and bare(verb) in speech
        and bool({"is", "are", "will"} & set(found[1:]))
        and not {"was", "were", "had", "has", "have"} & set(found)
    )


def goes_on(head: str, verb: str, *, tail: str, who: str) -> bool:
    """
    Whether the verb after "and" is the subject's second deed.

    Not the third of three, "is small, goes far and is cheap"; not after a clause with a subject of its own, "it did not
    help, but the teacher took heart and stole"; not an infinitive, "told her to eat less and shed"; not a word
    before a noun, "over alleged targeting".
    """
    low = bare(verb)
    if has_two_clauses(head) or not keeps_doubt(head, tail):
        return False
    if any(is_main_verb(word) or word in listed("verbs", "present") for word in _AFTER_COMMA.findall(head)):
        return False
    for joint in _CLAUSE_JOINT.finditer(head):
        if starts_clause(head[joint.end() :]) and any(map(is_finite, WORD.findall(head[: joint.start()]))):
            return False
    if low in listed("forms", "same_forms") and re.search(r"\bto [a-z]+ ", head):
        return False
    goes_on_with = r"\w+ (?:that|the|an?|he|she|they|it|his|her|their)\b"
    if low in listed("forms", "before_noun") and not re.match(goes_on_with, tail):
        return False
    return agrees(who, verb)


def goes_on_in_past(head: str, verb: str, *, tail: str) -> bool:
    """Whether a form in "-ed" goes on with the deed: the head has one verb, in the simple past."""
    words = WORD.findall(head)
    found = [
        word
        for before, word in zip(("", *words), words, strict=False)
        if is_finite(word) and bare(before) not in ("a", "an", "the")
    ]
    if not found or not bare(verb).endswith("ed") or not is_finite(verb):
        return False
    if not _HAS_OBJECT.match(tail) and bare(verb) not in table()["deeds"].values():
        # "over growing anger and alleged threats", "faced criticism and increased pressure": no second deed
        return False
    first = bare(found[0])
    if first in ("has", "have", "had"):
        # "has welcomed ... but admitted"
        return " been " not in head and len(found) <= 2
    return len(found) == 1 and first not in listed("verbs", "auxiliary") and not is_present(head)
