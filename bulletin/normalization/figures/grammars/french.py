"""
French figures that tables cannot say: hours, Roman ordinals, rulers, seasons, telephone numbers in pairs.

Source: Imprimerie nationale, "Lexique des règles typographiques" (hours, ordinals, rulers, centuries); Office québécois
de la langue française, "Banque de dépannage linguistique" (hours: minutes are feminine); Arcep (telephone numbers in
pairs); Grevisse, "Le Bon Usage" (only "un" agrees with its noun).
"""

from __future__ import annotations

import re

from bulletin.normalization.figures.grammars.grammar import Grammar
from bulletin.normalization.figures.grammars.seasons_and_heights import (
    TIMES,
    part_named_years,
    part_seasons,
    say_heights,
)
from bulletin.normalization.load_number_and_abbreviation_tables import Tongue
from bulletin.normalization.numbers.roman_numerals import read_roman

_FREE = r"(?<![\w.,:])"
"""Example: `French.prepare`."""
_HOUR = r"(?P<hour>[01]?\d|2[0-4])"
"""Example: `French.prepare`."""
_HOURS = re.compile(
    rf"{_FREE}{_HOUR}(?:(?P<mark> ?[hH] ?)(?P<minute>[0-5]\d)?(?P<min> ?min\b)?(?!\w)| ?heures? (?P<after>[0-5]\d)(?! ?[^\W\d_%])(?!\w))"
)
"""Example: `French.prepare`."""
_COLON = re.compile(
    rf"{_FREE}{_HOUR}:(?P<minute>[0-5]\d)(?![\w:.,]\d?)|{_FREE}{_HOUR.replace('hour', 'late')}:(?P<past>[0-5]\d)(?=[.,](?:\s|$))"
)
"""Example: `French.prepare`."""
_HOUR_SPAN = re.compile(r"(?<=\dh)[-–](?=\d)|(?<=\dh\d\d)[-–](?=\d)")
"""Example: `French.prepare`."""
_ROMAN_ORDINAL = re.compile(
    r"(?<![\w'])(?:(?P<first>I)(?P<one>er|ers|re|ère)|(?P<roman>[IVXLC]{2,7})(?:es?|[èe]mes?)"
    r"|(?P<single>[VX])e(?= (?:siècle|République|arrondissement|dynastie|Reich|millénaire|édition|congrès|plan)))(?!\w)"
)
"""Example: `French.prepare`."""
_ROMAN_NAME = re.compile(r"(?<=[a-zà-ÿ] )(?P<roman>[IVX]{2,6})(?!\w)")
"""Example: `French.prepare`."""
_RUGBY = re.compile(r"(?<=\b[Ll]e )(?P<roman>XV|XIII)(?!\w)")
"""Example: `French.prepare`."""
_BEFORE_NAME = re.compile(r"(?:^|[\s'’(«-])[A-ZÀ-Þ][a-zà-ÿ]+(?:-[A-ZÀ-Þ][a-zà-ÿ]+)* $")
"""Example: `French.prepare`."""
_AGES = re.compile(r"(?<=\b[Ll]es )(?P<low>\d{1,2})[-–](?P<high>\d{1,2})(?= ans\b)")
"""Example: `French.prepare`."""
_ARTICLE = re.compile(
    r"(?P<head>\b(?:[Aa]rticle|[Aa]rt\.|[Ll]e|[Dd]u|[Aa]u) )(?P<article>\d\d)\.(?P<part>\d)(?![\d.,])(?! ?%)"
)
"""Example: `French.prepare`."""
_PHONE = re.compile(r"(?<![\w+.,])0\d(?:[ .]\d\d){4}(?![\w.,]?\d)")
"""Example: `French.prepare`."""
_RELAY = re.compile(r"(?<=\b4) ?[x×] ?(?=\d{3})")
"""Example: `French.prepare`."""
_SAINT = re.compile(r"(?<![\w'])(?P<saint>Ste?)\.?[- ](?=[A-ZÀ-Þ])")
"""Example: `French.prepare`."""

_ELIDED = re.compile(r"(?<![\w'])(?P<word>[Dd]|[Qq]u|[Ll]orsqu|[Pp]uisqu)e (?=une?\b(?! à\b|-))")
"""Example: `French.finish`."""


class French(Grammar):
    """French, as news in France, Belgium and Switzerland is read."""

    def prepare(self, text: str, tongue: Tongue) -> str:
        """
        Say the forms of print that only French has.

        >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
        >>> French().prepare("à 18h30, au XXIe siècle, sous Louis XIV, en 2023-2024, le 49.3", load_tongue("fr"))
        'à dix-huit heures trente, au vingt-et-unième siècle, sous Louis quatorze, en 2023 2024, le 49 3'
        """
        text = _SAINT.sub(lambda m: "Sainte-" if m["saint"] == "Ste" else "Saint-", text)
        text = TIMES.sub(" sur ", _RELAY.sub(" fois ", text))
        text = say_heights(text, tongue)
        text = part_named_years(text)
        text = _PHONE.sub(lambda m: _say_pairs(m[0], tongue), text)
        text = _HOURS.sub(lambda m: _say_hours(m, tongue), _HOUR_SPAN.sub(f" {tongue.word('to')} ", text))
        text = _COLON.sub(lambda m: _say_time(m["hour"] or m["late"], m["minute"] or m["past"], tongue), text)
        text = _ROMAN_ORDINAL.sub(lambda m: _say_roman_ordinal(m, tongue), text)
        text = _ROMAN_NAME.sub(lambda m: _say_roman_name(m, tongue), text)
        text = _RUGBY.sub(lambda m: _cardinal(read_roman(m["roman"]) or 0, tongue), text)
        text = _ARTICLE.sub(r"\g<head>\g<article> \g<part>", text)
        text = _AGES.sub(
            lambda m: f"{_cardinal(int(m['low']), tongue)} {_cardinal(int(m['high']), tongue)}", text
        )
        return part_seasons(text)

    def finish(self, text: str) -> str:
        """
        Elide "de" and "que" before the numeral "un", but not where it begins a series (OQLF, "Élision devant un").

        >>> French().finish("plus de un million, moins de une heure, de un à trois, de un virgule cinq")
        "plus d'un million, moins d'une heure, de un à trois, d'un virgule cinq"
        """
        return _ELIDED.sub(r"\g<word>'", text)

    def noun_after(self, rest: str, tongue: Tongue) -> str:
        """
        The counted noun, behind an adjective that has one form for both genders.

        >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
        >>> [French().noun_after(rest, load_tongue("fr")) for rest in (" jeunes filles", " jeunes", " de plus")]
        ['filles', 'jeunes', '']
        """
        noun = super().noun_after(rest, tongue)
        if noun not in tongue.words("epicene_adjectives"):
            return noun
        return super().noun_after(rest[len(noun) + 1 :], tongue) or noun

    def gender(self, noun: str, tongue: Tongue) -> str:
        """
        The gender of a noun in the singular or the plural.

        >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
        >>> [French().gender(noun, load_tongue("fr")) for noun in ("maisons", "musées", "voix", "cas")]
        ['f', 'm', 'f', 'm']
        """
        known = any(noun in nouns for nouns in tongue.tables["nouns"].values())
        single = noun if known or not noun.endswith(("s", "x")) else noun[:-1]
        return super().gender(single, tongue)

    def ordinal(
        self, number: int, tongue: Tongue, *, mark: str = "", before: str = "", after: str = ""
    ) -> str:
        """
        An ordinal: "2nd" is "second", "2e" is "deuxième"; the mark tells the plural.

        >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
        >>> [French().ordinal(2, load_tongue("fr"), mark=mark) for mark in ("e", "nde", "es")]
        ['deuxième', 'seconde', 'deuxièmes']
        """
        plural = "s" if mark.endswith("s") else ""
        if number == 2 and mark.rstrip("s") in ("nd", "nde", "d", "de"):
            return f"second{'e' if 'de' in mark else ''}{plural}"
        if number == 1 and mark.rstrip("s") in ("re", "ère"):
            return f"première{plural}"
        return tongue.numbers.spell(number, "ordinal_m") + plural


def _cardinal(number: int, tongue: Tongue) -> str:
    """
    A number that stands alone.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> _cardinal(21, load_tongue("fr"))
    'vingt-et-un'
    """
    return tongue.numbers.spell(number, "cardinal")


def _say_hours(match: re.Match[str], tongue: Tongue) -> str:
    """
    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> [_say_hours(_HOURS.search(text), load_tongue("fr")) for text in ("21h21", "1 h", "2 h 15 min", "20 heures 30")]
    ['vingt-et-une heures vingt-et-une', 'une heure', 'deux heures quinze minutes', 'vingt heures trente']
    """
    spoken = _say_time(match["hour"], match["minute"] or match["after"] or "", tongue)
    return f"{spoken} minute{'s' if match['minute'] != '01' else ''}" if match["min"] else spoken


def _say_time(hour: str, minute: str, tongue: Tongue) -> str:
    """
    Hour and minutes; both are feminine (OQLF, Vitrine linguistique, "Écriture des heures").

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> _say_time("9", "05", load_tongue("fr")), _say_time("20", "00", load_tongue("fr"))
    ('neuf heures cinq', 'vingt heures')
    """
    hours = tongue.numbers.spell(int(hour), "cardinal_f")
    spoken = f"{hours} heure{'s' if int(hour) > 1 else ''}"
    return f"{spoken} {tongue.numbers.spell(int(minute), 'cardinal_f')}" if int(minute or 0) else spoken


def _say_roman_ordinal(match: re.Match[str], tongue: Tongue) -> str:
    """
    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> [_say_roman_ordinal(_ROMAN_ORDINAL.search(text), load_tongue("fr")) for text in ("Ier", "XIXe", "Ve République")]
    ['premier', 'dix-neuvième', 'cinquième']
    """
    if match["first"]:
        return "première" if match["one"] in ("re", "ère") else "premier"
    value = read_roman(match["roman"] or match["single"])
    return tongue.numbers.spell(value, "ordinal_m") if value else match[0]


def _say_roman_name(match: re.Match[str], tongue: Tongue) -> str:
    """
    Number of a ruler, a council, an act: a cardinal (Imprimerie nationale, Lexique, "Souverains").

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> [_say_roman_name(_ROMAN_NAME.search(text), load_tongue("fr")) for text in ("Jean-Paul II", "le II")]
    ['deux', 'II']
    """
    value = read_roman(match["roman"])
    is_name = _BEFORE_NAME.search(match.string[max(0, match.start() - 40) : match.start()])
    return _cardinal(value, tongue) if value and is_name else match[0]


def _say_pairs(digits: str, tongue: Tongue) -> str:
    """
    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> _say_pairs("01 23", load_tongue("fr"))
    'zéro un, vingt-trois'
    """
    pairs = re.findall(r"\d\d", digits)
    zero = _cardinal(0, tongue)
    said = (
        f"{zero} {_cardinal(int(pair), tongue)}"
        if pair[0] == "0" and pair != "00"
        else _cardinal(int(pair), tongue)
        for pair in pairs
    )
    return ", ".join(said)
