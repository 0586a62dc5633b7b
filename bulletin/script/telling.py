"""What an article became: pieces in order, each with where it came from."""

from __future__ import annotations

from dataclasses import dataclass

from bulletin.model import Origin
from bulletin.text import count_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What became of one sentence of the article; more than one when it was parted."""

    sentences: tuple[str, ...]
    origins: tuple[Origin, ...]
    place: int
    """Of the source sentence in the article."""

    @property
    def words(self) -> int:
        return sum(map(count_words, self.sentences))


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """An article as it is told, as long as anybody could want it."""

    title: str
    """The article's, without furniture."""
    pieces: tuple[Piece, ...]
    reason: str = ""
    """Why there is nothing to tell."""
