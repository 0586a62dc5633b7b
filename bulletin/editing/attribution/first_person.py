"""Whether words are a speaker's own ("we", "I", "you"), which a station cannot say as its own; pure."""

from __future__ import annotations

import re

from bulletin.editing.english.punctuation import double_quotes, normalize_marks
from bulletin.editing.english.word_lists import regex

_SPEAKERS_OWN = (
    r"(?<!War )(?<!Part )(?<!Act )(?<!Phase )(?<!Type )\bI\b"
    r"|\b(?:we|me|my|ours?|let's)\b|\bus\b|(?:^|[.:,] )(?:We|My|Ours?|Let's)\b"
)
"""A capital inside a sentence belongs to a title: "They Killed My Father"."""
_LISTENERS = r"\b(?:[Yy]ou|[Yy]ours?)\b"


def speaks_of_itself(text: str, *, to_listeners: bool = False) -> bool:
    """
    Whether the words are a speaker's own ("we", "I", "you") and not the station's.

    A lead may speak to the listeners: "You can now report potholes online."

    >>> speaks_of_itself("We have rowed for years."), speaks_of_itself("World War I ended.")
    (True, False)
    >>> speaks_of_itself("You can row."), speaks_of_itself("You can row.", to_listeners=True)
    (True, False)
    """
    return bool(regex(_SPEAKERS_OWN).search(text.replace("’", "'"))) or (
        not to_listeners and bool(regex(_LISTENERS).search(text))
    )


_FIRST_PERSON = r"(?:^|\b[a-z]+[,;:]? |- )I(?:'(?:m|ve|d|ll))? [a-z]"
"""Not "Elizabeth I was"."""
_ON_THE_SPOT = r"\bhere\b(?! to stay| and there)|\bHere\b"


def is_first_person(printed: str) -> bool:
    """
    Whether the article's own voice, outside quotation marks, says "I".

    >>> is_first_person("I have rowed for years."), is_first_person('"I row," Fox said.')
    (True, False)
    """
    return bool(regex(_FIRST_PERSON).search(_outside_marks(printed)))


def is_on_the_spot(printed: str) -> bool:
    """
    Whether a reporter says "here" of a place where the newsreader is not.

    >>> is_on_the_spot("The ferry landed here on Monday."), is_on_the_spot("The ferry is here to stay.")
    (True, False)
    """
    return bool(regex(_ON_THE_SPOT).search(_outside_marks(printed)))


def _outside_marks(printed: str) -> str:
    """What is not quoted; nothing where it is not clear which words are."""
    text = double_quotes(normalize_marks(printed))
    return "" if text.count('"') % 2 else re.sub(r'"[^"]*"', " ", text).strip()
