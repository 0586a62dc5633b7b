"""A second deed of the same subject, before or beside the first, is told after it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from bulletin.script.edits.causes import is_open
from bulletin.script.edits.grammar import (
    WORD,
    capitalise,
    has_main_verb,
    is_main_verb,
    lower_first,
    says_somebody,
    starts_clause,
)
from bulletin.script.edits.joints import FEWEST, Halves, close, is_present, keeps_doubt, stands
from bulletin.script.edits.subjects import is_several, subject
from bulletin.script.rare import Rare
from bulletin.text import count_words

_AFTER_BEING = Rare(
    r",? after (?:having )?(?:being|been) (?P<done>\w+(?:ed|en|wn|ck)|found|held|hit|shot|made|told|caught|left|put|cut|taught|bought|sold|sent|hurt) "
    r"(?P<tail>[^;\"]{12,200})\.$"
)
_ALSO_DOING = Rare(
    r"^(?P<head>.{3,90}? (?P<be>is|are|was|were) (?:\w+ly |now |also )?(?P<first>\w+ing) [^;\"]{10,200}?),? and (?P<second>[a-z]{2,}ing) (?P<tail>[^;\"]{12,200})\.$"
)
_ING = Rare(r"\b(?!during\b|king\b|thing\b|evening\b|morning\b|spring\b)[a-z]{2,}ing\b")
_OPENING = Rare(
    r"^(?P<opening>(?:Due to|Because of|Thanks to|As part of|As a result of|In|On|At|From|For|With|Under|By|During|Since|Despite|Before|After|Following|Amid) [^,\"]{3,90}), (?P<rest>.{40,})$"
)


def _is_told_plainly(head: str, tail: str) -> bool:
    """Whether the head is a plain statement, long enough, and nothing in the tail goes on with it."""
    if count_words(head) < FEWEST or count_words(tail) < FEWEST - 2 or not stands(head):
        return False
    if says_somebody(head) or is_open(head) or not keeps_doubt(head, tail):
        return False
    return not any(
        is_main_verb(joint[1]) for joint in re.finditer(r"(?:\b(?:and|but)|,) (\w+)", tail)
    ) and not says_somebody(tail.rpartition(", ")[2] if ", " in tail else "")


def been_before(text: str) -> Halves | None:
    """ "Ann Fox went home after being treated in Wex." -> "Ann Fox went home." "Fox had been treated in Wex." """
    match = _AFTER_BEING.search(text)
    head = text[: match.start()] if match else ""
    who = subject(head) if match else ""
    if not match or not who or not _is_told_plainly(head, match["tail"]):
        return None
    if _passes(head) or starts_clause(match["tail"].partition(", ")[2]):
        return None
    have = "had" if not is_present(head) else "have" if who == "They" or is_several(who) else "has"
    return close(head), f"{who} {have} been {match['done']} {match['tail']}."


def _passes(head: str) -> bool:
    """Whether a second clause stands in it: whose past is told, would be a guess."""
    return bool(
        re.search(
            r"\b(?:that|which|who|whose|where|when|while|because|if|as (?:he|she|they|it))\b",
            head,
        )
    )


def also_doing(text: str) -> Halves | None:
    """ "Fox is leaving the choir and returning to Wex." -> "Fox is leaving the choir." "Fox is also returning to Wex." """
    match = _ALSO_DOING.match(text)
    who = subject(text) if match else ""
    if not match or not who or _passes(match["head"]) or says_somebody(match["head"]):
        return None
    after_first = match["head"][match.end("first") :]
    if _ING.search(after_first) or " to " in f" {after_first} " or not has_main_verb(match["head"]):
        return None
    if count_words(match["head"]) < FEWEST or count_words(match["tail"]) < FEWEST - 2:
        return None
    be = {"is": "are", "was": "were"}.get(match["be"], match["be"]) if who == "They" else match["be"]
    return close(match["head"]), f"{who} {be} also {match['second']} {match['tail']}."


def after_opening(text: str, ways: Sequence[Callable[[str], Halves | None]]) -> Halves | None:
    """ "On Monday, A and B." -> "On Monday, A." "B.": the opening stays with what it opens."""
    match = _OPENING.match(text)
    if not match or not starts_clause(match["rest"]) or says_somebody(match["opening"]):
        return None
    if any(map(is_main_verb, WORD.findall(match["opening"]))):
        return None
    for way in ways:
        halves = way(capitalise(match["rest"]))
        if halves:
            first = halves[0] if match["rest"][0].isupper() else lower_first(halves[0])
            first = match["rest"][0] + first[1:]
            return f"{match['opening']}, {first}", halves[1]
    return None
