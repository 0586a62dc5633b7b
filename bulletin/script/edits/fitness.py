"""Why a newsreader would refuse a sentence; an empty answer is a yes."""

from __future__ import annotations

import re

from bulletin.script.edits.attribution import speaks_of_itself
from bulletin.script.edits.grammar import bare, has_verb, listed, table
from bulletin.script.edits.people import points_back
from bulletin.text import count_words

MOST = 25
"""Words in a sentence that can be read in one breath."""
HARDEST = 35
"""Nobody is asked to read more, but for the lead."""
HARDEST_LEAD = 42
"""A story without its lead is worse than a long breath."""

_ONLINE = re.compile(r"https?:|www\.|[@#]\w|\b\w+\.(?:com|org|net|co\.uk|gov|uk)\b|\.\.\.|…|[{}|<>*_~^\\]")
_DEIXIS = re.compile(
    r"\b(?:click|see photo|(?:see|seen|pictured|shown|read|listed|view|graphic|pictures?|video) (?:here|above|below|left|right)"
    r"|this (?:article|post|page|site|newspaper|website|video|photo|graph))\b",
    re.IGNORECASE,
)
_CAPTION = re.compile(
    r"^(?!\w+ (?:said|says|added)\b)[A-Z][\w'’-]*(?: (?!said|says|told|added)[\w'’-]+){0,3}: [A-Z]"
)
_LOOSE_SPEAKER = re.compile(r"[^,] (?:he|she|they) (?:adds?|added|said|says|remarked|quipped)[.]$")
_ONLY_SPEAKER = re.compile(
    r"^[^,]{3,60} (?:said|says|added|adds|told \w+|remarked)(?: (?:on|in|at) [^,]{3,30}| \w+day)?[.]$"
)
_ENDS = re.compile(r"[.!]$")
_NUMBER = re.compile(r"\d[\d,.]*")
_DANGLING = re.compile(r"\b(?:and|or|but|the|an?|of|whose|because|than|very)[.!]$", re.IGNORECASE)


def why_unfit(text: str, *, is_first: bool) -> str:
    """What is wrong with an edited sentence for the ear."""
    count = count_words(text)
    if text.endswith("?"):
        return "a question"
    if not _ENDS.search(text) or _DANGLING.search(text):
        return "not a whole sentence"
    # From thirteen words on it is more likely that the verb is one we don't know.
    if count < 4 or (count < 13 and not has_verb(text)):
        return "no clause"
    if count > (HARDEST_LEAD if is_first else HARDEST):
        return f"{count} words"
    return _why_not_plain(text) or (_why_not_first(text) if is_first else "")


def _why_not_plain(text: str) -> str:
    """What of the page, or of somebody's own words, is left in it."""
    if _LOOSE_SPEAKER.search(text) or _ONLY_SPEAKER.match(text):
        return "a quotation without its marks"
    if speaks_of_itself(text):
        return "somebody's own words"
    if _CAPTION.match(text):
        return "a caption"
    if _ONLINE.search(text) or _DEIXIS.search(text):
        return "of the page"
    if len(_NUMBER.findall(text)) > 4 or text.count(",") > 5:
        return "too much for one ear"
    return "not plain" if text.isupper() or '"' in text else ""


def is_heavy(text: str, *, most: int = MOST) -> bool:
    """Whether a sentence can be read, but only if there is no better one."""
    return count_words(text) > most or text.count(",") >= 4 or len(_NUMBER.findall(text)) > 3


_PRONOUN = re.compile(r"(?:it|[^,]{0,80}, (?:he|she|it|they|his|her|their))(?:'s|\b)", re.IGNORECASE)


def _why_not_first(text: str) -> str:
    if points_back(text) or _PRONOUN.match(text):
        return "opens with a pronoun"
    if binds(text):
        return "hangs on the sentence before"
    return ""


def binds(text: str) -> bool:
    """Whether a sentence needs the one before: "As a result, ..."."""
    low = text.casefold()
    first = bare(low.split(" ", 1)[0]) if low else ""
    phrases = table()["connectives"]["binding_phrases"]
    return first in listed("connectives", "binding") or low.startswith(tuple(phrases))
