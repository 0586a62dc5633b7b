"""
German counting words: endings of ordinals, "ein" and "eine", words joined to a figure ("18-Jährige").

Source: Duden, Die Grammatik, "Ordinalzahlwörter" (they have the endings of adjectives) and "Kardinalzahlwörter" (only
"eins" has endings); Amtliche Regelung der deutschen Rechtschreibung, paragraphs 40 to 43 (hyphen after a figure).
"""

from __future__ import annotations

import re

from bulletin.language.read_word_lists import word_set
from bulletin.normalization.figures.grammars.german_rulers import say_ruler
from bulletin.normalization.figures.grammars.grammar import Grammar
from bulletin.normalization.figures.marks import NEAR
from bulletin.normalization.load_number_and_abbreviation_tables import Tongue
from bulletin.normalization.numbers.roman_numerals import read_roman

_LISTS = {
    name: word_set("bulletin.normalization.figures.grammars", "german.toml", f"before.{name}")
    for name in ("weak", "nominative", "dative", "genitive", "accusative", "particles", "about")
}
"""Example: `German.ordinal`."""
_NOT_ADJECTIVES = _LISTS["weak"] | _LISTS["dative"] | _LISTS["accusative"] | _LISTS["particles"]
"""Example: `German.noun_after`."""
_YEARS_OLD = re.compile(r"(?<![\w.,])(\d{1,3})-?([Jj]ährig)")
"""Example: `German.prepare`."""
_PERCENTAGE = re.compile(r"(?<![\w.,])(\d{1,3})-?(?:%ig|prozentig)")
"""Example: `German.prepare`."""
_TIMES = re.compile(
    r"(?<![\w.,])(\d{1,4})-?(mal|fach|er|tägig|stündig|minütig|köpfig|stellig|malig|stöckig)(?=e?[rnms]?\b)"
)
"""Example: `German.prepare`."""
_DROPPED = re.compile(r"(?<=[^\W\d_])-(?= (?:[a-zäöüß]|& ?[A-ZÄÖÜ]))|(?<=(?:und|der) )-(?=[a-zäöüß]{3})")
"""
"Vor- und Nachteile", "Jacken und -hosen": the hyphen stands for a word, and is no pause (Amtliche Regelung, paragraph 98).

Example: `German.prepare`.
"""
_IN_A_COMPOUND = re.compile(r"(?<![\w.,])(?P<number>\d{1,4}(?:,\d{1,2})?)-(?P<unit>«units»)(?=-[A-ZÄÖÜ])")
"""Example: `German.prepare`."""
_ABBREVIATED = re.compile(r"(?<=\b[A-Za-z])\.-(?=[A-Za-zÄÖÜäöü])")
""" "K.-o.-Runde" (Duden): a hyphen behind the full stop of an abbreviation. Example: `German.prepare`."""
_RULER = re.compile(
    r"(?<!\w)(?P<name>[A-ZÄÖÜ][a-zäöüß]+) (?P<roman>[IVX]{2,7})\.(?= [a-zäöüß(])|(?<!\w)(?P<owner>[A-ZÄÖÜ][a-zäöüß]*[sxzß]') (?P<number>[IVX]{1,7})\."
)
"""A Roman numeral with a full stop within a sentence is an ordinal; so it is behind a name in the genitive. Example: `German.prepare`."""
_HALF_HOUR = re.compile(r"(?<![\w.,])1/2 ?(?:h|Std\.|Stunde)(?!\w)")
"""Example: `German.prepare`."""
_POSTCODE = re.compile(
    r"(?P<head>(?:^|(?<=[(,;] )|\b(?:[Ii]n|[Aa]us|[Bb]ei|[Nn]ach|[Vv]on) )(?:D-)?)(?P<code>\d{5})(?= (?P<place>[A-ZÄÖÜ][a-zäöüß]+))"
)
"""Postcode before its place (DIN 5008). Example: `German.prepare`."""
_PLACE_IN_N = re.compile(
    r"(?:ingen|hausen|kirchen|hofen|stetten|bergen|leben|baden|furten|wangen|sachsen|felden|münden|orten|essen|achen|emen|esden|ünchen|sen|hagen|hafen|minden|linden|brücken|born)$"
)
"""Endings of places in -n, which dative plurals have too. Example: `German.prepare`."""
_LISTED_DAYS = re.compile(r"(?<![\w.,])(\d{1,2})\.(?=, ?\d{1,2}\.)")
""" "am 25., 26. und 27. April". Example: `German.prepare`."""
_CLUB = re.compile(r"(?<![\w.,])1\.(?=[A-ZÄÖÜ]{2})")
""" "1.FC", printed without a space. Example: `German.prepare`."""
_LAST_WORDS = re.compile(r"[^\W\d_]+")
"""Example: `German.ordinal`."""
_NEUTER_OR_MASCULINE = "m"
"""Example: `German.ordinal`."""


class German(Grammar):
    """German, as news in Germany, Austria and Switzerland is read."""

    def prepare(self, text: str, tongue: Tongue) -> str:
        """
        Spell figures that are part of a word, since a word has no pause within it.

        >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
        >>> German().prepare("Der 18-Jährige, eine 20%ige und 3-malige Chance, 90er, Vor- und Nachteile", load_tongue("de"))
        'Der Achtzehnjährige, eine zwanzigprozentige und dreimalige Chance, neunziger, Vor und Nachteile'
        >>> German().prepare("am 25., 26. und 27. April, der 1.FC", load_tongue("de"))
        'am fünfundzwanzigsten, 26. und 27. April, der 1. FC'
        """

        def say_age(match: re.Match[str]) -> str:
            spoken = tongue.numbers.spell(int(match[1]), "cardinal_m")
            return (spoken.capitalize() if match[2][0] == "J" else spoken) + match[2].lower()

        def say_joined(match: re.Match[str]) -> str:
            if match[2] == "er" and 1100 <= int(match[1]) < 2100:  # years: "die 1970er"
                return tongue.year(match[1]) + match[2]
            return tongue.numbers.spell(int(match[1]), "cardinal_m") + match[2]

        def say_ruler_within(match: re.Match[str]) -> str:
            name, value = match["name"] or match["owner"], read_roman(match["roman"] or match["number"])
            if not value or name in tongue.words("roman_cardinals"):
                return match[0]
            before = match.string[max(0, match.start() - NEAR) : match.start()] + name
            return f"{name.rstrip(chr(39))} {say_ruler(value, tongue, before=before)}"

        text = _say_unit_of_compound(_ABBREVIATED.sub("-", _CLUB.sub("1. ", text)), tongue)
        text = re.sub(r"(?<=[A-Z])\+(?=-[A-ZÄÖÜ])", f"-{tongue.word('plus')}", text)
        text = _HALF_HOUR.sub("eine halbe Stunde", re.sub(r"(?<!\w)ca (?=\d)", "circa ", text))
        text = _POSTCODE.sub(lambda m: _say_postcode(m, tongue), text)
        text = _LISTED_DAYS.sub(
            lambda m: self.ordinal(int(m[1]), tongue, before=m.string[max(0, m.start() - NEAR) : m.start()]),
            text,
        )
        text = _YEARS_OLD.sub(say_age, text)
        text = _RULER.sub(say_ruler_within, text)
        text = _PERCENTAGE.sub(lambda m: f"{tongue.numbers.spell(int(m[1]), 'cardinal_m')}prozentig", text)
        return _DROPPED.sub("", _TIMES.sub(say_joined, text))

    def noun_after(self, rest: str, tongue: Tongue) -> str:
        """
        The first of two words that has a capital: German nouns have one.

        >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
        >>> [German().noun_after(rest, load_tongue("de")) for rest in (" neue Fälle", " und Köln", " kam")]
        ['Fälle', '', '']
        """
        match = re.match(r" (?P<first>[^\W\d_][\w-]*)(?: (?P<second>[^\W\d_][\w-]*))?", rest)
        if not match:
            return ""
        if match["first"][0].isupper():
            return match["first"]
        is_adjective = re.search(r"(?:e|er|es|en|em)$", match["first"]) and len(match["first"]) > 3
        is_noun = is_adjective and match["second"] and match["second"][0].isupper()
        return match["second"] if is_noun and match["first"] not in _NOT_ADJECTIVES else ""

    def counts(self, number: int, noun: str, tongue: Tongue, *, before: str) -> bool:
        """
        A recent year, unless it is round, a plural in -en follows, or a word such as "rund" stands before it.

        Four figures that count have a noun in the plural (Duden, Die Grammatik, "Kardinalzahlwörter").

        >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
        >>> counts = [(1996, "Stadtschreiber", "wird"), (1996, "Menschen", ""), (2000, "Schüler", ""), (1996, "Schüler", "rund")]
        >>> [German().counts(number, noun, load_tongue("de"), before=before) for number, noun, before in counts]
        [False, True, True, True]
        """
        if not noun or not 1900 < number < 2040 or number % 50 == 0:
            return bool(noun)
        is_plural = noun in tongue.words("counted") or noun.endswith(("en", "innen", "leute"))
        return is_plural or before.casefold() in _LISTS["about"]

    def cardinal(self, number: int, tongue: Tongue, *, noun: str = "", before: str = "") -> str:
        """
        Only one has a gender: "ein Euro", "eine Person", "von einer Million", "um einen Prozentpunkt".

        >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
        >>> one = [("Person", ""), ("Euro", "nur "), ("Million", "von "), ("Prozentpunkt", "um "), ("Jahr", "seit ")]
        >>> [German().cardinal(1, load_tongue("de"), noun=noun, before=before) for noun, before in one]
        ['eine', 'ein', 'einer', 'einen', 'einem']
        """
        if number != 1 or not noun:
            return tongue.numbers.spell(number, "cardinal")
        gender, last = self.gender(noun, tongue), _last(before)
        if noun in tongue.words("uninflected"):
            return tongue.numbers.spell(1, "cardinal_m")
        if last in _LISTS["dative"]:
            return tongue.numbers.spell(1, "spellout-cardinal-r" if gender == "f" else "spellout-cardinal-m")
        if last in _LISTS["accusative"] and gender == "m":
            return tongue.numbers.spell(1, "spellout-cardinal-n")
        return tongue.numbers.spell(1, f"cardinal_{gender}")

    def ordinal(
        self, number: int, tongue: Tongue, *, mark: str = "", before: str = "", after: str = ""
    ) -> str:
        """
        Ordinal with the ending that the word in front of it asks for.

        >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
        >>> texts = [("am ", " Mai"), ("der ", " Mann"), ("in der ", " Liga"), ("ein ", " Mann"), ("", " Liga")]
        >>> [German().ordinal(2, load_tongue("de"), before=text, after=after) for text, after in texts]
        ['zweiten', 'zweite', 'zweiten', 'zweiter', 'zweite']
        """
        words = [word.casefold() for word in _LAST_WORDS.findall(before[-40:])] if before[-1:] == " " else []
        last, previous = (words or [""])[-1], (words[:-1] or [""])[-1]
        noun = self.noun_after(after, tongue)
        gender = self.gender(noun, tongue) if noun else _NEUTER_OR_MASCULINE
        if last == "der" and (previous in _LISTS["dative"] | _LISTS["genitive"] or gender == "f"):
            ending = "-n"
        elif last in _LISTS["nominative"]:
            ending = ""
        elif last in _LISTS["weak"]:
            ending = "-n"
        elif gender == "f":
            ending = ""
        else:
            ending = "-s" if gender == "n" else "-r"
        return tongue.numbers.spell(number, f"spellout-ordinal{ending}")

    def day(self, number: int, tongue: Tongue, *, before: str = "") -> str:
        """
        A day of the month is masculine: "am dritten Dezember", "der dritte Dezember", "dritter Dezember".

        Behind "am Montag," it has its article (Duden, "Datum": "am Montag, dem 3. Dezember").

        >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
        >>> [German().day(3, load_tongue("de"), before=before) for before in ("am ", "Der ", "am Montag, ", "")]
        ['dritten', 'dritte', 'dem dritten', 'dritter']
        """
        if match := re.search(r"\b(?i:an|am|vom|dem|bis|seit|ab|zum) (\w+)(,| den| dem)? $", before):
            article = "dem " if match[2] == "," and match[1][0].isupper() else ""
            return article + tongue.numbers.spell(number, "spellout-ordinal-n")
        return self.ordinal(number, tongue, before=before)

    def roman(self, number: int, tongue: Tongue, *, before: str, mark: str, after: str) -> str:
        """
        A ruler's number is an ordinal with its article; other numerals are cardinals.

        >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
        >>> [German().roman(14, load_tongue("de"), before=b, mark=".", after="") for b in ("Leo ", "Papst Leos ")]
        ['der Vierzehnte', 'des Vierzehnten']
        """
        if any(after.startswith(f" {noun}") for noun in tongue.words("roman_after")):
            return self.ordinal(number, tongue, before=before, after=after)
        if mark != "." or _last_word(before) in tongue.words("roman_cardinals"):
            return tongue.numbers.spell(number, "cardinal")
        return say_ruler(number, tongue, before=before)


def _say_unit_of_compound(text: str, tongue: Tongue) -> str:
    """
    Unit between hyphens, whose name is part of the word (Amtliche Regelung, paragraph 44).

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> _say_unit_of_compound("ein 22-kW-Lader", load_tongue("de"))
    'ein 22-Kilowatt-Lader'
    """
    units = tongue.tables["units"]
    return tongue.sub(
        _IN_A_COMPOUND.pattern,
        lambda m, _: m[0] if " " in units[m["unit"]][0] else f"{m['number']}-{units[m['unit']][0]}",
        text,
    )


def _say_postcode(match: re.Match[str], tongue: Tongue) -> str:
    """
    Postcode digit by digit: five figures without a mark before a place, and no round number before a plural.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> texts = ("in 31167 Bockenem", "in 52062 Aachen", "in 12345 Haushalten", "von 20000 Euro")
    >>> [_POSTCODE.sub(lambda m: _say_postcode(m, load_tongue("de")), text) for text in texts]
    ['in drei eins eins sechs sieben Bockenem', 'in fünf zwei null sechs zwei Aachen', 'in 12345 Haushalten', 'von 20000 Euro']
    """
    place, code = match["place"], match["code"]
    is_counted = place in tongue.words("counted") or (place.endswith("n") and not _PLACE_IN_N.search(place))
    if is_counted or code.endswith("000"):
        return match[0]
    return match["head"] + tongue.each_digit(code)


def _last_word(before: str) -> str:
    """
    The last word of a text.

    >>> _last_word("im Jahr "), _last_word("")
    ('Jahr', '')
    """
    return before.split()[-1] if before.strip() else ""


def _last(before: str) -> str:
    """
    The word in front of a figure; "" where a mark stands between.

    >>> _last("nur von "), _last("Köln: ")
    ('von', '')
    """
    words = _LAST_WORDS.findall(before[-40:])
    return words[-1].casefold() if words and before.endswith(f"{words[-1]} ") else ""
