"""Text as written -> text as read: letters, apostrophes and sentence punctuation, nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from bulletin.script.ear.bare import say_bare_units
from bulletin.script.ear.clean import clean_text
from bulletin.script.ear.codes import say_codes, say_frequencies, say_models
from bulletin.script.ear.dates import say_dates, say_spans
from bulletin.script.ear.lengths import tell_metres
from bulletin.script.ear.letters import quieten, say_initials
from bulletin.script.ear.measures import say_heights, say_percentages, say_scales, say_temperatures, say_units
from bulletin.script.ear.money import say_money
from bulletin.script.ear.pairs import part_pairs
from bulletin.script.ear.phones import say_phone_numbers
from bulletin.script.ear.places import say_places
from bulletin.script.ear.plain import (
    keep_sayable,
    part_marks,
    say_fixed,
    say_numbers,
    say_ordinals,
    say_pauses,
    say_symbols,
    say_years,
)
from bulletin.script.ear.roman import say_roman_numerals
from bulletin.script.ear.scores import say_fractions, say_ranges, say_scores
from bulletin.script.ear.times import say_times
from bulletin.script.ear.titles import say_saints_and_streets, say_titles
from bulletin.script.ear.tongue import Tongue, load_tongue
from bulletin.script.ear.web import say_addresses, say_handles
from bulletin.script.lexicon import Lexicon, unshield

Step = Callable[[str, Tongue], str]

STEPS: tuple[Step, ...] = (
    part_marks,
    # Addresses and names of the net hold figures, dots and letters that mean nothing outside them.
    say_addresses,
    say_handles,
    # While capitals still tell what is a headline, a name and a numeral.
    quieten,
    say_fixed,
    say_roman_numerals,
    say_places,
    say_titles,
    say_saints_and_streets,
    # What looks like a sum, a range or a score but is not; from the most to the least telling form.
    say_frequencies,
    say_models,
    say_phone_numbers,
    part_pairs,
    say_dates,
    say_times,
    say_spans,
    say_money,
    say_percentages,
    say_heights,
    say_temperatures,
    tell_metres,
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

OF_FIGURES = frozenset(
    (say_frequencies, say_models, say_phone_numbers, say_times, say_money, say_heights, say_temperatures, tell_metres,
     say_units, say_scales, say_scores, say_fractions, say_ranges, say_ordinals, say_years, say_numbers)
)  # fmt: skip
"""Steps that have nothing to do where there is no figure: in most sentences, and half of the work."""

HAS_FIGURE = re.compile(r"[\d£$€¥₹%‰°²³½¼¾⅓⅔⅛⅜⅝⅞]")


def make_speakable(
    text: str, *, language: str = "en-GB", lexicon: Lexicon | None = None, folder: Path | None = None
) -> str:
    """
    Write `text` as it is read out.

    Only letters, apostrophes, spaces and the marks , . ? ! - ; : come out, whatever goes in.
    Names that `lexicon` knows are respelled; no step touches a respelling.
    A language without tables is read by those of English; `folder` holds folders of further ones.
    """
    tongue = load_tongue(language, folder=folder)
    # The lexicon first: its names stand as printed. Cleaning before it: one kind of apostrophe, no stray markup.
    text, said = (lexicon or Lexicon()).shield(clean_text(text))
    has_figures = bool(HAS_FIGURE.search(text))
    for step in STEPS:
        if has_figures or step not in OF_FIGURES:
            text = step(text, tongue)
    return unshield(keep_sayable(say_pauses(text)), said)
