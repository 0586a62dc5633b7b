"""
Times of day -> words: "7.30pm" -> "seven thirty P-M".

Source: print's forms of a time (Guardian style guide, "times"; AP Stylebook, "times"); counts in the 604 fresh
articles: `python -m bench.normalization_matches`. Judgement, no source: steps of five minutes after "at", because
prices seldom have them.
"""

from __future__ import annotations

import re

from bulletin.normalization.letters.expand_titles_and_place_names import stop_after
from bulletin.normalization.load_number_and_abbreviation_tables import Tongue
from bulletin.normalization.numbers.number_patterns import END, START

_HALF = r"(?P<half>[ap])(?:\.m\.?|m)(?![\w])"
"""Example: `say_times`."""
_CLOCK = r"(?P<hour>1[0-2]|0?[1-9])(?:[.:](?P<minute>[0-5]\d))?"
"""Example: `say_times`."""
_FIRST = r"(?P<first>(?P<from>1[0-2]|0?[1-9])(?:[.:](?P<past>[0-5]\d))?(?: ?(?P<early>[ap])(?:\.m\.?|m))?(?: ?[-–] ?| to ))?"
"""Example: `say_times`."""
_TWELVE = rf"(?i){START}{_FIRST}{_CLOCK} ?{_HALF}"
"""Example: `say_times`."""
_MILITARY = rf"{START}(?P<hour>[01]\d|2[0-3]):?(?P<minute>[0-5]\d)(?:(?= ?(?:GMT|BST|UTC|CET|hours)\b)| ?(?P<hrs>hrs)\b)"
"""Example: `say_times`."""
_TWENTY_FOUR = rf"{START}(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d){END}(?!:)(?: «o_clock»(?!\w))?"
"""Example: `say_times`."""
_TRAIN = rf"(\b[Tt]he )(?P<hour>[01]?\d|2[0-3])(?:\.|(?<=[ ]\d\d))(?P<minute>[0-5]\d){END}(?= (?:(?:to|from|at) [A-Z]|(?:service|train|departure|bus|ferry|crossing)\b))"
"""Example: `say_times`."""
_EVENING = rf"(\b[Aa]t )(?P<hour>1[3-9]|2[0-3])\.(?P<minute>[0-5]\d){END}(?= (?:on [A-Z]|GMT\b|BST\b|today\b|yesterday\b|local\b))"
"""Example: `say_times`."""
_DOTTED = rf"(\b(?:«at_a_time») )(?P<hour>1[0-2]|[1-9])\.(?P<minute>[0-5][05]){END}(?!%| ?(?:m|million|bn|billion|per|pc|percent|points?|pts|seconds?|secs|metres|am|pm|°)\b)"
"""
Full stop between hour and minutes, in steps of five: prices after "at" seldom have such figures.

Example: `say_times`.
"""
_LONG = rf"{START}(\d{{1,2}}):([0-5]\d):([0-5]\d)(?:\.(\d{{1,3}}))?{END}"
"""Example: `say_times`."""
_TO_CLOCK = rf"{START}((?:[01]?\d|2[0-3]):[0-5]\d) ?[-–] ?(?=(?:[01]?\d|2[0-3]):[0-5]\d{END})"
"""Example: `say_times`."""
_SHIFT = rf"{START}(0\d)([0-5]\d) ?(to|until|and|[-–]) ?([01]\d|2[0-3])([0-5]\d){END}(?! (?:GMT|BST|UTC|hours|hrs))"
"""Example: `say_times`."""


def say_times(text: str, tongue: Tongue) -> str:
    """
    Say times of day: twelve-hour ones with am and pm, 24-hour ones, and "at 7.30" without either.

    208 in 604 articles. A full stop between hour and minutes is British print (Guardian style guide, "times").
    Trains ("the 11.32 to London") match 1; "at 7.30", "at 21.40 on Friday", "09:00-17:00", "noon-2pm", "0600 to 2330",
    "2h 15m", "2:03:45" and "1:23.45" none, because the articles hold no travel news and little sport. All are kept:
    without them a time is heard as "seven point three zero", as a count of two thousand, as two times without "to", as
    fifteen million, as three o'clock or as "one: twenty-three point four five".

    >>> from bulletin.normalization.normalize_text import make_speakable
    >>> make_speakable("at 7.30pm")
    'at seven thirty P-M'
    >>> make_speakable("at 18:00 GMT")
    'at eighteen hundred G-M-T'
    >>> make_speakable("shut at 7.30, 09:00-17:00 on Sunday")
    "shut at seven thirty, nine o'clock to five P-M on Sunday"
    >>> make_speakable("the 11.32 to London, at 21.40 on Friday")
    'the eleven thirty-two to London, at twenty-one forty on Friday'
    >>> make_speakable("from 0600 to 2330, noon-2pm")
    "from six o'clock to twenty-three thirty, noon to two P-M"
    >>> make_speakable("a lap of 1:23.45, a marathon in 2:03:45")
    'a lap of one twenty-three point four five, a marathon in two oh three forty-five'
    >>> make_speakable("a delay of 2h 15m")
    'a delay of two hours fifteen minutes'
    """
    text = tongue.sub(r"\b([Nn]oon|[Mm]idday|[Mm]idnight) ?[-–] ?(?=\d)", r"\1 «to» ", text)
    text = tongue.sub(_TO_CLOCK, r"\1 «to» ", text)
    text = tongue.sub(_SHIFT, r"\1:\2 \3 \4:\5", text)
    text = tongue.sub(_TWELVE, _say_twelve, text)
    text = tongue.sub(
        r"(?<![\w.,])(\d{1,2}) ?h(?:rs?)? ?(\d{1,2}) ?m(?:ins?)?(?!\w)", r"\1 hrs \2 mins", text
    )
    for race_time in (_LONG, rf"{START}(\d{{1,2}}):([0-5]\d\.\d{{1,3}}){END}"):
        text = tongue.sub(
            race_time, lambda m, _: " ".join(tongue.number(part) for part in m.groups() if part), text
        )
    text = tongue.sub(_MILITARY, _say_military, text)
    text = tongue.sub(_TWENTY_FOUR, lambda m, _: _say_clock(m["hour"], m["minute"], tongue), text)
    for clock in (_TRAIN, _EVENING, _DOTTED):
        text = tongue.sub(clock, lambda m, _: m[1] + _say_clock(m["hour"], m["minute"], tongue), text)
    return text


def _say_twelve(match: re.Match[str], tongue: Tongue) -> str:
    """
    Time of the twelve-hour clock: the half of the day is said where it is printed.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> load_tongue("en-GB").sub(_TWELVE, _say_twelve, "at 7.30pm, 6-8pm, 9am to 5 p.m.")
    'at seven thirty P-M, six to eight P-M, nine AM to five P-M.'
    """
    half = tongue.word("am" if match["half"].lower() == "a" else "pm")
    spoken = f"{_minutes(match['hour'], match['minute'], tongue)} {half}"
    if match["first"]:
        early = "" if match["early"] is None else " " + tongue.word("am" if match["early"] in "aA" else "pm")
        spoken = f"{_minutes(match['from'], match['past'], tongue)}{early} {tongue.word('to')} {spoken}"
    return spoken + stop_after(match, tongue)


def _say_clock(hour: str, minute: str, tongue: Tongue, *, military: bool = False) -> str:
    """
    Time of the 24-hour clock: a full hour becomes one of the twelve-hour clock, unless it is military.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> [_say_clock(hour, "00", load_tongue("en-GB")) for hour in ("07", "12", "19")]
    ["seven o'clock", "twelve o'clock", 'seven P-M']
    >>> _say_clock("09", "15", load_tongue("en-GB"))
    'nine fifteen'
    >>> _say_clock("18", "00", load_tongue("en-GB"), military=True)
    'eighteen hundred'
    """
    if tongue.word("clock") == "24":
        spoken = f"{tongue.numbers.spell(int(hour))} {tongue.word('o_clock')}"
        return spoken if minute == "00" else f"{spoken} {tongue.numbers.spell(int(minute))}"
    if minute != "00":
        return _minutes(hour, minute, tongue)
    if military:
        return f"{tongue.numbers.spell(int(hour))} {tongue.word('hundred')}"
    half = "am" if int(hour) == 0 else "pm" if int(hour) > 12 else "o_clock"
    return f"{tongue.numbers.spell((int(hour) - 1) % 12 + 1)} {tongue.word(half)}"


def _say_military(match: re.Match[str], tongue: Tongue) -> str:
    """
    Time before a zone or "hours": a full hour is "hundred", and "hrs" is said in full.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> load_tongue("en-GB").sub(_MILITARY, _say_military, "at 1800 GMT, at 0915 hrs")
    'at eighteen hundred GMT, at nine fifteen hours'
    """
    spoken = _say_clock(match["hour"], match["minute"], tongue, military=True)
    return f"{spoken} {tongue.tables['units']['hrs'][1]}" if match["hrs"] else spoken


def _minutes(hour: str, minute: str | None, tongue: Tongue) -> str:
    """
    Hour and minutes: none are said at a full hour, and a nought before minutes is "oh".

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> [_minutes("9", minute, load_tongue("en-GB")) for minute in ("05", "30", "00", None)]
    ['nine oh five', 'nine thirty', 'nine', 'nine']
    """
    spoken = tongue.numbers.spell(int(hour))
    return spoken if minute in (None, "00") else f"{spoken} {tongue.whole(str(minute))}"
