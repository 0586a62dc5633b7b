"""Pieces of a telling -> those that are easily heard, where there are enough of them; pure."""

from __future__ import annotations

from dataclasses import replace

from bulletin.script.edits.fitness import MOST, is_heavy
from bulletin.script.edits.pronouns import points_back
from bulletin.script.telling import Piece

LIGHT_ENOUGH = 150
"""With so many words in easy sentences, the hard ones after the first are left out."""


def _most_words(place: int) -> int:
    """Near the top a sentence may be a little longer: it carries what the story is about."""
    return MOST + 6 if place <= 3 else MOST


def lightest(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """Leave out the hard sentences after the first, unless too little would be left."""
    easy = tuple(
        piece
        for number, piece in enumerate(pieces)
        if number == 0
        or not any(is_heavy(sentence, most=_most_words(piece.place)) for sentence in piece.sentences)
    )
    if sum(piece.words for piece in easy) < LIGHT_ENOUGH:
        return pieces
    kept: list[Piece] = []
    for piece in easy:
        if kept and kept[-1].place != piece.place - 1 and points_back(piece.sentences[0]):
            continue
        kept.append(replace(piece))
    return tuple(kept)
