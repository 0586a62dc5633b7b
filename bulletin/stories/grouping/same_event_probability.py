"""
Articles -> how probable it is that two of them report one event (logistic regression, tempered).

    log odds = log(pairs of one event / comparable pairs)      how common partners are in this pile
             - hours between them / 14                         events are reported within hours
             + .84 x sum over shared terms of log(reuse/share) a term that few other events hold says much
             - .20 x number of terms that only one has         two long headlines have more in common by chance
             + .42, -.03: the same of the descriptions         - .5 where there are any

The weights are learnt (`python -m bench.grouping_weights`).

`share` of a term is the share of *other* stories that hold it, by the language (`headline_terms.toml`) and by
the pile, counted in stories, not in articles. So "Olympics" says nothing on a day of Olympics, and a name
that forty reports of one event hold is as rare as the event. `reuse` is the probability that a second report
of an event repeats a term: .4, or more for words of most reports of a story found so far.

Source: weights as above; the other constants were tuned on the development sets (docs/decisions/0002, measured by
`python -m bench.grouping`). Judgement, no source: how many neighbours are compared, because they only bound the
work.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from bulletin.stories.grouping.term_vectors import Matrix, Numbers, TermVectors

WINDOW_S = 48 * 3600.0
"""Seconds; articles further apart are never compared. Example: `_near`."""
_BUSY = 60
"""
Articles; not all pairs of a commoner term are compared, so the cost stays linear.

Example: `find_pairs`.
"""
_KEYS = 12
"""Rarest terms of an article that, with its headline's, make pairs. Example: `find_pairs`."""
_CROWD = 30
"""
Neighbours compared under a busy term; `agglomerative_clustering.py` joins their groups.

Example: `_split`.
"""
_CROWD_KEYS = 2
"""Example: `find_pairs`."""
_REUSE = 0.4
"""Example: `_weigh_terms`."""
_REUSE_IN_TEXT = 0.2
"""Example: `group_articles.group_articles`."""
_STORY_PRIOR = 2.2
"""Pseudo-reports added to a story before its own reuse of a term counts. Example: `_weigh_terms`."""
_BOOST = 1.6
"""
Exponent of a story's own reuse: most reports of one event hold its central name, and little else in common.

Example: `_weigh_terms`.
"""
_MOST = 3.5
"""
Log likelihood ratio of one term: a name alone never joins two headlines of a mixed day.

Example: `_weigh_terms`.
"""
_SECOND_WORD = 0.31
"""
Share of the weaker word of a two-word name that would count twice.

Example: `group_articles.group_articles`.
"""
_UNSEEN = 50.0
"""Pseudo-stories added to a small set. Example: `_weigh_terms`."""
_CHANCE = 3.3
"""Other stories with a term at which half of the overlap is no chance. Example: `_weigh_terms`."""
_HOURS = 14.0
"""Example: `count_comparable`."""
_PARTNERS = (0.25, 3.0)
"""Pairs of one event per article, least and most. Example: `group_articles.group_articles`."""
_LIKELIEST = -2.65
"""
Greatest prior log odds, for a small set where nearly all might be partners.

Example: `group_articles.group_articles`.
"""
_MISSED = 1.5
"""True pairs of one event for each pair found. Example: `group_articles.group_articles`."""
WEIGHTS = np.array([0.84, -0.20, 0.42, -0.03, -0.5, 1.0, -1 / _HOURS])
"""
Weight of each signal in the log odds, in the order of `tell_signals`.

Example: `group_articles.group_articles`.
"""
_BIAS = 1.3
"""Example: `group_articles.group_articles`."""
_TEMPER = 4.0
"""
Divisor of the log odds, so that all pairs of a group count and not only the surest.

Example: `group_articles.group_articles`.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairEvidence:
    """Evidence of pairs of articles, one row each."""

    first: NDArray[np.intp]
    second: NDArray[np.intp]
    heads: Matrix
    """Terms that both headlines hold."""
    bodies: Matrix
    names: Matrix
    unshared: Numbers
    """Number of terms that one headline has and the other has not."""
    unshared_in_text: Numbers
    hours: Numbers
    is_described: NDArray[np.bool_]
    """Whether both have a description."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairWeights:
    """Log likelihood ratio of each shared term, and the prior log odds of any comparable pair."""

    heads: Numbers
    bodies: Numbers
    names: Numbers
    prior: float


def find_pairs(reading: TermVectors, times: Sequence[float | None]) -> tuple[list[tuple[int, int]], bool]:
    """
    Find pairs of rows, sorted, and whether a term was too common for all of its pairs.

    >>> from bulletin.stories.grouping.term_vectors import read_articles
    >>> reading = read_articles(["Ferry sinks", "Ferry is raised"], ["", ""], local_words=())
    >>> find_pairs(reading, [0.0, 47 * 3600.0])[0], find_pairs(reading, [0.0, 49 * 3600.0])[0]
    ([(0, 1)], [])
    """
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
    """
    Parts of rows of equal size, because a short last part would form no group.

    >>> [len(part) for part in _split(range(70))], [len(part) for part in _split(range(20))]
    ([35, 35], [20])
    """
    parts = max(1, len(rows) // _CROWD)
    for part in range(parts):
        yield rows[len(rows) * part // parts : len(rows) * (part + 1) // parts]


def _rarest(columns: NDArray[np.intp], spread: NDArray[np.intp], most: int) -> list[int]:
    """
    Rarest terms of an article, which make its pairs; the column settles a draw.

    >>> _rarest(np.array([0, 1, 2]), np.array([5, 2, 2]), 2)
    [1, 2]
    """
    rarest: list[int] = columns[np.lexsort((columns, spread[columns]))][:most].tolist()
    return rarest


def _near(groups: Iterable[Sequence[int]], times: Sequence[float | None]) -> Iterator[tuple[int, int]]:
    """
    Pairs of rows within the window; an article without a time is near all others.

    >>> list(_near([[0, 1, 2]], [0.0, WINDOW_S + 1, None]))
    [(0, 2), (1, 2)]
    """
    for rows in groups:
        for index, a in enumerate(rows):
            for b in rows[index + 1 :]:
                first, second = times[a], times[b]
                if first is None or second is None or abs(first - second) <= WINDOW_S:
                    yield a, b


def collect_evidence(
    reading: TermVectors, pairs: Sequence[tuple[int, int]], times: Sequence[float | None]
) -> PairEvidence:
    """
    Terms that both and that one article of each pair hold, and the hours between them.

    Example: `find_copies`.
    """
    rows = np.array(pairs, dtype=np.intp).reshape(-1, 2)
    first, second = rows[:, 0], rows[:, 1]
    clock = np.array([math.nan if time is None else time for time in times])
    heads, unshared = _overlap(reading.heads, first, second)
    bodies, unshared_in_text = _overlap(reading.bodies, first, second)
    return PairEvidence(
        first=first,
        second=second,
        heads=heads,
        bodies=bodies,
        names=_overlap(reading.names, first, second)[0],
        unshared=unshared,
        unshared_in_text=unshared_in_text,
        hours=np.nan_to_num(np.abs(clock[first] - clock[second]) / 3600, nan=0.0),
        is_described=reading.is_described[first] & reading.is_described[second],
    )


def weigh(
    reading: TermVectors, groups: Sequence[Sequence[int]], times: Sequence[float | None]
) -> PairWeights:
    """
    Weigh the terms by the stories found so far (at first, each article is one).

    Example: `group_articles.group_articles`.
    """
    stories = to_membership(groups, reading.heads.shape[0])
    heads = _weigh_terms(stories @ reading.heads, stories, reading.shares, _REUSE)
    bodies = _weigh_terms(stories @ reading.bodies, stories, reading.shares, _REUSE_IN_TEXT)
    found_pairs = _MISSED * sum(len(group) * (len(group) - 1) / 2 for group in groups)
    fewest, most = (articles * len(times) for articles in _PARTNERS)
    expected = min(max(found_pairs, fewest if found_pairs else len(times)), most)
    return PairWeights(
        heads=heads,
        bodies=bodies,
        names=_SECOND_WORD * heads[reading.name_parts].min(axis=1),
        prior=min(_LIKELIEST, math.log(max(expected, 1.0) / max(count_comparable(times), 1.0))),
    )


def tell_signals(evidence: PairEvidence, weights: PairWeights) -> Numbers:
    """
    Signals of each pair: shared and unshared terms of headlines and of descriptions, described, prior, hours.

    Example: `group_articles.group_articles`.
    """
    heads = evidence.heads @ weights.heads - evidence.names @ weights.names
    texts = evidence.bodies @ weights.bodies - evidence.heads @ weights.bodies
    columns = (
        heads,
        evidence.unshared,
        evidence.is_described * texts,
        evidence.is_described * evidence.unshared_in_text,
        evidence.is_described,
        np.full(len(texts), weights.prior),
        evidence.hours,
    )
    return np.stack(columns, axis=1)


def judge(evidence: PairEvidence, weights: PairWeights) -> Numbers:
    """The tempered probability that each pair reports one event. Example: `group_articles.group_articles`."""
    odds = tell_signals(evidence, weights) @ WEIGHTS + _BIAS
    return np.asarray(1 / (1 + np.exp(-odds / _TEMPER)))


def find_copies(evidence: PairEvidence) -> Numbers:
    """
    Jaccard similarity of each pair: copies word for word are one event before anything is counted.

    >>> from bulletin.stories.grouping.term_vectors import read_articles
    >>> reading = read_articles(["Ferry sinks near Wexcombe", "Ferry sinks near Wexcombe"], ["", ""], local_words=())
    >>> find_copies(collect_evidence(reading, [(0, 1)], [0.0, 0.0])).tolist()
    [1.0]
    """
    described = evidence.is_described
    shared = np.where(described, np.diff(evidence.bodies.indptr), np.diff(evidence.heads.indptr))
    unshared = np.where(described, evidence.unshared_in_text, evidence.unshared)
    return np.asarray(np.where(shared > 2, shared / np.maximum(shared + unshared, 1), 0.0))


def zip_pairs(evidence: PairEvidence, likeness: Numbers) -> list[tuple[int, int, float]]:
    """Rows of two articles with their likeness. Example: `group_articles.group_articles`."""
    return list(zip(evidence.first.tolist(), evidence.second.tolist(), likeness.tolist(), strict=True))


def count_comparable(times: Sequence[float | None]) -> float:
    """
    Count pairs within the window, each the less the further apart; an article without a time meets all.

    >>> count_comparable([0.0, 0.0]), count_comparable([0.0, None]), count_comparable([0.0, 49 * 3600.0])
    (1.0, 1.0, 0.0)
    """
    known = np.array([time for time in times if time is not None])
    unknown = len(times) - len(known)
    total = unknown * (unknown - 1) / 2 + unknown * len(known)
    hours, counts = np.unique(np.floor(known / 3600), return_counts=True)
    total += float((counts * (counts - 1) / 2).sum())
    for gap in range(1, int(WINDOW_S // 3600) + 1):
        places = np.minimum(np.searchsorted(hours, hours + gap), max(0, len(hours) - 1))
        is_there = hours[places] == hours + gap
        total += math.exp(-gap / _HOURS) * float((counts * counts[places])[is_there].sum())
    return total


def _overlap(matrix: Matrix, first: NDArray[np.intp], second: NDArray[np.intp]) -> tuple[Matrix, Numbers]:
    """Terms that both rows of each pair hold, and the number that only one holds. Example: `find_copies`."""
    shared = matrix[first].multiply(matrix[second]).tocsr()
    sizes = np.diff(matrix.indptr)
    unshared = sizes[first] + sizes[second] - 2 * np.diff(shared.indptr)
    return shared, unshared.astype(np.float64)


def to_membership(groups: Sequence[Sequence[int]], articles: int) -> Matrix:
    """
    Story x article.

    >>> to_membership([[0, 2], [1]], 3).toarray().tolist()
    [[1.0, 0.0, 1.0], [0.0, 1.0, 0.0]]
    """
    rows = [number for number, group in enumerate(groups) for _ in group]
    members = [member for group in groups for member in group]
    return sparse.csr_matrix((np.ones(len(rows)), (rows, members)), shape=(len(groups), articles))


def _weigh_terms(held: Matrix, stories: Matrix, shares: Numbers, reuse: float) -> Numbers:
    """
    Weight of each term: log of its reuse within a story over its share of other stories; never negative.

    `held`: story x term, how many reports of the story hold the term; most of them weigh more than one.

    >>> held, stories = sparse.csr_matrix([[3.0, 1.0], [0.0, 0.0]]), to_membership([[0, 1, 2], [3]], 4)
    >>> central, single = _weigh_terms(held, stories, np.array([0.01, 0.01]), _REUSE)
    >>> bool(central > single > 0), _weigh_terms(held, stories, np.array([0.9, 0.9]), _REUSE).tolist()[1]
    (True, 0.0)
    """
    number = held.shape[0]
    table = held.tocoo()
    others = np.maximum(np.bincount(table.col, minlength=held.shape[1]) - 1.0, 0.0)
    share = shares + others / (number + _UNSEEN) * others / (others + _CHANCE)
    sizes = np.asarray(stories.sum(axis=1)).ravel()
    reused = np.full(held.shape[1], reuse)
    several = table.data > 1
    reports = np.asarray(held.sum(axis=0)).ravel()
    rates = table.data[several] / (sizes[table.row[several]] + _STORY_PRIOR)
    rates *= table.data[several] / reports[table.col[several]]
    np.maximum.at(reused, table.col[several], rates)
    surprise = np.clip(np.log(reuse / share), -_MOST, _MOST)
    return np.asarray(np.maximum(0.0, surprise + _BOOST * np.log(reused / reuse)))
