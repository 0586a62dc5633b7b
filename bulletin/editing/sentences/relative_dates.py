""" "Yesterday" in print -> the day it was; pure, reckoned from the article's own date."""

from __future__ import annotations

import re

from bulletin.editing.english.punctuation import mend_spacing
from bulletin.editing.english.word_classes import bare, capitalise, is_finite
from bulletin.editing.english.word_lists import listed, regex
from bulletin.editing.sentences.article_days import Days

_RELATIVE = (
    r"(?i)(?P<comma>, )?(?:\b(?P<earlier>just|only|earlier|later|early|late) )?\b(?P<word>yesterday|today|tonight|tomorrow|last night|"
    r"this (?:morning|afternoon|evening))\b(?:,? (?P<part>morning|afternoon|evening|night)\b)?(?P<after>'s\b|’s\b|,)?"
)
_ON_DAY = r"\bon (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b"
_HELD = r"(?i)\b(?:from|until|till|by|since|before|after|for|of|than|as|and|or|to|into|between|like|about|in|spent|spend|spends)\s*$"


_ONLY_WHEN = r"\b(?:which|who|that) (?:\w+ )?\w+,?\s*$"
"""A clause that tells nothing but the day: ", which happened yesterday"."""
_CLOCK = r"(?:at |around |about |by |just (?:after|before) )+\d{1,2}(?:[.:]\d\d)? ?[ap]\.?m\b\.?"
_DAY = r"(?:yesterday|today|tonight|last night|this (?:morning|afternoon|evening))\b"
_CLOCKED = rf"(?i){_CLOCK},? (?P<day>{_DAY})|(?P<later>{_DAY}),? {_CLOCK}"
"""
A clock time beside a day without a date: "at 5.15pm yesterday".

Two matches in 604 articles; kept, because the clock time alone would be heard as today's.
"""


_SAID_THAT = r"(?<= said) that (?=(?:the|an?|he|she|it|they) )"
"""What "said today that the" leaves."""
_ITS_DAY = r"\b(?:[Yy]esterday|[Ll]ast night)'s (?=[a-z])"
"""Without a date, "yesterday's fire" is only "the fire"."""
_BARE_WEEKDAY = r"\b([a-z]{2,})(?= (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b(?!['-]))"
"""American print: "said Tuesday"."""


def resolve_days(text: str, days: Days | None) -> str:
    """
    Name the day; without a known date, drop the word where the sentence stands without it.

    After "until", "since" and the like, and before "'s", an unknown day is left as it is.

    >>> resolve_days("The ferry sank yesterday.", None), resolve_days("Police said Tuesday it sank.", None)
    ('The ferry sank.', 'Police said on Tuesday it sank.')
    """

    def named(match: re.Match[str]) -> str:
        if match.start() and match["word"][0].isupper():
            # of a newspaper or a programme, not a day
            return match[0]
        word, possessive = match["word"].casefold(), (match["after"] or "").endswith("s")
        held = bool(regex(_HELD).search(text[: match.start()]))
        if days is None:
            rest = text[match.end() :]
            opens = _opens_clause(rest, is_set_off=match["after"] == ",")
            is_needed = held or possessive or regex(_ONLY_WHEN).search(text[: match.start()])
            if is_needed or (match.start() == 0 and (_goes_on(rest) or not opens)):
                return match[0]
            return "" if match["after"] != "," or match.start() == 0 else _comma(match)
        day = days.resolve(word, (match["part"] or "").casefold())
        if held or possessive or regex(_ON_DAY).search(text):
            day = day.removeprefix("on ")
        if regex(_ON_DAY).search(text) and not held and not possessive:
            return match[0] if day in ("today", "tonight") else _comma(match)
        earlier = f"{match['earlier']} " if match["earlier"] else ""
        phrase = f"{match['comma'] or ''}{earlier}{day}{match['after'] or ''}"
        return phrase[:1].upper() + phrase[1:] if match.start() == 0 else phrase

    if not _of_time(text):
        return mend_spacing(capitalise(text))
    text = regex(_BARE_WEEKDAY).sub(_on_weekday, text)
    if days is None:
        text = regex(_CLOCKED).sub(lambda match: match["day"] or match["later"], text)
        text = regex(_ITS_DAY).sub(lambda match: "The " if match.start() == 0 else "the ", text)
    changed = mend_spacing(regex(_RELATIVE).sub(named, text))
    if changed != text and " said that " not in text:
        changed = regex(_SAID_THAT).sub(" ", changed)
    return changed[:1].upper() + changed[1:]


def _on_weekday(match: re.Match[str]) -> str:
    return match[0] if match[0] in listed("opening", "before_weekday") else f"{match[0]} on"


def _of_time(text: str) -> bool:
    """Whether any word of a day or a week may be in it; most sentences have none, and need no search."""
    low = text.lower()
    return any(
        part in low for part in ("day", "night", "omorrow", "orning", "evening", "ternoon", "week", "month")
    )


def _goes_on(rest: str) -> bool:
    """Whether the opening "Today" is the subject: "Today is ..."."""
    following = rest.split(maxsplit=1)[:1]
    return bool(following) and is_finite(following[0])


def _opens_clause(rest: str, *, is_set_off: bool = False) -> bool:
    """Whether what follows "Yesterday, " can open the sentence in its place; "day five of the cup," cannot."""
    first = rest.split(maxsplit=1)[:1]
    if is_set_off and any(map(is_finite, rest.partition(",")[0].split()[1:])):
        return True
    known = listed("words", "determiners") | listed("words", "pronouns")
    return bool(first) and (first[0][0].isupper() or bare(first[0]).removesuffix("'s") in known)


def _comma(match: re.Match[str]) -> str:
    return "," if match["after"] == "," else ""
