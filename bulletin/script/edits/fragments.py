"""Sentences without news, "A nurse who sings.", what stands under a picture, and what is not for the air; pure."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from bulletin.script.edits.grammar import WORD, bare, has_verb, is_finite, is_plural_verb, listed, one_of
from bulletin.script.rare import Rare

_SOMEBODY_WHO = Rare(r"An? (?:[\w-]+ ){1,3}(?:who|which|that) ")
_OTHERS_DEED = Rare(r"(?:the|an?|his|her|its|their|[A-Z][\w'’-]+) ")
_HOLDS = frozenset("which that and but or to".split())


def tells_only_who(text: str) -> bool:
    """Whether every verb of "A nurse who wants to sing but is told ...", "A house that the storm hit" belongs to "who"."""
    match = _SOMEBODY_WHO.match(text)
    if not match:
        return False
    held = listed("words", "pronouns") | listed("verbs", "auxiliary") | _HOLDS
    verbs = sum(
        (is_finite(word) or is_plural_verb(word, after=before))
        and bare(before) not in held
        and not bare(before).endswith("ly")
        for before, word in pairwise(WORD.findall(text))
    )
    # of "that the storm hit" the verb is not held by its neighbour
    return verbs <= bool(_OTHERS_DEED.match(text, match.end()))


_DONE_BY = Rare(r"An? (?P<what>(?:[\w'’-]+ ){1,4}?)[\w-]+ed by (?:(?:the|its|his|her|their|an?) |[A-Z])")


def tells_only_what_was_done(text: str) -> bool:
    """Whether "A bridge praised by its builders as proof that it can be done" has no verb but what was done to it."""
    match = _DONE_BY.match(text)
    if not match or any(map(is_finite, WORD.findall(match["what"]))):
        return False
    rest = re.split(r"\b(?:who|which|that|where|when|whose)\b", text[match.end() :], maxsplit=1)[0]
    return not any(map(is_finite, WORD.findall(rest)))


@lru_cache(maxsize=1)
def _shows() -> Rare:
    what = rf"(?:look(?: back)?|glimpse|guide|peek) (?:at|into|to)|(?:{one_of('refused', 'pictures')}) (?:of|from|showing)"
    return Rare(rf"^An? (?:(?:undated|file|aerial|old|recent) )?(?:{what}) (?P<what>.+)$")


@lru_cache(maxsize=1)
def _tells() -> Rare:
    return Rare(rf"\b(?:{one_of('refused', 'tells')})\b")


def only_shows(text: str) -> bool:
    """ "A look back at the life of the ferryman, who died in May.": what the page has, and no news of it."""
    match = _shows().match(text)
    if match is None or _tells().search(match["what"]):
        return False
    what = re.split(r"\b(?:who|which|that|where|when|whose|as|the way)\b", match["what"], maxsplit=1)[0]
    return not has_verb(what)


@lru_cache(maxsize=1)
def _pictured() -> Rare:
    months = "|".join(month.capitalize() for month in one_of("refused", "months").split("|"))
    return Rare(rf", [A-Z]\w+(?: [A-Z]\w+){{0,2}}, (?:{months}) \d{{1,2}}(?:, \d{{4}})?[.]$")


def is_pictured(printed: str) -> bool:
    """Whether a printed sentence ends with the place and the day under an agency's picture: "in Wex, May 4, 2017." """
    return bool(_pictured().search(printed))


@lru_cache(maxsize=1)
def _unsaid() -> Rare:
    return Rare(rf"\b(?:{one_of('words', 'unsaid')})\b", re.IGNORECASE)


def is_unsaid(text: str) -> bool:
    """Whether it holds a word that no station says in the news, in a quotation either."""
    return bool(_unsaid().search(text))


_HANDS_OVER = Rare(
    r"^(?:[A-Z][\w'’.-]+ ){1,4}(?:has|have) (?:more(?: (?:on|from|about|details)\b|[.])|(?:the |all the |further )?details\b|the (?:latest|story)\b)[^,]{0,60}[.]$"
    r"|^(?:[A-Z]{2,5}['’]s )?(?:[A-Z][\w'’-]+ ){2,3}(?:reports|explains|investigates)(?: (?:from|for) [^,]{1,60})?[.]$"
    r"|^(?:He|She|They) (?:speaks?|talks?) (?:with|to) [A-Z]{2,5}\b"
    r"|^[A-Z]{2,5}(?: News)?(?:['’]s)? (?:[A-Z][\w'’-]+ ){0,3}(?:speaks|talks|chats|sits down|catches up) (?:with|to)\b"
)


def hands_over(text: str) -> bool:
    """ "Joan Pike has details.", "Joan Pike reports from the quay.", "WRN talks to the ferryman.": another's programme."""
    return bool(_HANDS_OVER.match(text))
