"""What is packed into a long sentence, an aside, a tail, a second report, becomes a sentence of its own."""

from __future__ import annotations

import re
from collections.abc import Callable

from bulletin.script.edits.apposed import apposed
from bulletin.script.edits.causes import befell, circumstance, is_open, is_pronoun, reason
from bulletin.script.edits.deeds import did_then, effect, while_doing
from bulletin.script.edits.doings import also_doing, been_before
from bulletin.script.edits.grammar import (
    WORD,
    bare,
    capitalise,
    has_verb,
    is_finite,
    listed,
    says_somebody,
    starts_clause,
)
from bulletin.script.edits.joints import (
    FEWEST,
    JOINING,
    Halves,
    close,
    inside,
    is_present,
    stands,
)
from bulletin.script.edits.packed import after_what, aimed_at, these_include, within_report
from bulletin.script.edits.reports import (
    accused_of,
    reported_after,
    reported_by,
    said_meanwhile,
    second_report,
)
from bulletin.script.edits.subjects import subject
from bulletin.script.edits.tails import (
    after_that,
    for_doing,
    meant_to,
    opened_by,
    since_then,
    told_of,
)
from bulletin.script.edits.wedged import accused_as_well, asked_in, asserted_first, in_which, led_by
from bulletin.script.edits.who_did import restrictive, who_did
from bulletin.script.rare import Rare
from bulletin.text import count_words

_ASIDE = Rare(r"^(?P<who>[^,\"]{3,70}), (?P<kind>who|which) (?P<aside>[^,;\"]{12,140}), (?P<rest>.+)$")
_ADVERB = Rare(r"^(?:[a-z]{3,}ly|earlier|later|then|now|also|already|still|once|often|recently) ")
_OF_ANOTHER = Rare(
    r" (?:(?:of|for|with|and|to|by|between) |(?:from|in|at|on|near) (?:an?|the|his|her|their|its|another|two|three|four) )"
)
_A_BODY = Rare(r"(?:The |the )?[A-Z][\w'’-]+(?: (?:of|for|and|on|the|[A-Z][\w'’-]+)){1,7}")
""" "the Corporation of Wexcombe" is one name."""
_MEMBERS = Rare(r"^(?P<who>[^,\"]{3,60}), including (?P<some>[^,;\"]{4,120}), (?P<rest>.+)$")
_THERE = Rare(r", where (?P<tail>[^;\"]{20,200})\.$")
_BEFORE_IT = Rare(
    r"^(?:However, |But )?(?P<when>(?:(?:(?:more|less|fewer) than )?(?:an?|two|three|four|five|six|seven|eight|nine|ten|just|only|\d{1,3}) )?"
    r"(?:minutes?|hours?|days?|weeks?|months?|years?|decades?) after|after|as) (?P<cause>[^,\"]{20,230}), (?P<news>.+)$",
    re.IGNORECASE,
)
_A_NAME = Rare(r"[A-Z][a-z]\w+ [A-Z][a-z]\w+")
_THOUGH = Rare(r"^(?P<link>Although|Though|While|Whilst) (?P<granted>[^,\"]{20,150}), (?P<news>.+)$")


def unfold(text: str) -> Halves | None:
    """
    Make two sentences of one, in the order in which a listener can follow them; nothing where none is sure.

    No fact is lost or added: the second sentence says its subject again, or "this" for the whole deed.
    """
    if text.count('"') % 2:
        return None
    # a dash that is left opens what hangs at the end, as a comma does
    text = text.replace(" - ", ", ")
    for way in _WAYS:
        halves = way(text)
        if halves and all(count_words(half) >= FEWEST and has_verb(half) for half in halves):
            return halves
    return None


def _aside(text: str) -> Halves | None:
    """ "The flag, which was torn, has gone." -> "The flag has gone." "The flag was torn." """
    match = _ASIDE.match(text)
    if not match or not is_finite(_ADVERB.sub("", match["aside"]).split(" ", 1)[0]):
        return None
    following = WORD.findall(match["rest"])
    if not following or not is_finite(following[0]):
        return None
    if bare(following[0]) in listed("verbs", "saying") and not _A_NAME.search(match["who"]):
        # whose words they are must be clear before they are heard
        return None
    if _OF_ANOTHER.search(match["who"]) and not (
        match["kind"] == "which" and _A_BODY.fullmatch(match["who"])
    ):
        # "the father of a boy, who fell ill": one of them did
        return None
    if has_verb(match["who"]) or bare(match["who"].split(" ", 1)[0]) in JOINING:
        return None
    whole = f"{match['who']} {match['rest']}"
    who = _once_more(match) or subject(whole)
    return (whole, f"{who} {match['aside']}.") if who else None


def _once_more(match: re.Match[str]) -> str:
    """A pronoun for the subject of an aside, where the sentence itself tells which."""
    if match["kind"] == "which":
        first = bare(match["aside"].split(" ", 1)[0])
        return {"is": "It", "was": "It", "has": "It", "are": "They", "were": "They", "have": "They"}.get(
            first, ""
        )
    if re.search(r"(?:\w\w[a-rt-z]s|people|men|women|children)$", match["who"]):
        return "They"
    whole = f" {match['aside']} {match['rest']} "
    he, she = (re.search(rf" (?:{own}) ", whole) for own in ("he|his|him", "she|her|hers"))
    return "He" if he and not she else "She" if she and not he else ""


def _members(text: str) -> Halves | None:
    """ "Twenty people, including six nurses, were stuck." -> "... were stuck." "They included six nurses." """
    match = _MEMBERS.match(text)
    following = WORD.findall(match["rest"])[:1] if match else []
    if not match or not following or not is_finite(following[0]) or match["who"].startswith("No "):
        return None
    last = bare(WORD.findall(match["who"])[-1])
    if not (last.endswith("s") or last in ("people", "men", "women", "children")) or has_verb(match["who"]):
        return None
    verb = "include" if is_present(match["rest"]) else "included"
    return f"{match['who']} {match['rest']}", f"They {verb} {match['some']}."


def _there(text: str) -> Halves | None:
    """ "..., where B." -> "There, B." """
    match = _THERE.search(text)
    head = text[: match.start()] if match else ""
    if not match or not starts_clause(match["tail"]) or not stands(head) or says_somebody(head):
        return None
    if match["tail"].startswith(("the incident", "it ", "he ", "she ", "they ")):
        return None
    if bare(WORD.findall(head)[-1]) in listed("words", "events"):
        # "in the final, where": nobody is there
        return None
    return close(head), f"There, {match['tail']}."


def _before_it(text: str) -> Halves | None:
    """ "Days after A, B." -> "B." "This came days after A." """
    match = _BEFORE_IT.match(text)
    if not match or not starts_clause(match["cause"]) or not starts_clause(match["news"]):
        return None
    if is_pronoun(match["news"]) or (is_open(match["news"]) and not says_somebody(match["news"])):
        return None
    if re.match(r"the [a-z]", match["news"]) and _A_NAME.match(match["cause"]):
        # "After Ann Fox fell, the singer said": first the name, then "the singer"
        return None
    came = "comes" if is_present(match["news"]) else "came"
    if match["when"].casefold() == "as":
        if _AS_THEY_SAY.search(match["cause"]):
            return None
        if came == "came" and befell(match["news"]):
            return capitalise(match["news"]), f"It happened as {match['cause']}."
    return capitalise(match["news"]), f"This {came} {match['when'].casefold()} {match['cause']}."


_AS_THEY_SAY = Rare(
    r"\b(?:sees?|saw|puts?|goes|says?|said|knows?|knew|hoped|planned|promised|feared|expected|predicted|noted|explained|do|does|did|done)(?: it)?(?: (?:in|at|on|to) [^,]*)?$"
)
""" "As the board sees it", "as the saying goes": how it is put, and not what happened."""


def _though(text: str) -> Halves | None:
    """ "Although A, B." -> "A." "But B." """
    match = _THOUGH.match(text)
    if not match or not starts_clause(match["granted"]) or not starts_clause(match["news"]):
        return None
    if is_pronoun(match["granted"]) or (
        match["link"].startswith("Whil") and _GOING_ON.search(match["granted"])
    ):
        return None
    if match["link"] in ("While", "Whilst"):
        return f"{capitalise(match['granted'])}.", capitalise(match["news"])
    return f"{capitalise(match['granted'])}.", f"But {inside(match['news'])}"


_GOING_ON = Rare(r"\b(?:is|are|was|were|has been|have been|had been) (?:still |away|on |in |at |\w+ing\b)")
""" "While the mayor was away": when, and no contrast."""


def _in_report(text: str) -> Halves | None:
    return within_report(
        text,
        (
            _aside,
            apposed,
            did_then,
            effect,
            told_of,
            reason,
            since_then,
            circumstance,
            after_what,
            restrictive,
            been_before,
            meant_to,
        ),
    )


_WAYS: tuple[Callable[[str], Halves | None], ...] = (
    second_report,
    reported_after,
    said_meanwhile,
    did_then,
    accused_of,
    asserted_first,
    who_did,
    effect,
    while_doing,
    since_then,
    told_of,
    _aside,
    apposed,
    led_by,
    _members,
    _there,
    _before_it,
    _though,
    reason,
    circumstance,
    in_which,
    accused_as_well,
    asked_in,
    restrictive,
    after_that,
    for_doing,
    opened_by,
    meant_to,
    aimed_at,
    these_include,
    after_what,
    been_before,
    also_doing,
    _in_report,
    reported_by,
)
