"""Sentences that are notes, captions, or not for the air; pure."""

from __future__ import annotations

from itertools import pairwise

from bulletin.editing.english.word_classes import bare, is_finite, is_plural_verb
from bulletin.editing.english.word_lists import WORD, listed, regex

_ASKING = r"^(?:What|How|Why)\b"
_NO_SUBJECT = r"^(?:Have|Has|Had|Am|Is|Are|Was|Were|Would|Could) (?:(?:not|never|also|already|now|just|only|been) )*(?P<next>[a-z]+(?:ed|en|ing|ne|wn|d|t|de))\b"


_SHORT_HANDS = r"(?i)\b(?:«refused.short_hands»)\b"


def is_note(text: str) -> bool:
    """
    Whether the text is a note that nobody says: "Have tried all boats.", "Hv sent pics".

    "How the ferry sank is not known" is a sentence: it has a second verb.

    >>> is_note("How the ferry sank."), is_note("How the ferry sank is not known.")
    (True, False)
    """
    if regex(_SHORT_HANDS).search(text):
        return True
    no_subject = regex(_NO_SUBJECT).match(text)
    if no_subject and no_subject["next"] not in listed("words", "determiners") | listed("words", "pronouns"):
        return True
    if not regex(_ASKING).match(text):
        return False
    words = WORD.findall(text)
    verbs = [
        word for before, word in pairwise(words) if is_finite(word) or is_plural_verb(word, after=before)
    ]
    return len(verbs) < 2 and not any(bare(word) in listed("verbs", "auxiliary") for word in verbs)


def is_pictured(printed: str) -> bool:
    """
    Whether a printed sentence is a caption: "Ann Fox (left)".

    >>> is_pictured("The mayor (left) rows."), is_pictured("Ann Fox rows.")
    (True, False)
    """
    return bool(regex(_WHERE_THEY_STAND).search(printed))


_WHERE_THEY_STAND = r"[a-z] \((?:(?:far|second|third|top|bottom) )?(?:[LC]|(?:left|right|centre|center))\)"
"""Who of them is who: "Ann Fox (L) and Joan Pike (R)"; "(R)" alone is a party."""


_UNSAID = r"(?i)\b(?:«words.unsaid»)\b"


def is_unsaid(text: str) -> bool:
    """
    Whether the text holds a word that no station says in the news, not even in a quotation (`[words] unsaid`).

    >>> is_unsaid("The ferry sank.")
    False
    """
    return bool(regex(_UNSAID).search(text))
