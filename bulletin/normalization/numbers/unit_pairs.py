"""Two figures with one unit, two months -> a form that the later steps read: "5km-10km" -> "5-10km"."""

from __future__ import annotations

import re
from functools import lru_cache

from bulletin.normalization.language_tables import Tongue, either

_DASH = r" ?[-–] ?"
_FIGURE = r"\d[\d,]{0,12}(?:\.\d{1,3})?"


def join_pairs(text: str, tongue: Tongue) -> str:
    """
    Drop a unit that stands at both ends of a range, so that it is said once (6 in 604 articles), and join months.

    Spans of months (2) stay, because short months would not be said: event lists of feeds are full of them.

    >>> from bulletin.normalization.normalize import make_speakable
    >>> make_speakable("5km-10km")
    'five to ten kilometres'
    >>> make_speakable("Jan-Mar, 30 Sept-2 Oct")
    'January to March, the thirtieth of September to the second of October'
    """
    text = _pair(tongue).sub(r"\1\3", text)
    names = tongue.table("dates")["months"]
    alone, dated = _months(tongue)
    text = alone.sub(lambda m: f"{names[m[1]]} {tongue.word('to')} {names[m[2]]}", text)
    return dated.sub(rf"\1 {tongue.word('to')} ", text)


@lru_cache(maxsize=16)
def _pair(tongue: Tongue) -> re.Pattern[str]:
    names = ("units", "glued_units", "scales")
    units = either([*(unit for name in names for unit in tongue.table(name)), "m", "%"])
    return re.compile(rf"(?<![\w.,£€$])({_FIGURE}) ?({units})({_DASH})(?={_FIGURE} ?\2(?!\w))")


@lru_cache(maxsize=16)
def _months(tongue: Tongue) -> tuple[re.Pattern[str], re.Pattern[str]]:
    month = either(tongue.table("dates")["months"])
    year = r"(?: (?:1\d|20)\d\d)?"
    return (
        re.compile(rf"(?<![\w-])({month})\.?{_DASH}({month})(?![\w-])"),
        re.compile(
            rf"((?<!\w)(?:{month})\.?(?: \d\d?(?:st|nd|rd|th)?)?{year}){_DASH}(?=(?:\d\d? )?(?:{month})(?!\w))"
        ),
    )
