"""
Endings behind a figure or initials -> one word with them: "18-åring", "EU:s".

Source: Språkrådet, Svenska skrivregler, "Sammansättningar med siffror" and "Kolon i böjningsformer"; Kotimaisten kielten
keskus, "Lyhenteiden taivutus": the colon stands before the ending of what is spelt, and is not said.
"""

from __future__ import annotations

import re

from bulletin.normalization.figures.grammars.grammar import Grammar
from bulletin.normalization.load_number_and_abbreviation_tables import NOWHERE, Tongue

_COMPOUND = re.compile(r"(?<![\w.,:/-])([1-9]\d{0,3})-(?=[^\W\d_]{2,})(?![A-ZÀ-Þ])")
"""Example: `join_compounds`."""
_CENTURY = re.compile(r"1[1-9]\d0|20\d0")
"""Decade of a year: "1990-talet". Example: `join_compounds`."""
_ENDING = r"(?:(?<=[^\W\d_][^\W\d_])|(?<=-[A-ZÀ-Þ])){}(?=[a-zà-ÿ]{{1,4}}(?!\w))"
"""Example: `join_endings`."""


def join_compounds(text: str, tongue: Tongue, grammar: Grammar) -> str:
    """
    Say a figure that is the first part of a word, with `compound` of [words] between; a language without it keeps the hyphen.

    >>> from dataclasses import replace
    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> german = load_tongue("de")
    >>> words = dict(german.tables) | {"words": dict(german.tables["words"]) | {"compound": ""}}
    >>> join_compounds("18-jährige, 1990-mal", replace(german, tables=words), Grammar())
    'achtzehnjährige, neunzehnhundertneunzigmal'
    >>> join_compounds("18-jährige", german, Grammar())
    '18-jährige'
    """
    joint = tongue.tables["words"].get("compound", NOWHERE)
    if joint == NOWHERE:
        return text

    def say(match: re.Match[str]) -> str:
        number = (
            tongue.year(match[1]) if _CENTURY.fullmatch(match[1]) else grammar.cardinal(int(match[1]), tongue)
        )
        return f"{number}{joint}"

    return _COMPOUND.sub(say, text)


def join_endings(text: str, tongue: Tongue) -> str:
    """
    The ending of a name or of initials without its `ending_mark` of [words], with a hyphen behind a capital letter.

    >>> from dataclasses import replace
    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> german = load_tongue("de")
    >>> words = dict(german.tables) | {"words": dict(german.tables["words"]) | {"ending_mark": ":"}}
    >>> join_endings("E-U:s ledare, Nato:s plan: sank", replace(german, tables=words)), join_endings("Autor:in", german)
    ('E-U-s ledare, Natos plan: sank', 'Autor:in')
    """
    mark = tongue.tables["words"].get("ending_mark", NOWHERE)
    if mark in ("", NOWHERE):
        return text
    ending = re.compile(_ENDING.format(re.escape(mark)))
    return ending.sub(lambda match: "-" if match.string[match.start() - 1].isupper() else "", text)
