"""
Articles -> groups: which of them report one event.

One rule for headlines alone and for headlines with descriptions: `same_event_probability.py` gives the
probability that two articles report one event, groups grow by the most probable pair first
(`agglomerative_clustering.py`). The resulting stories show which terms are in many events, so that each
further pass knows the day's big topic.

A lower threshold gives the affairs: talks, a trial or a storm are many events in a day, and one running
story. Two of its steps are hardly one event, and yet far likelier than any two articles. Within one bulletin
even less is enough, because a listener may take two events for one (`find_related_stories.py`).

Source: docs/decisions/0002 and 0014; measured by `python -m bench.grouping`. Judgement, no source: how many
articles stand for a large group, because they only bound the work.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import NamedTuple

from bulletin.stories.grouping.agglomerative_clustering import Pair, grow
from bulletin.stories.grouping.find_related_stories import CLOSE, measure_relations
from bulletin.stories.grouping.same_event_probability import (
    WINDOW_S,
    PairEvidence,
    PairWeights,
    collect_evidence,
    find_copies,
    find_pairs,
    judge,
    weigh,
    zip_pairs,
)
from bulletin.stories.grouping.term_vectors import TermVectors, read_articles

PASSES = 5
"""Example: `group_articles`."""
_AFFAIR = 0.30
"""
Probability of one event from which two articles may be steps of one running story.

Example: `group_articles`.
"""
_LARGE = 6
"""Articles; a smaller group was compared with its neighbours in full. Example: `group_articles`."""
_SPEAKERS = 3
"""Articles sampled from each group. Example: `group_articles`."""
_MAJORITY = 2
"""Example: `group_articles`."""


class GroupLevels(NamedTuple):
    """Labels of each article at two levels (event, running story), and pairs of related events."""

    events: tuple[int, ...]
    affairs: tuple[int, ...]
    related: frozenset[tuple[int, int]] = frozenset()
    """Pairs of labels of `events`, the smaller first, that sound like one affair."""


class Settled(NamedTuple):
    """Result of the last pass, by rows of the TermVectors."""

    groups: list[list[int]]
    near: list[Pair]
    evidence: PairEvidence
    weights: PairWeights
    """Weights of the last pass."""


def group_articles(
    titles: Sequence[str],
    times: Sequence[float | None],
    leads: Sequence[str] = (),
    *,
    local_words: Collection[str] = (),
    language: str = "en",
) -> GroupLevels:
    """
    Label each article by its event and its running story, and find related events.

    `times` are epoch seconds, `leads` descriptions or whole texts (may be empty). `local_words` are names
    that count for little, because many of the station's stories share them; `language` is BCP 47. The order
    of the articles makes no difference.

    >>> titles = ["Corn Bridge shut after lorry crash", "Lorry crash shuts Corn Bridge", "Nurses vote to strike"]
    >>> first, second, third = group_articles(titles, [0.0, 0.0, 0.0]).events
    >>> (first == second, first == third)
    (True, False)
    """
    return _group(
        tuple(titles), tuple(times), tuple(leads or [""] * len(titles)), frozenset(local_words), language
    )


@lru_cache(maxsize=2)  # stations with the same feeds, and previews of one bulletin, ask the same
def _group(
    titles: tuple[str, ...],
    times: tuple[float | None, ...],
    leads: tuple[str, ...],
    local_words: frozenset[str],
    language: str,
) -> GroupLevels:
    """Labels, as `group_articles` describes them. Example: `group_articles`."""
    order = sorted(range(len(titles)), key=lambda i: (titles[i], leads[i], times[i] or 0.0))
    sorted_times = [times[i] for i in order]
    reading = read_articles(
        [titles[i] for i in order], [leads[i] for i in order], local_words=local_words, language=language
    )
    pairs, is_crowded = find_pairs(reading, sorted_times)
    if not pairs:
        return GroupLevels(events=tuple(range(len(titles))), affairs=tuple(range(len(titles))))
    settled = settle(reading, pairs, sorted_times)
    groups = settled.groups
    affairs = grow(settled.near, sorted_times, least=_AFFAIR)
    if is_crowded:
        groups = _join_crowds(groups, reading, sorted_times, settled.weights)
    relations = measure_relations(groups, settled.near, reading=reading, weights=settled.weights, close=CLOSE)
    return GroupLevels(
        events=tuple(_to_labels(order, groups)),
        affairs=tuple(_to_labels(order, affairs)),
        related=frozenset((relation.first, relation.second) for relation in relations if relation.holds()),
    )


def settle(reading: TermVectors, pairs: Sequence[tuple[int, int]], times: Sequence[float | None]) -> Settled:
    """
    Group in passes; each pass learns the day's topics from the stories of the one before.

    Example: `group_articles`.
    """
    evidence = collect_evidence(reading, pairs, times)
    groups = grow(zip_pairs(evidence, find_copies(evidence)), times)
    for _ in range(PASSES):
        weights = weigh(reading, groups, times)
        near = zip_pairs(evidence, judge(evidence, weights))
        groups = grow(near, times)
    return Settled(groups=groups, near=near, evidence=evidence, weights=weights)


def _to_labels(order: Sequence[int], groups: Sequence[Sequence[int]]) -> list[int]:
    """
    Label of each article in the order of the feeds: the number of its group.

    >>> _to_labels([2, 0, 1], [[0, 2], [1]])
    [1, 0, 0]
    """
    labels = [0] * len(order)
    for label, members in enumerate(groups):
        for member in members:
            labels[order[member]] = label
    return labels


def _join_crowds(
    groups: Sequence[Sequence[int]], reading: TermVectors, times: Sequence[float | None], weights: PairWeights
) -> list[list[int]]:
    """
    Join large groups of one event by three articles of each, under the rule that made the groups.

    If hundreds report one event, each article was compared with its neighbours only, so there are several
    groups. Two are one when most of their sampled articles come together.

    >>> titles, times = ["Ferry sinks near Wexcombe harbour"] * 12 + ["Quay shut"], [0.0] * 13
    >>> reading = read_articles(titles, [""] * 13, local_words=())
    >>> weights = weigh(reading, [[row] for row in range(13)], times)
    >>> _join_crowds([[0, 1, 2, 3, 4, 5], [6, 7, 8, 9, 10, 11], [12]], reading, times, weights)
    [[12], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]]
    """
    joined = [sorted(group) for group in groups]
    count = 0
    while len(joined) != count:
        count = len(joined)
        joined = _join_once(joined, reading, times, weights)
    return joined


def _join_once(
    groups: Sequence[list[int]], reading: TermVectors, times: Sequence[float | None], weights: PairWeights
) -> list[list[int]]:
    """One round of `_join_crowds`. Example: `_join_crowds`."""
    large = sorted(group for group in groups if len(group) >= _LARGE)
    speakers = [group[len(group) * n // _SPEAKERS] for group in large for n in range(_SPEAKERS)]
    their_times = [times[row] for row in speakers]
    sample = reading.of(speakers)
    pairs, _ = find_pairs(sample, their_times)
    evidence = collect_evidence(sample, pairs, their_times)
    near = zip_pairs(evidence, judge(evidence, weights))
    joined = [group for group in groups if len(group) < _LARGE]
    taken: set[int] = set()
    for meeting in grow(near, their_times):
        seats = Counter(number // _SPEAKERS for number in meeting)
        present = [number for number, count in seats.items() if count >= _MAJORITY]
        together = sorted(row for number in present for row in large[number])
        if len(present) > 1 and _span_s(together, times) <= WINDOW_S:
            joined.append(together)
            taken.update(present)
    return joined + [group for number, group in enumerate(large) if number not in taken]


def _span_s(rows: Sequence[int], times: Sequence[float | None]) -> float:
    """
    Seconds between the first and the last article of a known time.

    >>> _span_s([0, 1, 2], [0.0, None, 3600.0]), _span_s([1], [0.0, None])
    (3600.0, 0.0)
    """
    known = [time for row in rows if (time := times[row]) is not None]
    return max(known) - min(known) if known else 0.0
