"""Spoken sentence -> the same words with the commas of a newsreader, which voices speak as pauses. Pure."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


def mark_pauses(text: str, *, language: str) -> str:
    """
    Put commas where a newsreader pauses and the text has no mark.

    - In a big figure, after each of its thousands and millions. (Telephone numbers come in groups already.)
    - Before a name that is the news: after "replaced by" or "named as".

    >>> mark_pauses("She is replaced by Mary Stone, on one million two hundred thousand pounds.", language="en")
    'She is replaced by, Mary Stone, on one million, two hundred thousand pounds.'
    """
    table = _table().get(language.partition("-")[0])
    if not table:
        return text
    text = table["figure"].sub(r"\1,\2", text)
    return table["reveals"].sub(r"\1,\2", text)


@cache
def _table() -> Mapping[str, Mapping[str, re.Pattern[str]]]:
    tables = tomllib.loads((files(__package__) / "pause_words.toml").read_text(encoding="utf-8"))
    return {language: _compile(table) for language, table in tables.items()}


def _compile(table: Mapping[str, list[str]]) -> Mapping[str, re.Pattern[str]]:
    thousand, number, reveal = ("|".join(table[key]) for key in ("thousands", "numbers", "reveals"))
    return {
        "figure": re.compile(rf"\b({thousand})( (?:{number})\b)", re.IGNORECASE),
        "reveals": re.compile(rf"\b({reveal})( [A-ZÀ-Þ][\w'-]+ (?:[a-z]{{2,3}} )?[A-ZÀ-Þ])"),
    }
