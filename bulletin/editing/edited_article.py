"""
Telling: an article as units of sentences in order, each with its origins.

Source of what counts as two scripts: `bulletin/language/text_in_two_scripts.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from bulletin.language.split_sentences import count_words
from bulletin.language.text_in_two_scripts import quote_two_scripts
from bulletin.model import Origin

MOST_UNREAD = 3
"""Sentences in two scripts that are named of an article. Example: `Telling.naming_unread`."""
MOST_UNREAD_REACH = 10
"""Most sentences that are searched for two scripts in an article of which nothing is told. Example: `Telling.naming_unread`."""


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
    unread: tuple[str, ...] = ()
    """Sentences in two scripts, which no voice can read: left out, each quoted after its reason."""

    @property
    def words(self) -> int:
        """
        Words of its pieces.

        >>> piece = ToldUnit(sentences=("A ferry sank.",), origins=())
        >>> Telling(title="", pieces=(piece, piece)).words
        6
        """
        return sum(piece.words for piece in self.pieces)

    def naming_unread(self, sentences: Sequence[str]) -> Telling:
        """
        The telling with the sentences in two scripts among those up to one after its last; all, if it tells nothing.

        Where nothing else can be told they are its reason.

        >>> Telling(title="", pieces=(), reason="no sentence").naming_unread(["Пушкин sank."]).reason
        'no sentence; text in two scripts (Latin, and Cyrillic: Пушкин): "Пушкин sank."'
        """
        places = [place for piece in self.pieces for place in piece.places]
        reach = max(places) + 2 if places else MOST_UNREAD_REACH
        unread = quote_two_scripts(sentences[:reach])[:MOST_UNREAD]
        reason = self.reason if self.pieces else "; ".join((self.reason, *unread))
        return replace(self, unread=unread, reason=reason)
