"""Vectors -> groups: the closest two are joined again and again, within a window of time."""

from __future__ import annotations

import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy import sparse

from bulletin.stories.vectors import Vector

WINDOW_S = 48 * 3600.0
"""Seconds; a group spans no more."""

_PULL = 0.7
"""How far closeness leans from the average (0) to the sums (1)."""
_TWO_STORIES = 1.15
"""Two groups, each of them several texts already, must be closer by this factor to be one."""
_FAINT = 0.25
"""Pairs below this part of the threshold are forgotten: there are very many, and they decide nothing."""
_BUSY = 60
"""A word of more texts than this names no pairs to compare: what keeps the cost linear."""
_KEYS = 12
"""So many of the rarest words of a text name the pairs that it is in."""
_AT_ONCE = 20_000


@dataclass(slots=True)
class _Group:
    members: list[int]
    first: float | None
    last: float | None
    mass: float = 1.0
    """Sum of the likenesses of all its pairs, each member with itself included."""
    links: dict[int, float] = field(default_factory=dict)
    """Another group's number -> sum of the likenesses between its members and ours."""


def grow(vectors: Sequence[Vector], times: Sequence[float | None], *, least: float) -> list[list[int]]:
    """Join the closest two groups again and again, until no two are as close as `least`."""
    groups = {i: _Group(members=[i], first=time, last=time) for i, time in enumerate(times)}
    for a, b, likeness in _likenesses(vectors, times):
        if likeness >= least * _FAINT:
            groups[a].links[b] = groups[b].links[a] = likeness
    heap = [entry for a in groups for entry in _offers(groups, a, least=least) if entry[1] < entry[2]]
    heapq.heapify(heap)
    number = len(groups)
    while heap:
        _, a, b = heapq.heappop(heap)
        if a in groups and b in groups:
            _join(groups, a, b, number)
            for entry in _offers(groups, number, least=least):
                heapq.heappush(heap, entry)
            number += 1
    return [group.members for group in groups.values()]


def _offers(groups: dict[int, _Group], number: int, *, least: float) -> Iterator[tuple[float, int, int]]:
    """Joins that group `number` could make, as heap entries: closest first."""
    group = groups[number]
    for other, links in group.links.items():
        closeness = _closeness(links, group, groups[other])
        times = (group.first, group.last, groups[other].first, groups[other].last)
        floor = least * _TWO_STORIES if min(len(group.members), len(groups[other].members)) > 1 else least
        if closeness >= floor and _span_s(*times) <= WINDOW_S:
            yield -closeness, number, other


def _closeness(links: float, a: _Group, b: _Group) -> float:
    """Average likeness of the members and likeness of the sums, mixed geometrically."""
    average = links / (len(a.members) * len(b.members))
    return float(average ** (1 - _PULL) * (links / math.sqrt(a.mass * b.mass)) ** _PULL)


def _join(groups: dict[int, _Group], a: int, b: int, number: int) -> None:
    """Put groups `a` and `b` together under a new number."""
    one, two = groups.pop(a), groups.pop(b)
    known = [time for time in (one.first, one.last, two.first, two.last) if time is not None]
    joined = _Group(
        members=one.members + two.members,
        first=min(known, default=None),
        last=max(known, default=None),
        mass=one.mass + two.mass + 2 * one.links[b],
    )
    for other in (one.links.keys() | two.links.keys()) - {a, b}:
        links = one.links.get(other, 0.0) + two.links.get(other, 0.0)
        joined.links[other] = groups[other].links[number] = links
        groups[other].links.pop(a, None)
        groups[other].links.pop(b, None)
    groups[number] = joined


# ---- pairs


def _likenesses(vectors: Sequence[Vector], times: Sequence[float | None]) -> Iterator[tuple[int, int, float]]:
    """Every pair that is worth comparing, with the cosine of its vectors."""
    columns: dict[str, int] = {}
    data, indices, starts = [], [], [0]
    for vector in vectors:
        for name, value in vector.items():
            indices.append(columns.setdefault(name, len(columns)))
            data.append(value)
        starts.append(len(indices))
    matrix = sparse.csr_matrix((data, indices, starts), shape=(len(vectors), max(1, len(columns))))
    pairs = sorted(_pairs(vectors, times))
    for start in range(0, len(pairs), _AT_ONCE):
        a, b = zip(*pairs[start : start + _AT_ONCE], strict=True)
        cosines = np.asarray(matrix[list(a)].multiply(matrix[list(b)]).sum(axis=1)).ravel()
        yield from zip(a, b, cosines.tolist(), strict=True)


def _pairs(vectors: Sequence[Vector], times: Sequence[float | None]) -> set[tuple[int, int]]:
    """Pairs within the window that share one of the rarest words of both."""
    words = [[name for name in vector if name.startswith(("w:", "l:"))] for vector in vectors]
    spread = Counter(name for row in words for name in row)
    holders: dict[str, list[int]] = defaultdict(list)
    for index, row in enumerate(words):
        shared = sorted(
            (name for name in row if 1 < spread[name] <= _BUSY), key=lambda name: (spread[name], name)
        )
        for name in shared[:_KEYS]:
            holders[name].append(index)
    return {
        (a, b)
        for rows in holders.values()
        for place, a in enumerate(rows)
        for b in rows[place + 1 :]
        if _span_s(times[a], times[a], times[b], times[b]) <= WINDOW_S
    }


def _span_s(*times: float | None) -> float:
    """From the first to the last of those that are known."""
    known = [time for time in times if time is not None]
    return max(known) - min(known) if known else 0.0
