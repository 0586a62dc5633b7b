"""The end of a sentence that is still too long, "following ...", "amid ...", "after ...", is left out."""

from __future__ import annotations

import re

from bulletin.script.edits.grammar import (
    WORD,
    bare,
    has_main_verb,
    is_finite,
    is_main_verb,
    listed,
    sayings,
    starts_clause,
)
from bulletin.script.edits.joints import ends_well, opens_only
from bulletin.script.edits.trim import LEAST
from bulletin.script.rare import Rare
from bulletin.text import count_words

LONG = 34
"""From so many words on any cut is better than none."""

_NEGATION = Rare(
    r"\b(?:not|no|never|nobody|none|nothing|neither|nor|without|cannot|hardly|only|until|unless)\b|n't\b",
    re.IGNORECASE,
)
_ADJUNCT = Rare(r" (following|amid|despite|ahead of|after|before|as|because|while) (?=(\w+)\b)")
_NEWS = ("after", "before", "while", "because")
"""What comes after these is news as often as not: better a long sentence than half of it."""


def cut_adjunct(text: str, *, most: int) -> str:
    """
    Cut a long sentence before its last "following ...", "amid ...", "after ...".

    Not where the sentence denies something or sets a limit: "was not sacked because he was late" is not
    "was not sacked".
    """
    if count_words(text) <= most:
        return text
    is_long = count_words(text) > LONG
    limits = (most, LONG) if is_long else (most,)
    cuts = ((limit, match) for limit in limits for match in reversed(list(_ADJUNCT.finditer(text))))
    for limit, match in cuts:
        head, tail = text[: match.start()], text[match.end() :]
        if not LEAST + 2 <= count_words(head) <= limit or not ends_well(head) or opens_only(head):
            continue
        if _NEGATION.search(head) or not has_main_verb(head) or not _is_adjunct(match[1], head, tail):
            continue
        if (match[1] in _NEWS and not is_long) or (sayings(head) and " that " in tail):
            continue
        if _goes_on(match[1], tail):
            continue
        return head.rstrip(",") + "."
    return text


def _goes_on(link: str, tail: str) -> bool:
    """Whether the sentence goes on after the adjunct: "ahead of the polls say the food is bad", "but conceded"."""
    butted = re.search(r"\bbut (\w+)", tail)
    if re.search(r"\bthan\b", tail) or (butted and is_finite(butted[1])):
        return True
    plain = re.split(r"\b(?:who|which|that|whose|where|when)\b", tail, maxsplit=1)[0]
    found = WORD.findall(plain)
    verbs = any(
        (is_main_verb(word) or bare(word) == "say") and bare(before) not in ("and", "or")
        for before, word in zip(("", *found), found, strict=False)
    )
    return link in ("following", "amid", "despite", "ahead of") and verbs


def _is_adjunct(word: str, head: str, tail: str) -> bool:
    """Whether the words after "as" or "after" are a clause or a deed of their own, not a part of the verb before."""
    last, first = bare(WORD.findall(head)[-1]), bare(WORD.findall(tail)[0])
    if last[-1].isdigit() or last in listed("parting", "followers"):
        # "and almost 700,000 following the brand": they do so
        return False
    if word in ("following", "amid", "despite", "ahead of"):
        return last not in ("the", "a", "in", "on", "is", "was", "and", "are", "were")
    if last in listed("words", "measures") or is_finite(last) or last.endswith("ing"):
        return False
    if word == "before":
        # What comes before is often the news: "questioned before being released".
        return not first.endswith("ing") and starts_clause(tail)
    if word in ("after", "while") and first.endswith("ing"):
        return True
    return starts_clause(tail)
