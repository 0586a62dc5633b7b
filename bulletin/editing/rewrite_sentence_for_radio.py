"""
A printed sentence -> sentences that can be read out: the edits in their order.

Source: docs/decisions/0023, sentences are chosen and not rewritten; each edit has its own source in its module.
Leftovers of marks: measured counts, `python -m bench.rule_matches`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from bulletin.editing.attribution.find_unattributed_quotes import drop_attributed_marks
from bulletin.editing.attribution.put_speaker_first import move_speaker, put_speaker_first
from bulletin.editing.english.clean_punctuation import (
    double_quotes,
    mend_spacing,
    normalize_marks,
    replace_print_words,
    resolve_dashes,
)
from bulletin.editing.english.guess_parts_of_speech import capitalise
from bulletin.editing.english.word_list_regexes import regex
from bulletin.editing.sentences.divide_long_sentence import split_sentence
from bulletin.editing.sentences.expand_abbreviations import Names, expand_abbreviations
from bulletin.editing.sentences.reword_ages_and_yesterday import Days, resolve_days, say_ages

_LOOSE_COMMA = r"\b(?P<verb>said|says|added|adds)[,:] (?P<first>The|A|An|There|This|It|He|She|They|His|Her|Their|Its|No|All) "
"""Rest of 'said, "The road is shut."' without its marks. Example: `_said_so`."""
_TITLE_IN_MARKS = r'"[^"]{2,60}[^".,!?]" [a-z]'
"""
A sentence may open with the name of a film or a ship.

>>> bool(regex(_TITLE_IN_MARKS).match('"Old Ferry" opens in May.'))
True
"""
_CAPITAL_INSIDE = r"[A-Z](?<=[a-z,;] [A-Z])[a-z'’]+\b"
"""Example: `small_words`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Context of the edits besides the sentence."""

    days: Days | None
    small: frozenset[str]
    """Words that the article writes in small letters, and never with a capital inside a sentence."""
    spell: Callable[[int], str]
    """A number in words."""
    may_parse: bool
    """Whether sentences are parsed; without a parser they are read as printed."""
    names: Names = field(default_factory=dict)
    """Abbreviations that the article explains in brackets, with the name in full."""


def clean_sentence(text: str, setting: Setting) -> str:
    """
    The sentence as a newsreader says it: without brackets and marks, with ages and days as people say them.

    Quotation marks show the end of the speaker's words, so they go after the speaker has moved. They stay if
    they carry doubt, or if the speaker cannot come first: such a sentence is not read.

    >>> setting = Setting(days=None, small=frozenset(), spell=str, may_parse=False)
    >>> clean_sentence('"The road is shut," said Ann Fox (54).', setting)
    'Ann Fox said the road is shut.'
    """
    text = double_quotes(normalize_marks(expand_abbreviations(text, setting.names)))
    text = put_speaker_first(text, small=setting.small)
    text = replace_print_words(resolve_days(say_ages(text, spell=setting.spell), setting.days))
    if text.startswith('"') and not regex(_TITLE_IN_MARKS).match(text):
        return text
    text = drop_attributed_marks(resolve_dashes(text))
    return capitalise(mend_spacing(regex(_LOOSE_COMMA).sub(_said_so, text)))


def move_words(text: str, setting: Setting) -> tuple[str, ...]:
    """
    The speaker first, and a long sentence in two, where the dependency tree licenses it; no word is lost.

    >>> move_words("The road is shut.", Setting(days=None, small=frozenset(), spell=str, may_parse=False))
    ('The road is shut.',)
    """
    if not setting.may_parse:
        return (text,)
    return split_sentence(move_speaker(text, small=setting.small))


def _said_so(match: re.Match[str]) -> str:
    """
    The verb of saying without its comma, and "that" where the next words need it.

    >>> [regex(_LOOSE_COMMA).sub(_said_so, f"Fox {verb}, The road is shut.") for verb in ("said", "added")]
    ['Fox said the road is shut.', 'Fox added that the road is shut.']
    """
    that = " that" if match["verb"].startswith("add") or match["first"] == "This" else ""
    return f"{match['verb']}{that} {match['first'].casefold()} "


def small_words(source: str) -> frozenset[str]:
    """
    Words that the article writes in small letters, and never with a capital inside a sentence.

    >>> sorted(small_words("The pike ate a fish. Then Pike left the mill."))
    ['ate', 'fish', 'left', 'mill', 'the']
    """
    inside = {word.casefold() for word in regex(_CAPITAL_INSIDE).findall(source)}
    return frozenset(re.findall(r"\b[a-z][a-z'’]+\b", source)) - inside
