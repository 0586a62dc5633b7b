"""
Figures that French and Spanish print alike: seasons, heights, names with a year.

Source: Imprimerie nationale, "Lexique des règles typographiques" (years), and Real Academia Española, "Ortografía de la
lengua española" (years, units): what is printed with a dash or a unit sign is read as people say it.
"""

from __future__ import annotations

import re

from bulletin.normalization.load_number_and_abbreviation_tables import Tongue

TIMES = re.compile(r"(?<=\d) ?[x×] ?(?=\d)")
"""
The sign between two measures.

>>> TIMES.sub(" sur ", "3 x 4")
'3 sur 4'
"""
_TALL = re.compile(r"(?<![\w.,])(?P<metres>[1-9])(?:,(?P<rest>[1-9]\d) ?m|m(?P<short>[1-9]\d))(?![\w²³/])")
"""Example: `say_heights`."""
_NAMED_YEAR = re.compile(r"(?<=[^\W\d_])-(?=(?:19|20)\d\d(?![\w-]))")
"""Example: `part_named_years`."""
_SEASON = re.compile(
    r"(?<![\w.,:/-])(?P<first>(?:19|20)\d\d)[-–/](?P<last>(?:19|20)\d\d)(?![\w-])",
)
"""Example: `part_seasons`."""


def say_heights(text: str, tongue: Tongue) -> str:
    """
    Heights as people say them, and no decimals.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> say_heights("1m80", load_tongue("fr")), say_heights("1,80 m", load_tongue("es"))
    ('un mètre quatre-vingts', 'un metro ochenta')
    """
    one, many = tongue.tables["units"]["m"]

    def say(match: re.Match[str]) -> str:
        metres = tongue.numbers.spell(int(match["metres"]), "cardinal_m")
        rest = tongue.numbers.spell(int(match["rest"] or match["short"]), "cardinal")
        return f"{metres} {one if match['metres'] == '1' else many} {rest}"

    return _TALL.sub(say, text)


def part_named_years(text: str) -> str:
    """
    Year behind a name, apart from it, since a hyphen would be read as a sign.

    >>> part_named_years("les JO-2024")
    'les JO 2024'
    """
    return _NAMED_YEAR.sub(" ", text)


def part_seasons(text: str) -> str:
    """
    Two years in a row are a season, and have no word between them.

    >>> part_seasons("2023-2024"), part_seasons("2015-2020")
    ('2023 2024', '2015-2020')
    """

    def part(match: re.Match[str]) -> str:
        is_season = int(match["last"]) == int(match["first"]) + 1
        return f"{match['first']} {match['last']}" if is_season else match[0]

    return _SEASON.sub(part, text)
