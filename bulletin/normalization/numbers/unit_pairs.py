"""Two figures with a unit, two months or a "between" -> a form that the later steps read: "5km-10km" -> "5-10km"."""

from __future__ import annotations

import re
from functools import lru_cache

from bulletin.normalization.language_tables import Tongue, either

_DASH = r" ?[-–] ?"
_FIGURE = r"\d[\d,]{0,12}(?:\.\d{1,3})?"
_BETWEEN = re.compile(
    rf"\b([Bb]etween (?:\d{{1,3}}(?:\.\d{{1,3}})?(?:am|pm|%|C)?|[£€$]{_FIGURE}(?:k|m|bn|tn)?)){_DASH}(?=[£€$]?\d)"
)
_BETWEEN_YEARS = re.compile(rf"\b([Bb]etween (?:1\d|20)\d\d){_DASH}(?=(?:1\d|20)\d\d(?!\w))")
_BETWEEN_SHORT = re.compile(r"\b([Bb]etween )(1[0-9]|20)(\d\d) ?[-–/] ?(\d\d)(?![\w-])(?!\.\d)")
_CENTS = re.compile(rf"([£€$]\d{{1,6}}\.\d\d){_DASH}(?=[£€$]?\d)")
_COINS = re.compile(rf"(?<![\w.,])({_FIGURE}p){_DASH}(?=£\d)")


def join_pairs(text: str, tongue: Tongue) -> str:
    """
    Drop a unit that stands at both ends of a range, so that it is said once (6 in 604 articles), and join months.

    Spans of months (2) stay, because short months would not be said: event lists of feeds are full of them.
    Ranges after "between", of pence, and of two units: rare in national news (1 of 604 articles), common in listings,
    travel and sport of local feeds.

    >>> from bulletin.normalization.normalize import make_speakable
    >>> make_speakable("5km-10km")
    'five to ten kilometres'
    >>> make_speakable("Jan-Mar, 30 Sept-2 Oct")
    'January to March, the thirtieth of September to the second of October'
    >>> make_speakable("between 7-9pm, £2.50-£3, 80p-£1")
    'between seven and nine P-M, two pounds fifty to three pounds, eighty pence to one pound'
    >>> make_speakable("between 1914-18")
    'between nineteen fourteen and nineteen eighteen'
    >>> make_speakable("hail of 5mm-2cm")
    'hail of five millimetres to two centimetres'
    """
    to, and_ = tongue.word("to"), tongue.word("and")
    same, other = _pairs(tongue)
    text = same.sub(r"\1\3", text)
    text = other.sub(lambda m: f"{m[1]}{_spaced(m[2], m[3])} {to} ", text)
    text = _BETWEEN.sub(rf"\1 {and_} ", text)
    text = _BETWEEN_YEARS.sub(rf"\1 {and_} ", text)
    text = _BETWEEN_SHORT.sub(rf"\1\2\3 {and_} \2\4", text)
    text = _CENTS.sub(rf"\1 {to} ", text)
    text = _COINS.sub(rf"\1 {to} ", text)
    names = tongue.table("dates")["months"]
    alone, dated = _months(tongue)
    text = alone.sub(lambda m: f"{names[m[1]]} {to} {names[m[2]]}", text)
    return dated.sub(rf"\1 {to} ", text)


def _spaced(unit: str, following: str) -> str:
    """The letter m beside kilometres means metres, which a space tells."""
    return " m" if unit == "m" and following == "km" else unit


@lru_cache(maxsize=16)
def _pairs(tongue: Tongue) -> tuple[re.Pattern[str], re.Pattern[str]]:
    names = ("units", "glued_units", "scales")
    units = either([*(unit for name in names for unit in tongue.table(name)), "m", "%"])
    start = rf"(?<![\w.,£€$])({_FIGURE}) ?({units})"
    return (
        re.compile(rf"{start}({_DASH})(?={_FIGURE} ?\2(?!\w))"),
        re.compile(rf"{start}{_DASH}(?={_FIGURE} ?({units})(?!\w))"),
    )


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
