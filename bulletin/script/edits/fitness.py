"""Why a newsreader would refuse a sentence; an empty answer is a yes."""

from __future__ import annotations

import re

from bulletin.script.edits.attribution import speaks_of_itself
from bulletin.script.edits.grammar import bare, capitalise, has_verb, listed, starts_clause, table
from bulletin.script.edits.people import people_in
from bulletin.script.edits.pronouns import points_back
from bulletin.text import count_words

MOST = 25
"""Words in a sentence that can be read in one breath."""
HARDEST = 37
"""Nobody is asked to read more, but for the lead."""
HARDEST_LEAD = 42
"""A story without its lead is worse than a long breath."""

_ONLINE = re.compile(r"https?:|www\.|@\w|\.\.\.|…|[{}|<>*_~^\\]")
_TAGGED = re.compile(r"#\w|\b\w+\.(?:com|org|net|co\.uk|gov|uk)\b")
_DEIXIS = re.compile(
    r"\b(?:click|see photo|(?:see|seen|pictured|shown|read|listed|view|graphic|pictures?|video) (?:here|above|below|left|right)"
    r"|this (?:article|post|page|site|newspaper|website|video|photo|graph))\b",
    re.IGNORECASE,
)
_CAPTION = re.compile(
    r"^(?!\w+ (?:said|says|added)\b)(?!(?:With|In|On|At|For|From|After|Since|As|The) )[A-Z][\w'’-]*(?: (?!said|says|told|added)[\w'’-]+){0,3}: [A-Z]"
)
_LOOSE_SPEAKER = re.compile(
    r"[^,](?<!what)(?<!that)(?<!than)(?<! as) (?:he|she|they) (?:adds?|added|said|says|remarked|quipped)[.]$"
)
_ONLY_SPEAKER = re.compile(
    r"^[^,]{3,60} (?:said|says|added|adds|told \w+|remarked)(?: (?:on|in|at) [^,]{3,30}| \w+day)?[.]$"
)
_ONLY_SAYING = re.compile(
    r"^(?:Say|Add|Claim|Warn|Argu|Insist|Not|Stat|Cit|Reiterat|Describ|Speak|Tell)ing [^,]+$"
)
_ENDS = re.compile(r"[.!]$")
_NUMBER = re.compile(r"\d[\d,.]*")
_DANGLING = re.compile(r"\b(?:and|or|but|the|an?|of|whose|because|than|very)[.!]$", re.IGNORECASE)


def why_unfit(text: str, *, is_first: bool) -> str:
    """What is wrong with an edited sentence for the ear."""
    count = count_words(text)
    if text.rstrip(".!").endswith("?"):
        return "a question"
    if not _ENDS.search(text) or _DANGLING.search(text):
        return "not a whole sentence"
    # From thirteen words on it is more likely that the verb is one we don't know.
    if count < 4 or (count < 13 and not has_verb(text)):
        return "no clause"
    if count > (HARDEST_LEAD if is_first else HARDEST):
        return f"{count} words"
    return _why_not_plain(text, is_first=is_first) or (_why_not_first(text) if is_first else "")


def _why_not_plain(text: str, *, is_first: bool) -> str:
    """What of the page, or of somebody's own words, is left in it; a lead may speak to the listener."""
    if _LOOSE_SPEAKER.search(text) or _ONLY_SPEAKER.match(text):
        return "a quotation without its marks"
    if speaks_of_itself(text, to_listeners=is_first):
        return "somebody's own words"
    if _ONLY_SAYING.match(text):
        return "not a whole sentence"
    if _CAPTION.match(text):
        return "a caption"
    if _ONLINE.search(text) or _DEIXIS.search(text) or (_TAGGED.search(text) and not is_first):
        return "of the page"
    if len(_NUMBER.findall(text)) > 4 or text.count(",") > 5:
        return "too much for one ear"
    return "not plain" if text.isupper() or '"' in text else ""


def is_heavy(text: str, *, most: int = MOST) -> bool:
    """Whether a sentence can be read, but only if there is no better one."""
    return count_words(text) > most or text.count(",") >= 4 or len(_NUMBER.findall(text)) > 3


_PRONOUN = re.compile(
    r"(?:it|(?P<opening>[^,]{0,80}), (?:he|she|it|they|his|her|their))(?:'s|\b)", re.IGNORECASE
)
_JOINS = re.compile(r"^(?:Although|Though|While|When|If|Because|Since|As|After|Before|Once) ")


def _why_not_first(text: str) -> str:
    pronoun = _PRONOUN.match(text)
    if points_back(text) or (pronoun and not _explains(pronoun["opening"] or "")):
        return "opens with a pronoun"
    if binds(text):
        return "hangs on the sentence before"
    return ""


def _explains(opening: str) -> bool:
    """Whether the words before the comma say who "she" is: "Although Ann Fox is new, she ..."."""
    clause = _JOINS.sub("", opening)
    return bool(people_in(opening)) or (
        clause != opening and starts_clause(clause) and not points_back(capitalise(clause))
    )


def lacks_antecedent(text: str) -> bool:
    """Whether a pronoun after an opening, "Laying the stone, he said", has nobody to stand for."""
    pronoun = _PRONOUN.match(text)
    opening = pronoun["opening"] if pronoun else ""
    return bool(opening) and not _explains(opening)


def binds(text: str) -> bool:
    """Whether a sentence needs the one before: "As a result, ..."."""
    low = text.casefold()
    first = bare(low.split(" ", 1)[0]) if low else ""
    phrases = table()["connectives"]["binding_phrases"]
    return first in listed("connectives", "binding") or low.startswith(tuple(phrases))
