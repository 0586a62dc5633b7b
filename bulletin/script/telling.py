"""What an article became: pieces in order, each with where it came from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bulletin.model import Origin
from bulletin.text import count_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What became of one sentence of the article, or of a part of it."""

    sentences: tuple[str, ...]
    """One, when the story is worded."""
    origins: tuple[Origin, ...]
    place: int
    """Of the source sentence in the article."""

    @property
    def words(self) -> int:
        return sum(map(count_words, self.sentences))

    def apart(self) -> Iterator[Piece]:
        """Each of its sentences for itself: a story may end after the first, which never needs the second."""
        return (replace(self, sentences=(sentence,)) for sentence in self.sentences)


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """An article as it is told, as long as anybody could want it."""

    title: str
    """The article's, without furniture."""
    pieces: tuple[Piece, ...]
    reason: str = ""
    """Why there is nothing to tell."""
