"""What is packed into a long sentence, an aside, a tail, a second report, becomes a sentence of its own."""

from __future__ import annotations

import re
from collections.abc import Callable

from bulletin.script.edits.apposed import apposed
from bulletin.script.edits.causes import PACKED, circumstance, is_open, is_pronoun, reason
from bulletin.script.edits.deeds import did_then, effect, while_doing
from bulletin.script.edits.doings import also_doing, been_before
from bulletin.script.edits.grammar import (
    WORD,
    bare,
    capitalise,
    has_verb,
    is_finite,
    is_main_verb,
    listed,
    says_somebody,
    starts_clause,
)
from bulletin.script.edits.joints import (
    FEWEST,
    JOINING,
    Halves,
    close,
    held_back,
    inside,
    is_present,
    resumes,
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
_WHO_DID = Rare(
    r"^(?P<who>(?:An?|Two|Three|Four|Five|Six) (?:[\w'-]+ ){0,4}?(?P<noun>[a-z][\w'-]+)) (?P<kind>who|which) (?P<told>[^;\"]{30,420}\.)$"
)
_HAS_NOW = Rare(
    r" (?=(?:has|have|is|are|was|were|will|had) (?:now |also )?(?:been |to |in |on |not )?[^;\"]{15,220}$)"
)
_GOES_ON = Rare(
    r",| (?:and|but|because|when|while|after|before|as|that|who|which|whose|where|if|since|until) "
)
"""A story's first subject with all that it did before the news comes."""
_THERE = Rare(r", where (?P<tail>[^;\"]{20,200})\.$")
_BEFORE_IT = Rare(
    r"^(?:However, |But )?(?P<when>(?:(?:(?:more|less|fewer) than )?(?:an?|two|three|four|five|six|seven|eight|nine|ten|just|only|\d{1,3}) )?"
    r"(?:minutes?|hours?|days?|weeks?|months?|years?|decades?) after|after|as) (?P<cause>[^,\"]{20,230}), (?P<news>.+)$",
    re.IGNORECASE,
)
_A_NAME = Rare(r"[A-Z][a-z]\w+ [A-Z][a-z]\w+")
_THOUGH = Rare(r"^(?P<link>Although|Though|While|Whilst) (?P<granted>[^,\"]{20,150}), (?P<news>.+)$")
_RESTRICTIVE = Rare(
    r"(?P<thing>\b(?:an?|one|(?P<many>two|three|four|five|six|seven|eight|nine|ten|several|\d{1,3})) (?:[\w-]+ ){0,2}?(?P<noun>[a-z-]{3,})(?: (?:from|in|of|at) [A-Z][\w'-]+(?: [A-Z][\w'-]+){0,2})?) (?P<link>who|which|that) (?P<verb>\w+) (?P<tail>[^;\"]{20,200})\.$"
)

_OF_THE_FIRST = Rare(r", (?:later|then|since|now|but) (?:\w+ly )?\w{3,}ed\b")
""" "a parcel that was found at the station, later declared safe": not the station."""


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


def _who_did(text: str) -> Halves | None:
    """ "A man who robbed a shop has been jailed." -> "A man has been jailed." "The man robbed a shop." """
    match = _WHO_DID.match(text)
    if not match:
        return None
    again = f"The {held_back(match['who'])}{match['noun']}" if match["who"].startswith("A") else "They"
    for joint in _HAS_NOW.finditer(match["told"]):
        did, main = match["told"][: joint.start()], match["told"][joint.end() :]
        if _may_end(did) and sum(map(is_main_verb, WORD.findall(_GOES_ON.split(main)[0]))) == 1:
            return f"{match['who']} {main}", f"{again} {did.rstrip(',')}."
    return None


def _may_end(did: str) -> bool:
    """Whether all that somebody did is told, and nobody's words are among it."""
    found = WORD.findall(did)
    if (
        len(found) < FEWEST - 2
        or not is_finite(found[0])
        or bare(found[-1]) in listed("parting", "no_end")
        or is_finite(found[-1])
    ):
        return False
    return not re.search(r"\b(?:that|said|says|told|believes?)\b", did)


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
    if not match or not following or not is_finite(following[0]):
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
    return capitalise(match["news"]), f"This {came} {match['when'].casefold()} {match['cause']}."


def _though(text: str) -> Halves | None:
    """ "Although A, B." -> "A." "But B." """
    match = _THOUGH.match(text)
    if not match or not starts_clause(match["granted"]) or not starts_clause(match["news"]):
        return None
    if match["link"] in ("While", "Whilst"):
        return f"{capitalise(match['granted'])}.", capitalise(match["news"])
    return f"{capitalise(match['granted'])}.", f"But {inside(match['news'])}"


def _restrictive(text: str) -> Halves | None:
    """ "... freed by a judge who let him go." -> "... freed by a judge." "The judge let him go." """
    for match in reversed(list(_RESTRICTIVE.finditer(text))):
        head = text[: match.end("thing")]
        verb = bare(match["verb"])
        sure = verb in listed("verbs", "auxiliary")
        if match["many"] and not (sure and match["noun"].endswith("s")):
            continue
        if not sure and (match["link"] == "that" or not is_finite(verb)):
            continue
        if head[: match.start("thing")].rstrip().endswith(",") or PACKED.search(head):
            continue
        if not stands(head) or says_somebody(head) or is_open(head) or resumes(match["tail"]):
            continue
        if _OF_THE_FIRST.search(match["tail"]):
            continue
        doubt = held_back(match["thing"])
        return close(head), f"The {doubt}{match['noun']} {match['verb']} {match['tail']}."
    return None


def _in_report(text: str) -> Halves | None:
    return within_report(
        text,
        (
            _aside,
            apposed,
            effect,
            told_of,
            reason,
            since_then,
            circumstance,
            after_what,
            _restrictive,
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
    _who_did,
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
    _restrictive,
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
