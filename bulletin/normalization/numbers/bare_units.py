"""Units without a figure of their own -> words: "per kg", "£3/kg", "measured in µg"."""

from __future__ import annotations

import re
from functools import lru_cache

from bulletin.normalization.language_tables import Tongue, either


def say_bare_units(text: str, tongue: Tongue) -> str:
    """
    Say a unit that has no figure: what is sold or measured by it, and signs that are no words.

    Rare in national news (1 of 604 articles), common in energy prices, property and pollution news of local feeds.

    >>> from bulletin.normalization.normalize import make_speakable
    >>> make_speakable("It costs £3/kg, or £2 per kg, measured in µg per m3.")
    'It costs three pounds per kilogram, or two pounds per kilogram, measured in micrograms per cubic metre.'
    >>> make_speakable("kWh prices")
    'kilowatt hour prices'
    """
    units = tongue.table("units")
    text = _per(tongue).sub(lambda m: f"{m[1]} {units[m[2]][0]}", text)
    text = _share(tongue).sub(lambda m: f" {tongue.word('per')} {units[m[1]][0]}", text)
    return _bare(tongue).sub(lambda m: _say_bare(m, tongue), text)


@lru_cache(maxsize=16)
def _per(tongue: Tongue) -> re.Pattern[str]:
    """ "per kg"."""
    return re.compile(rf"\b([Pp]er) ({either(tongue.table('units'))})(?![\w/])")


@lru_cache(maxsize=16)
def _share(tongue: Tongue) -> re.Pattern[str]:
    """Unit after a slash, once the sum is words: "three pounds/kg"."""
    return re.compile(rf"(?<=[a-z])/({either(tongue.table('units'))})(?![\w/])")


@lru_cache(maxsize=16)
def _bare(tongue: Tongue) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w/.])({either(tongue.table('bare_units')['forms'])})(?![\w/])")


def _say_bare(match: re.Match[str], tongue: Tongue) -> str:
    """ "measured in kWh" and "three lakh km", but "kWh prices"."""
    one, many = tongue.table("units")[match[1]]
    before = re.search(r"(\w+) $", match.string[max(0, match.start() - 20) : match.start()])
    counted = before is not None and before[1] in tongue.table("scales")
    noun = re.match(r"[ -]([a-z]+)\b", match.string[match.end() :][:40])
    is_noun = noun is not None and noun[1] not in tongue.words("not_nouns")
    return str(one if is_noun and not counted else many)
