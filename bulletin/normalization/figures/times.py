"""
Times of day -> words: "18.30 Uhr", "18h30", "18:30 horas", by the forms that [times] prints and says.

Source: ISO 8601 for the 24-hour clock; the forms are those of each language's press.
"""

from __future__ import annotations

import re

from bulletin.normalization.figures.grammars.grammar import Grammar, counted
from bulletin.normalization.figures.marks import START
from bulletin.normalization.load_number_and_abbreviation_tables import Tongue

_HOUR = r"(?P<hour>[01]?\d|2[0-4])"
"""Example: `say_times`."""
_MINUTE = r"(?P<minute>[0-5]\d)"
"""Example: `say_times`."""
_RACE = rf"{START}(?P<h>\d{{1,2}}):(?P<min>[0-5]\d):(?P<sec>[0-5]\d)(?![\w]|[:.,]\d)"
"""Hours, minutes and seconds that a race took. Example: `say_times`."""
_NEAR = 60
"""Characters on either side in which a word of sport makes "21:15" a score. Example: `say_times`."""


def say_times(text: str, tongue: Tongue, grammar: Grammar) -> str:
    """
    Say times of day; one without a unit is a score beside a word of sport.

    >>> from bulletin.normalization.normalize_text import make_speakable
    >>> make_speakable("um 18.30 Uhr, 7:05 Uhr und 1 Uhr, in 2:04:23", language="de")
    'um achtzehn Uhr dreißig, sieben Uhr fünf und ein Uhr, in zwei Stunden vier Minuten dreiundzwanzig Sekunden'
    """
    times = tongue.tables.get("times", {})

    def say(match: re.Match[str], _: Tongue) -> str:
        return _say(match, tongue, grammar)

    def say_bare(match: re.Match[str], _: Tongue) -> str:
        return match[0] if _is_near_sport(match, tongue) else _say(match, tongue, grammar)

    text = tongue.sub(_RACE, lambda match, _: _say_race(match, tongue, grammar), text)
    for print_form in sorted(times.get("print", ()), key=len, reverse=True):
        form = re.escape(print_form).replace(r"\{hour\}", _HOUR).replace(r"\{minute\}", _MINUTE)
        if "{minute}" in print_form and not print_form.endswith("{minute}"):
            # "9.00 bis 12.00 Uhr"
            first = rf"{START}{_HOUR}[.:]{_MINUTE}(?= ?(?:«to»|«and»|[-–]) ?{_unnamed(form)})"
            text = tongue.sub(first, say, text)
        is_bare = not re.search(r"[^\W\d_]", re.sub(r"\{\w+\}", "", print_form))
        text = tongue.sub(rf"{START}{form}(?!\w)(?![:.,]\d)", say_bare if is_bare else say, text)
    if after := times.get("after"):
        words = "|".join(map(re.escape, after))
        text = tongue.sub(
            rf"(?P<before>(?<!\w)(?:{words}) ){_HOUR}[.:h]{_MINUTE}(?!\w)(?![:.,]\d)", say, text
        )
    return text


def _say_race(match: re.Match[str], tongue: Tongue, grammar: Grammar) -> str:
    """
    Time that a race took, in the language's units; none is left out but noughts.

    >>> from bulletin.normalization.figures.grammars.load_grammar import load_grammar
    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> _say_race(re.search(_RACE, "1:00:07"), load_tongue("de"), load_grammar("de"))
    'eine Stunde sieben Sekunden'
    """
    units = tongue.tables["units"]
    parts = [(str(int(match[name])), units.get(name)) for name in ("h", "min", "sec")]
    if not all(forms for _, forms in parts):
        return match[0]
    return " ".join(
        counted(number, forms, tongue, grammar) for number, forms in parts if number != "0" and forms
    )


def _unnamed(form: str) -> str:
    """
    A form of a time without names of its groups, to look ahead.

    >>> _unnamed("(?P<hour>[01])h")
    '(?:[01])h'
    """
    return re.sub(r"\(\?P<\w+>", "(?:", form)


def _is_near_sport(match: re.Match[str], tongue: Tongue) -> bool:
    """
    Whether a word of sport stands near "21:15".

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> [_is_near_sport(re.search("21:15", text), load_tongue("de")) for text in ("Sieg mit 21:15", "um 21:15")]
    [True, False]
    """
    near = match.string[max(0, match.start() - _NEAR) : match.end() + _NEAR].casefold()
    return not {word.casefold() for word in tongue.words("score_words")}.isdisjoint(re.findall(r"\w+", near))


def _say(match: re.Match[str], tongue: Tongue, grammar: Grammar) -> str:
    """
    Time in the language's form for a full hour or for minutes.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> _say(re.search(f"{_HOUR}:{_MINUTE}", "1:05"), load_tongue("de"), Grammar())
    'ein Uhr fünf'
    """
    times, parts = tongue.tables["times"], match.groupdict()
    hour, minute = int(parts["hour"]), int(parts.get("minute") or 0)
    if own := grammar.time(hour, minute, tongue):
        return f"{parts.get('before') or ''}{own}"
    rules = f"cardinal_{times['gender']}" if times.get("gender") else "cardinal"
    spoken = tongue.numbers.spell(hour, rules if tongue.numbers.has(rules) else "cardinal")
    name = "minutes" if minute else "full"
    form = times.get(f"{name}_one", times[name]) if hour == 1 else times[name]
    said = form.format(hour=spoken, minute=tongue.numbers.spell(minute, "cardinal"))
    return f"{parts.get('before') or ''}{said}"
