"""
Text as written -> text as read: letters, apostrophes and sentence punctuation, nothing else.

Source: words that are no dictionary words are sorted by kind and then spelt (Sproat et al. 2001, "Normalization of
non-standard words", Computer Speech & Language 15); names escape the steps (docs/decisions/0026).
`python -m bench.normalization_matches` counts how many of the 604 fresh articles each step changes.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bulletin.language.language_folders import base_of
from bulletin.normalization.dates import spoken_dates, spoken_times
from bulletin.normalization.figures.say_figures import keep_printed, say_figures
from bulletin.normalization.letters import (
    alphanumeric_codes,
    expand_titles_and_place_names,
    initialisms,
    web_addresses,
)
from bulletin.normalization.load_number_and_abbreviation_tables import ENGLISH, Tongue, load_tongue
from bulletin.normalization.numbers import (
    money,
    phone_numbers,
    ranges_and_scores,
    roman_numerals,
    spell_numbers_and_symbols,
    units_in_ranges_or_alone,
    units_of_measure,
)
from bulletin.normalization.pronunciation_lexicon import Lexicon, unshield
from bulletin.normalization.transliterate_to_latin import clean_text

Step = Callable[[str, Tongue], str]

STEPS: tuple[Step, ...] = (
    spell_numbers_and_symbols.swap_decimal_marks,
    # Addresses and names of the net hold figures, dots and letters that mean nothing outside them.
    web_addresses.say_addresses,
    web_addresses.say_handles,
    # Capitals still mark headlines, names and numerals here.
    initialisms.lower_shouted_words,
    spell_numbers_and_symbols.say_fixed_phrases,
    roman_numerals.say_roman_numerals,
    expand_titles_and_place_names.say_places,
    expand_titles_and_place_names.say_titles,
    expand_titles_and_place_names.say_saints_and_streets,
    # Figures that only look like a sum, a range or a score, from the surest form to the least sure.
    alphanumeric_codes.say_frequencies,
    alphanumeric_codes.say_models,
    phone_numbers.say_phone_numbers,
    units_in_ranges_or_alone.join_pairs,
    spoken_dates.say_dates,
    spoken_times.say_times,
    spoken_dates.say_spans,
    money.say_money,
    units_of_measure.say_percentages,
    units_of_measure.say_heights,
    units_of_measure.say_temperatures,
    units_in_ranges_or_alone.mark_metres,
    units_of_measure.say_units,
    units_in_ranges_or_alone.say_bare_units,
    units_of_measure.say_scales,
    # Pairs of bare figures, after all units.
    ranges_and_scores.say_scores,
    ranges_and_scores.say_fractions,
    ranges_and_scores.say_ranges,
    spell_numbers_and_symbols.say_ordinals,
    alphanumeric_codes.say_codes,
    # Letters, after the codes of letters and figures.
    initialisms.say_initials,
    # The remaining figures and signs.
    spell_numbers_and_symbols.say_years,
    spell_numbers_and_symbols.say_numbers,
    spell_numbers_and_symbols.say_symbols,
)
"""Example: `make_speakable`."""


def make_speakable(
    text: str, *, language: str = "en-GB", lexicon: Lexicon | None = None, folder: Path | None = None
) -> str:
    """
    Normalize any `text` to letters, apostrophes, spaces and the marks , . ? ! - ; : alone.

    Names of the `lexicon` are respelled, and no step touches a respelling. `folder` holds folders of further languages.
    The steps above are those of English; others have `say_figures`. In a language without tables of figures they stay
    as printed, for engines that read them.

    >>> make_speakable("The £3.5bn plan, 20% of it for the M25 (2-1 in a vote).")
    'The three point five billion pound plan, twenty percent of it for the M-twenty-five, two to one in a vote.'
    """
    tongue = load_tongue(language, folder=folder)
    # The lexicon first: its names stand as printed. Cleaning before it: one kind of apostrophe, no stray markup.
    kept = tongue.tables.get("letters", {}).get("keep", "")
    text, respellings = (lexicon or Lexicon()).shield(clean_text(text, keep=kept))
    if base_of(language) == ENGLISH:
        for step in STEPS:
            text = step(text, tongue)
    elif tongue.lacking():
        return unshield(keep_printed(text), respellings)
    else:
        text = say_figures(text, tongue)
    return unshield(
        spell_numbers_and_symbols.keep_sayable(spell_numbers_and_symbols.say_pauses(text)), respellings
    )
