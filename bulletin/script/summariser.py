"""The port for choosing what of an article is told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Summariser(Protocol):
    """Chooses among an article's sentences; it never changes a word."""

    name: str

    def choose(self, title: str, sentences: Sequence[str]) -> tuple[int, ...]:
        """Places of the sentences worth telling, in the order in which they are told."""
