"""What stands between two commas, and can be done without, is left out of a sentence that is too long."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from bulletin.script.edits.bereft import is_bereft
from bulletin.script.edits.grammar import (
    WORD,
    bare,
    has_main_verb,
    is_finite,
    is_main_verb,
    listed,
    starts_clause,
)
from bulletin.script.edits.joints import ends_well
from bulletin.script.rare import Rare

_RELATIVE = Rare(
    r", (?:who|which|whose|where) [^,;\"]{5,170}, (?=(?:\w{3,}ly |also |now |then |later )?(\w+))"
)
_APPOSED = Rare(
    r", (?:an?|the|his|her|its|their|one of) [^,;\"]{3,90}, (?=(?:\w{3,}ly |also |now |then |later )?(\w+))"
)
_INCLUDED = Rare(
    r", (?:including|such as|among them|along with|as well as|known as|also known as) [^,;\"]{3,90}, (?=(?:\w{3,}ly |also |now |then |later )?(\w+))"
)
_FROM = Rare(
    r", (?:of|from) [^,;\"]{3,40}(?:, [A-Z][^,;\"]{2,30})?, (?=(?:\w{3,}ly |also |now |then |later )?(\w+))"
)
_SET_OFF = Rare(
    r", (?!and\b|or\b|but\b|not\b)[a-z]\w* [^,;\"]{5,120}, (?=(?:\w{3,}ly |also |now |then |later )?(\w+))"
)
_DONE_TO = Rare(r"\w{3,}ed, \w+(?:,| and) |\w{3,}ed and \w{3,}ed[.]$")
"""Of several deeds the first: ", found, questioned and buried" is what was done to somebody."""
_AMONG = Rare(
    r", (?:including|among them|such as) [^;\"]{4,120}?, (?=(?:in|on|over|after|during|for|at|from|near|as part) [^,;\"]{8,}\.$)"
)
"""Some of those of whom a sentence tells, before where or why it happened."""
_SAID_BEFORE = Rare(r"^[^,\"]{3,70} (?:said|says)(?: that)? (?=\w)")
"""Who reports the clause of which the aside is told."""
_SAID_ASIDE = Rare(
    r", [^,]{0,60}\b(?:says?|said|claims?|claimed|believes?|believed|warns?|warned|insists?|argues?)\b"
)
"""Whose words the sentence is, wedged into it."""


def between() -> Iterator[Callable[[str], str]]:
    """The steps, least needed first."""
    yield _drop_between(_INCLUDED)
    yield _drop_among
    yield _drop_from_opening
    for pattern in (_RELATIVE, _APPOSED, _FROM, _SET_OFF):
        yield _drop_between(pattern)


def _drop_between(pattern: Rare) -> Callable[[str], str]:
    """Drop what stands between two commas before a verb: the subject and its verb move together."""

    def drop(text: str) -> str:
        for match in pattern.finditer(text):
            head = text[: match.start()]
            found = WORD.findall(head)
            opens = not found or bare(found[0]) in listed("words", "prepositions") | {
                "while",
                "when",
                "if",
                "although",
            }
            if (
                is_finite(match[1])
                and not _DONE_TO.match(text, match.start(1))
                and not opens
                and not any(map(is_main_verb, WORD.findall(_SAID_BEFORE.sub("", head, count=1))))
                and not _SAID_ASIDE.match(match[0])
                and not _introduces(head, match[0])
                and not is_bereft(match[0], text[match.end() :], head=head)
            ):
                return f"{head}{',' if _closes_name(head) else ''} {text[match.end() :]}"
        return text

    return drop


def _drop_among(text: str) -> str:
    """ "held ten men, including Fox, in a raid" -> "held ten men in a raid"."""
    match = _AMONG.search(text)
    if match and has_main_verb(text[: match.start()]) and ends_well(text[: match.start()]):
        return f"{text[: match.start()]} {text[match.end() :]}"
    return text


def _drop_from_opening(text: str) -> str:
    """ "In Wex, which has no railway, the council met" -> "In Wex, the council met"."""
    match = _OPENING_RELATIVE.match(text)
    return f"{match['opening']}, {match['rest']}" if match and starts_clause(match["rest"]) else text


_OPENING_RELATIVE = Rare(
    r"^(?P<opening>(?:In|On|At|After|Before|During|With|From|For|Under|Despite|Following|Amid) [^,\"]{3,90}), (?:who|which|whose|where) [^,;\"]{5,140}, (?P<rest>[^\"]{20,})$"
)


def _introduces(head: str, aside: str) -> bool:
    """Whether the words between the commas say who "Ann Fox" is: without them nobody knows her."""
    found = (bare(word) for word in WORD.findall(aside))
    return bool(_FULL_NAME.fullmatch(head)) and any(
        word in listed("words", "roles") or word in ("accused", "charged", "convicted") for word in found
    )


_FULL_NAME = Rare(r"[A-Z][\w'’.-]+(?: (?:and )?[A-Z][\w'’.-]+){1,4}")


def _closes_name(head: str) -> bool:
    """Whether a comma opens a name that one must close, "the host, Ann Fox,", and not "On Friday, Ann Fox"."""
    opening, comma, rest = head.rpartition(",")
    if re.fullmatch(r" \d{1,2}", rest):
        # "Fox, 22, who won in May, came second"
        return True
    found = WORD.findall(opening)
    is_role = bool(found) and (
        bare(found[0]) in listed("words", "determiners") | listed("words", "roles")
        or bare(found[-1]) in listed("words", "roles")
    )
    return (
        bool(comma)
        and is_role
        and not re.search(r"\b(?:before|after)\b", opening)
        and rest.strip()[:1].isupper()
    )
