"""Who says it, whether it is a speaker at all, and his words after him; pure."""

from __future__ import annotations

import re
from functools import lru_cache

from bulletin.script.edits.grammar import (
    WORD,
    bare,
    has_verb,
    listed,
    lower_first,
    one_of,
    sayings,
    starts_clause,
)
from bulletin.script.edits.own_words import speaks_of_itself
from bulletin.script.rare import Rare, sub

_WITHOUT_THAT = ("said", "says", "claims", "believes")
"""After these "that" may be left out; "has announced trains will run" would be heard wrongly."""

_ORDER = Rare(r"(?:Don't|Do|Let|Please|Never|Stop|Keep|Buckle|Look|Come|Go|Just|Ask|Tell)\b")
REPORTS = Rare(
    r"^(?:(?:(?:about|approximately|nearly|almost|around|over|more than|fewer than|less than|at least|up to) )?\d[\d,.]*|it|this|that|there|he|she|they|the|a|an|his|her|their|its|some|many|most|all|more|no)\b",
    re.IGNORECASE,
)
"""How somebody's words begin that can follow "said" as they are."""
_OPENING = Rare(r"^(?:[A-Z]?[a-z]+ly|Apart from [^,]{3,60}|(?:Due|Thanks) to [^,]{3,80}), (?P<rest>.+)$")

TOO_LOOSE = Rare(r"\b(?:who|which|that|but|because|and|as|while|when|where|after|if|with)\b")

LOOSE_OPENING = Rare(r"To (?:be )?[a-z]+ [^,]{3,80}, |[Aa]sked (?:if|whether|why|how|what|about)\b")
"""After "said" it would be heard as an order: "said that to be built at a cost, rooms would"."""

_NOT_DOING = Rare(
    r"(?<=media) reports\b|(?<=news) reports\b|(?<=police) reports\b|(?<=press) reports\b"
    r"| (?:familiar with|close to|briefed on|with (?:direct )?knowledge of) (?:the |his |her |its |their )?[a-z]+"
)
"""Words of a speaker's description that look like verbs."""

_LINKS = frozenset("when while if once because although though".split())


def join(who: str, verb: str, when: str, body: str, small: frozenset[str]) -> str:
    body = without_joint(body)
    opens = bare(body.split(" ", 1)[0])
    needs_that = (
        when
        or verb.split()[-1] not in _WITHOUT_THAT
        or opens in listed("words", "prepositions")
        or opens in _LINKS
    )
    that = " that" if needs_that else ""
    body = body.strip(" ,")
    if opens in _LINKS:
        body = lower_first(body, small=small | _LINKS)
    return f"{who.strip()} {verb}{when}{that} {lower_first(body, small=small)}."


def without_joint(body: str) -> str:
    return _joint().sub("", body)


@lru_cache(maxsize=1)
def _joint() -> Rare:
    """What joins somebody's words to others of his, or only fills."""
    return Rare(
        rf"^(?:But|And|So|Yet|However|Still|Also|Then|Besides|Moreover|Again|Well|Now),? (?=\w)|^(?:{one_of('saying', 'fillers')}), "
    )


def is_reportable(body: str) -> bool:
    """Whether somebody's words can follow "said" as they are: a statement, no order and no cry."""
    body = without_joint(body)
    if (
        not has_verb(body, within=14)
        or speaks_of_itself(body)
        or _ORDER.match(body)
        or LOOSE_OPENING.match(body)
        or asks(body)
    ):
        return False
    first = bare(body.split(" ", 1)[0])
    opening, _, rest = body.partition(", ")
    if first in listed("words", "prepositions"):
        return starts_clause(rest) or bool(REPORTS.match(body))
    if first in _LINKS:
        return starts_clause(opening.partition(" ")[2]) and starts_clause(rest)
    opened = _OPENING.match(body)
    return bool(REPORTS.match(body)) or starts_clause(opened["rest"] if opened else body)


def is_speaker(who: str) -> bool:
    found = WORD.findall(who)
    if found and bare(found[0]).endswith("ing"):
        return False
    plain = _and_sources().sub(" ", who)
    plain = sub(r" and (?=[A-Z])| familiar with | with (?:knowledge|direct knowledge) of ", " ", plain)
    if not 0 < len(found) <= 14 or TOO_LOOSE.search(plain):
        return False
    if bare(found[-1]) in listed("words", "determiners") | {"and", "or"}:
        # "beyond their shows": no verb of anybody's
        return False
    if bare(found[0]) in listed("words", "prepositions") | {"although", "though", "allegations", "claims"}:
        return False
    # "the data released by the council" is a speaker, "the council released" is none
    parted = sub(r"\b\w+ed (?=by|on|in|at|for)\b", "", _NOT_DOING.sub("", who))
    return not has_verb(parted)


@lru_cache(maxsize=1)
def _and_sources() -> Rare:
    """ "police and rescue officials": one speaker."""
    return Rare(rf" and (?=(?:[\w-]+ ){{0,3}}(?:{one_of('saying', 'sources')})$)")


def is_whole(body: str) -> bool:
    """Whether the words before the speaker can stand alone: a clause, and no second speaker in it."""
    return (
        not LOOSE_OPENING.match(body)
        and not asks(body)
        and has_verb(body)
        and not sayings(body) & listed("saying", "second_speaker")
        and not body.rstrip().endswith((" and", " but"))
    )


@lru_cache(maxsize=1)
def _question() -> Rare:
    """Its verb before who does it: "what is the cost", and not "what is needed is a boat"."""
    whose = f"{one_of('words', 'determiners')}|I|you|he|she|it|we|they|there"
    return Rare(
        rf"(?:what|why|how(?: many| much| long)?|where|when|who) (?:{one_of('verbs', 'auxiliary')}) (?:{whose})\b",
        re.IGNORECASE,
    )


def asks(body: str) -> bool:
    """Whether somebody's words are a question, marked or not, that cannot follow "said"."""
    return bool(_question().match(body))


def odd_quotes(text: str) -> bool:
    return text.count('"') % 2 == 1
