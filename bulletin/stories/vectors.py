"""Texts -> matrices of their words, pairs of words and letter groups, rare and telling ones foremost."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from bulletin.stories.vague import find_vague
from bulletin.stories.words import letter_groups, stem, stems, tell_words, telling

SHARES = (0.70, 0.15, 0.15)
"""Of words, pairs of words and letter groups in the likeness of headlines."""
WEAK = 0.3
"""Weight of the station's own place names and of words that name no event."""
LEAD_WORDS = 60
"""Of a description or an article, so many words are read: what comes later is background."""
_NEW_WORDS = 1.0
"""A description tells something when it has so many telling words that its headline has not."""

Matrix: TypeAlias = Any
"""A sparse.csr_matrix; scipy tells no types."""
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What is compared of a pile of articles; one row each."""

    heads: Matrix
    """Of headlines: words, pairs of words and letter groups; unit rows."""
    bodies: Matrix
    """Words of headline and description together; unit rows."""
    evidence: Matrix
    """The root of what each word tells: the product of two rows is what the words that they share tell."""
    told: Numbers
    """What all its words tell."""
    is_described: NDArray[np.bool_]
    """Whether the description tells more than the headline does."""

    def of(self, rows: Sequence[int]) -> Reading:
        """Some of the articles, weighed as among all."""
        return Reading(
            heads=self.heads[rows],
            bodies=self.bodies[rows],
            evidence=self.evidence[rows],
            told=self.told[rows],
            is_described=self.is_described[rows],
        )


def read_articles(titles: Sequence[str], leads: Sequence[str], *, local_words: Collection[str]) -> Reading:
    heads = [stems(title) for title in titles]
    rows = [
        [*head, *stems(" ".join(lead.split()[:LEAD_WORDS]))] for head, lead in zip(heads, leads, strict=True)
    ]
    counts, names = _count(rows)
    weights = np.array([telling(name) for name in names])
    weak = {part for word in local_words for part in stems(word)}
    weak |= {names[at] for at in find_vague(_weigh(counts, weights), names) if weights[at] > WEAK}
    weights[[at for at, name in enumerate(names) if name in weak]] = WEAK
    occurs = counts.copy()
    occurs.data = np.ones_like(occurs.data)
    told = np.asarray(occurs @ weights).ravel()
    new = told - np.array([_tells(head, weak) for head in heads])
    return Reading(
        heads=_read_heads(titles, heads, weak),
        bodies=_weigh(counts, weights),
        evidence=(occurs @ sparse.diags(np.sqrt(weights))).tocsr(),
        told=told,
        is_described=new >= _NEW_WORDS,
    )


def _tells(words: Sequence[str], weak: Collection[str]) -> float:
    return math.fsum(WEAK if word in weak else telling(word) for word in set(words))


def _read_heads(titles: Sequence[str], heads: Sequence[Sequence[str]], weak: Collection[str]) -> Matrix:
    words, names = _count(heads)
    pairs, _ = _count([[f"{a} {b}" for a, b in pairwise(row) if not {a, b} <= set(weak)] for row in heads])
    letters, _ = _count([letter_groups(_without(title, weak)) for title in titles])
    telling_each = np.array([WEAK if name in weak else telling(name) for name in names])
    parts = (_weigh(words, telling_each), _weigh(pairs), _weigh(letters))
    return sparse.hstack(
        [math.sqrt(share) * part for share, part in zip(SHARES, parts, strict=True)], format="csr"
    )


def _without(title: str, weak: Collection[str]) -> str:
    return " ".join(word for word in tell_words(title) if stem(word) not in weak)


def _count(rows: Sequence[Sequence[str]]) -> tuple[Matrix, list[str]]:
    """How often each name stands in each row, and the names of the columns."""
    columns: dict[str, int] = {}
    data: list[int] = []
    indices: list[int] = []
    starts = [0]
    for row in rows:
        for name, count in Counter(row).items():
            indices.append(columns.setdefault(name, len(columns)))
            data.append(count)
        starts.append(len(indices))
    shape = (len(rows), max(1, len(columns)))
    matrix = sparse.csr_matrix((np.array(data, dtype=np.float64), indices, starts), shape=shape)
    return matrix, list(columns) or [""]


def _weigh(counts: Matrix, weights: Numbers | None = None) -> Matrix:
    """Unit rows: (1 + log of the count) x root of the rarity x what the word tells."""
    rows, columns = counts.shape
    spread = np.bincount(counts.indices, minlength=columns)
    rarity = np.sqrt(np.log((rows + 1) / (spread + 1)) + 1)
    matrix = counts.copy()
    matrix.data = (1 + np.log(counts.data)) * (rarity if weights is None else rarity * weights)[
        counts.indices
    ]
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    lengths[lengths == 0] = 1.0
    return (sparse.diags(1 / lengths) @ matrix).tocsr()
