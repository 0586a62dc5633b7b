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
    """A sentence of the article, too long for one breath."""
    HEADLINE = 4
    """The headline, made a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldUnit:
    """A unit: sentences that are read together or not at all."""

    sentences: tuple[str, ...]
    origins: tuple[Origin, ...]
    places: tuple[int, ...] = ()
    """Indexes of its source sentences in the article, in order; none for a summary or a headline."""

    @property
    def words(self) -> int:
        """
        Words of its sentences.

        >>> ToldUnit(sentences=("A ferry sank.",), origins=()).words
        3
        """
        return sum(map(count_words, self.sentences))


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """Article edited for radio, long enough for the longest cut of its story."""

    title: str
    """Title of the article, without label and site name."""
    pieces: tuple[ToldUnit, ...]
    reason: str = ""
    """Reason of a telling without pieces."""
    lead: Lead = Lead.SENTENCE
    sure: float = 1.0
    """Rating of the first sentence as an opening, up to 1."""

    @property
    def words(self) -> int:
        """
        Words of its pieces.

        >>> piece = ToldUnit(sentences=("A ferry sank.",), origins=())
        >>> Telling(title="", pieces=(piece, piece)).words
        6
        """
        return sum(piece.words for piece in self.pieces)
