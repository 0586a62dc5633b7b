"""Whether words are somebody's own, "we", "I" and "you", which a station cannot say as its own; pure."""

from __future__ import annotations

import re

_SPEAKERS_OWN = re.compile(
    r"(?<!War )(?<!Part )(?<!Act )(?<!Phase )(?<!Type )\bI\b"
    r"|\b(?:we|me|my|ours?|let's)\b|\bus\b|(?:^|[.:,] )(?:We|My|Ours?|Let's)\b"
)
"""A capital inside a sentence belongs to a title: "They Killed My Father"."""
_LISTENERS = re.compile(r"\b(?:[Yy]ou|[Yy]ours?)\b")


def speaks_of_itself(text: str, *, to_listeners: bool = False) -> bool:
    """
    Whether the words are somebody's own, "we" and "I" and "you", and not the station's.

    A lead may speak to the listeners: "You can now report potholes online."
    """
    return bool(_SPEAKERS_OWN.search(text.replace("’", "'"))) or (
        not to_listeners and bool(_LISTENERS.search(text))
    )
