"""Words of a pile of articles -> those that name no event: places, people and bodies that are in many stories."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from scipy import sparse

FEWEST = 6
"""Articles that must hold a word before it can be told: fewer may well be one story."""
SCATTERED = 0.065
"""Average likeness of the articles that hold a word, but for that word: below, they tell of different events."""


def find_vague(bodies: sparse.csr_matrix, names: Sequence[str]) -> list[int]:
    """
    Columns of words whose articles have nothing else in common.

    "Wexcombe" stands in a third of a local station's news, and in as many events; the words of one event,
    however many report it, come together. Words that always stand together ("Upper Sallow") are looked at
    as one. `bodies` has unit rows.
    """
    groups = _together(bodies)
    if not groups:
        return []
    rows = [number for number, group in enumerate(groups) for _ in group]
    mask = sparse.csr_matrix(
        (np.ones(len(rows)), (rows, [column for group in groups for column in group])),
        shape=(len(groups), bodies.shape[1]),
    )
    own = (mask @ bodies.multiply(bodies).T).tocsr()  # group x article: the part that the group's words make
    rest = own.copy()
    rest.data = np.where(own.data < 0.999, 1 / np.sqrt(np.maximum(1 - own.data, 1e-3)), 0.0)
    rest.eliminate_zeros()  # articles that hold nothing else
    sums = (rest @ bodies).tocsr()  # of the articles, each without the group's words and of unit length again
    total = np.asarray(sums.multiply(sums).sum(axis=1)).ravel()
    total -= np.asarray(sums.multiply(sums).multiply(mask).sum(axis=1)).ravel()
    held = np.diff(rest.indptr)
    likeness = np.where(held > 1, (total - held) / np.maximum(held * (held - 1), 1), 1.0)
    return [
        column for group, level in zip(groups, likeness, strict=True) if level < SCATTERED for column in group
    ]


def _together(bodies: sparse.csr_matrix) -> list[list[int]]:
    """Columns of words that enough articles hold; those that the same articles hold in one group."""
    columns = bodies.tocsc()
    groups: dict[bytes, list[int]] = defaultdict(list)
    for column in np.flatnonzero(np.diff(columns.indptr) >= FEWEST).tolist():
        holders = columns.indices[columns.indptr[column] : columns.indptr[column + 1]]
        groups[np.sort(holders).tobytes()].append(column)
    return list(groups.values())
