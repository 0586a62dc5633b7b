"""
Articles -> groups: which of them report one event.

One rule for headlines alone and for headlines with descriptions: `likeness.py` gives the probability that two
articles report one event, groups grow by the most probable pair first (`cluster.py`). The stories that come of
it show which terms are in many events, so that the second and third pass know the day's big topic.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bulletin.stories.cluster import grow
from bulletin.stories.crowds import join_crowds
from bulletin.stories.likeness import collect_evidence, find_copies, judge, weigh, zip_pairs
from bulletin.stories.pairs import find_pairs
from bulletin.stories.vectors import read_articles

_PASSES = 3


def group_articles(
    titles: Sequence[str],
    times: Sequence[float | None],
    leads: Sequence[str] = (),
    *,
    local_words: Collection[str] = (),
    language: str = "en",
) -> list[int]:
    """
    A label for each article; the same label is the same story.

    `times` are epoch seconds, `leads` descriptions or whole texts, empty where there is none, `local_words`
    names that many of the station's stories share: they count for little; `language` is BCP 47. The groups do
    not depend on the order in which the articles come.
    """
    leads = leads or [""] * len(titles)
    order = sorted(range(len(titles)), key=lambda i: (titles[i], leads[i], times[i] or 0.0))
    sorted_times = [times[i] for i in order]
    reading = read_articles(
        [titles[i] for i in order], [leads[i] for i in order], local_words=local_words, language=language
    )
    pairs, is_crowded = find_pairs(reading, sorted_times)
    if not pairs:
        return list(range(len(titles)))
    evidence = collect_evidence(reading, pairs, sorted_times)
    groups = grow(zip_pairs(evidence, find_copies(evidence)), sorted_times)
    for _ in range(_PASSES):
        weights = weigh(reading, groups, sorted_times)
        groups = grow(zip_pairs(evidence, judge(evidence, weights)), sorted_times)
    if is_crowded:
        groups = join_crowds(groups, reading, sorted_times, weights)
    return _to_labels(order, groups)


def _to_labels(order: Sequence[int], groups: Sequence[Sequence[int]]) -> list[int]:
    labels = [0] * len(order)
    for label, members in enumerate(groups):
        for member in members:
            labels[order[member]] = label
    return labels
