"""Rewriter: the port for a language model that rewords an article."""

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
    """Rewords an article. Its answers are not trusted: guard/check_answer.py checks each."""

    name: str

    @property
    def fingerprint(self) -> str:
        """Key of its settings; changes whenever its answers may change."""

    def check(self) -> None:
        """Raise RewriterError, with the remedy, if the server cannot be used."""

    def answer(self, turns: Sequence[ChatTurn], *, within_s: float) -> str:
        """Return the model's next turn. Raises RewriterError without a readable answer within `within_s` seconds."""
