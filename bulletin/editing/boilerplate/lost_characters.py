"""Signs and spaces that an archive lost, put back into the text of a page; pure."""

from __future__ import annotations

import re

_LOST_SIGN = re.compile(
    r"\b(on|in|at|of|to|by|from|with|the|a|and|for)\? (?=[A-Z])|(?<=[a-z])(\.)\?(?=[A-Z])"
)
"""A sign that an archive could not read, not a question: "on? Friday"."""
_LOST_SPACE = re.compile(r"\.(?<=[a-zA-Z]{2}\.)(?=(?:[A-Z][a-z]+|[AI]) [a-z])")
"""Between two sentences: "joined the party.Talking to reporters"."""


def put_back(text: str) -> str:
    return _LOST_SPACE.sub(". ", _LOST_SIGN.sub(r"\1\2 ", text))
