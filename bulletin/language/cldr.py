"""Unicode CLDR: numbers in words, names of months, units and currencies, plural forms of a language."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.numbers import get_currency_name
from babel.units import UnknownUnitError, format_unit
from unicode_rbnf import RbnfEngine
from unicode_rbnf.engine import RbnfError

from bulletin.language.language_folders import base_of
from bulletin.language.read_word_lists import read_table

_MANY = 5
"""A number whose unit is in the plural, in every language of CLDR's."""

_ALIASES = {"nb": "no", "nn": "no"}
"""Languages whose rules have another name."""

_RULE_SETS = {
    "cardinal": ("spellout-numbering", "spellout-cardinal", "spellout-cardinal-common"),
    "cardinal_m": (
        "spellout-cardinal-masculine",
        "spellout-cardinal-reale",
        "spellout-cardinal-common",
        "spellout-cardinal",
    ),
    "cardinal_f": (
        "spellout-cardinal-feminine",
        "spellout-cardinal-reale",
        "spellout-cardinal-common",
        "spellout-cardinal",
    ),
    "cardinal_n": ("spellout-cardinal-neuter", "spellout-cardinal-masculine", "spellout-cardinal"),
    "ordinal": (
        "spellout-ordinal",
        "spellout-ordinal-masculine",
        "spellout-ordinal-reale",
        "spellout-ordinal-common",
    ),
    "ordinal_m": ("spellout-ordinal-masculine", "spellout-ordinal-reale", "spellout-ordinal"),
    "ordinal_f": ("spellout-ordinal-feminine", "spellout-ordinal-reale", "spellout-ordinal"),
    "ordinal_n": ("spellout-ordinal-neuter", "spellout-ordinal-masculine", "spellout-ordinal"),
    "year": ("spellout-numbering-year", "spellout-numbering", "spellout-cardinal"),
}
"""Our names -> CLDR's rule sets, the first that the language has."""


_COUNTRY = {"pt": "pt_PT", "de-CH": "de", "de-LI": "de", "it-CH": "it"}
"""
Language -> whose numbers and marks CLDR has for it.

"pt": the folder has the words of Portugal, where CLDR's has those of Brazil. Switzerland: CLDR's decimal point is that of
sums of money; a text has the comma (Bundeskanzlei, Schreibweisungen, "Dezimalzahlen"), and a full stop in hours, and a
voice needs the "ß" of "dreißig".
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CldrNumbers:
    """Number rules of one language (Unicode Technical Standard 35, part 3, "Rule-Based Number Formatting")."""

    tag: str
    """Language of the rules, as the library names it: "de", "pt_PT"."""

    def spell(self, number: int, rules: str) -> str:
        """
        Spell a whole number by our name for a rule set, or CLDR's own.

        Raises KeyError for a set that the language lacks.

        >>> load_cldr_numbers("de").spell(1905, "year"), load_cldr_numbers("de").spell(1, "spellout-cardinal-m")
        ('neunzehnhundertfünf', 'einem')
        """
        return _spell(self.tag, number, rules)

    def has(self, rules: str) -> bool:
        """
        Whether the language has a rule set of this name.

        >>> load_cldr_numbers("nl").has("spellout-cardinal-feminine")
        False
        """
        return bool(_choose(self.tag, rules))

    def spellings(self, number: int) -> frozenset[str]:
        """
        Spellings of a whole number in every rule set: gender and case, cardinal and ordinal, as a year.

        >>> sorted(load_cldr_numbers("nl").spellings(1984))[0]
        'duizendnegenhonderdvierentachtig'
        """
        engine = _engine(self.tag)
        names = [name for name in engine.rulesets if name.startswith("spellout-")]
        spelt = engine.format_number(number, ruleset_names=names).text_by_ruleset.values()
        # the library writes ERROR for a rule that it cannot apply; a blank begins a part of a longer number
        return frozenset(text for text in spelt if text != "ERROR" and not text.startswith(" "))

    @property
    def point(self) -> str:
        """
        The word between a number and its decimals; empty where the rules have none.

        >>> load_cldr_numbers("de").point
        'Komma'
        """
        return _signs(self).get("point", "")


@lru_cache(maxsize=16)
def load_cldr_numbers(language: str) -> CldrNumbers | None:
    """
    Number rules of a language, None where CLDR has none that spell it.

    >>> load_cldr_numbers("xx") is None
    True
    """
    known = RbnfEngine.get_supported_languages()
    base = base_of(language)
    for tag in (_COUNTRY.get(language, language).replace("-", "_"), base, _ALIASES.get(base, base)):
        if tag in known and _choose(tag, "cardinal") and _choose(tag, "ordinal"):
            return CldrNumbers(tag=tag)
    return None


@lru_cache(maxsize=16)
def _engine(tag: str) -> RbnfEngine:
    return RbnfEngine.for_language(tag)


@lru_cache(maxsize=512)
def _choose(tag: str, rules: str) -> str:
    sets = _engine(tag).rulesets
    return next((name for name in _RULE_SETS.get(rules, (rules,)) if name in sets), "")


@lru_cache(maxsize=8_192)
def _spell(tag: str, number: int, rules: str) -> str:
    name = _choose(tag, rules)
    if not name:
        raise KeyError(rules)
    # English rules write commas between thousands, which a voice makes pauses of
    return _engine(tag).format_number(number, ruleset_names=[name]).text.replace(",", "")


def cldr_tables(language: str) -> dict[str, dict[str, Any]]:
    """
    Tables of normalization that CLDR fills for a language; empty for one that it does not know.

    >>> tables = cldr_tables("de")
    >>> tables["units"]["km/h"], tables["currencies"]["€"], tables["words"]["decimal_mark"]
    (['Kilometer pro Stunde', 'Kilometer pro Stunde'], ['Euro', 'Euro', '', ''], ',')
    """
    locale = find_locale(language)
    if locale is None:
        return {}
    words = {
        "decimal_mark": locale.number_symbols["latn"]["decimal"]
        if "latn" in locale.number_symbols
        else locale.number_symbols["decimal"]
    }
    names = names_of_days(language)
    units, currencies = _units(locale), _currencies(locale)
    if "%" in units:
        words["percent"] = units["%"][1]
    numbers = load_cldr_numbers(language)
    if numbers is not None:
        words |= _signs(numbers)
    return {
        "words": words,
        "dates": {
            "months": {name: name for name in names["months"]},
            "days": {name: name for name in names["weekdays"]},
        },
        "units": units,
        "currencies": currencies,
    }


@lru_cache(maxsize=32)
def names_of_days(language: str) -> dict[str, list[str]]:
    """
    Names of the weekdays, from Monday, and of the months; empty for a language that CLDR does not know.

    >>> names_of_days("de-AT")["months"][0], names_of_days("it")["weekdays"][6], names_of_days("xx")
    ('Jänner', 'domenica', {})
    """
    locale = find_locale(language)
    if locale is None:
        return {}
    days, months = locale.days["format"]["wide"], locale.months["format"]["wide"]
    return {
        "weekdays": [str(days[number]) for number in range(7)],
        "months": [str(months[number]) for number in range(1, 13)],
    }


@lru_cache(maxsize=32)
def find_locale(language: str) -> Locale | None:
    """
    CLDR's data of a language or of its base; None for an unknown one.

    >>> find_locale("de-XX").language, find_locale("xx")
    ('de', None)
    """
    for tag in (_COUNTRY.get(language, language), base_of(language)):
        try:
            return Locale.parse(tag.replace("-", "_"))
        except (UnknownLocaleError, ValueError):
            continue
    return None


def is_singular(language: str, number: str) -> bool:
    """
    Whether a unit after the number, written with a decimal comma, is in the singular.

    Source: CLDR's plural rules: German has the plural after 1.5, French the singular.

    >>> is_singular("de", "1,5"), is_singular("fr", "1,5"), is_singular("de", "1")
    (False, True, True)
    """
    locale = find_locale(language)
    value = Decimal(number.replace(",", "."))
    return str(locale.plural_form(value)) == "one" if locale else value == 1


def _signs(numbers: CldrNumbers) -> dict[str, str]:
    """Words for the minus and the decimal mark, which the rules hold as those for -2 and 2.3."""
    engine, found = _engine(numbers.tag), {}
    figures = {word for n in (2, 3) for word in engine.format_number(n).text_by_ruleset.values()}
    for name, value in (("minus", Decimal(-2)), ("point", Decimal("2.3"))):
        try:
            spoken = engine.format_number(value).text
        except RbnfError:
            continue
        found[name] = " ".join(word for word in spoken.split() if word not in figures)
    return {name: text for name, text in found.items() if text}


def _units(locale: Locale) -> dict[str, list[str]]:
    units = {}
    for sign, names in read_table("bulletin.language", "cldr_units.toml")["units"].items():
        for name in names:
            try:
                forms = [format_unit(n, name, length="long", locale=locale) for n in (1, _MANY)]
            except UnknownUnitError:
                continue
            units[sign] = ["".join(char for char in form if not char.isdigit()).strip() for form in forms]
            break
    return units


def _currencies(locale: Locale) -> dict[str, list[str]]:
    codes = read_table("bulletin.language", "cldr_units.toml")["currencies"]
    names = {
        code: [str(get_currency_name(code, count=n, locale=locale)) for n in (1, _MANY)]
        for code in codes.values()
    }
    return {sign: [*names[code], "", ""] for sign, code in codes.items()}


def time_zone_of(language: str) -> str:
    """
    Time zone of the country that a tag names, or where most speak the language; "" for a country with several zones.

    >>> [time_zone_of(tag) for tag in ("sv", "de-LU", "fi-FI", "ca", "xx")]
    ['Europe/Stockholm', 'Europe/Luxembourg', 'Europe/Helsinki', '', '']
    """
    country = language.rpartition("-")[2] if "-" in language else ""
    if not country:
        country = get_global("likely_subtags").get(language, "").rpartition("_")[2]
    zones = get_global("territory_zones").get(country.upper(), [])
    return str(zones[0]) if len(zones) == 1 else ""
