"""A regular expression that is asked only where something stands that it cannot match without; pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from bulletin.script.needs import fold, needs_of

ASKED = 250
"""Questions after which it pays to find out what a pattern needs: a short bulletin never gets there."""


class Rare:
    """
    A compiled pattern with the same answers, in a tenth of the time where there is nothing to find.

    Most sentences hold none of the things that the edits look for, and a regular expression tries every
    letter of them; whether one of a few words stands in a text, Python tells thirty times as fast.
    """

    __slots__ = ("_asked", "_is_folded", "_needs", "_regex")

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self._regex = re.compile(pattern, flags)
        self._needs: tuple[tuple[str, ...], ...] | None = None
        self._is_folded = False
        self._asked = 0

    @property
    def pattern(self) -> str:
        return self._regex.pattern

    @property
    def flags(self) -> int:
        return self._regex.flags

    def may_match(self, text: str) -> bool:
        """Never false of a text in which the pattern is found."""
        needs = self._needs
        if needs is None:
            needs = self._learn()
        if self._is_folded:
            text = fold(text)
        for group in needs:
            for word in group:
                if word in text:
                    break
            else:
                return False
        return True

    def search(self, text: str, at: int = 0) -> re.Match[str] | None:
        return self._regex.search(text, at) if self.may_match(text) else None

    def match(self, text: str, at: int = 0) -> re.Match[str] | None:
        return self._regex.match(text, at) if self.may_match(text) else None

    def fullmatch(self, text: str) -> re.Match[str] | None:
        return self._regex.fullmatch(text) if self.may_match(text) else None

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        return self._regex.finditer(text) if self.may_match(text) else iter(())

    def findall(self, text: str) -> list[str]:
        """Of a pattern with at most one group."""
        return self._regex.findall(text) if self.may_match(text) else []

    def split(self, text: str, maxsplit: int = 0) -> list[str]:
        return self._regex.split(text, maxsplit) if self.may_match(text) else [text]

    def sub(self, by: str | Callable[[re.Match[str]], str], text: str, count: int = 0) -> str:
        return self._regex.sub(by, text, count) if self.may_match(text) else text

    def _learn(self) -> tuple[tuple[str, ...], ...]:
        """Threads may do this twice, with one result."""
        self._asked += 1
        if self._asked < ASKED:
            return ()
        needs, self._is_folded = needs_of(self._regex)
        self._needs = needs
        return needs


def sub(pattern: str, by: str | Callable[[re.Match[str]], str], text: str, count: int = 0) -> str:
    """As re.sub, which compiles once too."""
    return _known(pattern).sub(by, text, count)


@lru_cache(maxsize=512)
def _known(pattern: str) -> Rare:
    return Rare(pattern)
