"""Tables of words for headlines."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources

WORD = re.compile(r"[^\W_](?:[\w'’.&/-]*[^\W_])?")
"""A word with its hyphens, apostrophes and inner full stops; no mark at either end."""


@lru_cache(maxsize=64)
def word_list(name: str) -> frozenset[str]:
    """One list of the table."""
    entries = _table()[name]
    return frozenset(entries.split() if isinstance(entries, str) else entries)


@lru_cache(maxsize=64)
def any_of(name: str) -> re.Pattern[str]:
    """The list as one expression, whole words only; a word with an asterisk stands for all that begin so."""
    parts = (re.escape(word).replace(r"\*", r"\w*") for word in word_list(name))
    longest_first = sorted(parts, key=lambda part: (-len(part), part))
    return re.compile(rf"(?<![\w'-])(?:{'|'.join(longest_first)})(?![\w'-])", re.IGNORECASE)


@lru_cache(maxsize=1)
def _table() -> Mapping[str, str | list[str]]:
    file = resources.files("bulletin.editing.english") / "headline_words.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))
