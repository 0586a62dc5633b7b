"""Text as written -> text as read: letters, apostrophes and sentence punctuation, nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bulletin.normalization.dates.spoken_dates import say_dates, say_spans
from bulletin.normalization.dates.spoken_times import say_times
from bulletin.normalization.language_tables import Tongue, load_tongue
from bulletin.normalization.latin_letters import clean_text
from bulletin.normalization.letters.abbreviations import say_places, say_saints_and_streets, say_titles
from bulletin.normalization.letters.alphanumeric_codes import say_codes, say_frequencies, say_models
from bulletin.normalization.letters.initialisms import lower_shouted_words, say_initials
from bulletin.normalization.letters.web_addresses import say_addresses, say_handles
from bulletin.normalization.lexicon import Lexicon, unshield
from bulletin.normalization.numbers.measures import (
    say_heights,
    say_percentages,
    say_scales,
    say_temperatures,
    say_units,
)
from bulletin.normalization.numbers.money import say_money
from bulletin.normalization.numbers.phone_numbers import say_phone_numbers
from bulletin.normalization.numbers.ranges_and_scores import say_fractions, say_ranges, say_scores
from bulletin.normalization.numbers.remaining_symbols import (
    keep_sayable,
    say_fixed_phrases,
    say_numbers,
    say_ordinals,
    say_pauses,
    say_symbols,
    say_years,
    swap_decimal_marks,
)
from bulletin.normalization.numbers.roman_numerals import say_roman_numerals
from bulletin.normalization.numbers.unit_notation import join_pairs, mark_metres, say_bare_units

Step = Callable[[str, Tongue], str]

STEPS: tuple[Step, ...] = (
    swap_decimal_marks,
    # Addresses and names of the net hold figures, dots and letters that mean nothing outside them.
    say_addresses,
    say_handles,
    # While capitals still tell what is a headline, a name and a numeral.
    lower_shouted_words,
    say_fixed_phrases,
    say_roman_numerals,
    say_places,
    say_titles,
    say_saints_and_streets,
    # What looks like a sum, a range or a score but is not; from the most to the least telling form.
    say_frequencies,
    say_models,
    say_phone_numbers,
    join_pairs,
    say_dates,
    say_times,
    say_spans,
    say_money,
    say_percentages,
    say_heights,
    say_temperatures,
    mark_metres,
    say_units,
    say_bare_units,
    say_scales,
    # Pairs of bare figures, once no unit can claim them.
    say_scores,
    say_fractions,
    say_ranges,
    say_ordinals,
    say_codes,
    # Letters, after the codes that hold some.
    say_initials,
    # What is left.
    say_years,
    say_numbers,
    say_symbols,
)


def make_speakable(
    text: str, *, language: str = "en-GB", lexicon: Lexicon | None = None, folder: Path | None = None
) -> str:
    """
    Normalize `text`: letters, apostrophes, spaces and the marks , . ? ! - ; : only, whatever goes in.

    Names of the `lexicon` are respelled, and no step touches a respelling. A language without tables uses the
    English ones; `folder` holds folders of further languages.

    >>> make_speakable("The £3.5bn plan, 20% of it for the M25 (2-1 in a vote).")
    'The three point five billion pound plan, twenty percent of it for the M-twenty-five, two to one in a vote.'
    """
    tongue = load_tongue(language, folder=folder)
    # The lexicon first: its names stand as printed. Cleaning before it: one kind of apostrophe, no stray markup.
    text, respellings = (lexicon or Lexicon()).shield(clean_text(text))
    for step in STEPS:
        text = step(text, tongue)
    return unshield(keep_sayable(say_pauses(text)), respellings)
