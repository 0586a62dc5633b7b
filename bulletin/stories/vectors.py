"""Texts -> vectors of their words, pairs of words and letter groups, rare and telling ones foremost."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Sequence
from itertools import pairwise

from bulletin.stories.words import letter_groups, stems, telling

SHARES = (("w", 0.70), ("b", 0.15), ("c", 0.15))
"""Of words, pairs of words and letter groups in the likeness of headlines."""
_WEAK = 0.5
"""Weight of the station's own place names, which half of its stories hold."""

Vector = dict[str, float]
"""Unit length; the names of words begin with "w:" (headline) or "l:" (lead)."""


def title_vectors(titles: Sequence[str], weak: Collection[str]) -> list[Vector]:
    words = [stems(title) for title in titles]
    pairs = [[f"{a} {b}" for a, b in pairwise(row)] for row in words]
    letters = [letter_groups(title) for title in titles]
    parts = (_weigh(words, weak), _weigh(pairs, ()), _weigh(letters, ()))
    return [
        {
            f"{kind}:{name}": math.sqrt(share) * value
            for (kind, share), part in zip(SHARES, row, strict=True)
            for name, value in part.items()
        }
        for row in zip(*parts, strict=True)
    ]


def lead_vectors(leads: Sequence[str], weak: Collection[str]) -> list[Vector]:
    rows = _weigh([stems(lead) for lead in leads], weak)
    return [{f"l:{name}": value for name, value in row.items()} for row in rows]


def _weigh(rows: Sequence[Sequence[str]], weak: Collection[str]) -> list[Vector]:
    """Unit vectors: (1 + log of the count) x root of the rarity x what the word tells."""
    spread = Counter(name for row in rows for name in set(row))
    vectors = []
    for row in rows:
        vector = {
            name: (1 + math.log(count))
            * math.sqrt(math.log((len(rows) + 1) / (spread[name] + 1)) + 1)
            * (_WEAK if name in weak else telling(name))
            for name, count in Counter(row).items()
        }
        length = math.sqrt(sum(value * value for value in vector.values())) or 1.0
        vectors.append({name: value / length for name, value in vector.items()})
    return vectors
