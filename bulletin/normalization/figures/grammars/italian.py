"""
Italian counting words: "un", "uno", "una" and "un'", thousands in one word, "due milioni e mezzo", ordinals of kings.

Source: Serianni, Grammatica italiana, chapter IV (forms of the indefinite article, which are those of the numeral one)
and chapter VI (numerals); Treccani, Vocabolario ("mezzo").
"""

from __future__ import annotations

import re

from bulletin.normalization.figures.grammars.grammar import Grammar
from bulletin.normalization.figures.marks import GROUPED, NEAR
from bulletin.normalization.letters.initialisms import spell
from bulletin.normalization.load_number_and_abbreviation_tables import Tongue

_HARD_ONSET = re.compile(r"s[^aeiouàèéìòùh]|sh|z|gn|p[sn]|x|y|i[aeiou]")
"""Beginnings of a masculine noun that wants "uno": "uno studente", "uno zaino", "uno psicologo". Example: `Italian.cardinal`."""
_ELIDED = re.compile(r"(?<![\w.,/-])1 (?P<noun>[aeiouàèéìòùh][^\W\d_]+)")
"""Example: `Italian.prepare`."""
_THOUSANDS = re.compile(r"(?<![\w.,])(\d{1,3})(?:,(\d{1,3}))? ?mila(?!\w)")
"""Example: `Italian.prepare`."""
_DEGREE_MARK = re.compile(r"(?<=\d)°(?= [a-zàèéìòù]{2})")
"""Example: `Italian.prepare`."""
_ONE_O_CLOCK = re.compile(r"(?<!\w)([Aa]ll|[Dd]all|[Dd]ell|[Ll])'1(?:[.:]([0-5]\d))?(?![\w%°/]|[.,]\d)")
"""Example: `Italian.prepare`."""
_LETTERS = re.compile(r"(?<=[^\W\d_]')(?P<letters>[A-Z]{2,6}|[A-Z][a-z]{1,2})(?!\w)")
"""Example: `Italian.prepare`."""
_AGED = re.compile(r"(?<![\w.,])(\d{1,3}) ?(enn[ei])(?!\w)")
"""Example: `Italian.prepare`."""
_AFTER_DEGREES = ("grad", "sott", "sopra", "sull")
"""Beginnings of words after the sign of degrees; before a noun it marks an ordinal. Example: `Italian.prepare`."""

_SAINT = re.compile(r"(?<![\w.])(?P<name>[A-Z][a-zà-ù]+ )?S\. ?(?=[A-Z][a-zà-ù])")
""""San" before its name; behind a first name it is an initial. Example: `Italian.prepare`."""
_NOT_FIRST_NAMES = frozenset(
    ("via", "viale", "piazza", "piazzale", "largo", "corso", "chiesa", "basilica", "ospedale", "porta", "ponte", "borgo",
     "monte", "castel", "castello", "villa", "rione", "fiera", "festa", "parrocchia", "policlinico", "istituto", "isola",
     "stazione", "stadio", "teatro", "palazzo", "cattedrale", "duomo", "santuario", "convento", "fondazione", "di", "da", "in")
)  # fmt: skip
"""Example: `_is_first_name`."""
_SPAN_OF_YEARS = re.compile(
    r"(?P<head>(?<!\w)(?:[Aa]nni|[Tt]riennio|[Qq]uadriennio|[Qq]uinquennio|[Dd]ecennio|[Pp]eriodo) )(?P<first>1[1-9]\d\d|20\d\d) ?[-–/] ?(?P<last>1[1-9]\d\d|20\d\d)(?![\w]|[-–/.,]\d)"
)
"""Years between two of them, not two years: "dal 2004 al 2006" (Serianni, chapter I, "trattino"). Example: `Italian.prepare`."""
_TENS_OF_YEARS = re.compile(r"(?<![\w.,-])([2-9]0|100) anni(?!\w)")
"""The numeral's last vowel falls: "trent'anni" (Serianni, chapter I, elision). Example: `Italian.prepare`."""


class Italian(Grammar):
    """Italian of Italy and Switzerland: numbers above one are invariable."""

    def prepare(self, text: str, tongue: Tongue) -> str:
        """
        Write thousands in figures, "10° posto" with the ordinal mark, and say what stands behind an apostrophe, and ages.

        Between a year and a participle "ha" is the verb, and no hectare.

        >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
        >>> Italian().prepare("12mila, il 10° posto, all'1.30, 1 ora, l'ONU, un 26enne", load_tongue("it"))
        "12000, il 10º posto, all'una e 30, un'ora, l'Onu, un ventiseienne"
        >>> Italian().prepare("negli anni 2004-2006", load_tongue("it"))
        'negli anni dal 2004 al 2006'
        """
        said = tongue.tables["said"]
        text = _THOUSANDS.sub(lambda m: f"{m[1]}{m[2] or '':0<3}", text)
        text = re.sub(r"(?<=\d) °(?= [a-z])", "°", text)
        text = _DEGREE_MARK.sub(lambda m: m[0] if _is_after_degrees(_next(m), tongue) else "º", text)
        text = re.sub(r"(?<![\w.,:])(\d{1,3})\.(?=\d(?![\w.,]*\d))", r"\1,", text)
        text = re.sub(r"(?<![\w.,])(\d{1,3})a(?= [a-zàèéìòù]{3})", r"\1ª", text)
        text = re.sub(r"(?<=\d)esim([oaie])(?!\w)", lambda m: "ª" if m[1] in "ae" else "º", text)
        text = _AGED.sub(lambda m: _aged(tongue.numbers.spell(int(m[1]), "cardinal")) + m[2], text)
        text = _SAINT.sub(lambda m: m[0] if _is_first_name(m["name"]) else f"{m['name'] or ''}San ", text)
        text = _TENS_OF_YEARS.sub(lambda m: f"{tongue.numbers.spell(int(m[1]), 'cardinal')[:-1]}'anni", text)
        text = _SPAN_OF_YEARS.sub(r"\g<head>dal \g<first> al \g<last>", text)
        text = re.sub(r"(?<=\d) ha(?= (?!di ))", f" {GROUPED}ha", text)
        text = re.sub(r"(?<!\w)h\.? ?(?=\d{1,2}[.:]?\d)", "ore ", text)
        text = _ONE_O_CLOCK.sub(lambda m: f"{m[1]}'una{f' e {m[2]}' if m[2] and m[2] != '00' else ''}", text)
        text = _LETTERS.sub(
            lambda m: said.get(m[0]) or (spell(m[0], tongue) if m[0].isupper() else m[0]), text
        )
        return _ELIDED.sub(
            lambda m: f"un'{m['noun']}" if self.gender(m["noun"], tongue) == "f" else m[0], text
        )

    def cardinal(self, number: int, tongue: Tongue, *, noun: str = "", before: str = "") -> str:
        """
        Whole number; one in the form that its noun wants.

        >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
        >>> [Italian().cardinal(1, load_tongue("it"), noun=noun) for noun in ("euro", "studente", "persona", "")]
        ['un', 'uno', 'una', 'uno']
        """
        if number != 1 or not noun:
            return tongue.numbers.spell(number, "cardinal")
        if self.gender(noun, tongue) == "f":
            return "una"
        return "uno" if _HARD_ONSET.match(noun.casefold()) else "un"

    def and_a_half(self, number: int, forms: list[str], tongue: Tongue) -> str:
        """
        A half of millions and milliards is said behind them.

        >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
        >>> [Italian().and_a_half(number, ["milione", "milioni"], load_tongue("it")) for number in (1, 2)]
        ['un milione e mezzo', 'due milioni e mezzo']
        """
        if forms[0] not in ("milione", "miliardo"):
            return ""
        return f"{self.cardinal(number, tongue, noun=forms[0])} {forms[0 if number == 1 else 1]} e mezzo"

    def roman(self, number: int, tongue: Tongue, *, before: str, mark: str, after: str) -> str:
        """
        Popes, kings, centuries and wars have ordinals.

        >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
        >>> names = (("Leone ", ""), ("Elisabetta ", ""), ("la ", " guerra"))
        >>> [Italian().roman(2, load_tongue("it"), before=b, mark="", after=a) for b, a in names]
        ['secondo', 'seconda', 'seconda']
        """
        name = before.split()[-1] if before.strip() else ""
        noun = (
            self.noun_after(after, tongue)
            if after[:1] == " " and name not in tongue.words("roman_before")
            else name
        )
        return tongue.numbers.spell(number, f"ordinal_{self.gender(noun, tongue) if noun else 'm'}")


def _aged(number: str) -> str:
    """
    Stem of a number before "-enne": its last vowel falls, but not that of "sei" and "tre" (Treccani, Vocabolario).

    >>> [f"{_aged(number)}enne" for number in ("quarantaquattro", "ventitré", "ventisei", "trenta")]
    ['quarantaquattrenne', 'ventitreenne', 'ventiseienne', 'trentenne']
    """
    if number.endswith("tré"):
        return f"{number[:-1]}e"
    return number if number.endswith("sei") else number[:-1]


def _is_first_name(word: str | None) -> bool:
    """
    Whether a word before "S." is a first name, and no street, church or preposition.

    >>> _is_first_name("Philips "), _is_first_name("Via "), _is_first_name(None)
    (True, False, False)
    """
    return bool(word) and str(word).strip().casefold() not in _NOT_FIRST_NAMES


def _is_after_degrees(word: str, tongue: Tongue) -> bool:
    """
    Whether the sign before a word means degrees.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> [_is_after_degrees(word, load_tongue("it")) for word in ("sotto", "a", "posto")]
    [True, True, False]
    """
    return word.startswith(_AFTER_DEGREES) or word in tongue.words("not_nouns")


def _next(match: re.Match[str]) -> str:
    """
    The word behind a match.

    >>> _next(re.search("°", "10° posto"))
    'posto'
    """
    found = re.match(r" ([^\W\d_]+)", match.string[match.end() : match.end() + NEAR])
    return found[1] if found else ""
