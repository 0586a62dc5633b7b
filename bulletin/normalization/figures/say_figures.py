"""
Text of a language other than English -> its figures, signs and abbreviations as words, by small steps in this order.

Source: docs/decisions/0070; the kinds of words are those of Sproat et al. 2001 (`normalize_text`).
"""

from __future__ import annotations

import re
from collections.abc import Callable

from bulletin.language.read_word_lists import either
from bulletin.normalization.figures import amounts, counts, dates, marks, pairs, times, word_endings
from bulletin.normalization.figures.grammars.grammar import Grammar
from bulletin.normalization.figures.grammars.load_grammar import load_grammar
from bulletin.normalization.letters import (
    expand_titles_and_place_names,
    initialisms,
    web_addresses,
    words_in_capitals,
)
from bulletin.normalization.load_number_and_abbreviation_tables import NOWHERE, Tongue
from bulletin.normalization.numbers import spell_numbers_and_symbols

FIGURES: tuple[Callable[[str, Tongue, Grammar], str], ...] = (
    # Figures that only look like a count, from the surest form to the least sure.
    word_endings.join_compounds,
    pairs.part_numbered,
    counts.say_roman_numerals,
    counts.say_phone_numbers,
    dates.say_dates,
    times.say_times,
    dates.say_spans,
    pairs.say_scores,
    pairs.join_ranges,
    amounts.say_money,
    amounts.say_units,
    amounts.say_scales,
    pairs.say_fractions,
    counts.say_ordinals,
    counts.say_codes,
    counts.say_years,
    counts.say_left_romans,
)
"""Example: `say_figures`."""

_INNER_STOP = re.compile(
    r"(?<=\b[A-Z][a-z])\.(?=[A-Z][a-z]{1,8}\.[A-Z]?)|(?<=\.[A-Z][a-z])\.(?=[A-Z][a-z])|(?<=[^\W\d_])\.(?=[a-zà-ÿ]{2})"
)
"""
A full stop within a name, which ends no sentence.

>>> [_INNER_STOP.sub(" ", name) for name in ("In.To.Rome", "Node.js", "Ende.Der")]
['In To Rome', 'Node js', 'Ende.Der']
"""


def say_figures(text: str, tongue: Tongue) -> str:
    """
    Say figures, signs, abbreviations and initials of a language with tables.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> say_figures("Die CDU kam am 3.12. auf 21,5 %.", load_tongue("de"))
    'Die C-D-U kam am dritten Dezember auf einundzwanzig Komma fünf Prozent.'
    >>> say_figures("Im November 1.246 Einreisen", load_tongue("de"))
    'Im November eintausendzweihundertsechsundvierzig Einreisen'
    """
    grammar = load_grammar(tongue.language)
    if tongue.tables["words"].get("dot", NOWHERE) != NOWHERE:
        text = web_addresses.say_handles(web_addresses.say_addresses(text, tongue), tongue)
    text = words_in_capitals.lower_words_in_capitals(initialisms.lower_headlines(text, tongue), tongue)
    text = initialisms.lower_shouted_words(text, tongue)
    fixed = tongue.tables["fixed"]
    text = re.sub(rf"(?<![\w.,/:])(?:{either(fixed)})(?![\w/:])(?![-.,]\d)", lambda m: fixed[m[0]], text)
    text = expand_titles_and_place_names.say_titles(
        expand_titles_and_place_names.say_places(text, tongue), tongue
    )
    text = counts.say_versions(_INNER_STOP.sub(" ", text), tongue)
    text = grammar.prepare(marks.unify_marks(text, tongue), tongue)
    for step in FIGURES:
        text = step(text, tongue, grammar)
    text = word_endings.join_endings(initialisms.say_initials(text, tongue), tongue)
    text = counts.say_numbers(text, tongue, grammar)
    text = grammar.finish(text.replace(marks.GROUPED, ""))
    return spell_numbers_and_symbols.say_symbols(text, tongue)


def keep_printed(text: str) -> str:
    """
    Text of a language without tables of figures: figures and their signs stay, for engines that read them.

    >>> keep_printed('Tiu 3,5 % – "de 20 €" [sic] 2026')
    'Tiu 3,5 %, de 20 € sic 2026'
    >>> keep_printed("Ŝi iris. – Mi venos, li diris.")
    'Ŝi iris. Mi venos, li diris.'
    """
    text = " ".join(re.sub(r"[^\w\s,.?!;:'%€$£°§&/+–-]|_", " ", text).split())
    return re.sub(r" [–-](?= )", ",", re.sub(r"(?:^|(?<=[,.?!;:])) ?[–-] ", " ", text)).strip()
