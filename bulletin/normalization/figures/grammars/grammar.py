"""
Grammar of counting words: which form of a number stands before a noun, and how a day or an ordinal is said.

Source: number rules of Unicode CLDR; genders come from the tables [nouns] and [noun_endings] of a language. A language
whose forms depend on more than the noun has a subclass.
"""

from __future__ import annotations

import re
from functools import lru_cache

from bulletin.language.cldr import is_singular
from bulletin.language.read_word_lists import read_table
from bulletin.normalization.cardinal_numbers import LARGEST
from bulletin.normalization.load_number_and_abbreviation_tables import Tongue

_NEXT = re.compile(r" (?P<first>[^\W\d_][\w'-]*)(?: (?P<second>[^\W\d_][\w'-]*))?")
"""
One or two words after a figure.

>>> _NEXT.match(" neue Fälle.")["second"]
'Fälle'
"""


class Grammar:
    """Forms of numbers that tables and CLDR's rule sets give; the grammar of a language without its own."""

    has_roman_before_name: bool = False
    """Whether a Roman numeral before a name is an ordinal: "VIII Festival"."""

    def prepare(self, text: str, tongue: Tongue) -> str:
        """
        Text before the steps of figures; a language rewrites forms of its own here ("18-jährige").

        >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
        >>> Grammar().prepare("3 casas", load_tongue("es"))
        '3 casas'
        """
        return text

    def finish(self, text: str) -> str:
        """
        Text after the steps of figures; a language joins the words of a number to those before it here ("d'un million").

        >>> Grammar().finish("de un millón")
        'de un millón'
        """
        return text

    def noun_after(self, rest: str, tongue: Tongue) -> str:
        """
        The word that a number counts, from the text behind the number; "" for a word that is no noun.

        >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
        >>> [Grammar().noun_after(rest, load_tongue("es")) for rest in (" casas", " de la casa", ".")]
        ['casas', '', '']
        """
        match = _NEXT.match(rest)
        if not match or match["first"].casefold() in _common(tongue.language) | tongue.words("not_nouns"):
            return ""
        return match["first"]

    def counts(self, number: int, noun: str, tongue: Tongue, *, before: str) -> bool:
        """
        Whether four figures that could be a year count the noun behind them.

        >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
        >>> Grammar().counts(1989, "casas", load_tongue("es"), before=""), Grammar().counts(1989, "", load_tongue("es"), before="")
        (True, False)
        """
        return bool(noun)

    def gender(self, noun: str, tongue: Tongue) -> str:
        """
        The noun's gender, "m", "f" or "n": the table [nouns], then the longest of [noun_endings].

        >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
        >>> [Grammar().gender(noun, load_tongue("de")) for noun in ("Stunde", "Zeitung", "Jahr", "Mann")]
        ['f', 'f', 'n', 'm']
        """
        tables = tongue.tables
        for gender, nouns in tables.get("nouns", {}).items():
            if noun in nouns or noun.casefold() in nouns:
                return str(gender)
        endings = ((end, gender) for gender, ends in tables.get("noun_endings", {}).items() for end in ends)
        found = [(len(end), gender) for end, gender in endings if noun.casefold().endswith(end)]
        return max(found)[1] if found else str(tables["words"].get("gender", "m"))

    def cardinal(self, number: int, tongue: Tongue, *, noun: str = "", before: str = "") -> str:
        """
        A count; `noun` is the word that it counts, `before` the text in front of it.

        >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
        >>> Grammar().cardinal(7, load_tongue("sv"))
        'sju'
        """
        rules = f"cardinal_{self.gender(noun, tongue)}" if noun else "cardinal"
        return tongue.numbers.spell(number, rules if tongue.numbers.has(rules) else "cardinal")

    def ordinal(
        self, number: int, tongue: Tongue, *, mark: str = "", before: str = "", after: str = ""
    ) -> str:
        """
        An ordinal; `mark` is what was printed behind its figure, "º" or "er".

        >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
        >>> Grammar().ordinal(21, load_tongue("nl"))
        'eenentwintigste'
        """
        marks = tongue.tables.get("ordinal_genders", {})
        noun = self.noun_after(after, tongue)
        gender = marks.get(mark) or (self.gender(noun, tongue) if noun else "")
        rules = f"ordinal_{gender}" if gender else "ordinal"
        return tongue.numbers.spell(number, rules if tongue.numbers.has(rules) else "ordinal")

    def day(self, number: int, tongue: Tongue, *, before: str = "") -> str:
        """
        The day of a month, as [dates] tells: a cardinal or an ordinal, and a word of its own for the first.

        >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
        >>> Grammar().day(3, load_tongue("eo"))
        'tri'
        """
        dates = tongue.tables["dates"]
        if number == 1 and dates.get("first_day"):
            return str(dates["first_day"])
        if dates.get("day") == "ordinal":
            return self.ordinal(number, tongue, before=before)
        return tongue.numbers.spell(number, "cardinal")

    def and_a_half(self, number: int, forms: list[str], tongue: Tongue) -> str:
        """
        "1,5" before a unit or a scale as people say it ("anderhalf miljoen"); empty for "one point five".

        >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
        >>> Grammar().and_a_half(1, ["million", "millions"], load_tongue("fr"))
        ''
        """
        return ""

    def time(self, hour: int, minute: int, tongue: Tongue) -> str:
        """
        A time of day that [times] cannot give ("half acht"); empty for the others.

        >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
        >>> Grammar().time(7, 30, load_tongue("fr"))
        ''
        """
        return ""

    def roman(self, number: int, tongue: Tongue, *, before: str, mark: str, after: str) -> str:
        """
        A Roman numeral behind a word of [lists] roman_before: a cardinal, or as [roman] style tells.

        >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
        >>> Grammar().roman(14, load_tongue("eo"), before="", mark="", after="")
        'dek kvar'
        """
        if mark or tongue.tables.get("roman", {}).get("style") == "ordinal":
            return self.ordinal(number, tongue, mark=mark, before=before, after=after)
        return tongue.numbers.spell(number, "cardinal")


def figure(
    written: str, tongue: Tongue, grammar: Grammar, *, noun: str = "", before: str = "", minus: bool = False
) -> str:
    """
    A figure with a decimal comma and without marks between thousands, in words.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> figure("1234,05", load_tongue("de"), Grammar())
    'eintausendzweihundertvierunddreißig Komma null fünf'
    """
    whole, _, decimals = written.partition(",")
    sign = f"{tongue.word('minus')} " if minus else ""
    if (len(whole) > 1 and whole[0] == "0") or int(whole or 0) >= LARGEST:
        spoken = tongue.each_digit(whole)
    else:
        spoken = grammar.cardinal(int(whole or 0), tongue, noun="" if decimals else noun, before=before)
    if not decimals or re.fullmatch("00+", decimals):  # "2,00 Prozent"
        return sign + spoken
    is_number = (
        tongue.tables["words"].get("decimals") == "number" and decimals[0] != "0" and len(decimals) < 4
    )
    digits = tongue.numbers.spell(int(decimals), "cardinal") if is_number else tongue.each_digit(decimals)
    return f"{sign}{spoken} {tongue.word('point')} {digits}"


def counted(written: str, forms: list[str], tongue: Tongue, grammar: Grammar, *, before: str = "") -> str:
    """
    A figure with its unit in the form that CLDR's plural rules give: "1,5 Kilometer", "un virgule cinq kilomètre".

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> counted("1,5", ["kilomètre", "kilomètres"], load_tongue("fr"), Grammar())
    'un virgule cinq kilomètre'
    """
    half = re.fullmatch(r"([1-9]\d*),5", written)
    if half and (spoken := grammar.and_a_half(int(half[1]), forms, tongue)):
        return spoken
    form = forms[0 if is_singular(tongue.language, written) else 1]
    return f"{figure(written, tongue, grammar, noun=forms[0].partition(' ')[0], before=before)} {form}"


@lru_cache(maxsize=16)
def _common(language: str) -> frozenset[str]:
    """
    Commonest words of a language, which are no nouns.

    >>> "und" in _common("de-AT")
    True
    """
    lists = read_table("bulletin.language", "common_words.toml")["commonest"]
    return frozenset(lists.get(language.partition("-")[0], "").split())
