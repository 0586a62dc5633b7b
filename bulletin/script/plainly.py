"""Sentences of a language whose grammar we do not know -> those that can be read out, nothing cut but marks and asides."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bulletin.text import count_words, split_sentences

MOST_LEAD = 60
MOST = 40
"""Words; a longer sentence is left out."""
FEWEST = 4

_ASIDE = re.compile(r"\s*[(\[][^()\[\]]{0,200}[)\]]")
_QUOTES = re.compile(r"[\"“”„«»‹›]")
_ONLINE = re.compile(r"https?:|www\.|@\w|#\w|\.\.\.|…|[{}|<>*_~^\\]")


def edits_english(language: str) -> bool:
    """Whether the radio edits know the grammar."""
    return language.partition("-")[0] == "en"


def tell_plainly(sentences: Sequence[str], chosen: Sequence[int]) -> Iterator[tuple[int, str]]:
    """Place and words of each sentence that can be read as it stands, without quotation marks and brackets."""
    for number, place in enumerate(chosen):
        text = " ".join(_QUOTES.sub("", _ASIDE.sub("", sentences[place])).split())
        most = MOST if number else MOST_LEAD
        if _ONLINE.search(text) or not text.endswith((".", "!")) or len(split_sentences(text)) != 1:
            continue
        if FEWEST <= count_words(text) <= most:
            yield place, text
