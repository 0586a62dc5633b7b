"""Characters that an archive lost, restored in the text of a page; pure."""

from __future__ import annotations

from bulletin.editing.english.word_lists import regex

_LOST_SIGN = r"\b(on|in|at|of|to|by|from|with|the|a|and|for)\? (?=[A-Z])|(?<=[a-z])(\.)\?(?=[A-Z])"
"""A sign that an archive could not read, not a question: "on? Friday"."""
_LOST_SPACE = r"\.(?<=[a-zA-Z]{2}\.)(?=(?:[A-Z][a-z]+|[AI]) [a-z])"
"""Between two sentences: "joined the party.Talking to reporters"."""


def restore_lost_characters(text: str) -> str:
    """
    Repair spaces between sentences, and signs that an archive printed as "?".

    >>> restore_lost_characters("The club won on? Friday.It joined the league. He left the party.Talking helps all.")
    'The club won on Friday. It joined the league. He left the party. Talking helps all.'
    """
    return regex(_LOST_SPACE).sub(". ", regex(_LOST_SIGN).sub(r"\1\2 ", text))
