"""
Articles -> how likely two of them tell of the same event.

One rule for headlines alone and for headlines with descriptions:

    likeness = the average of headline and text (no more than 0.2 above the headline), or the headline
               alone where one of the two has no description
             x (shared / asked)^2   what the words tell that both have, against what two texts of that
                                    length must have in common; at most 1
             x (4.75 / chance)^2    where there is no description on both sides; at most 1
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bulletin.stories.vectors import Matrix, Numbers, Reading

WINDOW_S = 48 * 3600.0
"""Seconds; articles further apart are never compared."""

_ASKED_OF_HEADLINES = 0.6
"""One word that many headlines share is enough; a name of the patch alone is not."""
_ASKED_OF_TEXTS = 3.25
_ASKED_SHARE = 0.3
"""Of two texts: three telling words, or three tenths of the shorter one's, if that is more."""
_AHEAD = 0.2
"""Texts count for no more than this above their headlines: every item of a feed may end with the same words."""
_SURE = 0.35
"""Two articles so alike are certainly of one event."""
_EVEN_CHANCE = 4.75
"""Up to here headlines are believed as they stand; where few others come in pairs, they must be closer."""
_BUSY = 60
"""A word of more articles than this does not name all their pairs: what keeps the cost linear."""
_KEYS = 12
"""So many of the rarest words of an article name the pairs that it is in."""
_CROWD = 30
"""Of a name that is busy, so many neighbours are compared; `crowds.py` brings their groups together."""
_CROWD_KEYS = 2
_AT_ONCE = 20_000

Pair = tuple[int, int, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Likenesses:
    """Of a pile of articles."""

    pairs: list[Pair]
    doubt: float
    """What the likeness of headlines alone is multiplied by."""
    is_crowded: bool
    """Whether a name is in so many articles that not all of them were compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Compared:
    first: NDArray[np.intp]
    second: NDArray[np.intp]
    likeness: Numbers
    is_described: NDArray[np.bool_]
    """Whether both have a description."""


def compare(reading: Reading, times: Sequence[float | None], *, doubt: float | None = None) -> Likenesses:
    """
    Every two articles that may be of one event, with their likeness; `times` are epoch seconds.

    Where nearly every headline has a partner, two that share a name are soon one story; where nearly
    every one stands alone, the same name is chance. So headlines without descriptions are believed the
    less, the fewer pairs of the pile are certain. `doubt` is that of the pile which `reading` is a part of.
    """
    pairs, is_crowded = _pairs(reading, times)
    if not pairs:
        return Likenesses(pairs=[], doubt=1.0 if doubt is None else doubt, is_crowded=is_crowded)
    found = _measure(reading, np.array(pairs, dtype=np.intp))
    if doubt is None:
        doubt = _doubt(found, reading.heads.shape[0])
    likeness = np.where(found.is_described, found.likeness, found.likeness * doubt)
    listed = zip(found.first.tolist(), found.second.tolist(), likeness.tolist(), strict=True)
    return Likenesses(pairs=list(listed), doubt=doubt, is_crowded=is_crowded)


def _doubt(found: _Compared, number: int) -> float:
    chance = math.log(number**2 / (2 * int((found.likeness >= _SURE).sum()) + 1))
    return min(1.0, (_EVEN_CHANCE / chance) ** 2) if chance > 0 else 1.0


def _measure(reading: Reading, pairs: NDArray[np.intp]) -> _Compared:
    first, second = pairs[:, 0], pairs[:, 1]
    both = reading.is_described[first] & reading.is_described[second]
    heads = _products(reading.heads, first, second)
    bodies = _products(reading.bodies, first, second)
    shared = _products(reading.evidence, first, second)
    shorter = np.minimum(reading.told[first], reading.told[second])
    asked = np.where(both, np.maximum(_ASKED_OF_TEXTS, _ASKED_SHARE * shorter), _ASKED_OF_HEADLINES)
    alike = np.where(both, (heads + np.minimum(bodies, heads + _AHEAD)) / 2, heads)
    return _Compared(
        first=first,
        second=second,
        likeness=alike * np.minimum(1.0, shared / asked) ** 2,
        is_described=both,
    )


def _products(matrix: Matrix, first: NDArray[np.intp], second: NDArray[np.intp]) -> Numbers:
    """The product of each two rows."""
    parts = [
        np.asarray(
            matrix[first[at : at + _AT_ONCE]].multiply(matrix[second[at : at + _AT_ONCE]]).sum(axis=1)
        ).ravel()
        for at in range(0, len(first), _AT_ONCE)
    ]
    return np.concatenate(parts)


def _pairs(reading: Reading, times: Sequence[float | None]) -> tuple[list[tuple[int, int]], bool]:
    """Pairs within the window that share one of the rarest words of both, in order; and whether some are missing."""
    words = reading.evidence
    spread = np.bincount(words.indices, minlength=words.shape[1])
    holders: dict[int, list[int]] = defaultdict(list)
    crowds: dict[int, list[int]] = defaultdict(list)
    for row in range(words.shape[0]):
        within = slice(words.indptr[row], words.indptr[row + 1])
        columns = words.indices[within]
        wide = spread[columns]
        for column in _rarest(columns[(wide > 1) & (wide <= _BUSY)], spread, _KEYS):
            holders[column].append(row)
        names = columns[(wide > _BUSY) & (words.data[within] >= 1.0)]
        for column in _rarest(names, spread, _CROWD_KEYS):
            crowds[column].append(row)
    near = [part for rows in crowds.values() for part in _split(rows)]
    return sorted(set(_near([*holders.values(), *near], times))), bool(crowds)


def _split(rows: Sequence[int]) -> Iterator[Sequence[int]]:
    """Neighbours together, in parts of one size: a short one at the end would be no group of its own."""
    parts = max(1, len(rows) // _CROWD)
    for part in range(parts):
        yield rows[len(rows) * part // parts : len(rows) * (part + 1) // parts]


def _rarest(columns: NDArray[np.intp], spread: NDArray[np.intp], most: int) -> list[int]:
    found: list[int] = columns[np.lexsort((columns, spread[columns]))][:most].tolist()
    return found


def _near(groups: Iterable[Sequence[int]], times: Sequence[float | None]) -> Iterator[tuple[int, int]]:
    for rows in groups:
        for place, a in enumerate(rows):
            for b in rows[place + 1 :]:
                one, two = times[a], times[b]
                if one is None or two is None or abs(one - two) <= WINDOW_S:
                    yield a, b
