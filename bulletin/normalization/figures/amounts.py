"""
Sums, percentages, temperatures, measures and scales -> words: "3,5 Mio. €" -> "drei Komma fünf Millionen Euro".

Source: units and currencies of Unicode CLDR (ISO 4217, SI brochure), plural forms by CLDR's plural rules.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bulletin.language.read_word_lists import either
from bulletin.normalization.figures.grammars.grammar import Grammar, counted, figure
from bulletin.normalization.figures.marks import NEAR, NUMBER, SIGNED
from bulletin.normalization.load_number_and_abbreviation_tables import NOWHERE, Tongue

_SCALE = r"(?: ?(?P<scale>(?:«scales»))(?![^\W\d_]))?"
"""Example: `say_money`."""
_AFTER = rf"{SIGNED}{_SCALE} ?(?P<sign>«currencies»)(?!\w)"
"""Example: `say_money`."""
_BEFORE = rf"(?<!\w)(?P<minus>-)?(?P<sign>«currencies») ?(?P<number>{NUMBER})(?![.,]?\d){_SCALE}"
"""Example: `say_money`."""
_COINS = rf"{SIGNED}(?<=,\d\d) (?P<name>{{names}})(?!\w)"
"""Example: `say_money`."""
_UNIT = rf"{SIGNED}[ -]?(?P<unit>«units»)(?:/(?P<per>«units»)(?![\w/'-])|(?![\w/'-]))"
"""Example: `say_units`."""
_SCALED = rf"{SIGNED} ?(?P<scale>(?:«scales»))(?![^\W\d_])"
"""Example: `say_scales`."""
_KILO = re.compile(r"(?<![^\W\d_])K[mM](?=[23](?!\w))|(?<=\d )K[mM](?=/h|[ .,;)]|$)")
"""Example: `say_units`."""


def say_money(text: str, tongue: Tongue, grammar: Grammar) -> str:
    """
    Say sums with a sign or a code (ISO 4217) before or behind them, and sums with coins before a currency's name.

    >>> from bulletin.normalization.normalize_text import make_speakable
    >>> make_speakable("3,5 Mio. €, 12,50 Euro, 1 €, $5, 0,50 €", language="de")
    'drei Komma fünf Millionen Euro, zwölf Euro fünfzig, ein Euro, fünf Dollar, fünfzig Cent'
    """

    def say(match: re.Match[str], _: Tongue) -> str:
        return _say_sum(match, tongue.tables["currencies"][match["sign"]], tongue, grammar)

    for pattern in (_BEFORE, _AFTER):
        text = tongue.sub(pattern, say, text)
    named = {name: forms for forms in tongue.tables["currencies"].values() if forms[2] for name in forms[:2]}
    if not named:
        return text
    pattern = _COINS.replace("{names}", either(named))
    return tongue.sub(pattern, lambda m, _: _say_sum(m, named[m["name"]], tongue, grammar), text)


def _say_sum(match: re.Match[str], forms: list[str], tongue: Tongue, grammar: Grammar) -> str:
    """
    A sum with its currency, its scale, or its coins.

    >>> from bulletin.normalization.figures.grammars.load_grammar import load_grammar
    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> tongue, grammar = load_tongue("de"), load_grammar("de")
    >>> forms = tongue.tables["currencies"]["€"]
    >>> [_say_sum(tongue.pattern(_AFTER).search(text), forms, tongue, grammar) for text in ("3 Mio. €", "2,05 €")]
    ['drei Millionen Euro', 'zwei Euro und fünf Cent']
    """
    parts, money = match.groupdict(), tongue.tables["money"]
    number, before = match["number"], match.string[max(0, match.start() - NEAR) : match.start()]
    minus = f"{tongue.word('minus')} " if match["minus"] else ""
    if parts.get("scale"):
        scale = counted(
            number, _forms(tongue.tables["scales"][parts["scale"]]), tongue, grammar, before=before
        )
        return f"{minus}{scale} {_of(forms[1], money, is_thousand=_is_thousand(parts['scale'], tongue))}{forms[1]}"
    whole, _, decimals = number.partition(",")
    if len(decimals) != 2 or not forms[2]:
        round_million = re.fullmatch(r"[1-9]\d{0,2}0{6,}", number)
        link = _of(forms[1], money) if round_million else ""
        if link:
            return f"{minus}{figure(number, tongue, grammar, before=before)} {link}{forms[1]}"
        return minus + counted(number, forms, tongue, grammar, before=before)
    coins = counted(str(int(decimals)), forms[2:4], tongue, grammar)
    large = counted(whole, forms[:2], tongue, grammar, before=before)
    if int(whole) == 0:
        return minus + coins + str(money.get("coins_of", {}).get(forms[0], ""))
    if decimals == "00":
        return minus + large
    if int(decimals) < 10:
        return f"{minus}{large} {tongue.word('and')} {coins}"
    pattern = money.get("with_coins", "{large} {coins}")
    return minus + str(pattern).format(
        large=large, coins=figure(decimals, tongue, grammar), coins_named=coins
    )


def _of(name: str, money: Mapping[str, Any], *, is_thousand: bool = False) -> str:
    """
    The word between millions and a currency: "de ", "d'" before a vowel; none after thousands.

    >>> _of("euros", {"of": "de", "of_vowel": "d'"}), _of("dollars", {"of": "de"}), _of("Euro", {})
    ("d'", 'de ', '')
    """
    word = str(money.get("of", ""))
    if not word or word == NOWHERE or is_thousand:
        return ""
    vowel = str(money.get("of_vowel", ""))
    return vowel if vowel and name[0].casefold() in "aeiouéêhàâ" else f"{word} "


def _is_thousand(scale: str, tongue: Tongue) -> bool:
    """
    Whether a scale means thousands, which are no noun.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> _is_thousand("Tsd.", load_tongue("de")), _is_thousand("Mio.", load_tongue("de"))
    (True, False)
    """
    return tongue.numbers.spell(1000, "cardinal").endswith(_forms(tongue.tables["scales"][scale])[0])


def say_units(text: str, tongue: Tongue, grammar: Grammar) -> str:
    """
    Say figures with a unit, a percentage or a temperature.

    >>> from bulletin.normalization.normalize_text import make_speakable
    >>> make_speakable("1 km, 1,5 km, -3 °C, 20%, 80 km/h, 3 km²", language="de")
    'ein Kilometer, eins Komma fünf Kilometer, minus drei Grad Celsius, zwanzig Prozent, achtzig Kilometer pro Stunde, drei Quadratkilometer'
    """
    units = tongue.tables["units"]

    def say(match: re.Match[str], _: Tongue) -> str:
        minus = f"{tongue.word('minus')} " if match["minus"] else ""
        spoken = counted(
            match["number"],
            units[match["unit"]],
            tongue,
            grammar,
            before=match.string[max(0, match.start() - NEAR) : match.start()],
        )
        per = f" {tongue.word('per')} {units[match['per']][0]}" if match["per"] else ""
        ends = match["unit"].endswith(".") and not match.string[match.end() : match.end() + NEAR].strip()
        return f"{minus}{spoken}{per}{'.' if ends else ''}"

    return _say_powers(tongue.sub(_UNIT, say, _KILO.sub("km", text)), tongue)


def _say_powers(text: str, tongue: Tongue) -> str:
    """
    Squares and cubes without a figure: one behind "per", more elsewhere.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> _say_powers("personas por km2, habitantes / km2, los km2", load_tongue("es"))
    'personas por kilómetro cuadrado, habitantes por kilómetro cuadrado, los kilómetros cuadrados'
    """
    units, per = tongue.tables["units"], tongue.tables["words"].get("per", NOWHERE)
    powers = either(name for name in units if re.fullmatch("[a-z]{1,2}[23]", name))

    def say(match: re.Match[str]) -> str:
        one, more = map(str, units[match["unit"]][:2])
        if match["slash"]:
            return f" {per} {one}" if per != NOWHERE else match[0]
        return one if match.string[: match.start()].endswith(f" {per} ") else more

    return re.sub(rf"(?P<slash> ?/ ?)?(?<![\w])(?P<unit>{powers})(?![\w/])", say, text) if powers else text


def say_scales(text: str, tongue: Tongue, grammar: Grammar) -> str:
    """
    Say abbreviated scales: "3,5 Mio. Menschen".

    >>> from bulletin.normalization.normalize_text import make_speakable
    >>> make_speakable("3,5 Mio. Menschen, 1 Mrd. Euro", language="de")
    'drei Komma fünf Millionen Menschen, eine Milliarde Euro'
    """

    def say(match: re.Match[str], _: Tongue) -> str:
        forms = _forms(tongue.tables["scales"][match["scale"]])
        minus = f"{tongue.word('minus')} " if match["minus"] else ""
        before = match.string[max(0, match.start() - NEAR) : match.start()]
        if _is_thousand(match["scale"], tongue) and match["number"] == "1":
            return minus + forms[0]
        return minus + counted(match["number"], forms, tongue, grammar, before=before)

    return tongue.sub(_SCALED, say, text)


def _forms(value: str | list[str]) -> list[str]:
    """
    Singular and plural of a scale.

    >>> _forms("mil"), _forms(["Million", "Millionen"])
    (['mil', 'mil'], ['Million', 'Millionen'])
    """
    return [value, value] if isinstance(value, str) else value
