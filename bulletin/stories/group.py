"""
Articles -> groups: which of them tell of the same event.

One rule, whoever asks: `likeness.py` says how alike two articles are, by headline and description, and
groups grow by the closest pair first as long as they are as close as `ALIKE`. Closeness of groups is the
average likeness pulled towards the likeness of their sums, so that a big group may take in a headline
that shares its vocabulary with many of them and all of it with none.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bulletin.stories.cluster import grow
from bulletin.stories.crowds import join_crowds
from bulletin.stories.likeness import compare
from bulletin.stories.vectors import read_articles

ALIKE = 0.14
"""Chosen on headlines that Google News and the UCI set had put together, on articles of ten publishers of one
day, and on invented local news; see docs/CHOICE.md."""


def group_articles(
    titles: Sequence[str],
    times: Sequence[float | None],
    leads: Sequence[str] = (),
    *,
    local_words: Collection[str] = (),
) -> list[int]:
    """
    A label for each article; the same label is the same story.

    `times` are epoch seconds, `leads` descriptions or whole texts, empty where there is none, and
    `local_words` names that many of the station's stories share: they count for little. The groups do not
    depend on the order in which the articles come.
    """
    leads = leads or [""] * len(titles)
    order = sorted(range(len(titles)), key=lambda i: (titles[i], leads[i], times[i] or 0.0))
    sorted_times = [times[i] for i in order]
    reading = read_articles([titles[i] for i in order], [leads[i] for i in order], local_words=local_words)
    found = compare(reading, sorted_times)
    groups = grow(found.pairs, sorted_times, least=ALIKE)
    if found.is_crowded:
        groups = join_crowds(groups, reading, sorted_times, doubt=found.doubt, least=ALIKE)
    return _to_labels(order, groups)


def _to_labels(order: Sequence[int], groups: Sequence[Sequence[int]]) -> list[int]:
    labels = [0] * len(order)
    for label, members in enumerate(groups):
        for member in members:
            labels[order[member]] = label
    return labels
