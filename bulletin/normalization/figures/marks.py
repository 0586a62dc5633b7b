"""
Marks within written figures -> one form for all languages: "1.234,5" and "1 234,5" -> "1234,5".

Source: decimal and group marks of Unicode CLDR; the International System of Units parts groups of three by a space.
"""

from __future__ import annotations

import re

from bulletin.normalization.load_number_and_abbreviation_tables import Tongue

NEAR = 80
"""
Characters on either side of a figure that a rule reads: a whole text for each figure would take quadratic time.

Example: `counts.say_numbers`.
"""
NUMBER = r"\d{1,15}(?:,\d{1,15})?"
"""A figure after `unify_marks`. Example: `amounts.say_units`."""
START = r"(?<![\w.,])"
"""Before a figure. Example: `amounts.say_units`."""
_SIGNS = r"(?P<minus>(?<![\w)])-)?"
"""Example: `amounts.say_units`."""
SIGNED = rf"{START}{_SIGNS}(?P<number>{NUMBER})"
"""A figure, and its minus. Example: `amounts.say_units`."""
_GROUPED = r"\+\d[\d ]*|(?<![\w.,])(?P<whole>[1-9]\d{{0,2}}(?:(?P<mark>[{marks}])\d{{3}})(?:(?P=mark)\d{{3}}){{0,4}})(?![\d]|[{marks}]\d)"
"""A number with groups of thousands, or a telephone number, which keeps its groups. Example: `unify_marks`."""


COUNT = "\u2063"
"""
Invisible separator before a figure with a mark between thousands, behind a word that a year follows.

Example: `unify_marks`.
"""


def unify_marks(text: str, tongue: Tongue) -> str:
    """
    Remove the marks between thousands, and write the decimal mark as a comma; a figure with such a mark is no year.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> unify_marks("1.234.567,50 Euro, 10 000 Fans, 18.30 Uhr, am 3.12.", load_tongue("de"))
    '1234567,50 Euro, 10000 Fans, 18.30 Uhr, am 3.12.'
    >>> unify_marks("im November 1.246 Fälle", load_tongue("de")) == f"im November {COUNT}1246 Fälle"
    True
    >>> unify_marks("1,234.5 km", load_tongue("es-MX"))
    '1234,5 km'
    """
    is_comma = tongue.word("decimal_mark") == ","
    pattern = _GROUPED.format(marks=".' " if is_comma else ",' ")
    years = tongue.words("year_words")

    def unify(match: re.Match[str]) -> str:
        if not match["whole"]:
            return match[0]
        before = match.string[max(0, match.start() - NEAR) : match.start()].rstrip().rpartition(" ")[2]
        return (COUNT if before in years else "") + match["whole"].replace(match["mark"], "")

    text = re.sub(pattern, unify, text)
    return text if is_comma else re.sub(r"(?<![\w.,])(\d{1,15})\.(?=\d{1,15}(?![\d.,]))", r"\1,", text)
