"""Whether a headline of print tells that something happens, or only names a topic; pure."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from bulletin.script.edits.grammar import WORD, bare, is_finite, is_plural_verb, listed, one_of
from bulletin.script.rare import Rare

RELATIVE = frozenset("who which whose whom where".split())
_ORDER = Rare(r"(?P<verb>[A-Z][a-z]+) (?:the|an?|your|our|this|these|that) ")
_DOING = Rare(r"[A-Z][a-z]{2,}ing (?P<rest>(?:to|the|an?|for|with|in|on) .*)$")
_AIM = Rare(r"\b[Tt]o \w+")
""" "Training to Beat the Mayor": what somebody does, and no news."""
PLAIN_S = ("ss", "us", "is", "'s", "ics", "s'")


def has_deed(text: str) -> bool:
    """
    Whether a headline tells that something happens: "The mystery of the lost ferry" is only a topic.

    A word that may be a verb and that no table knows counts as one, since most headlines have one.
    """
    order = _ORDER.match(text)
    doing = _DOING.match(text)
    if doing and not _has_verb(_AIM.sub("", doing["rest"])):
        return False
    if order and bare(order["verb"]) in listed("verbs", "plain") | listed("verbs", "purposes") | {"take"}:
        return False
    return bool(_state().search(text)) or _has_verb(text)


@lru_cache(maxsize=1)
def _state() -> Rare:
    """What is told of somebody without a verb: "Seven dead in crash"."""
    under = rf"under (?:\w+ )?(?:{one_of('headlines', 'under')})"
    return Rare(rf"\b(?:{one_of('headlines', 'states')}|{under})\b", re.IGNORECASE)


def _has_verb(text: str) -> bool:
    """Whether it has a verb of its own, or a word that may be one."""
    found = WORD.findall(text)
    relative = next((at for at, word in enumerate(found) if bare(word) in RELATIVE), len(found))
    deeds = [
        at
        for at, (before, word) in enumerate(pairwise(found), 1)
        if bare(before) != "whose" and _is_deed(before, word, found[at + 1] if at + 1 < len(found) else "")
    ]
    # what is told of "the man who ..." is not told by the headline, but for a second verb
    later = [
        at
        for at in deeds
        if at > relative and bare(found[at - 1]) not in listed("verbs", "auxiliary") | {"to"}
    ]
    return any(at < relative for at in deeds) or len(later) > 1


def _is_deed(before: str, word: str, after: str) -> bool:
    low, last = bare(word), bare(before)
    small = listed("words", "prepositions") | listed("words", "determiners") | {"and", "or", "being", "most"}
    if (low in listed("verbs", "auxiliary") and word != "May") or (
        low in listed("verbs", "suffered") and last not in ("a", "an", "the", "being")
    ):
        return True
    if last == "to":
        return low not in small and before.islower()
    if last in listed("headlines", "doers"):
        return low not in small and not low.endswith(("s", "er"))
    if word[0].islower() and bare(after) in ("their", "its", "his", "her", "each"):
        # "India post their highest score"
        return low not in small
    if last in small - {"up"} or last.endswith(("'s", "s'")) or not low[0].isalpha():
        return False
    if low.endswith("s") and not low.endswith(PLAIN_S):
        # at the end it is as likely a noun: "South Asia's water wars"
        return is_finite(low) or (len(low) > 3 and after != "")
    if is_finite(low) or is_plural_verb(word, after=before):
        return True
    if low in listed("verbs", "plain") and after != "":
        # a team, a firm: "Valley hold on"
        return True
    is_several = last.endswith("s") and not last.endswith(PLAIN_S)
    return (
        is_several
        and low not in small
        and low not in listed("headlines", "no_deeds")
        and not low.endswith(("est", "ly"))
        and after != ""
    )


def may_be_verb(before: str, word: str, after: str) -> bool:
    """A form in "-s" between two plain words: "driving kisses policeman"."""
    low = bare(word)
    small = listed("words", "prepositions") | {"", "and", "or", "worth", "by"}
    return (
        word[0].islower()
        and low.endswith("s")
        and not low.endswith(PLAIN_S)
        and bare(before) not in listed("words", "determiners")
        and bare(after) not in small
    )
