"""The port for a language model that may word an article anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatTurn:
    """One message of a conversation with a language model."""

    who: Literal["system", "user", "assistant"]
    text: str


class Rewriter(Protocol):
    """Words an article anew. Nothing it says is believed: rewriter/guard/check_answer.py looks at every answer."""

    name: str

    @property
    def fingerprint(self) -> str:
        """Changes with whatever may change its answers; part of the name under which they are kept."""

    def check(self) -> None:
        """Raise RewriterError, with the remedy, if it cannot work here."""

    def answer(self, turns: Sequence[ChatTurn], *, within_s: float) -> str:
        """The model's next words. Raises RewriterError: no answer in time, or none that can be read."""
