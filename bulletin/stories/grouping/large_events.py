"""Groups of one very large event -> one group, where not all articles were compared."""

from __future__ import annotations

from collections.abc import Sequence

from bulletin.stories.grouping.candidate_pairs import WINDOW_S, find_pairs
from bulletin.stories.grouping.cluster_articles import grow
from bulletin.stories.grouping.same_event import PairWeights, collect_evidence, judge, zip_pairs
from bulletin.stories.grouping.term_vectors import TermVectors

_LARGE = 6
"""Articles; a smaller group was compared with its neighbours in full."""
_SPEAKERS = 3
"""Articles sampled from each group."""
_MAJORITY = 2


def join_crowds(
    groups: Sequence[Sequence[int]],
    reading: TermVectors,
    times: Sequence[float | None],
    weights: PairWeights,
) -> list[list[int]]:
    """
    Join large groups of one event by three articles of each, under the rule that made the groups.

    Where hundreds report one event, each article was compared with its neighbours only, so there are several groups.
    Two are one when most of their sampled articles come together.
    """
    now = [sorted(group) for group in groups]
    while True:
        joined = _join_once(now, reading, times, weights)
        if len(joined) == len(now):
            return now
        now = joined


def _join_once(
    groups: Sequence[list[int]],
    reading: TermVectors,
    times: Sequence[float | None],
    weights: PairWeights,
) -> list[list[int]]:
    large = sorted(group for group in groups if len(group) >= _LARGE)
    speakers = [group[len(group) * n // _SPEAKERS] for group in large for n in range(_SPEAKERS)]
    their_times = [times[row] for row in speakers]
    sample = reading.of(speakers)
    pairs, _ = find_pairs(sample, their_times)
    evidence = collect_evidence(sample, pairs, their_times)
    near = zip_pairs(evidence, judge(evidence, weights))
    whole = [group for group in groups if len(group) < _LARGE]
    taken: set[int] = set()
    for meeting in grow(near, their_times):
        seats = [number // _SPEAKERS for number in meeting]
        present = [number for number in dict.fromkeys(seats) if seats.count(number) >= _MAJORITY]
        together = sorted(row for number in present for row in large[number])
        if len(present) > 1 and _span_s(together, times) <= WINDOW_S:
            whole.append(together)
            taken |= set(present)
    return whole + [group for number, group in enumerate(large) if number not in taken]


def _span_s(rows: Sequence[int], times: Sequence[float | None]) -> float:
    known = [time for row in rows if (time := times[row]) is not None]
    return max(known) - min(known) if known else 0.0
