"""
Sentences that are notes, captions, or unfit for broadcast; pure.

Source: print leaves out subject and verb in notes and captions (block language: Quirk et al. 1985, chapter 11).
Obscene words must never air (Ofcom Broadcasting Code, rule 1.14). Words of pages and captions: measured counts,
`python -m bench.rule_matches`.
"""

from __future__ import annotations

from itertools import pairwise

from bulletin.editing.english.guess_parts_of_speech import bare, is_finite, is_plural_verb
from bulletin.editing.english.word_list_regexes import WORD, listed, regex

_ASKING = r"^(?:What|How|Why)\b"
"""Example: `is_note`."""
_NO_SUBJECT = r"^(?:Have|Has|Had|Am|Is|Are|Was|Were|Would|Could) (?:(?:not|never|also|already|now|just|only|been) )*(?P<next>[a-z]+(?:ed|en|ing|ne|wn|d|t|de))\b"
"""Example: `is_note`."""


_SHORT_HANDS = r"(?i)\b(?:«refused.short_hands»)\b"
"""Example: `is_note`."""


def is_note(text: str) -> bool:
    """
    Whether the text is a note without a subject or a whole verb: "Have tried all boats.", "Hv sent pics".

    "How the ferry sank is not known" is a sentence: it has a second verb.

    >>> is_note("How the ferry sank."), is_note("How the ferry sank is not known.")
    (True, False)
    >>> is_note("Have tried all boats."), is_note("Hv sent pics.")
    (True, True)
    """
    if regex(_SHORT_HANDS).search(text):
        return True
    no_subject = regex(_NO_SUBJECT).match(text)
    if no_subject and no_subject["next"] not in listed("words", "determiners", "pronouns"):
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

    None of 604 articles, whose extractors leave captions out; kept, because a listener sees no picture.

    >>> is_pictured("The mayor (left) rows."), is_pictured("Ann Fox rows.")
    (True, False)
    """
    return bool(regex(_WHERE_THEY_STAND).search(printed))


_WHERE_THEY_STAND = r"[a-z] \((?:(?:far|second|third|top|bottom) )?(?:[LC]|(?:left|right|centre|center))\)"
"""Positions in a picture: "Ann Fox (L) and Joan Pike (R)"; "(R)" alone is a party. Example: `is_pictured`."""


_UNSAID = r"(?i)\b(?:«words.unsaid»)\b"
"""
>>> bool(regex(_UNSAID).search(sorted(listed("words", "unsaid"))[0]))
True
"""


def is_unsaid(text: str) -> bool:
    """
    Whether the text holds a word that no station says in the news, not even in a quotation (`[words] unsaid`).

    >>> is_unsaid("The ferry sank.")
    False
    """
    return bool(regex(_UNSAID).search(text))


def points_to_page(text: str) -> bool:
    """
    Whether the sentence points to the page ("as shown below", "click", "this article"): a listener has none.

    >>> points_to_page("Click to row."), points_to_page("The ferry sank below the bridge.")
    (True, False)
    >>> points_to_page("The ferry in this video sank."), points_to_page("Here is what Fox saw.")
    (True, True)
    """
    return bool(regex(_DEIXIS).search(text))


def is_caption(text: str) -> bool:
    """
    Whether the sentence is a picture's caption.

    >>> is_caption("Ann Fox, left, with the ferry."), is_caption("Rant: Guy Hale."), is_caption("Guy Hale left the ferry.")
    (True, True, False)
    >>> is_caption("Above, the ferry."), is_caption("Ann Fox poses with a boat.")
    (True, True)
    >>> is_caption("Ann Fox shakes hands with Joan Pike.")
    True
    """
    return bool(regex(_CAPTION).search(text))


_DEIXIS = (
    r"(?i)\b(?:click|see photo|(?:«refused.on_page») (?:here|above|below|left|right)"
    r"|this (?:«refused.page»)|this (?:[\w'’-]+ ){0,3}(?:video|photo(?:graph)?|picture|image|graphic|map))\b"
    r"|\bhere(?:['’]s| is| are) (?:what|how|why|who|where|some|an?|the|one|two|three|four|five|six|seven|eight|nine|ten|\d+)\b"
)
"""Example: `points_to_page`."""


_CAPTION = (
    r"^(?!\w+ (?:said|says|added)\b)(?!(?:With|In|On|At|For|From|After|Since|As|The) )[A-Z][\w'’-]*(?: (?!said|says|told|added)[\w'’-]+){0,3}: "
    r"(?:[A-Z]|\d\d-year-old)"
    r"|^(?:Above|Below|Left|Right|Pictured|Inset)(?: \w+)?, "
    r"|(?<!the)(?<!far), (?:far |second |third )?(?:left|right|centre|center|above|below|pictured|seen here),"
    r"|^(?:[A-Z][\w'’-]+ ){1,6}(?:«refused.poses»|"
    r"(?:was|were|is|are) (?:recently seen|pictured|photographed)) (?:[a-z]+ed (?=as\b)|(?=as|for the camera|in|at|on|with|alongside|during|outside)\b)"
    # a person with an office
    r"|^(?:[A-Z][\w'’-]+ (?:[a-z]+ (?=[A-Z]))?){1,6}shakes hands with "
)
"""Example: `is_caption`."""
