"""
Dutch counting words: "anderhalf miljoen", "tweeënhalve meter", "half acht", "Karel de derde".

Source: Taaladvies.net of the Taalunie (klokgetallen; anderhalf and the ending of half) and Algemene Nederlandse
Spraakkunst, chapter 7 (het telwoord). Numbers and years are in the language's numbers.toml.
"""

from __future__ import annotations

import re

from bulletin.normalization.figures.grammars.grammar import Grammar
from bulletin.normalization.load_number_and_abbreviation_tables import Tongue

_HALVES = re.compile(r"(?<![\w.,])([1-9]\d?),5 (?P<noun>[^\W\d_]+)")
"""Example: `Dutch.prepare`."""
_THOUSANDS = re.compile(r"(?<![\w.,])(\d{1,3})(?:,(\d{1,3}))? ?duizend(?!\w)")
"""Example: `Dutch.prepare`."""
_JOINED = re.compile(
    r"(?<![\w.,])(\d{1,4})-?(?P<word>jarigen?|daagse?|koppige?|voudige?|delige?|urige?|maandse?|procents)(?!\w)"
)
"""Example: `Dutch.prepare`."""
_PARTS_OF_DAY = re.compile(r"(?<![\w'-])s (nachts|ochtends|morgens|middags|avonds|winters|zomers)(?!\w)")
"""The article of "'s nachts", whose apostrophe is gone: one word for the voice. Example: `Dutch.prepare`."""
_GENITIVE = re.compile(r"(?<![\w'-])(?<!\d )s ([A-Za-z][a-zë]{2,}s)(?!\w)")
"""The same before any noun in the genitive: "'s werelds", "'s lands" (Algemene Nederlandse Spraakkunst, 14.3.4). Example: `Dutch.prepare`."""
_HALF = 30
"""Minutes from which the next hour is named. Example: `Dutch.time`."""
_QUARTERS = {15: "kwart over {hour}", 30: "half {next}", 45: "kwart voor {next}"}
"""Example: `Dutch.time`."""

_TALL = re.compile(r"(?<![\w.,])([1-9]),([1-9]\d) ?(?:meter|m)(?![\w²/])")
"""A height: "één meter negenentachtig". Example: `Dutch.prepare`."""


class Dutch(Grammar):
    """Dutch of the Netherlands and Flanders."""

    def prepare(self, text: str, tongue: Tongue) -> str:
        """
        Write thousands in figures, ",-" behind a sum as nothing; say halves, and figures that are part of a word.

        "mond- en klauwzeer": the hyphen stands for a word, and is no pause (Woordenlijst, "weglatingsstreepje").

        >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
        >>> Dutch().prepare("12 duizend, € 5,-, 1,5 jaar, de 30-jarige, s nachts, in- en uitvoer", load_tongue("nl"))
        '12000, € 5, anderhalf jaar, de dertigjarige, snachts, in en uitvoer'
        >>> Dutch().prepare("s werelds hoogste, s Avonds, oortjes en -parfum, 5 s later", load_tongue("nl"))
        'swerelds hoogste, Savonds, oortjes en parfum, 5 s later'
        """
        text = _THOUSANDS.sub(lambda m: f"{m[1]}{m[2] or '':0<3}", text)
        text = re.sub(r"(?<=\d),(?:-|–)(?!\w)", "", text)
        text = _PARTS_OF_DAY.sub(r"s\1", text)
        text = _GENITIVE.sub(lambda m: f"s{m[1].lower()}" if m[1][0].islower() else f"S{m[1].lower()}", text)
        text = re.sub(r"(?<=[^\W\d_])-(?= [a-zë])|(?<=(?:en|of) )-(?=[a-zë]{3})", "", text)
        text = re.sub(r"(?<!\w)t ?/ ?m(?!\w)", "tot en met", text)
        # "'t" and "'n", whose apostrophe is gone: "Van 't Hof"
        text = re.sub(r"(?<![\w'-])t(?= [A-Za-zë])", "het", text)
        text = re.sub(r"(?<![\w'-])n(?= [a-zë]{3})", "een", text)
        text = _TALL.sub(r"\1 meter \2", text)

        def say_half(match: re.Match[str]) -> str:
            is_halved = match["noun"] in tongue.words("halved")
            return self.and_a_half(int(match[1]), [match["noun"]] * 2, tongue) if is_halved else match[0]

        def say_joined(match: re.Match[str]) -> str:
            return tongue.numbers.spell(int(match[1]), "spellout-cardinal") + match["word"]

        return _HALVES.sub(say_half, _JOINED.sub(say_joined, text))

    def cardinal(self, number: int, tongue: Tongue, *, noun: str = "", before: str = "") -> str:
        """
        Numbers have no gender; "één" and the hundreds above a thousand are in numbers.toml.

        >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
        >>> [Dutch().cardinal(number, load_tongue("nl")) for number in (1, 1500, 12_345)]
        ['één', 'vijftienhonderd', 'twaalfduizend driehonderdvijfenveertig']
        """
        return tongue.numbers.spell(number, "cardinal")

    def and_a_half(self, number: int, forms: list[str], tongue: Tongue) -> str:
        """
        "Half" joins the number, and has an ending before a noun with the article "de".

        >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
        >>> [Dutch().and_a_half(1, [noun, noun], load_tongue("nl")) for noun in ("miljoen", "meter")]
        ['anderhalf miljoen', 'anderhalve meter']
        """
        whole = tongue.numbers.spell(number, "cardinal")
        half = "anderhal" if number == 1 else f"{whole}{'ën' if whole[-1] == 'e' else 'en'}hal"
        noun = forms[0].split(" ")[-1]
        return f"{half}{'f' if noun in tongue.words('neuter') else 've'} {forms[1]}"

    def time(self, hour: int, minute: int, tongue: Tongue) -> str:
        """
        Hours up to noon, whose half of the day print shows; later ones are read as printed.

        Minutes are "over" the hour or "voor" the next; "acht uur zeventien" is for timetables (Taaladvies.net, "Acht uur
        zeventien / zeventien over acht / dertien voor halfnegen").

        >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
        >>> [Dutch().time(*time, load_tongue("nl")) for time in ((7, 30), (12, 30), (18, 30), (8, 17), (8, 40), (8, 0))]
        ['half acht', 'half één', '', 'zeventien over acht', 'twintig voor negen', '']
        """
        if not 1 <= hour <= 12 or minute == 0:
            return ""
        spell = tongue.numbers.spell
        form = _QUARTERS.get(minute, "{over} over {hour}" if minute < _HALF else "{to} voor {next}")
        parts = {"over": minute, "to": 60 - minute, "hour": hour, "next": hour % 12 + 1}
        return form.format(**{name: spell(value, "cardinal") for name, value in parts.items()})

    def roman(self, number: int, tongue: Tongue, *, before: str, mark: str, after: str) -> str:
        """
        Kings and popes have an ordinal with "de", centuries one without.

        >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
        >>> [Dutch().roman(14, load_tongue("nl"), before=b, mark=m, after="") for b, m in (("Leo ", ""), ("de ", "e"))]
        ['de veertiende', 'veertiende']
        """
        ordinal = tongue.numbers.spell(number, "ordinal")
        name = before.split()[-1] if before.strip() else ""
        return f"de {ordinal}" if name in tongue.words("roman_before") else ordinal
