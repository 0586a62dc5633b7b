"""Pieces of a telling -> the same, with "she" where the sentence before is about her and nobody else; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from bulletin.script.edits.grammar import WORD, bare, has_verb, is_finite, listed
from bulletin.script.edits.joints import JOINING
from bulletin.script.edits.pronouns import is_person
from bulletin.script.edits.sexes import people_words, sex_of_speaker, sexes_in
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
        sentences = []
        for text in piece.sentences:
            before = _the_same(_named(text, before, source), before, source)
            sentences.append(before)
        yield piece if tuple(sentences) == piece.sentences else replace(piece, sentences=tuple(sentences))


def _named(text: str, before: str, source: str) -> str:
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
    if _tells_of_others(before[opening.end() :], own | set(match["name"].split()), source):
        return text
    sex = sex_of_speaker(match["name"], source)
    return f"{sex} {text[match.end() :]}" if sex else text


def _tells_of_others(told: str, own: set[str], source: str) -> bool:
    found = WORD.findall(told)
    others = people_words(source) - own
    return any(map(is_person, found)) or bool(
        others & {word.strip(".,").removesuffix("'s") for word in found}
    )


def _the_same(text: str, before: str, source: str) -> str:
    """ "The Dutchman left" after "The Dutchman paid." -> "He left"; "The council also said" -> "It also said"."""
    who = _same_beginning(text, before)
    noun = bare(who[-1]) if len(who) > 1 and who[0] == "The" else ""
    rest = text[len(" ".join(who)) + 1 :]
    verb = bare(rest.split(" ", 1)[0])
    if not noun or not (is_finite(verb) or verb == "also"):
        return text
    if sexes := sexes_in(noun) | ({"He"} if _MAN.search(noun) else {"She"} if _WOMAN.search(noun) else set()):
        alone = len(sexes) == 1 and not _tells_of_others(before[len(" ".join(who)) :], set(who), source)
        return f"{sexes.pop()} {rest}" if alone else text
    is_body = noun in listed("words", "bodies") | listed("saying", "unnamed") | {
        "government",
        "council",
        "court",
    }
    does = verb not in listed("verbs", "auxiliary") and not is_person(noun)
    return f"It {rest}" if is_body and does else text


def _same_beginning(text: str, before: str) -> list[str]:
    """The words with which both begin, as far as they are who or what the two are about."""
    same = []
    for one, other in zip(text.split()[:8], before.split()[:8], strict=False):
        if one != other or is_finite(one) or one == "also":
            break
        same.append(one)
    return same


_MAN = re.compile(r"(?<!wo)man$")
_WOMAN = re.compile(r"woman$")
