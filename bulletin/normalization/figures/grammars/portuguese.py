"""
Portuguese counting words: numbers agree with their noun up to the hundreds, "duzentas mil pessoas", "um milhão e meio".

Source: Cunha and Cintra, Nova gramática do português contemporâneo, chapter 12 (gender of numerals, the conjunction "e",
ordinals up to ten in names of kings, popes and centuries); Priberam, Dicionário ("meio").
"""

from __future__ import annotations

import re

from bulletin.normalization.figures.grammars.grammar import Grammar
from bulletin.normalization.load_number_and_abbreviation_tables import Tongue

_FEMININE_BEFORE = frozenset(("as", "às", "à", "das", "nas", "pelas", "aquelas", "estas", "essas", "outras"))
"""Articles and demonstratives that prove a feminine noun or the hours: "às 2". Example: `Portuguese.cardinal`."""
_MILLIARDS = re.compile(
    r"(?<![\w.,])(\d{1,3})(?:,(\d{1,3}))? ?(?:mil milhões|mM|mil M)(?!\w)(?P<blank>(?=[€$£]))?"
)
"""Example: `Portuguese.prepare`."""
_THOUSANDS = re.compile(r"(?<![\w.,])(\d{1,3})(?:,(\d{1,3}))? ?mil(?!\w)")
"""Example: `Portuguese.prepare`."""
_DEGREE_MARK = re.compile(
    r"(?<=\d)°(?= (?:dia|lugar|turno|tempo|ano|mês|andar|distrito|batalhão|mandato|trimestre|aniversário|colocado|set)\b)"
)
"""The sign of degrees, printed for that of ordinals. Example: `Portuguese.prepare`."""
_DOM = re.compile(r"(?<![\w.])(?<![A-Z]\. )D\. (?=(?P<name>[A-ZÀ-Þ][^\W\d_]{2,}))")
"""Example: `Portuguese.prepare`."""
_LARGEST_ORDINAL = 10
"""Example: `Portuguese.roman`."""


class Portuguese(Grammar):
    """Portuguese; the folder pt has the words of Portugal, pt-BR those of Brazil."""

    has_roman_before_name = True

    def prepare(self, text: str, tongue: Tongue) -> str:
        """
        Write thousands in figures, "2,5 mil milhões" as 2500 millions, "3.ª" as "3ª", a score with "x" with a hyphen.

        >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
        >>> Portuguese().prepare("200 mil pessoas, 2,5 mil milhões, a 3.ª, 3x0, 1.º de maio, 4° dia", load_tongue("pt"))
        '200000 pessoas, 2500 milhões, a 3ª, 3-0, primeiro de maio, 4º dia'
        """
        text = _MILLIARDS.sub(
            lambda m: f"{m[1]}{m[2] or '':0<3} milhões{'' if m['blank'] is None else ' '}", text
        )
        text = _THOUSANDS.sub(lambda m: f"{m[1]}{m[2] or '':0<3}", text)
        text = _DOM.sub(lambda m: "Dona " if m["name"].endswith("a") else "Dom ", text)
        text = re.sub(r"(?<=\d)\.(?=[ºª])", "", _DEGREE_MARK.sub("º", text))
        text = re.sub(r"(?<![\w.,:])(\d{1,3})\.(?=\d(?![\w.,]*\d))", r"\1,", text)
        text = re.sub(r"(?<![\w.,])1º(?= de [^\W\d_])", "primeiro", text)
        text = re.sub(r"(?<![\w.,])(\d{1,2}) ?[x×] ?(\d{1,2})(?!\w|[.,]\d)", r"\1-\2", text)
        # "na quarta (3)": the day of the month in brackets
        return re.sub(r"(?<=\w) \((\d{1,2})\)", r", \1,", text).replace(",,", ",").rstrip(",")

    def cardinal(self, number: int, tongue: Tongue, *, noun: str = "", before: str = "") -> str:
        """
        Number in the gender of its noun; "e" before a last group of round thousands.

        >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
        >>> counts = ((2, "casas"), (350, "mulheres"), (2, "problemas"), (1_200_000, "euros"))
        >>> [Portuguese().cardinal(number, load_tongue("pt"), noun=noun) for number, noun in counts]
        ['duas', 'trezentas e cinquenta', 'dois', 'um milhão e duzentos mil']
        >>> Portuguese().cardinal(2, load_tongue("pt"), before="às ")
        'duas'
        """
        last = before.split()[-1].casefold() if before.endswith(" ") and before.strip() else ""
        is_feminine = self.gender(noun, tongue) == "f" if noun else last in _FEMININE_BEFORE
        rules = "cardinal_f" if is_feminine else "cardinal_m"
        millions, rest = divmod(number, 10**6)
        if millions and rest and rest % 1000 == 0 and (rest < 10**5 or rest % 10**5 == 0):
            spoken = (tongue.numbers.spell(millions * 10**6, rules), tongue.numbers.spell(rest, rules))
            return " e ".join(spoken)
        return tongue.numbers.spell(number, rules)

    def and_a_half(self, number: int, forms: list[str], tongue: Tongue) -> str:
        """
        A half of millions is said behind them.

        >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
        >>> Portuguese().and_a_half(1, ["milhão", "milhões"], load_tongue("pt"))
        'um milhão e meio'
        """
        if not forms[0].endswith(("lhão", "lião")):
            return ""
        return f"{tongue.numbers.spell(number, 'cardinal_m')} {forms[0 if number == 1 else 1]} e meio"

    def roman(self, number: int, tongue: Tongue, *, before: str, mark: str, after: str) -> str:
        """
        Kings, popes and centuries: ordinals up to ten, then numbers; things that follow have ordinals.

        >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
        >>> names = ((2, "Isabel ", ""), (14, "Leão ", ""), (2, "a ", " Guerra"))
        >>> [Portuguese().roman(n, load_tongue("pt"), before=b, mark="", after=a) for n, b, a in names]
        ['segunda', 'catorze', 'segunda']
        """
        name = before.split()[-1] if before.strip() else ""
        is_name = name in tongue.words("roman_before") or name in ("século", "Século", "séc.")
        noun = name if is_name else self.noun_after(after, tongue)
        if is_name and number > _LARGEST_ORDINAL:
            return tongue.numbers.spell(number, "cardinal_m")
        return tongue.numbers.spell(number, f"ordinal_{self.gender(noun, tongue) if noun else 'm'}")
