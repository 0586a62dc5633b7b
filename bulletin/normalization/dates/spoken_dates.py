"""
Days, years and seasons -> words: "18 June 2023" -> "the eighteenth of June twenty twenty-three".

Source: the order of day and month is that of British print (Guardian style guide, "dates") or American (AP
Stylebook, "dates"), figures alone are ISO 8601 or the language's order, years are said in pairs (Unicode CLDR,
rule set "spellout-numbering-year"); counts in the 604 fresh articles: `python -m bench.normalization_matches`.
"""

from __future__ import annotations

import re

from bulletin.normalization.letters.expand_titles_and_place_names import stop_after
from bulletin.normalization.load_number_and_abbreviation_tables import Tongue
from bulletin.normalization.numbers.number_patterns import END, START
from bulletin.normalization.numbers.spell_numbers_and_symbols import many

_YEAR = r"(?:1[0-9]|20)\d\d"
"""Example: `say_spans`."""
_ISO = rf"{START}(?P<year>{_YEAR})-(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12]\d|3[01])(?:T\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?)?{END}"
"""Example: `say_dates`."""
_NUMERIC = (
    rf"{START}(?P<day>\d\d?)(?P<mark>[/.-])(?P<month>\d\d?)(?P=mark)(?P<year>{_YEAR}|(?<=/)\d\d){END}(?![/-])"
)
"""Example: `say_dates`."""
_DOTTED = rf"{START}(?P<day>\d\d)\.(?P<month>\d\d)\.(?P<year>[23]\d){END}(?!\.\d)"
"""Example: `say_dates`."""
_DAY_AND_MONTH = (
    rf"(?P<before>(?<!\w)(?:«before_days») )(?P<day>\d\d?)/(?P<month>\d\d?){END}(?!/)(?! [a-z]+s\b)"
)
"""Day and month in figures; the word before them distinguishes them from a fraction. Example: `say_dates`."""
_WEEKDAYS = r"(?<!\w)(«dates.days»)\.? ?[-–/] ?(«dates.days»)(?!\w)"
"""Short days are words ("sat", "the Sun") unless two of them are joined. Example: `say_dates`."""

_MONTH = r"(?:(?P<month>«dates.full_months»)(?![A-Za-z])|(?P<short>«dates.short_months»)(?![A-Za-z])\.?)"
"""Example: `say_dates`."""
_DAY = r"(?P<day>[12]?\d|3[01])(?:«ordinal_marks»)?(?!\w)"
"""Example: `say_dates`."""
_SPAN = r"(?:(?P<first>[12]?\d|3[01])(?:«ordinal_marks»)?(?: ?[-–] ?| ?[&/] ?| «to» | «and» ))?"
"""Example: `say_dates`."""
_WEEKDAY = r"(?:(?P<weekday>«dates.days»)\.?,? )?"
"""Example: `say_dates`."""
_OF_YEAR = rf"(?:,? (?P<year>{_YEAR}){END}(?! ?[-–/]\d))?"
"""Example: `say_dates`."""
_DAY_FIRST = rf"{_WEEKDAY}(?:(?P<the>[Tt]he) )?{START}{_SPAN}{_DAY}(?: of)?[ -]{_MONTH}{_OF_YEAR}"
"""Example: `say_dates`."""
_MONTH_FIRST = rf"{_WEEKDAY}(?<![\w-]){_MONTH} (?:(?P<the>[Tt]he) )?{_SPAN}{_DAY}(?![.,:]\d)(?! ?[-–%]\d)(?! [ap]\.?m\b){_OF_YEAR}"
"""Example: `say_dates`."""

_FULL_SPAN = rf"{START}({_YEAR}) ?[-–/] ?({_YEAR}){END}(?![-–/]\d)"
"""Example: `say_spans`."""
_SHORT_SPAN = rf"{START}({_YEAR})([-–/])(\d\d){END}(?![-–/]\d)"
"""Example: `say_spans`."""
_DECADE = r"(?<![\w.,])'?(?P<century>1\d|20)?(?P<decade>\d)0'?s(?!\w)"
"""Example: `say_spans`."""


def say_dates(text: str, tongue: Tongue) -> str:
    """
    Say days of a month, written with the month's name or in figures.

    A day is an ordinal and a year is said in pairs, as English speakers read them; the language gives the
    order of "4/5/2026". There are 582 dates with a month's name in 604 articles. Figures alone match under
    three times (ISO 8601 1, "18/06/2023" 1, "24.11.26", "on 24/11" and "Mon-Fri" none), because the articles
    hold no travel news. They are kept, because no listener finds the day in "twenty-four point one one point
    two six", and "on 05/11" would be "five out of eleven". "24/11" is a fraction without "on", "from",
    "until" or "dated" before it.

    >>> from bulletin.normalization.normalize_text import make_speakable
    >>> make_speakable("on 18 June 2023")
    'on the eighteenth of June twenty twenty-three'
    >>> make_speakable("4/5/2026", language="en-US")
    'April fifth twenty twenty-six'
    >>> make_speakable("Closed Mon-Fri 3-7 March.")
    'Closed Monday to Friday the third to the seventh of March.'
    >>> make_speakable("on 05/11, from 24.11.26")
    'on the fifth of November, from the twenty-fourth of November twenty twenty-six'
    >>> make_speakable("on 2026-11-24, by Nov 5, 2026")
    'on the twenty-fourth of November twenty twenty-six, by November the fifth twenty twenty-six'
    """
    days = tongue.tables["dates"]["days"]
    text = tongue.sub(_ISO, lambda m, _: _say_day(m["day"], m["month"], m["year"], tongue), text)
    text = tongue.sub(_NUMERIC, _say_numeric, text)
    text = tongue.sub(_DOTTED, _say_numeric, text)
    text = tongue.sub(_DAY_AND_MONTH, _say_without_year, text)
    text = tongue.sub(_WEEKDAYS, lambda m, _: f"{days[m[1]]} {tongue.word('to')} {days[m[2]]}", text)
    text = tongue.sub(_DAY_FIRST, _say_date, text)
    return tongue.sub(_MONTH_FIRST, _say_date, text)


def say_spans(text: str, tongue: Tongue) -> str:
    """
    Say spans of years, seasons and decades; 100 of them in 604 articles.

    A season of two years has no "to" (sports desks' usage), a century's "s" is a plural.

    >>> from bulletin.normalization.normalize_text import make_speakable
    >>> make_speakable("from 2010-12")
    'from twenty ten to twenty twelve'
    >>> make_speakable("in the 2023/24 season")
    'in the twenty twenty-three twenty-four season'
    >>> make_speakable("the 1990s and '60s")
    'the nineteen nineties and sixties'
    >>> make_speakable("from 1914-1918 to the summer of '68")
    'from nineteen fourteen to nineteen eighteen to the summer of sixty-eight'
    """
    text = tongue.sub(
        _FULL_SPAN, lambda m, _: f"{tongue.year(m[1])} {tongue.word('to')} {tongue.year(m[2])}", text
    )
    text = tongue.sub(_SHORT_SPAN, _say_short_span, text)
    text = tongue.sub(_DECADE, _say_decade, text)
    return tongue.sub(r"(?<![\w'])'(\d\d)(?![\w'])", lambda m, _: tongue.whole(m[1]), text)


def _say_date(match: re.Match[str], tongue: Tongue) -> str:
    """
    Date with the month's name: the day is an ordinal, and a hyphen between two days is "to".

    The language gives the order and the article ("the third of March", "March third").

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> load_tongue("en-GB").sub(_DAY_FIRST, _say_date, "Sat 3-7 March, 3 & 7 March 2026")
    'Saturday the third to the seventh of March, the third and the seventh of March twenty twenty-six'
    >>> load_tongue("en-US").sub(_MONTH_FIRST, _say_date, "on Mar. 3")
    'on March third'
    """
    dates = tongue.tables["dates"]
    month = dates["months"][match["month"] or match["short"]]
    is_day_first = match.start("day") < max(match.start("month"), match.start("short"))
    form = dates["day_month" if is_day_first else "month_day"]
    day = tongue.ordinal(int(match["day"]))
    if match["first"]:
        is_two = f" {tongue.word('and')} " in match[0] or re.search(r"\d(?:\w\w)? ?[&/]", match[0])
        glue = tongue.word("and") if is_two else tongue.word("to")
        the = "the " if "the {day}" in form else ""
        day = f"{tongue.ordinal(int(match['first']))} {glue} {the}{day}"
    spoken = str(form.format(day=day, month=month))
    if match["the"] == "The" and match["weekday"] is None:
        spoken = spoken[0].upper() + spoken[1:]
    weekday = f"{dates['days'][match['weekday']]} " if match["weekday"] else ""
    year = f" {tongue.year(match['year'])}" if match["year"] else ""
    return weekday + spoken + year + stop_after(match, tongue)


def _say_numeric(match: re.Match[str], tongue: Tongue) -> str:
    """
    Date in figures, in the order of the language, unless that makes a thirteenth month.

    A dotted date with two figures of the year is never turned round, because it may be a version. Impossible
    dates stay as printed.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> load_tongue("en-GB").sub(_NUMERIC, _say_numeric, "4/5/2026, 12/25/2026, 45/13/2026")
    'the fourth of May twenty twenty-six, the twenty-fifth of December twenty twenty-six, 45/13/2026'
    >>> load_tongue("en-GB").sub(_DOTTED, _say_numeric, "24.11.26, version 12.25.26")
    'the twenty-fourth of November twenty twenty-six, version 12.25.26'
    """
    first, second = int(match["day"]), int(match["month"])
    day, month = (first, second) if tongue.tables["dates"]["numeric"] == "dmy" else (second, first)
    # "12.25.26" is no date: a dotted one stands in the order of the language, or is a version
    is_short = len(match["year"]) == 2 and "." in match[0]
    if month > 12 and not is_short:
        day, month = month, day
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return match[0]
    return _say_day(day, month, f"20{match['year']}" if len(match["year"]) == 2 else match["year"], tongue)


def _say_without_year(match: re.Match[str], tongue: Tongue) -> str:
    """
    Day and month without a year, only where the first figure can be nothing but a day.

    That is a figure above twelve or with a nought; "on 5/11" stays, because it may be a fraction or in May.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> load_tongue("en-GB").sub(_DAY_AND_MONTH, _say_without_year, "on 24/11, on 05/11, on 5/11")
    'on the twenty-fourth of November, on the fifth of November, on 5/11'
    """
    day, month = int(match["day"]), int(match["month"])
    if day > 31 or not 1 <= month <= 12 or (day <= 12 and match["day"][0] != "0"):
        return match[0]
    return match["before"] + _say_day(day, month, "", tongue)


def _say_day(day: int | str, month: int | str, year: str, tongue: Tongue) -> str:
    """
    Day of a month in the form of the language, with the year if there is one.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> _say_day("18", "06", "2023", load_tongue("en-GB")), _say_day(18, 6, "", load_tongue("en-US"))
    ('the eighteenth of June twenty twenty-three', 'June eighteenth')
    """
    dates = tongue.tables["dates"]
    names = list(dict.fromkeys(dates["months"].values()))
    spoken: str = dates["day_month"].format(day=tongue.ordinal(int(day)), month=names[int(month) - 1])
    return f"{spoken} {tongue.year(year)}" if year else spoken


def _say_short_span(match: re.Match[str], tongue: Tongue) -> str:
    """
    Span of years with a short end: "to" between them, but nothing in a season of two years.

    The season is sports desks' usage. Figures that do not rise are no span and stay as printed.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> load_tongue("en-GB").sub(_SHORT_SPAN, _say_short_span, "2010-12, 2023-24 season")
    'twenty ten to twenty twelve, twenty twenty-three twenty-four season'
    >>> load_tongue("en-GB").sub(_SHORT_SPAN, _say_short_span, "flight 2010-05")
    'flight 2010-05'
    """
    first, mark, last = int(match[1]), match[2], int(match[3])
    if last <= first % 100 and not (last == 0 and first % 100 == 99):
        return match[0]
    season = mark == "/" or re.match(
        r" (?:season|campaign|academic|tax|financial|school)", match.string[match.end() :][:12]
    )
    glue = " " if season and (last - first) % 100 == 1 else f" {tongue.word('to')} "
    if glue == " " and last < 10:
        return f"{tongue.year(match[1])}{glue}{tongue.whole(match[3])}"
    century = first // 100 + (last == 0)
    spoken = tongue.whole(match[3]) if glue == " " else tongue.year(str(century * 100 + last))
    return f"{tongue.year(match[1])}{glue}{spoken}"


def _say_decade(match: re.Match[str], tongue: Tongue) -> str:
    """
    Decade in the plural; "10's" stays, because it is the door of "No 10".

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> load_tongue("en-GB").sub(_DECADE, _say_decade, "1990s, '60s, 2000s, 2010s, 1900s, No 10's")
    "nineteen nineties, sixties, two thousands, twenty tens, nineteen hundreds, No 10's"
    """
    if match[0] == "10's":
        return match[0]  # "No 10's" door
    tens = int(match["decade"]) * 10
    century = int(match["century"]) if match["century"] else 0
    if not tens and (not century or century % 10 == 0):
        return many(tongue.whole(str(century * 100)))
    if not tens:
        return many(tongue.year(century * 100))
    spoken = many(tongue.whole(str(tens)))
    return f"{tongue.whole(str(century))} {spoken}" if century else spoken
