"""What "who" and "that" tell in the middle or at the end of a long sentence is told after it; pure."""

from __future__ import annotations

import re
from functools import lru_cache

from bulletin.script.edits.causes import PACKED, is_open
from bulletin.script.edits.grammar import WORD, bare, is_finite, is_main_verb, listed, one_of, says_somebody
from bulletin.script.edits.joints import FEWEST, Halves, close, held_back, resumes, stands
from bulletin.script.rare import Rare

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
_RESTRICTIVE = Rare(
    r"(?P<thing>\b(?:an?|one|(?P<many>two|three|four|five|six|seven|eight|nine|ten|several|\d{1,3})) (?:[\w-]+ ){0,2}?(?P<noun>[a-z-]{3,})(?: (?:from|in|of|at) [A-Z][\w'-]+(?: [A-Z][\w'-]+){0,2})?) (?P<link>who|which|that) (?P<verb>\w+) (?P<tail>[^;\"]{20,200})\.$"
)
_OF_THE_FIRST = Rare(r", (?:later|then|since|now) (?:\w+ly )?\w{3,}ed\b")
""" "a parcel that was found at the station, later declared safe": not the station."""


def who_did(text: str) -> Halves | None:
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


def restrictive(text: str) -> Halves | None:
    """ "... freed by a judge who let him go." -> "... freed by a judge." "The judge let him go." """
    for match in reversed(list(_RESTRICTIVE.finditer(text))):
        head = text[: match.end("thing")]
        verb = bare(match["verb"])
        sure = verb in listed("verbs", "auxiliary")
        if match["many"] and not (sure and match["noun"].endswith("s")):
            continue
        if not sure and (match["link"] == "that" or not is_finite(verb)):
            continue
        if verb in _NOT_PAST and _wished().search(head):
            # "is looking for a coach who can lead": there is none yet
            continue
        if head[: match.start("thing")].rstrip().endswith(",") or PACKED.search(head):
            continue
        if not stands(head) or says_somebody(head) or is_open(head) or resumes(match["tail"]):
            continue
        tail = _joined(verb, match["tail"])
        if not tail:
            continue
        doubt = held_back(match["thing"])
        return close(head), f"The {doubt}{match['noun']} {match['verb']} {tail}."
    return None


def _joined(verb: str, tail: str) -> str:
    """ "(was) found at the station, later declared safe" -> "... and later declared safe"; nothing where it is not sure."""
    if not _OF_THE_FIRST.search(tail):
        return tail
    if verb not in ("was", "were") or not _DONE.match(tail) or tail.count(", ") > 1:
        return ""
    return _OF_THE_FIRST.sub(lambda match: f" and{match[0][1:]}", tail)


_DONE = Rare(r"\w{3,}(?:ed|wn|en)\b|found\b|held\b|left\b|caught\b")
_NOT_PAST = frozenset("is are has have can could will would may might must should".split())


@lru_cache(maxsize=1)
def _wished() -> Rare:
    return Rare(rf"\b(?:{one_of('parting', 'wished')})\b")
