"""
Text in a language without rules -> whether its writer speaks in it: "we", "I", questions and exclamations outside quotations.

Source: a news report has no first person, asks nothing and exclaims nothing; comment, columns and reviews do (BBC
Editorial Guidelines, section 4: opinion is clearly distinguished from fact; Biber 1988, "Variation across Speech and
Writing": first persons and questions mark involved text). Words: the list `writer` of each language.
Judgement, no source: the share of sentences, between reports (up to 0.12) and columns of five languages that were read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bulletin.errors import ConfigError
from bulletin.language.load_station_phrases import load_phrases
from bulletin.language.read_word_lists import either
from bulletin.language.split_sentences import count_words, split_sentences

_MARKS = re.compile("[“”„«»‹›]")
"""Quotation marks of all languages. Example: `speaks_itself`."""
_QUOTED = re.compile(r'"[^"]*(?:"|$)')
"""A quotation, also one that is not closed. Example: `speaks_itself`."""
_FEWEST_OF_SENTENCE, _FEWEST_OF_WRITER, _FEWEST_OF_VOICE, _SHARE = 3, 2, 4, 0.14
"""Words of a sentence; sentences with "we"; with any sign; their share of all. Example: `speaks_itself`."""
_MOST_CHARS = 20_000
"""Characters that are read. Example: `speaks_itself`."""


def speaks_itself(text: str, language: str) -> bool:
    """
    Whether one sentence of seven, and four at least, says "we" or "I", asks or exclaims outside quotations.

    >>> column = "Wir zahlen mehr. Und warum nur? Weil unser Rat schläft! Das sehen wir jeden Tag. Die Fähre sank im Mai."
    >>> [speaks_itself(text, "de") for text in (column, f"„{column}“, sagte Fox.", "Die Fähre sank. Warum? Das ist unklar.")]
    [True, False, False]
    """
    try:
        own = load_phrases(language).words("writer")
    except ConfigError:
        return False
    if not own:
        return False
    says_we = re.compile(rf"(?i)(?<![\w'])(?:{either(own)})(?!\w)")
    sentences = list(_sentences_outside(text[:_MOST_CHARS]))
    ours = [bool(says_we.search(sentence)) for sentence in sentences]
    signs = [
        is_ours or sentence.endswith(("?", "!")) for is_ours, sentence in zip(ours, sentences, strict=True)
    ]
    return sum(ours) >= _FEWEST_OF_WRITER and sum(signs) >= max(_FEWEST_OF_VOICE, _SHARE * len(sentences))


def _sentences_outside(text: str) -> Iterator[str]:
    r"""
    Sentences of a text without its quotations and its headings, which are lines of one question.

    >>> list(_sentences_outside("Die alte Fähre sank. Fox sagte leise: „Wir weinen.“\nWarum sank sie?"))
    ['Die alte Fähre sank.', 'Fox sagte leise:']
    """
    for line in text.split("\n"):
        outside = _QUOTED.sub(" ", _MARKS.sub('"', line)).replace("’", "'")
        sentences = [sentence.strip() for sentence in split_sentences(outside)]
        if len(sentences) > 1 or not outside.strip().endswith("?"):
            yield from (text for text in sentences if count_words(text) >= _FEWEST_OF_SENTENCE)
