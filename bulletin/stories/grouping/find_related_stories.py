"""
Groups of articles -> pairs of them that a listener would take for one affair.

Two events are one story only if the words make that probable (`group_articles.py`). Within one bulletin less
is enough: listeners hear a missed pair as a repeat, and a false alarm costs little, because there is
other news. Two events are related

    by closeness    the measure by which groups grow, with a lower threshold
    by words        the names and rare words of any headline of one that any version of the other holds, each by its
                    weight in this pile: the topic of the day says nothing, and one name (a town, a cup) too little
    by countries    one names all those that most headlines of the other name: talks in one town on two wars are two

Source: docs/decisions/0002, "Related stories"; thresholds are measured by `python -m bench.grouping --related`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bulletin.model import Story
from bulletin.stories.grouping.agglomerative_clustering import Pair, measure_closeness
from bulletin.stories.grouping.same_event_probability import PairWeights, to_membership
from bulletin.stories.grouping.term_vectors import Matrix, TermVectors

CLOSE = 0.28
"""
Chosen on labelled pairs of events of one day (`python -m bench.grouping --related`).

Example: `Relation.holds`.
"""
SHARED = 2.8
"""Sum of the log likelihood ratios of the names and rare words in common. Example: `Relation.holds`."""
_ONE = 2.5
"""
Greatest weight of one word, so that one alone makes no affair.

Example: `group_articles.group_articles`.
"""

Related = Mapping[str, frozenset[str]]
"""Id of a story -> ids of stories that would sound like the same."""


class Relation(NamedTuple):
    """Relation of two groups, by their numbers, the smaller first."""

    first: int
    second: int
    closeness: float
    shared: float
    """Weight of the names and rare words in common."""
    agrees: bool
    """Whether one names the countries of the other."""

    def holds(self, *, close: float = CLOSE, shared: float = SHARED) -> bool:
        """
        Whether a listener would take two events for one affair; the thresholds are measured (docs/CHOICE.md, section 6).

        >>> Relation(first=0, second=1, closeness=0.3, shared=3.0, agrees=True).holds()
        True
        >>> Relation(first=0, second=1, closeness=0.3, shared=2.5, agrees=True).holds()  # one word in common
        False
        """
        return self.closeness >= close and self.shared >= shared and self.agrees


def measure_relations(
    groups: Sequence[Sequence[int]],
    near: Sequence[Pair],
    *,
    reading: TermVectors,
    weights: PairWeights,
    close: float = 0.0,
) -> Iterator[Relation]:
    """
    Measure all groups with a pair of articles between them that are at least as `close`.

    Example: `group_articles.group_articles`.
    """
    members = to_membership(groups, reading.heads.shape[0])
    held = (members @ reading.bodies).tocsr()
    heads = (members @ reading.heads).tocsr()
    named = _find_places(heads, groups, reading.is_place)
    worth = np.where(reading.is_rare, np.minimum(weights.bodies, _ONE), 0.0)
    for first, second, closeness in measure_closeness(groups, near):
        if closeness >= close:
            words = [set(held[number].indices.tolist()) for number in (first, second)]
            titled = {*heads[first].indices.tolist(), *heads[second].indices.tolist()}
            yield Relation(
                first=first,
                second=second,
                closeness=closeness,
                shared=float(worth[list(titled & words[0] & words[1])].sum()),
                agrees=named[first] <= words[1] or named[second] <= words[0],
            )


def name_related(
    stories: Sequence[Story],
    *,
    events: Mapping[str, int],
    pairs: frozenset[tuple[int, int]],
    steps: Mapping[str, Sequence[str]],
) -> Related:
    """
    Map related stories, and the `steps` of each running story as related to one another.

    `events` are the labels of articles, `pairs` the related labels.

    >>> from datetime import UTC, datetime
    >>> from bulletin.model import Article
    >>> row = {"feed": "a", "title": "", "summary": "", "text": "", "published": datetime(2026, 11, 24, tzinfo=UTC)}
    >>> ferry, rescue = (Story(id=name, articles=(Article(id=name, **row),)) for name in ("ferry", "rescue"))
    >>> events, pairs = {"ferry": 0, "rescue": 1}, frozenset({(0, 1)})
    >>> name_related([ferry, rescue], events=events, pairs=pairs, steps={})["ferry"]
    frozenset({'rescue'})
    """
    owners: dict[int, set[str]] = defaultdict(set)
    for story in stories:
        for article in story.articles:
            if article.id in events:
                owners[events[article.id]].add(story.id)
    affairs = [{a, b} for first, second in pairs for a, b in product(owners[first], owners[second])]
    related: dict[str, set[str]] = defaultdict(set)
    for affair in (*affairs, *({best, *others} for best, others in steps.items())):
        for name in affair:
            related[name] |= affair - {name}
    return {name: frozenset(others) for name, others in related.items() if others}


def _find_places(
    heads: Matrix, groups: Sequence[Sequence[int]], is_place: NDArray[np.bool_]
) -> list[set[int]]:
    """
    Columns of the countries that most headlines of each group name; `heads`: group x term, counted.

    >>> from scipy import sparse
    >>> heads, is_place = sparse.csr_matrix([[1.0, 2.0, 2.0]]), np.array([True, True, False])
    >>> _find_places(heads, [[0, 1]], is_place)
    [{1}]
    """
    table = heads.tocoo()
    sizes = np.array([len(group) for group in groups])
    is_named = is_place[table.col] & (table.data > sizes[table.row] / 2)
    named: list[set[int]] = [set() for _ in groups]
    for row, column in zip(table.row[is_named].tolist(), table.col[is_named].tolist(), strict=True):
        named[row].add(column)
    return named
