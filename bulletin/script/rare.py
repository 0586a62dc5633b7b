"""A regular expression that is compiled when it is first asked: half of them never are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache


class Rare:
    """A pattern with the methods of `re.Pattern` that the rules use."""

    __slots__ = ("_regex", "flags", "pattern")
    _regex: re.Pattern[str]

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self.pattern = pattern
        self.flags = int(flags)

    def __getattr__(self, name: str) -> re.Pattern[str]:
        """Python comes here for a slot that is empty yet."""
        if name != "_regex":
            raise AttributeError(name)
        self._regex = re.compile(self.pattern, self.flags)
        return self._regex

    def search(self, text: str, at: int = 0) -> re.Match[str] | None:
        return self._regex.search(text, at)

    def match(self, text: str, at: int = 0) -> re.Match[str] | None:
        return self._regex.match(text, at)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        return self._regex.fullmatch(text)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        return self._regex.finditer(text)

    def findall(self, text: str) -> list[str]:
        """Of a pattern with at most one group."""
        return self._regex.findall(text)

    def split(self, text: str, maxsplit: int = 0) -> list[str]:
        return self._regex.split(text, maxsplit)

    def sub(self, by: str | Callable[[re.Match[str]], str], text: str, count: int = 0) -> str:
        return self._regex.sub(by, text, count)


def sub(pattern: str, by: str | Callable[[re.Match[str]], str], text: str, count: int = 0) -> str:
    """As re.sub, which compiles once too."""
    return _known(pattern).sub(by, text, count)


@lru_cache(maxsize=512)
def _known(pattern: str) -> Rare:
    return Rare(pattern)
