"""Words of an editor -> the story whose title has them, or the nearest title. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import Protocol, TypeVar

_LEAST = 0.3
"""Share of equal letters below which no title is near."""


class _Titled(Protocol):
    @property
    def title(self) -> str: ...


Titled = TypeVar("Titled", bound=_Titled)


def find_by_words(name: str, items: Iterable[Titled]) -> list[Titled]:
    """Items whose title contains the words, in any case."""
    wanted = " ".join(name.split()).casefold()
    return [item for item in items if len(wanted) > 2 and wanted in " ".join(item.title.split()).casefold()]


def nearest_title(name: str, items: Sequence[Titled]) -> Titled | None:
    """The item with the nearest title; None: none is near."""
    wanted = name.casefold()
    pairs = [(SequenceMatcher(None, wanted, item.title.casefold()).ratio(), item) for item in items]
    share, item = max(pairs, key=lambda pair: pair[0], default=(0.0, None))
    return item if share >= _LEAST else None
