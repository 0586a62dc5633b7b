"""A regular expression that is asked only where something stands that it cannot match without; pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache

from bulletin.script.needs import Needs, fold, needs_of

ASKED = 250
"""Questions after which it pays to find out what a pattern needs."""

_KNOWN: dict[str, Needs] = {}
"""What was found out, here or by an earlier run (`kept_needs.py`)."""

_ASKING: list[Rare] = []
"""Those that were asked before their needs were known."""


class Rare:
    """
    A compiled pattern with the same answers, in a tenth of the time where there is nothing to find.

    Most sentences hold none of the things that the edits look for, and a regular expression tries every
    letter of them; whether one of a few words stands in a text, Python tells thirty times as fast.
    It is compiled when it is first asked; where its needs are known, most patterns never are.
    """

    __slots__ = ("_asked", "_is_folded", "_needs", "_regex", "flags", "pattern")
    _regex: re.Pattern[str]

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self.pattern = pattern
        self.flags = int(flags)
        self._needs: Sequence[Sequence[str]] | None = None
        self._is_folded = False
        self._asked = 0

    def __getattr__(self, name: str) -> re.Pattern[str]:
        """Python comes here for a slot that is empty yet."""
        if name != "_regex":
            raise AttributeError(name)
        self._regex = re.compile(self.pattern, self.flags)
        return self._regex

    def may_match(self, text: str) -> bool:
        """Never false of a text in which the pattern is found."""
        needs = self._needs
        if needs is None:
            needs = self._needs_by_now()
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

    def find_out(self) -> Sequence[Sequence[str]]:
        """What it needs; threads may do this twice, with one result."""
        needs, self._is_folded = _KNOWN[self._key] = needs_of(self.pattern, self.flags)
        self._needs = needs
        return needs

    @property
    def _key(self) -> str:
        return f"{self.flags} {self.pattern}"

    def _needs_by_now(self) -> Sequence[Sequence[str]]:
        self._asked += 1
        if self._asked == 1:
            if known := _KNOWN.get(self._key):
                needs, self._is_folded = known
                self._needs = needs
                return needs
            _ASKING.append(self)
        return self.find_out() if self._asked >= ASKED else ()


def recall(known: Mapping[str, Needs]) -> None:
    """Have what was found out before, for patterns that were not asked yet."""
    _KNOWN.update(known)


def is_news(known: Mapping[str, Needs]) -> bool:
    """Whether more than that was asked, or found out."""
    return bool(_ASKING) or len(_KNOWN) > len(known)


def find_out_all() -> Mapping[str, Needs]:
    """What every pattern needs that was asked, and those that were recalled."""
    asking = _ASKING.copy()
    for one in asking:
        one.find_out()
    del _ASKING[: len(asking)]
    return _KNOWN.copy()


def sub(pattern: str, by: str | Callable[[re.Match[str]], str], text: str, count: int = 0) -> str:
    """As re.sub, which compiles once too."""
    return _known(pattern).sub(by, text, count)


@lru_cache(maxsize=512)
def _known(pattern: str) -> Rare:
    return Rare(pattern)
