"""Pieces of a telling -> those that give way to what the headline promised; pure."""

from __future__ import annotations

from collections.abc import Sequence

from bulletin.script.edits.context import weighty
from bulletin.script.rare import Rare
from bulletin.script.telling import Piece
from bulletin.text import words

ROOM = 78
"""Words that a bulletin has time for in a story; what comes after them is hardly ever heard."""
KEPT = 2
"""So many pieces never give way: they say what the story is about."""
NEAR = 9
"""Further down than the piece of this number nothing is looked for."""
STEM = 5
"""Letters by which two words are known to be one, whatever their endings."""
BRIEF = 9
"""Words; a piece with no more never gives way: "He died in hospital." costs nothing."""


def giving_way(pieces: Sequence[Piece], title: str) -> frozenset[int]:
    """
    Places of the pieces that give way, in one story's time, to one that tells more of its title.

    That is the first further down with a word of the title that nothing told yet, and that speaks of nobody whom only
    what gives way has named. What alone tells of another of the title's words stays, and so does what is as full of
    them; where no room can be made, nothing gives way.
    """
    promise = stems_of(title)
    count = _fitting(pieces)
    told = [stems_of(_text(piece)) for piece in pieces[:NEAR]]
    owed = promise.difference(*told[:count])
    if not owed:
        return frozenset()
    for number in range(count, len(told)):
        if told[number] & owed:
            gone = _make_room(pieces, told, number, count=count, promise=promise)
            if gone and not _names_stranger(pieces, number, gone=(*gone, *range(count, number))):
                return frozenset(pieces[one].place for one in (*gone, *range(count, number)))
    return frozenset()


def keeps_promise(pieces: Sequence[Piece], *, before: Sequence[Piece], title: str) -> bool:
    """Whether a bulletin's time of a telling has more of the title's words than it had `before`."""
    now, then = (
        len(stems_of(title) & stems_of(" ".join(map(_text, told[: _fitting(told)]))))
        for told in (pieces, before)
    )
    return now > then


def _fitting(pieces: Sequence[Piece]) -> int:
    """How many pieces a bulletin has time for, at least those that are kept."""
    total = 0
    for count, piece in enumerate(pieces):
        total += piece.words
        if total > ROOM and count >= KEPT:
            return count
    return len(pieces)


def _make_room(
    pieces: Sequence[Piece],
    told: Sequence[frozenset[str]],
    number: int,
    *,
    count: int,
    promise: frozenset[str],
) -> tuple[int, ...]:
    """Numbers of the pieces, last first, that must go for this one to fit; none where it cannot."""
    stay, gone = list(range(count)), []
    while sum(pieces[one].words for one in (*stay, number)) > ROOM:
        weak = [
            one
            for one in stay[KEPT:]
            if pieces[one].words > BRIEF
            and _share(told[one], promise) < _share(told[number], promise)
            and not (told[one] & promise).difference(*(told[other] for other in stay if other != one))
        ]
        if not weak:
            return ()
        stay.remove(weak[-1])
        gone.append(weak[-1])
    return tuple(gone)


def stems_of(text: str) -> frozenset[str]:
    """The beginnings of its weighty words."""
    return frozenset(word[:STEM] for word in weighty(text))


def _names_stranger(pieces: Sequence[Piece], number: int, *, gone: Sequence[int]) -> bool:
    """ "Pike said", "The WRC said": who is that, if what named him is not told?"""
    stays, lost = (
        frozenset(
            word
            for one, piece in enumerate(pieces[:number])
            if (one in gone) == is_gone
            for word in words(_text(piece))
        )
        for is_gone in (False, True)
    )
    opening = _SUBJECT.match(_text(pieces[number]))
    named = words(opening["name"]) if opening else []
    return any(word in lost - stays and word.casefold() not in lost | stays for word in named)


_SUBJECT = Rare(r"(?:The (?=[A-Z]{2}))?(?P<name>[A-Z][\w'’-]*(?: [A-Z][\w'’-]*){0,2}) [a-z]")


def _text(piece: Piece) -> str:
    return " ".join(piece.sentences)


def _share(words: frozenset[str], promise: frozenset[str]) -> float:
    return len(words & promise) / max(1, len(words))
