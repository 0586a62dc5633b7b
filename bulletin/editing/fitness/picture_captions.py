"""Picture captions, and sentences that point to the page; pure."""

from __future__ import annotations

from bulletin.editing.english.word_lists import regex


def points_to_page(text: str) -> bool:
    """
    Whether the sentence points to the page ("as shown below", "click", "this article"): a listener has none.

    >>> points_to_page("Click to row."), points_to_page("The ferry sank below the bridge.")
    (True, False)
    """
    return bool(regex(_DEIXIS).search(text))


def is_caption(text: str) -> bool:
    """
    Whether the sentence is a picture's caption.

    >>> is_caption("Ann Fox, left, with the ferry."), is_caption("Rant: Guy Hale."), is_caption("Guy Hale left the ferry.")
    (True, True, False)
    """
    return bool(regex(_CAPTION).search(text))


_DEIXIS = (
    r"(?i)\b(?:click|see photo|(?:«refused.on_page») (?:here|above|below|left|right)"
    r"|this (?:«refused.page»)|this (?:[\w'’-]+ ){0,3}(?:video|photo(?:graph)?|picture|image|graphic|map))\b"
    r"|\bhere(?:['’]s| is| are) (?:what|how|why|who|where|some|an?|the|one|two|three|four|five|six|seven|eight|nine|ten|\d+)\b"
)


_CAPTION = (
    r"^(?!\w+ (?:said|says|added)\b)(?!(?:With|In|On|At|For|From|After|Since|As|The) )[A-Z][\w'’-]*(?: (?!said|says|told|added)[\w'’-]+){0,3}: "
    r"(?:[A-Z]|\d\d-year-old)"
    r"|^(?:Above|Below|Left|Right|Pictured|Inset)(?: \w+)?, "
    r"|(?<!the)(?<!far), (?:far |second |third )?(?:left|right|centre|center|above|below|pictured|seen here),"
    r"|^(?:[A-Z][\w'’-]+ ){1,6}(?:«refused.poses»|"
    r"(?:was|were|is|are) (?:recently seen|pictured|photographed)) (?:[a-z]+ed (?=as\b)|(?=as|for the camera|in|at|on|with|alongside|during|outside)\b)"
    # of somebody with his office
    r"|^(?:[A-Z][\w'’-]+ (?:[a-z]+ (?=[A-Z]))?){1,6}shakes hands with "
)
