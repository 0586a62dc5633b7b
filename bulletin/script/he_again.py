"""Pieces of a telling -> the same, with "she" where the sentence before is about her and nobody else; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from bulletin.script.edits.grammar import WORD, bare, has_verb, listed
from bulletin.script.edits.joints import JOINING
from bulletin.script.edits.pronouns import is_person
from bulletin.script.edits.sexes import people_words, sex_of_speaker
from bulletin.script.rare import Rare
from bulletin.script.telling import Piece

_NAMED = Rare(r"(?P<name>(?:[A-Z][\w'’-]+ ){0,2}(?P<surname>[A-Z][\w’-]+)) (?=[a-z])")


def say_he_again(pieces: tuple[Piece, ...], *, source: str) -> tuple[Piece, ...]:
    """
    "Fox said ..." after "Fox came." is "She said ..."; the sentence after that names her again.

    Last of all, since it holds only as long as nothing is left out between the two.
    """
    return tuple(_said_again(pieces, source))


def _said_again(pieces: tuple[Piece, ...], source: str) -> Iterator[Piece]:
    before = ""
    for piece in pieces:
        first, *rest = piece.sentences
        again = _again(first, before, source)
        before = piece.sentences[-1]
        yield piece if again == first else replace(piece, sentences=(again, *rest))
        if again != first and not rest:
            before = again


def _again(text: str, before: str, source: str) -> str:
    """With a pronoun where it can only be who the sentence before is about; as it is where anybody else is in that."""
    match = _NAMED.match(text)
    if not match or bare(match["name"].split()[0]) in listed("words", "not_names"):
        return text
    opening = re.match(rf"(?P<who>[^,]{{0,60}}?\b{re.escape(match['surname'])}) (?=[a-z])", before)
    if not opening or has_verb(opening["who"]):
        return text
    own = set(opening["who"].split())
    if {bare(word) for word in own} & (listed("words", "prepositions") | JOINING | {"and", "or"}):
        # "When Pike came", "The ferry of Joan Pike"
        return text
    told = WORD.findall(before[opening.end() :])
    others = people_words(source) - own - set(match["name"].split())
    if any(map(is_person, told)) or others & {word.strip(".,").removesuffix("'s") for word in told}:
        return text
    sex = sex_of_speaker(match["name"], source)
    return f"{sex} {text[match.end() :]}" if sex else text
