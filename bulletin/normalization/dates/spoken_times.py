"""Times of day -> words: "7.30pm" -> "seven thirty P-M"."""

from __future__ import annotations

import re
from functools import lru_cache

from bulletin.normalization.language_tables import Tongue
from bulletin.normalization.letters.title_abbreviations import stop_after
from bulletin.normalization.numbers.number_patterns import END, START

_HALF = r"(?P<half>[ap])(?:\.m\.?|m)(?![\w])"
_CLOCK = r"(?P<hour>1[0-2]|0?[1-9])(?:[.:](?P<minute>[0-5]\d))?"
_FIRST = r"(?P<first>(?P<from>1[0-2]|0?[1-9])(?:[.:](?P<past>[0-5]\d))?(?: ?(?P<early>[ap])(?:\.m\.?|m))?(?: ?[-–] ?| to ))?"
_TWELVE = re.compile(rf"{START}{_FIRST}{_CLOCK} ?{_HALF}", re.IGNORECASE)
_MILITARY = re.compile(
    rf"{START}(?P<hour>[01]\d|2[0-3]):?(?P<minute>[0-5]\d)(?:(?= ?(?:GMT|BST|UTC|CET|hours)\b)| ?(?P<hrs>hrs)\b)"
)
_LONG = re.compile(rf"{START}(\d{{1,2}}):([0-5]\d):([0-5]\d)(?:\.(\d{{1,3}}))?{END}")
_TRAIN = re.compile(
    rf"(\b[Tt]he )(?P<hour>[01]?\d|2[0-3])(?:\.|(?<=[ ]\d\d))(?P<minute>[0-5]\d){END}(?= (?:(?:to|from|at) [A-Z]|(?:service|train|departure|bus|ferry|crossing)\b))"
)
_EVENING = re.compile(
    rf"(\b[Aa]t )(?P<hour>1[3-9]|2[0-3])\.(?P<minute>[0-5]\d){END}(?= (?:on [A-Z]|GMT\b|BST\b|today\b|yesterday\b|local\b))"
)
_HOURS = re.compile(r"(?<![\w.,])(\d{1,2}) ?h(?:rs?)? ?(\d{1,2}) ?m(?:ins?)?(?!\w)")
_TO_CLOCK = re.compile(rf"{START}((?:[01]?\d|2[0-3]):[0-5]\d) ?[-–] ?(?=(?:[01]?\d|2[0-3]):[0-5]\d{END})")
_SHIFT = re.compile(
    rf"{START}(0\d)([0-5]\d) ?(to|until|and|[-–]) ?([01]\d|2[0-3])([0-5]\d){END}(?! (?:GMT|BST|UTC|hours|hrs))"
)
_NOON = re.compile(r"\b([Nn]oon|[Mm]idday|[Mm]idnight) ?[-–] ?(?=\d)")
_LAP = re.compile(rf"{START}(\d{{1,2}}):([0-5]\d\.\d{{1,3}}){END}")


def say_times(text: str, tongue: Tongue) -> str:
    """
    Say times of day: twelve-hour ones with am and pm, 24-hour ones, and "at 7.30" without either.

    208 in 604 articles. A full stop between hour and minutes is British print (Guardian style guide, "times");
    without "am" or "pm" (none in 604) it is how a station's own words and its travel feed write, as is "09:00-17:00".
    Without the rule for "2h 15m" (none) the minutes would be millions. Trains ("the 11.32 to London"), evenings ("at
    21.40 on Friday"), shifts ("0600 to 2330"), "noon-2pm", race times and laps: rare in national news (1 of 604
    articles), common in travel, listings and sport of local feeds.

    >>> from bulletin.normalization.normalize import make_speakable
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
    """
    text = _NOON.sub(rf"\1 {tongue.word('to')} ", text)
    text = _TO_CLOCK.sub(rf"\1 {tongue.word('to')} ", text)
    text = _SHIFT.sub(r"\1:\2 \3 \4:\5", text)
    text = _TWELVE.sub(lambda m: _say_twelve(m, tongue), text)
    text = _HOURS.sub(r"\1 hrs \2 mins", text)
    text = _LONG.sub(lambda m: " ".join(tongue.number(part) for part in m.groups() if part), text)
    text = _LAP.sub(lambda m: f"{tongue.number(m[1])} {tongue.number(m[2])}", text)
    text = _MILITARY.sub(lambda m: _say_military(m, tongue), text)
    text = _twenty_four(tongue).sub(lambda m: _say_clock(m["hour"], m["minute"], tongue), text)
    for pattern in (_TRAIN, _EVENING):
        text = pattern.sub(lambda m: m[1] + _say_clock(m["hour"], m["minute"], tongue), text)
    return _dotted(tongue).sub(lambda m: m[1] + _say_clock(m["hour"], m["minute"], tongue), text)


@lru_cache(maxsize=16)
def _twenty_four(tongue: Tongue) -> re.Pattern[str]:
    return re.compile(
        rf"{START}(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d){END}(?!:)(?: {re.escape(tongue.word('o_clock'))}(?!\w))?"
    )


@lru_cache(maxsize=16)
def _dotted(tongue: Tongue) -> re.Pattern[str]:
    """A full stop between hour and minutes, in steps of five: prices and rates seldom look so after "at"."""
    before = tongue.any_of("at_a_time")
    return re.compile(
        rf"(\b(?:{before}) )(?P<hour>1[0-2]|[1-9])\.(?P<minute>[0-5][05]){END}(?!%| ?(?:m|million|bn|billion|per|pc|percent|points?|pts|seconds?|secs|metres|am|pm|°)\b)"
    )


def _say_twelve(match: re.Match[str], tongue: Tongue) -> str:
    half = tongue.word("am" if match["half"].lower() == "a" else "pm")
    spoken = f"{_minutes(match['hour'], match['minute'], tongue)} {half}"
    if match["first"]:
        early = "" if match["early"] is None else " " + tongue.word("am" if match["early"] in "aA" else "pm")
        spoken = f"{_minutes(match['from'], match['past'], tongue)}{early} {tongue.word('to')} {spoken}"
    return spoken + stop_after(match, tongue)


def _say_clock(hour: str, minute: str, tongue: Tongue, *, military: bool = False) -> str:
    """ "09:15" -> "nine fifteen", "07:00" -> "seven o'clock", "19:00" -> "seven P-M", "1800 GMT" -> "eighteen hundred"."""
    if tongue.word("clock") == "24":
        spoken = f"{tongue.numbers.spell(int(hour))} {tongue.word('o_clock')}"
        return spoken if minute == "00" else f"{spoken} {tongue.numbers.spell(int(minute))}"
    if minute != "00":
        return _minutes(hour if int(hour) else "0", minute, tongue)
    if military:
        return f"{tongue.numbers.spell(int(hour))} {tongue.word('hundred')}"
    if int(hour) == 0:
        return f"{tongue.numbers.spell(12)} {tongue.word('am')}"
    if int(hour) > 12:
        return f"{tongue.numbers.spell(int(hour) - 12)} {tongue.word('pm')}"
    return f"{tongue.numbers.spell(int(hour))} {tongue.word('o_clock')}"


def _say_military(match: re.Match[str], tongue: Tongue) -> str:
    spoken = _say_clock(match["hour"], match["minute"], tongue, military=True)
    return f"{spoken} {tongue.table('units')['hrs'][1]}" if match["hrs"] else spoken


def _minutes(hour: str, minute: str | None, tongue: Tongue) -> str:
    spoken = tongue.numbers.spell(int(hour))
    if minute is None or minute == "00":
        return spoken
    if minute[0] == "0":
        return f"{spoken} {tongue.word('oh')} {tongue.numbers.spell(int(minute))}"
    return f"{spoken} {tongue.numbers.spell(int(minute))}"
