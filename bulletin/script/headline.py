"""Article title -> a headline that can be read: at most twelve words, no labels."""

from __future__ import annotations

from bulletin.script.tell import Telling
from bulletin.text import count_words

MOST_WORDS = 12


def write_headline(title: str, telling: Telling) -> str:
    """The title without its full stop when it is short enough, else nothing."""
    clean = " ".join(title.split()).rstrip(".")
    return clean if 3 <= count_words(clean) <= MOST_WORDS else ""
