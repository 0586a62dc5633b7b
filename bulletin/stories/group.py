"""
Articles -> groups: which of them tell of the same event.

One rule, two uses. Every text becomes a vector of its words, its pairs of words and its letter groups,
each weighted by how rare it is and how much it tells. Groups grow by the closest pair first, and
closeness is the average likeness of two groups pulled towards the likeness of their sums, so that a big
group may take in a headline that shares its vocabulary with many of them and all of it with none.
Headlines alone are joined from `TITLE_LIKENESS`; articles, whose descriptions speak too, only from
`ARTICLE_LIKENESS`: two events read as one are worse than one read twice.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

from bulletin.stories.cluster import grow
from bulletin.stories.vectors import lead_vectors, title_vectors
from bulletin.stories.words import stems

TITLE_LIKENESS = 0.135
"""Chosen on headlines that Google News and the UCI set had put together, and on random parts of them."""
ARTICLE_LIKENESS = 0.28
"""Chosen by hand on seven publishers' feeds of one day: at .22 topics ("the Olympics") stick together."""
_LEAD_WORDS = 60


def group_titles(titles: Sequence[str], times: Sequence[float | None]) -> list[int]:
    """A label for each headline; the same label is the same story. `times` are epoch seconds."""
    order = sorted(range(len(titles)), key=lambda i: (titles[i], times[i] or 0.0))
    vectors = title_vectors([titles[i] for i in order], ())
    return _to_labels(order, grow(vectors, [times[i] for i in order], least=TITLE_LIKENESS))


def group_texts(
    titles: Sequence[str],
    leads: Sequence[str],
    times: Sequence[float | None],
    *,
    local_words: Collection[str] = (),
) -> list[int]:
    """
    A label for each article, by its title and the first words of its description.

    `local_words` are names that many of the station's stories share; they count for little.
    The groups do not depend on the order in which the articles come.
    """
    order = sorted(range(len(titles)), key=lambda i: (titles[i], leads[i], times[i] or 0.0))
    weak = frozenset(part for word in local_words for part in stems(word))
    heads = title_vectors([titles[i] for i in order], weak)
    bodies = lead_vectors([f"{titles[i]}. {' '.join(leads[i].split()[:_LEAD_WORDS])}" for i in order], weak)
    half = math.sqrt(0.5)
    vectors = [
        {name: half * value for name, value in (head | body).items()}
        for head, body in zip(heads, bodies, strict=True)
    ]
    return _to_labels(order, grow(vectors, [times[i] for i in order], least=ARTICLE_LIKENESS))


def _to_labels(order: Sequence[int], groups: Sequence[Sequence[int]]) -> list[int]:
    labels = [0] * len(order)
    for label, members in enumerate(groups):
        for member in members:
            labels[order[member]] = label
    return labels
