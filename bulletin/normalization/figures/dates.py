"""
Days of a month and spans of years -> words, in the form that [dates] gives.

Source: ISO 8601 for figures alone; order and words of a date are the language's (Unicode CLDR, date patterns).
"""

from __future__ import annotations

import re

from bulletin.language.read_word_lists import either
from bulletin.normalization.figures.grammars.grammar import Grammar, figure
from bulletin.normalization.figures.marks import NEAR, START
from bulletin.normalization.load_number_and_abbreviation_tables import NOWHERE, Tongue

_YEAR = r"(?:1[0-9]|20)\d\d"
"""Example: `say_dates`."""
_LAST_CENTURY = 50
"""Two figures from here on are a year of the last century. Judgement, no source. Example: `_say_figures`."""
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
"""Example: `say_dates`."""
_ISO = rf"{START}(?P<year>{_YEAR})-(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12]\d|3[01])(?!\w)(?:T[\d:]{{4,8}}Z?)?"
"""Example: `say_dates`."""
_NUMERIC = (
    rf"{START}(?P<day>\d\d?)(?P<mark>[./-])(?P<month>\d\d?)(?P=mark)(?P<year>{_YEAR}|\d\d)(?![\w]|[./-]\d)"
)
"""Example: `say_dates`."""
_SHORT = rf"(?P<before>(?<!\w)(?:«before_days») )(?P<day>{_DAY})(?P<mark>[./])(?P<month>0?[1-9]|1[0-2])(?P<stop>\.?)(?![\w]|[./,]\d)"
"""Example: `say_dates`."""
_NAMED = (
    rf"(?:{START}(?P<from>{_DAY})(?:{{mark}})?(?P<glue> ?[-–/] ?| «and» | «to» ))?{START}(?P<day>{_DAY})(?:{{mark}})?"
    r"(?:{joint})(?:(?P<month>«dates.full_months»)(?![^\W\d_])|(?P<short>«dates.short_months»)(?![^\W\d_])\.?)"
    rf"(?:(?:{{with_year}})(?P<year>{_YEAR})(?!\w)(?![-–/]\d))?"
)
"""Example: `say_dates`."""
_SPAN = rf"{START}(?P<first>{_YEAR})(?P<mark> ?[-–/] ?)(?P<last>{_YEAR}|\d\d)(?![\w]|[-–/.,]\d)"
"""Example: `say_spans`."""


def say_dates(text: str, tongue: Tongue, grammar: Grammar) -> str:
    """
    Say days of a month, written with the month's name or in figures; a day without a year needs a word before it.

    >>> from bulletin.normalization.normalize_text import make_speakable
    >>> make_speakable("am 3.12.2026, 3.-5. Dezember, 2026-12-03", language="de")
    'am dritten Dezember zweitausendsechsundzwanzig, dritter bis fünfter Dezember, dritter Dezember zweitausendsechsundzwanzig'
    """
    dates = tongue.tables["dates"]
    if dates.get("day_month", NOWHERE) == NOWHERE:
        return text

    def say_figures(match: re.Match[str], _: Tongue) -> str:
        return _say_figures(match, tongue, grammar)

    for pattern in (_ISO, _NUMERIC, _SHORT):
        text = tongue.sub(pattern, say_figures, text)
    for short, full in dates["days"].items():
        if short != full and short in text:
            text = re.sub(rf"(?<!\w){re.escape(short)}(?=,? \d)", full, text)
    return tongue.sub(_named(tongue), lambda m, _: _say_named(m, tongue, grammar), text)


def say_spans(text: str, tongue: Tongue, grammar: Grammar) -> str:
    """
    Say spans of years: with "to", but a season ("2025/26") as its two years.

    >>> from bulletin.normalization.normalize_text import make_speakable
    >>> make_speakable("2020-2025, Saison 2025/26", language="de")
    'zweitausendzwanzig bis zweitausendfünfundzwanzig, Saison zweitausendfünfundzwanzig sechsundzwanzig'
    """

    def say(match: re.Match[str], _: Tongue) -> str:
        first, last, mark = match["first"], match["last"], match["mark"].strip()
        if len(last) == 2 and int(last) <= int(first[2:]) and (first[2:], last) != ("99", "00"):
            return match[0]
        is_season = mark == "/" or (int(last[-2:]) == (int(first[2:]) + 1) % 100 and len(last) == 2)
        if is_season and len(last) == 2:
            end = figure(last, tongue, grammar)
            return f"{tongue.year(first)} {end}"
        end = tongue.year(last if len(last) == 4 else first[:2] + last)
        return f"{tongue.year(first)} {tongue.word('and') if is_season else tongue.word('to')} {end}"

    return tongue.sub(_SPAN, say, text)


def _named(tongue: Tongue) -> str:
    """
    Pattern of a day with a month's name; the words between them are those of [dates].

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> bool(load_tongue("de").pattern(_named(load_tongue("de"))).search("am 3. Dezember"))
    True
    """
    dates = tongue.tables["dates"]
    joints = {dates["day_month"].partition("{day}")[2].partition("{month}")[0], " ", "-", "."}
    years = {dates.get("with_year", "{date} {year}").partition("{date}")[2].partition("{year}")[0], " ", ", "}
    marks = dates.get("day_marks") or tongue.tables["words"].get("ordinal_marks", NOWHERE)
    blanks = either(joint for joint in joints if joint.strip(" .-"))
    joint = rf"(?:{blanks})| |(?<=\.)|-"
    return _NAMED.format(mark=f"{marks}|\\.", joint=joint, with_year=either(years))


def _say_named(match: re.Match[str], tongue: Tongue, grammar: Grammar) -> str:
    """
    Day or span of days with its month, and its year.

    >>> from bulletin.normalization.figures.grammars.load_grammar import load_grammar
    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> tongue, grammar = load_tongue("de"), load_grammar("de")
    >>> tongue.sub(_named(tongue), lambda match, _: _say_named(match, tongue, grammar), "am 3. Dez. 2026")
    'am dritten Dezember zweitausendsechsundzwanzig'
    >>> tongue.sub(_named(tongue), lambda match, _: _say_named(match, tongue, grammar), "Sie kam am 3. Dez.")
    'Sie kam am dritten Dezember.'
    """
    dates = tongue.tables["dates"]
    month = dates["months"][match["month"] or match["short"]]
    before = match.string[max(0, match.start() - NEAR) : match.start()]
    day = grammar.day(int(match["day"]), tongue, before=before)
    if match["from"]:
        glue = match["glue"].strip()
        word = tongue.word("to") if glue in "-–" else tongue.word("and") if glue == "/" else glue
        day = f"{grammar.day(int(match['from']), tongue, before=before)} {word} {day}"
    # the full stop behind a whole name, or at the end of the text, ends the sentence: "il 12 Ottobre."
    is_whole = (match["short"] or "").casefold() == month.casefold()
    is_last = not match.string[match.end() : match.end() + NEAR].strip()
    stop = "." if match[0].endswith(".") and (is_whole or is_last) else ""
    return _join(day, month, match["year"], tongue) + stop


def _say_figures(match: re.Match[str], tongue: Tongue, grammar: Grammar) -> str:
    """
    A date in figures, in the language's order unless that makes a thirteenth month; others stay as printed.

    >>> from bulletin.normalization.figures.grammars.load_grammar import load_grammar
    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> tongue, grammar = load_tongue("de"), load_grammar("de")
    >>> tongue.sub(_NUMERIC, lambda match, _: _say_figures(match, tongue, grammar), "3.12.26, 45.13.26")
    'dritter Dezember zweitausendsechsundzwanzig, 45.13.26'
    >>> tongue.sub(_NUMERIC, lambda match, _: _say_figures(match, tongue, grammar), "19.11.93")
    'neunzehnter November neunzehnhundertdreiundneunzig'
    """
    parts = match.groupdict()
    day, month, year = int(parts["day"]), int(parts["month"]), parts.get("year") or ""
    if parts.get("mark") and tongue.tables["dates"].get("numeric") == "mdy":
        day, month = month, day
    if month > 12 and parts.get("mark") != ".":
        day, month = month, day
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return match[0]
    before = match.string[max(0, match.start() - NEAR) : match.start()] + (parts.get("before") or "")
    names = list(dict.fromkeys(tongue.tables["dates"]["months"].values()))
    if len(names) < 12:
        return match[0]
    spoken = _join(
        grammar.day(day, tongue, before=before),
        names[month - 1],
        f"{19 if int(year) >= _LAST_CENTURY else 20}{year}" if len(year) == 2 else year,
        tongue,
    )
    is_end = parts.get("stop") and not match.string[match.end() : match.end() + NEAR].strip()
    return f"{parts.get('before') or ''}{spoken}{'.' if is_end else ''}"


def _join(day: str, month: str, year: str | None, tongue: Tongue) -> str:
    """
    Day, month and year in the language's form.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> _join("dritter", "Mai", "2026", load_tongue("de"))
    'dritter Mai zweitausendsechsundzwanzig'
    """
    dates = tongue.tables["dates"]
    date = str(dates["day_month"]).format(day=day, month=month)
    return dates.get("with_year", "{date} {year}").format(date=date, year=tongue.year(year)) if year else date
