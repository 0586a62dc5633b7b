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
"""A word of more articles than this names no pairs to compare: what keeps the cost linear."""
_KEYS = 12
"""So many of the rarest words of an article name the pairs that it is in."""
_AT_ONCE = 20_000

Pair = tuple[int, int, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Compared:
    first: NDArray[np.intp]
    second: NDArray[np.intp]
    likeness: Numbers
    is_described: NDArray[np.bool_]
    """Whether both have a description."""


def compare(reading: Reading, times: Sequence[float | None]) -> list[Pair]:
    """
    Every two articles that may be of one event, with their likeness; `times` are epoch seconds.

    Where nearly every headline has a partner, two that share a name are soon one story; where nearly
    every one stands alone, the same name is chance. So headlines without descriptions are believed the
    less, the fewer pairs of the pile are certain.
    """
    pairs = _pairs(reading, times)
    if not pairs:
        return []
    found = _measure(reading, np.array(pairs, dtype=np.intp))
    number = reading.heads.shape[0]
    chance = math.log(number**2 / (2 * int((found.likeness >= _SURE).sum()) + 1))
    doubt = min(1.0, (_EVEN_CHANCE / chance) ** 2) if chance > 0 else 1.0
    likeness = np.where(found.is_described, found.likeness, found.likeness * doubt)
    return list(zip(found.first.tolist(), found.second.tolist(), likeness.tolist(), strict=True))


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


def _pairs(reading: Reading, times: Sequence[float | None]) -> list[tuple[int, int]]:
    """Pairs within the window that share one of the rarest words of both, in order."""
    words = reading.evidence
    spread = np.bincount(words.indices, minlength=words.shape[1])
    holders: dict[int, list[int]] = defaultdict(list)
    for row in range(words.shape[0]):
        columns = words.indices[words.indptr[row] : words.indptr[row + 1]]
        columns = columns[(spread[columns] > 1) & (spread[columns] <= _BUSY)]
        for column in columns[np.lexsort((columns, spread[columns]))][:_KEYS].tolist():
            holders[column].append(row)
    return sorted(set(_near(holders.values(), times)))


def _near(groups: Iterable[Sequence[int]], times: Sequence[float | None]) -> Iterator[tuple[int, int]]:
    for rows in groups:
        for place, a in enumerate(rows):
            for b in rows[place + 1 :]:
                one, two = times[a], times[b]
                if one is None or two is None or abs(one - two) <= WINDOW_S:
                    yield a, b
