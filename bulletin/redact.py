"""What is told to people and written down: without secrets, without a stranger's newlines and colours. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

_USER_INFO = re.compile(r"(?<=//)[^/@\s]*@")
_QUERY_SECRET = re.compile(r"(?i)(?<=[?&])((?:api_?key|key|token|password|secret|signature)=)[^&\s\"']+")
_SHORTEST_SECRET = 6
"""Shorter values stand in every other word of a log."""
_HIDDEN = "***"


class Redactor:
    """Hides secrets in a text, and passwords in addresses whoever put them there."""

    def __init__(self, secrets: Iterable[str]) -> None:
        known = sorted({s for s in secrets if len(s) >= _SHORTEST_SECRET}, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, known))) if known else None

    def __call__(self, text: str) -> str:
        if self._known:
            text = self._known.sub(_HIDDEN, text)
        return _QUERY_SECRET.sub(rf"\1{_HIDDEN}", _USER_INFO.sub(f"{_HIDDEN}@", text))


def one_line(text: str) -> str:
    """Control characters as escapes: a headline can neither begin a new line nor colour a terminal."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
