"""What the ways of parting a sentence have in common: where it may be parted, who it is about; pure."""

from __future__ import annotations

import re

from bulletin.script.edits.grammar import (
    WORD,
    bare,
    has_main_verb,
    has_verb,
    is_finite,
    listed,
    says_somebody,
    starts_clause,
)
from bulletin.script.edits.subjects import TIME_BEFORE
from bulletin.script.rare import Rare
from bulletin.text import count_words

Halves = tuple[str, str]

JOINING = frozenset("when while if although though as because since after before once until".split())

_OPENERS = ("after", "while", "when", "as", "if", "although", "though", "since", "before", "because")
FEWEST = 6
"""Words in either half; a sentence of five words among long ones sounds cut off."""
AND_THAT = Rare(
    r",? and (?=(?:that|this) (?:is|was|has|had|will|would"
    r"|(?:\w{3,}[^s]s|\w{3,}ed)(?! (?:is|are|was|were|has|have|had|will|would|can|could|may|do|did)\b)) )"
)
""" "and that hurts", a clause of its own; not "and that boats are", the second thing of two."""


ONE_OF_LIST = Rare(r"\b(?:list|series|string|spate|number|group) of\b")
"""After it "who" and "which" tell what makes it a list."""


def opens_clause(text: str) -> bool:
    """Whether a clause begins here, or after an opening: "the road is shut", "after the rain, the road is shut"."""
    if starts_clause(text):
        return True
    first = bare(text.split(" ", 1)[0])
    known = JOINING | listed("words", "prepositions")
    opening, comma, rest = text.partition(", ")
    return first in known and bool(comma) and len(opening) <= 120 and starts_clause(rest)


def can_part(head: str, tail: str) -> bool:
    if head.count('"') % 2 or count_words(head) < FEWEST or count_words(tail) < FEWEST:
        return False
    plain = _ONLY_DONE.sub("", head)
    if not has_main_verb(plain) or not has_verb(plain) or is_dependent(head) or _only_says_where(head):
        return False
    # What the police said must not become what the station says.
    return not says_somebody(head) or says_somebody(tail[:60])


_ONLY_DONE = Rare(r", \w{3,}(?:ed|wn|lt) (?:in|at|on|by|for|from|with|to|near|as) [^,]*$")
"""What was done to the subject, "the museum, located at the gate": its own verb is still to come."""


def _only_says_where(head: str) -> bool:
    """ "In a forested valley, excavators": the verb is not the excavators'."""
    opening, comma, rest = head.partition(", ")
    return (
        bool(comma)
        and bare(opening.split(" ", 1)[0]) in listed("words", "prepositions")
        and not has_verb(rest)
    )


_HEDGE = Rare(
    r"\b(?:alleged|allegedly|reportedly|apparently|suspected of|accused of|believed to)\b", re.IGNORECASE
)
_CLAUSE_JOINT = Rare(
    r", (?:but|and|while|so|yet) (?=(?:the|an?|his|her|its|their|he|she|they|it|[A-Z][\w'’-]+) )"
)


def keeps_doubt(head: str, tail: str) -> bool:
    """Whether what is told after "allegedly" is still only alleged, or was never."""
    return not _HEDGE.search(head) or bool(_HEDGE.search(tail))


def has_two_clauses(head: str) -> bool:
    """ "The purse was empty, but the teacher took heart": whose deed comes next is not the purse's."""
    return bool(_CLAUSE_JOINT.search(head))


def is_dependent(head: str) -> bool:
    """Whether `head` opens or ends with a clause that needs more: "If ...", "both the mayor"."""
    first = bare(WORD.findall(head)[0])
    if "," not in head and (TIME_BEFORE.match(head) or _is_participle(head)):
        return True
    if first in (
        "if",
        "when",
        "while",
        "although",
        "though",
        "as",
        "because",
        "since",
        "after",
        "before",
        "unless",
    ):
        return "," not in head
    last_clause = head.rsplit(",", 1)[-1]
    return bool(re.match(r"\s*(?:if|when|because|whether|that|which|who)\b", last_clause)) or bool(
        re.search(r"\b(?:both|between|either|neither|whether)\b", last_clause)
    )


def _is_participle(head: str) -> bool:
    """ "Snapped by a friend as he left": the sentence has still to begin."""
    found = WORD.findall(head[:60])
    return (
        len(found) > 1 and bare(found[0]).endswith("ed") and bare(found[1]) in listed("words", "prepositions")
    )


def held_back(thing: str) -> str:
    """ "alleged " of "an alleged arms dealer": who is told of again is still only alleged to be one."""
    doubt = re.search(r"\b(?:alleged|suspected|accused|supposed|would-be) ", thing)
    return doubt[0] if doubt else ""


_PLAIN_MORE = frozenset("to the a an his her their its other one two three four five six".split())
"""What opens a second thing that was done to, or a second aim."""
_DEED_ALONE = Rare(
    r"\b(?:while|when|after|before|since|by|without) \w+ing\b[^,]*? (?:has|have|is|are|was|were|had|will|would) (?:now |also |not )?\w+(?:ed|en|ing|t|d|n)\b"
)


def resumes(tail: str) -> bool:
    """Whether the main clause goes on in what "who" tells: "(a hiker who) fell while climbing has been found"."""
    if _DEED_ALONE.search(tail):
        return True
    _, joint, more = tail.rpartition(" and ")
    found = WORD.findall(more)
    # "the death of a boy who drove and grave injuries to a girl": the girl's are no part of what he did
    is_thing = bool(found) and "," not in more and not any(map(is_finite, found))
    first = bare(found[0]) if found else ""
    return (
        bool(joint) and is_thing and len(found) > 3 and first not in _PLAIN_MORE and not first.endswith("ing")
    )


_LOOSE_END = Rare(r", (?:later |then |now |since |\w{3,}ly )?\w{3,}ed(?: \w+)?$")
"""What was done to the last thing named, "a parcel, later declared safe": "this" would be heard as the whole."""
_SUMMED_UP = Rare(
    r", (?:the|an?) (?:first|second|third|fourth|fifth|latest|worst|biggest|deadliest|only|last|\w{3,}est)\b"
)
"""What the whole was, "the first of its kind": it is not told of what comes after "after"."""


def without_sum(tail: str) -> str:
    """ "villagers had warned of it, the first death of a summer." -> "villagers had warned of it.": that was the whole."""
    match = _SUMMED_UP.search(tail)
    return f"{tail[: match.start()]}." if match and has_verb(tail[: match.start()]) else tail


def may_come_after(head: str, tail: str) -> bool:
    """Whether "This came after ..." can follow, and is heard of all that was told before it."""
    return not (_LOOSE_END.search(head) or _SUMMED_UP.search(tail))


def mid(subject: str) -> str:
    """A subject in the middle of a sentence."""
    first, space, rest = subject.partition(" ")
    return first.casefold() + space + rest if first in _MID else subject


_MID = frozenset("The He She They It This These There That's A An His Her Its Their".split())


def close(head: str) -> str:
    return head.rstrip(",;:- ") + "."


def is_present(head: str) -> bool:
    found = [bare(word) for word in WORD.findall(head)]
    first = next((word for word in found if is_finite(word) and "-" not in word), "")
    return first in ("is", "are", "has", "have", "will", "can", "may", "do", "does") or first in listed(
        "verbs", "present"
    )


def stands(head: str) -> bool:
    """Whether what is left is a sentence: a verb of its own, no opening and no question in it that goes on."""
    first = bare(head.split(" ", 1)[0])
    if "," not in head and (first.endswith(("ing", "ed")) or first in JOINING):
        return False
    return has_main_verb(head) and not is_dependent(head) and not head.rstrip().endswith((" and", " or"))


def inside(text: str) -> str:
    """The same words after "But"."""
    first, space, rest = text.partition(" ")
    known = listed("words", "determiners") | listed("words", "pronouns") | listed("words", "prepositions")
    return first.casefold() + space + rest if bare(first) in known and first != "I" else text


def ends_well(head: str) -> bool:
    found = WORD.findall(head)
    if not found or head.count('"') % 2:
        return False
    last = bare(found[-1])
    small = (
        listed("words", "prepositions")
        | listed("words", "determiners")
        | {"and", "or", "but", "that", "who", "which"}
    )
    return last not in small or last in ("all", "one", "more")


def opens_only(head: str) -> bool:
    """Whether `head` is only an opening such as "After the fire" or "While he was away"."""
    first = bare(WORD.findall(head)[0])
    return "," not in head and (
        first in _OPENERS or first.endswith("ing") or first in listed("words", "prepositions")
    )
