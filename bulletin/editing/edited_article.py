"""Telling: an article as units of sentences in order, each with its origins."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from bulletin.language.split_sentences import count_words
from bulletin.model import Origin


class Lead(IntEnum):
    """Source of the first sentence, best first."""

    SENTENCE = 1
    """A sentence of the article, short enough to be read in one breath."""
    SUMMARY = 2
    """The feed's own summary."""
    LONG = 3
    """A sentence of the article that is longer than a newsreader wants."""
    HEADLINE = 4
    """The headline, made a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldUnit:
    """A unit: sentences that are told together or not at all."""

    sentences: tuple[str, ...]
    origins: tuple[Origin, ...]
    places: tuple[int, ...] = ()
    """Of its source sentences in the article, as they are told; none for a summary or a headline."""

    @property
    def words(self) -> int:
        return sum(map(count_words, self.sentences))


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """An article as it is told, at the greatest length that a cut can have."""

    title: str
    """The article's, without furniture."""
    pieces: tuple[ToldUnit, ...]
    reason: str = ""
    """Why there is nothing to tell."""
    lead: Lead = Lead.SENTENCE
    sure: float = 1.0
    """How sure it is that the first sentence opens the story well, up to 1."""

    @property
    def words(self) -> int:
        return sum(piece.words for piece in self.pieces)
