"""What is packed into a report, before the news or into a list at the end is told after it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from bulletin.script.edits.causes import PACKED, is_open
from bulletin.script.edits.grammar import (
    WORD,
    bare,
    capitalise,
    is_finite,
    listed,
    lower_first,
    says_somebody,
    starts_clause,
)
from bulletin.script.edits.joints import FEWEST, Halves, close, is_present, mid, stands
from bulletin.script.edits.reports import reporter
from bulletin.script.edits.subjects import is_several
from bulletin.script.rare import Rare, sub
from bulletin.text import count_words

_AIM = Rare(r"^To (?P<verb>[a-z]+) (?P<aim>[^,;\"]{8,120}), (?P<news>[^\"]{30,})$")
_INCLUDING = Rare(r",? including (?P<some>[^;\"]{20,200})\.$")
_ON_CONDITION = Rare(r", (?:if|unless|provided|when|as long as)\b")
"""What ends a tail so may belong to the whole."""
_WILL = Rare(r"\bwill\b(?! not)")
_AFTERWARDS = Rare(r" after (?P<what>(?:an?|the|his|her|their|its) [^,;\"]{16,150})\.$")


def within_report(text: str, ways: Sequence[Callable[[str], Halves | None]]) -> Halves | None:
    """ "Police said the car, which was red, hit a wall." -> "Police said the car hit a wall." "They said it was red." """
    found = reporter(text)
    if not found or found[1] == "announced":
        return None
    who, verb, start = found
    opening, said = text[:start], sub(r"^that ", "", text[start:])
    is_clause = text.startswith("that ", start) and starts_clause(capitalise(said))
    if not is_clause and not starts_clause(said):
        return None
    for way in ways:
        halves = way(capitalise(said))
        if halves and not says_somebody(halves[1]) and not _ON_CONDITION.search(halves[1]):
            # "alleged workers" would be heard as one
            that = "that " if verb != "said" and text.startswith("that ", start) else ""
            return f"{opening}{that}{lower_first(halves[0])}", f"{who} {verb} {mid(halves[1])}"
    return None


def aimed_at(text: str) -> Halves | None:
    """ "To save the ferry, the council has raised fares." -> "The council has raised fares." "The aim is to save the ferry." """
    match = _AIM.match(text)
    if not match or match["verb"] not in listed("verbs", "purposes") or not starts_clause(match["news"]):
        return None
    if re.search(r"\b(?:it|its|they|their|them|he|his|him|she|her|this|that)\b", match["aim"]):
        return None
    if (
        says_somebody(match["news"])
        or is_open(match["news"])
        or any(map(is_finite, WORD.findall(match["aim"])))
    ):
        return None
    aim = "The aim is" if is_present(match["news"]) else "The aim was"
    return capitalise(match["news"]), f"{aim} to {match['verb']} {match['aim']}."


def these_include(text: str) -> Halves | None:
    """ "..., took five boats, including the Kite and the Swan." -> "... five boats." "These include the Kite and the Swan." """
    match = _INCLUDING.search(text)
    head = text[: match.start()] if match else ""
    if not match or not stands(head) or says_somebody(head) or PACKED.search(head):
        return None
    last = WORD.findall(head)[-1]
    if not last.islower() or not is_several(last) or is_open(head):
        return None
    if any(map(is_finite, WORD.findall(match["some"]))) or count_words(match["some"]) < FEWEST - 2:
        return None
    people = bare(last) in listed("words", "openers") or bare(last) in ("people", "men", "women", "children")
    verb = "include" if is_present(head) else "included"
    return close(head), f"{'They' if people else 'These'} {verb} {match['some']}."


def after_what(text: str) -> Halves | None:
    """ "A man was shot after a quarrel over a dog." -> "A man was shot." "This followed a quarrel over a dog." """
    for match in reversed(list(_AFTERWARDS.finditer(text))):
        head, what = text[: match.start()], match["what"]
        last = bare(WORD.findall(head)[-1])
        if last in listed("words", "measures") | {"soon", "shortly", "just", "later"}:
            continue
        if count_words(head) < FEWEST + 2 or count_words(what) < FEWEST - 1 or last[-1].isdigit():
            continue
        if (
            not stands(head)
            or says_somebody(head)
            or is_open(_WILL.sub("", head))
            or PACKED.search(head)
            or is_finite(last)
        ):
            continue
        if any(map(is_finite, WORD.findall(what))) or what.startswith(("the first ", "the next ")):
            continue
        return close(head), f"{'This follows' if is_present(head) else 'This followed'} {what}."
    return None
