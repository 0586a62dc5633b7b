"""
Ages before names, and "yesterday" in print -> the day by the article's own date; pure.

Source: print sets an age between commas and names the day by the date of issue (AP Stylebook, "ages" and "time
element").
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from bulletin.editing.english.clean_punctuation import mend_spacing
from bulletin.editing.english.guess_parts_of_speech import bare, is_finite
from bulletin.editing.english.word_list_regexes import WORD, listed, regex

DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
"""Example: `Days.resolve`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Days from which "yesterday" and the like are reckoned, by the station's own calendar."""

    written: date
    """The day that the article came out."""
    on_air: date

    def resolve(self, word: str, part: str) -> str:
        """
        The day that `word` means, with the `part` of the day; "today" while that is still the day.

        >>> Days(written=date(2026, 11, 24), on_air=date(2026, 11, 24)).resolve("yesterday", "")
        'on Monday'
        >>> Days(written=date(2026, 11, 24), on_air=date(2026, 11, 24)).resolve("this morning", "")
        'this morning'
        """
        shift = {"yesterday": -1, "last night": -1, "tomorrow": 1}.get(word, 0)
        day = self.written + timedelta(days=shift)
        part = part or {"last night": "night", "tonight": "night"}.get(word, "")
        part = part or (word.removeprefix("this ") if word.startswith("this ") else "")
        if day == self.on_air:
            return {"": "today", "night": "tonight"}.get(part, f"this {part}")
        return f"on {DAY_NAMES[day.weekday()]} {part}".strip()


_FULL_NAME = r"[A-Z][\w'’-]+(?: [A-Z]\.)?(?: (?:de|van|von|bin|al|der|la|di))?(?: [A-Z][\w'’-]+){1,3}"
"""Example: `say_ages`."""
_NAMED = rf"(?P<name>{_FULL_NAME}|\b[A-Z][a-z][\w'’-]+), (?:aged )?(?P<age>\d{{1,2}})(?P<end>,|\.$)"
"""Example: `say_ages`."""


def say_ages(text: str, *, spell: Callable[[int], str]) -> str:
    """
    Ages as people say them: before a name that opens the sentence, else "aged 54".

    Print puts the age between commas; a listener would hear two pauses and a bare number. The age is written out where
    it opens the sentence; `spell` gives a number in words.

    >>> say_ages("Joan Pike, 54, said so.", spell=lambda number: "fifty-four")
    'Fifty-four-year-old Joan Pike said so.'
    >>> say_ages("The ferry hit Joan Pike, 54, in May.", spell=str)
    'The ferry hit Joan Pike, aged 54, in May.'
    """
    match = regex(_NAMED).match(text)
    verb = WORD.match(text, match.end() + 1) if match and match["end"] == "," else None
    if match and verb and is_finite(verb[0]):
        first = bare(match["name"].split()[0])
        if first not in listed("words", "not_names", "roles"):
            text = f"{spell(int(match['age'])).capitalize()}-year-old {match['name']}{text[match.end() :]}"
    return regex(_NAMED).sub(r"\g<name>, aged \g<age>\g<end>", text)


_RELATIVE = (
    r"(?i)(?P<comma>, )?(?:\b(?P<earlier>just|only|earlier|later|early|late) )?\b(?P<word>yesterday|today|tonight|tomorrow|last night|"
    r"this (?:morning|afternoon|evening))\b(?:,? (?P<part>morning|afternoon|evening|night)\b)?(?P<after>'s\b|’s\b|,)?"
)
"""Example: `resolve_days`."""
_ON_DAY = r"\bon (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b"
"""
>>> bool(regex(_ON_DAY).search("It sank on Monday."))
True
"""
_HELD = r"(?i)\b(?:from|until|till|by|since|before|after|for|of|than|as|and|or|to|into|between|like|about|in|spent|spend|spends)\s*$"
"""Example: `resolve_days`."""


_ONLY_WHEN = r"\b(?:which|who|that) (?:\w+ )?\w+,?\s*$"
"""
Clause of nothing but the day: ", which happened yesterday".

>>> resolve_days("Police saw the fire, which happened yesterday.", None)
'Police saw the fire, which happened yesterday.'
"""
_CLOCK = r"(?:at |around |about |by |just (?:after|before) )+\d{1,2}(?:[.:]\d\d)? ?[ap]\.?m\b\.?"
"""Example: `resolve_days`."""
_DAY = r"(?:yesterday|today|tonight|last night|this (?:morning|afternoon|evening))\b"
"""Example: `resolve_days`."""
_CLOCKED = rf"(?i){_CLOCK},? (?P<day>{_DAY})|(?P<later>{_DAY}),? {_CLOCK}"
"""
A clock time beside a day without a date: "at 5.15pm yesterday".

Two matches in 604 articles; kept, because the clock time alone would be heard as today's.

Example: `resolve_days`.
"""


_SAID_THAT = r"(?<= said) that (?=(?:the|an?|he|she|it|they) )"
"""Rest of "said today that the". Example: `resolve_days`."""
_ITS_DAY = r"\b(?:[Yy]esterday|[Ll]ast night)'s (?=[a-z])"
"""Without a date, "yesterday's fire" is only "the fire". Example: `resolve_days`."""
_BARE_WEEKDAY = r"\b([a-z]{2,})(?= (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b(?!['-]))"
"""American print: "said Tuesday". Example: `resolve_days`."""
_MODIFIED = r"(?i)\b(?:«opening.time_prepositions»)(?: (?:«opening.time_adverbs»))+\s*$"
"""Preposition whose day an adverb modifies: "until at least". Example: `_on_weekday`."""


def resolve_days(text: str, days: Days | None) -> str:
    """
    Name the day; without a known date, drop the word if the sentence stands without it.

    After "until", "since" and the like, and before "'s", an unknown day is left as it is.

    >>> resolve_days("The ferry sank yesterday.", None), resolve_days("Police said Tuesday it sank.", None)
    ('The ferry sank.', 'Police said on Tuesday it sank.')
    >>> resolve_days("The ferry sank at 5.15pm yesterday.", None)
    'The ferry sank.'
    >>> resolve_days("Yesterday's fire is out.", None)
    'The fire is out.'
    >>> resolve_days("The road is shut until tomorrow.", None)
    'The road is shut until tomorrow.'
    >>> resolve_days("Police said today that the ferry sank.", None)
    'Police said the ferry sank.'
    """

    def named(match: re.Match[str]) -> str:
        if match.start() and match["word"][0].isupper():
            # of a newspaper or a programme, not a day
            return match[0]
        word, possessive = match["word"].casefold(), (match["after"] or "").endswith("s")
        comma = "," if match["after"] == "," else ""
        before = text[: match.start()]
        held = bool(regex(_HELD).search(before) or regex(_MODIFIED).search(before))
        if days is None:
            rest = text[match.end() :]
            opens = _opens_clause(rest, is_set_off=comma == ",")
            goes_on = any(map(is_finite, rest.split(maxsplit=1)[:1]))
            is_needed = held or possessive or regex(_ONLY_WHEN).search(before)
            if is_needed or (match.start() == 0 and (goes_on or not opens)):
                return match[0]
            return comma if match.start() else ""
        day = days.resolve(word, (match["part"] or "").casefold())
        if held or possessive or regex(_ON_DAY).search(text):
            day = day.removeprefix("on ")
        if regex(_ON_DAY).search(text) and not held and not possessive:
            return match[0] if day in ("today", "tonight") else comma
        earlier = f"{match['earlier']} " if match["earlier"] else ""
        phrase = f"{match['comma'] or ''}{earlier}{day}{match['after'] or ''}"
        return phrase[:1].upper() + phrase[1:] if match.start() == 0 else phrase

    text = regex(_BARE_WEEKDAY).sub(_on_weekday, text)
    if days is None:
        text = regex(_CLOCKED).sub(lambda match: match["day"] or match["later"], text)
        text = regex(_ITS_DAY).sub(lambda match: "The " if match.start() == 0 else "the ", text)
    changed = mend_spacing(regex(_RELATIVE).sub(named, text))
    if changed != text and " said that " not in text:
        changed = regex(_SAID_THAT).sub(" ", changed)
    return changed[:1].upper() + changed[1:]


def _on_weekday(match: re.Match[str]) -> str:
    """
    "on" before a bare weekday of American print, unless a preposition holds the day, also across an adverb.

    Print names the day by the date of issue (AP Stylebook, "time element").

    >>> [regex(_BARE_WEEKDAY).sub(_on_weekday, text) for text in ("It sank Monday.", "It sank last Monday.")]
    ['It sank on Monday.', 'It sank last Monday.']
    >>> regex(_BARE_WEEKDAY).sub(_on_weekday, "It is shut until at least Friday.")
    'It is shut until at least Friday.'
    """
    is_held = match[0] in listed("opening", "before_weekday") or regex(_MODIFIED).search(
        match.string[: match.end()]
    )
    return match[0] if is_held else f"{match[0]} on"


def _opens_clause(rest: str, *, is_set_off: bool = False) -> bool:
    """
    Whether the words after "Yesterday, " can open the sentence without it; "day five of the cup," cannot.

    None in 604 articles; kept, because a wrong cut leaves a sentence without its clause.

    >>> _opens_clause("the ferry sank."), _opens_clause("day five of the cup,")
    (True, False)
    """
    first = rest.split(maxsplit=1)[:1]
    if is_set_off and any(map(is_finite, rest.partition(",")[0].split()[1:])):
        return True
    known = listed("words", "determiners", "pronouns")
    return bool(first) and (first[0][0].isupper() or bare(first[0]).removesuffix("'s") in known)
