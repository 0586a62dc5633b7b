"""TermVectors -> pairs of articles worth a comparison: they share a rare term within 48 hours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from bulletin.stories.grouping.term_vectors import TermVectors

WINDOW_S = 48 * 3600.0
"""Seconds; articles further apart are never compared."""
_BUSY = 60
"""Articles; not all pairs of a commoner term are compared, so the cost stays linear."""
_KEYS = 12
"""Rarest terms of an article that, with its headline's, make pairs."""
_CROWD = 30
"""Neighbours compared under a busy term; `large_events.py` joins their groups."""
_CROWD_KEYS = 2


def find_pairs(reading: TermVectors, times: Sequence[float | None]) -> tuple[list[tuple[int, int]], bool]:
    """Find pairs of rows, sorted, and whether a term was too common for all of its pairs."""
    terms = reading.bodies
    spread = np.bincount(terms.indices, minlength=terms.shape[1])
    holders: dict[int, list[int]] = defaultdict(list)
    crowds: dict[int, list[int]] = defaultdict(list)
    for row in range(terms.shape[0]):
        columns = terms.indices[terms.indptr[row] : terms.indptr[row + 1]]
        wide = spread[columns]
        keys = set(_rarest(columns[(wide > 1) & (wide <= _BUSY)], spread, _KEYS))
        heads = reading.heads.indices[reading.heads.indptr[row] : reading.heads.indptr[row + 1]]
        for column in sorted(keys.union(column for column in heads.tolist() if 1 < spread[column] <= _BUSY)):
            holders[column].append(row)
        for column in _rarest(columns[wide > _BUSY], spread, _CROWD_KEYS):
            crowds[column].append(row)
    near = [part for rows in crowds.values() for part in _split(rows)]
    return sorted(set(_near([*holders.values(), *near], times))), bool(crowds)


def _split(rows: Sequence[int]) -> Iterator[Sequence[int]]:
    """Split rows into parts of equal size, because a short last part would form no group."""
    parts = max(1, len(rows) // _CROWD)
    for part in range(parts):
        yield rows[len(rows) * part // parts : len(rows) * (part + 1) // parts]


def _rarest(columns: NDArray[np.intp], spread: NDArray[np.intp], most: int) -> list[int]:
    rarest: list[int] = columns[np.lexsort((columns, spread[columns]))][:most].tolist()
    return rarest


def _near(groups: Iterable[Sequence[int]], times: Sequence[float | None]) -> Iterator[tuple[int, int]]:
    for rows in groups:
        for index, a in enumerate(rows):
            for b in rows[index + 1 :]:
                first, second = times[a], times[b]
                if first is None or second is None or abs(first - second) <= WINDOW_S:
                    yield a, b
