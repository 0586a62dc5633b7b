"""Two figures that share a unit, a month or a "between" -> a form that the later steps read: "5km-10km" -> "5-10km"."""

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


def part_pairs(text: str, tongue: Tongue) -> str:
    """
    "between 7-9pm" -> "between 7 and 9pm", "5km-10km" -> "5-10km", "Jan-Mar" -> "January to March".

    A unit that stands twice is said once; of two different ones each is said.
    """
    same, other = _units(tongue)
    text = same.sub(r"\1\3", text)
    text = other.sub(lambda m: f"{m[1]}{_spaced(m[2], m[3])} {tongue.word('to')} ", text)
    text = _BETWEEN.sub(rf"\1 {tongue.word('and')} ", text)
    text = _BETWEEN_YEARS.sub(rf"\1 {tongue.word('and')} ", text)
    text = _BETWEEN_SHORT.sub(rf"\1\2\3 {tongue.word('and')} \2\4", text)
    text = _CENTS.sub(rf"\1 {tongue.word('to')} ", text)
    text = _COINS.sub(rf"\1 {tongue.word('to')} ", text)
    return _say_months(text, tongue)


def _say_months(text: str, tongue: Tongue) -> str:
    """ "Jan-Mar", "30 Sept-2 Oct", "May 2026-March 2027"."""
    names = tongue.table("dates")["months"]
    alone, dated = _months(tongue)
    text = alone.sub(lambda m: f"{names[m[1]]} {tongue.word('to')} {names[m[2]]}", text)
    return dated.sub(rf"\1 {tongue.word('to')} ", text)


@lru_cache(maxsize=16)
def _units(tongue: Tongue) -> tuple[re.Pattern[str], re.Pattern[str]]:
    scales = tongue.table("scales")
    units = either([*tongue.table("units"), *tongue.strings("glued_units"), *scales, "m", "%"])
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


def _spaced(unit: str, following: str) -> str:
    """The letter m beside another length is metres, which a space tells."""
    return " m" if unit == "m" and following == "km" else unit
