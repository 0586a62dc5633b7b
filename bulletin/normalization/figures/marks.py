"""
Marks within written figures -> one form for all languages: "1.234,5" and "1 234,5" -> "1234,5".

Source: decimal and group marks of Unicode CLDR; the International System of Units parts groups of three by a space.
"""

from __future__ import annotations

import re
from functools import lru_cache

from bulletin.language.read_word_lists import either
from bulletin.normalization.load_number_and_abbreviation_tables import Tongue

NEAR = 80
"""
Characters on either side of a figure that a rule reads: a whole text for each figure would take quadratic time.

Example: `counts.say_numbers`.
"""
NUMBER = r"\d{1,15}(?:,\d{1,15})?"
"""A figure after `unify_marks`. Example: `amounts.say_units`."""
GROUPED = "\ue001"
"""
Before a number with marks between its thousands, which is no year and no telephone number: a private-use character,
as `NOWHERE`.

Example: `unify_marks`.
"""
START = r"(?<![\w.,])"
"""Before a figure. Example: `amounts.say_units`."""
_SIGNS = r"(?P<minus>(?<![\w)])-)?"
"""Example: `amounts.say_units`."""
SIGNED = rf"{START}{_SIGNS}(?P<number>{NUMBER})"
"""A figure, and its minus. Example: `amounts.say_units`."""
_GROUPED = r"\+\d[\d ]*|(?<![\w.,])(?P<whole>[1-9]\d{{0,2}}(?:(?P<mark>[{marks}])\d{{3}})(?:(?P=mark)\d{{3}}){{0,4}})(?![\d]|[{marks}]\d)"
"""A number with groups of thousands, or a telephone number, which keeps its groups. Example: `unify_marks`."""
_NOUGHTS = re.compile(r"(?<![\w.,])[1-9]\d{0,2}(?:,000)+(?![\d]|[.,]\d)")
"""Three noughts behind a comma are no decimals: "220,000", as English prints thousands. Example: `unify_marks`."""
_SWISS = re.compile(r"(?<![\w.,])(\d{1,3}(?:'\d{3})+)\.(?=\d{1,2}(?!\d))")
"""Swiss sum of money, "1'250.50" (Bundeskanzlei, Schreibweisungen, "Geldbeträge"). Example: `unify_marks`."""
_STOPS = re.compile(
    r"(?<![\w.,])(?P<whole>[1-9]\d{0,2}(?=(?P<mark>\.))(?:(?:\.\d{3})*\.000|(?:\.\d{3}){2,4}|(?:\.\d{3})+(?=,\d)))(?![\d]|\.\d)"
)
"""Thousands of a language with a decimal point, in the print of others: "220.000", "1.234.567". Example: `unify_marks`."""


def unify_marks(text: str, tongue: Tongue) -> str:
    """
    Remove the marks between thousands, and write the decimal mark as a comma; a figure with such a mark is no year.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> unify_marks("1.234,50 Euro, 10 000 Fans, 18.30 Uhr, am 3.12.", load_tongue("de"))
    '1234,50 Euro, 10000 Fans, 18.30 Uhr, am 3.12.'
    >>> unify_marks("im November 1.246 Fälle", load_tongue("de")) == f"im November {GROUPED}1246 Fälle"
    True
    >>> unify_marks("1,234.5 km", load_tongue("es-MX"))
    '1234,5 km'
    >>> unify_marks("220,000 Euro, 1.89 Meter", load_tongue("de"))
    '220000 Euro, 1,89 Meter'
    >>> unify_marks("CHF 12.80, 1'250.50 Franken, 2.5 Millionen Franken", load_tongue("de-CH"))
    'CHF 12,80, 1250,50 Franken, 2,5 Millionen Franken'
    >>> unify_marks("220.000 pesos, 1.612,50 puntos, 3.5 km", load_tongue("es-MX"))
    '220000 pesos, 1612,50 puntos, 3,5 km'
    """
    is_comma = tongue.word("decimal_mark") == ","
    pattern = _GROUPED.format(marks=".' " if is_comma else ",' ")
    if is_comma:
        text = _NOUGHTS.sub(lambda m: m[0].replace(",", ""), text)
        text = _SWISS.sub(lambda m: f"{m[1].replace(chr(39), '')},", text)
        text = _point_before_measure(tongue).sub(r"\1,", _point_in_price(tongue).sub(r"\1,", text))
    else:
        text = _STOPS.sub(lambda m: _ungroup(m, tongue), text)
    text = re.sub(pattern, lambda m: _ungroup(m, tongue), text)
    return text if is_comma else re.sub(r"(?<![\w.,])(\d{1,15})\.(?=\d{1,15}(?!\d|[.,]\d))", r"\1,", text)


def _ungroup(match: re.Match[str], tongue: Tongue) -> str:
    """
    Number without the marks between its thousands; a telephone number keeps them.

    A number that a year could be, or with full stops between millions, has `GROUPED` in front of it, where no sign of a
    currency stands.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> pattern = re.compile(_GROUPED.format(marks="."))
    >>> texts = ("rund 1.117", "EUR 1.117", "rund 3.117")
    >>> [pattern.sub(lambda m: _ungroup(m, load_tongue("de")), text) for text in texts]
    ['rund \ue0011117', 'EUR 1117', 'rund 3117']
    """
    if not match["whole"]:
        return match[0]
    before = match.string[max(0, match.start() - NEAR) : match.start()]
    word = before[:-1].rpartition(" ")[2] if before[-1:] == " " else ""
    number = match["whole"].replace(match["mark"], "")
    is_money = word in tongue.tables["currencies"] or not re.match(r"$|[\s(]", before[-1:])
    could_be_year = len(number) == 4 and word[-1:].isalpha() and number < "2100"
    could_be_phone = len(number) > 6 and match["mark"] == "."
    return f"{GROUPED}{number}" if not is_money and (could_be_year or could_be_phone) else number


@lru_cache(maxsize=16)
def _point_in_price(tongue: Tongue) -> re.Pattern[str]:
    r"""
    Hundredths with a point behind the sign of a currency.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> [_point_in_price(load_tongue("de")).sub(r"\1,", text) for text in ("€ 3.50", "EUR 1.117")]
    ['€ 3,50', 'EUR 1.117']
    """
    signs = either(tongue.tables["currencies"])
    return re.compile(rf"(?<!\w)((?:{signs}) ?\d{{1,6}})\.(?=\d\d(?!\d|[.,]\d))")


@lru_cache(maxsize=16)
def _point_before_measure(tongue: Tongue) -> re.Pattern[str]:
    r"""
    Decimals with a point before a measure; "18.30 h" is a time.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> [_point_before_measure(load_tongue("nl")).sub(r"\1,", text) for text in ("1.89 meter", "8.30 uur")]
    ['1,89 meter', '8.30 uur']
    """
    units = tongue.tables["units"]
    times = {name for key in ("h", "min") for name in (key, *units.get(key, ()))}
    counted = [*units.items(), *tongue.tables["currencies"].items(), *tongue.tables["scales"].items()]
    names = {
        name for key, forms in counted for name in (key, *([forms] if isinstance(forms, str) else forms[:2]))
    }
    names -= times
    measures = either(name for name in names if (len(name) > 1 or name in "m%€$£") and " " not in name)
    return re.compile(rf"(?<![\w.,:])(\d{{1,3}})\.(?=\d{{1,2}} ?(?:{measures})(?!\w))")
