"""Sentences that are notes, captions, or not for the air; pure."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from bulletin.editing.english.word_classes import WORD, bare, is_finite, is_plural_verb, listed, one_of

_ASKING = re.compile(r"^(?:What|How|Why)\b")
_NO_SUBJECT = re.compile(
    r"^(?:Have|Has|Had|Am|Is|Are|Was|Were|Would|Could) (?:(?:not|never|also|already|now|just|only|been) )*(?P<next>[a-z]+(?:ed|en|ing|ne|wn|d|t|de))\b"
)


@lru_cache(maxsize=1)
def _short_hands() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{one_of('refused', 'short_hands')})\b", re.IGNORECASE)


def is_note(text: str) -> bool:
    """
    Whether the text is a note that nobody says: "Have tried all boats.", "Hv sent pics".

    "How the ferry sank is not known" is a sentence: it has a second verb.

    >>> is_note("How the ferry sank."), is_note("How the ferry sank is not known.")
    (True, False)
    """
    if _short_hands().search(text):
        return True
    no_subject = _NO_SUBJECT.match(text)
    if no_subject and no_subject["next"] not in listed("words", "determiners") | listed("words", "pronouns"):
        return True
    if not _ASKING.match(text):
        return False
    words = WORD.findall(text)
    verbs = [
        word for before, word in pairwise(words) if is_finite(word) or is_plural_verb(word, after=before)
    ]
    return len(verbs) < 2 and not any(bare(word) in listed("verbs", "auxiliary") for word in verbs)


@lru_cache(maxsize=1)
def _pictured() -> re.Pattern[str]:
    months = "|".join(month.capitalize() for month in one_of("refused", "months").split("|"))
    return re.compile(rf", [A-Z]\w+(?: [A-Z]\w+){{0,2}}, (?:{months}) \d{{1,2}}(?:, \d{{4}})?[.]$")


def is_pictured(printed: str) -> bool:
    """
    Whether a printed sentence is a caption: "Ann Fox (left)", or a place and a date at its end.

    >>> is_pictured("The mayor (left) rows."), is_pictured("Ann Fox rows.")
    (True, False)
    """
    return bool(_pictured().search(printed) or _WHERE_THEY_STAND.search(printed))


_WHERE_THEY_STAND = re.compile(
    r"[a-z] \((?:(?:far|second|third|top|bottom) )?(?:[LC]|(?:left|right|centre|center))\)"
)
"""Who of them is who: "Ann Fox (L) and Joan Pike (R)"; "(R)" alone is a party."""


@lru_cache(maxsize=1)
def _unsaid() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{one_of('words', 'unsaid')})\b", re.IGNORECASE)


def is_unsaid(text: str) -> bool:
    """
    Whether the text holds a word that no station says in the news, not even in a quotation (`[words] unsaid`).

    >>> is_unsaid("The ferry sank.")
    False
    """
    return bool(_unsaid().search(text))
