"""
Language -> its Grammar: a class of its own where tables cannot say it.

Source: docs/decisions/0070.
"""

from __future__ import annotations

from functools import lru_cache

from bulletin.language.language_folders import base_of
from bulletin.normalization.figures.grammars.dutch import Dutch
from bulletin.normalization.figures.grammars.french import French
from bulletin.normalization.figures.grammars.german import German
from bulletin.normalization.figures.grammars.grammar import Grammar
from bulletin.normalization.figures.grammars.italian import Italian
from bulletin.normalization.figures.grammars.portuguese import Portuguese
from bulletin.normalization.figures.grammars.spanish import Spanish

GRAMMARS: dict[str, type[Grammar]] = {
    "de": German,
    "es": Spanish,
    "fr": French,
    "it": Italian,
    "nl": Dutch,
    "pt": Portuguese,
}
"""Languages with a grammar of their own. Example: `load_grammar`."""


@lru_cache(maxsize=16)
def load_grammar(language: str) -> Grammar:
    """
    The grammar of a language.

    >>> type(load_grammar("de-AT")).__name__, type(load_grammar("sv")).__name__
    ('German', 'Grammar')
    """
    return GRAMMARS.get(base_of(language), Grammar)()
