"""
Likenesses of pairs -> groups: agglomerative clustering within a window of time.

Source: docs/decisions/0002, average linkage mixed with sums; measured by `python -m bench.grouping`.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from bulletin.stories.grouping.same_event_probability import WINDOW_S

Pair = tuple[int, int, float]

EVEN = 0.5
"""Probability of one event from which two articles may be joined. Example: `grow`."""
_PULL = 0.5
"""Weight of the sums (1) against the average (0) in the closeness. Example: `_closeness`."""
_FAINT = 0.5
"""
Part of the threshold below which pairs are dropped, because they are many and decide nothing.

Example: `grow`.
"""


@dataclass(slots=True)
class _Group:
    members: list[int]
    first: float
    """Epoch seconds; without a time in the group infinite, and the last one minus infinite."""
    last: float
    mass: float = 1.0
    """Sum of the likenesses of all its pairs, each member with itself included."""
    links: dict[int, float] = field(default_factory=dict)
    """Another group's number -> sum of the likenesses between its members and ours."""


def grow(pairs: Iterable[Pair], times: Sequence[float | None], *, least: float = EVEN) -> list[list[int]]:
    """
    Join the closest two groups again and again, until no two are as close as `least`.

    No group spans more than `WINDOW_S`; `times` are epoch seconds.

    docs/decisions/0002-grouping.md has the reasons for the measure, and its gains.

    >>> grow([(0, 1, 0.9), (1, 2, 0.2)], times=[0.0, 0.0, 0.0])
    [[2], [0, 1]]
    >>> grow([(0, 1, 0.9)], times=[0.0, 49 * 3600.0])
    [[0], [1]]
    """
    groups = {
        i: _Group([i], math.inf if time is None else time, -math.inf if time is None else time)
        for i, time in enumerate(times)
    }
    for a, b, likeness in pairs:
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


def measure_closeness(
    groups: Sequence[Sequence[int]], pairs: Iterable[Pair]
) -> Iterator[tuple[int, int, float]]:
    """
    Measure the closeness of all groups with a pair between them, as `grow` left them.

    >>> list(measure_closeness([[0], [1]], [(0, 1, 0.25)]))
    [(0, 1, 0.25)]
    """
    numbers = {member: number for number, group in enumerate(groups) for member in group}
    known = [
        _Group(members=list(group), first=math.inf, last=-math.inf, mass=float(len(group)))
        for group in groups
    ]
    for first, second, likeness in pairs:
        a, b = sorted((numbers[first], numbers[second]))
        if a == b:
            known[a].mass += 2 * likeness
        else:
            known[a].links[b] = known[a].links.get(b, 0.0) + likeness
    for number, group in enumerate(known):
        for other, links in group.links.items():
            yield number, other, _closeness(links, group, known[other])


def _offers(groups: dict[int, _Group], number: int, *, least: float) -> Iterator[tuple[float, int, int]]:
    """
    Joins that group `number` could make, as heap entries, closest first; none spans more than `WINDOW_S`.

    >>> groups = {0: _Group([0], 0.0, 0.0, links={1: 0.9, 2: 0.9}), 1: _Group([1], 0.0, 0.0)}
    >>> groups[2] = _Group([2], 2 * WINDOW_S, 2 * WINDOW_S)
    >>> [(number, other) for _, number, other in _offers(groups, 0, least=0.5)]
    [(0, 1)]
    """
    group = groups[number]
    for other, links in group.links.items():
        its = groups[other]
        closeness = _closeness(links, group, its)
        if closeness >= least and max(group.last, its.last) - min(group.first, its.first) <= WINDOW_S:
            yield -closeness, number, other


def _closeness(links: float, a: _Group, b: _Group) -> float:
    """
    Closeness of two groups: geometric mean of the average likeness of members and the likeness of the sums.

    So a name common to a group attracts no unrelated report (docs/decisions/0002-grouping.md).

    >>> pair, one = _Group([0, 1], 0.0, 0.0, mass=3.6), _Group([2], 0.0, 0.0)
    >>> round(_closeness(0.9, pair, one), 2), round(_closeness(1.8, pair, one), 2)
    (0.46, 0.92)
    """
    average = links / (len(a.members) * len(b.members))
    return float(average ** (1 - _PULL) * (links / math.sqrt(a.mass * b.mass)) ** _PULL)


def _join(groups: dict[int, _Group], a: int, b: int, number: int) -> None:
    """
    Two groups under a new number; its likeness to others is the sum of theirs.

    >>> groups = {0: _Group([0], 0.0, 0.0, links={1: 0.9}), 1: _Group([1], 9.0, 9.0, links={0: 0.9})}
    >>> _join(groups, 0, 1, 2)
    >>> groups[2].members, groups[2].last, groups[2].mass
    ([0, 1], 9.0, 3.8)
    """
    first, second = groups.pop(a), groups.pop(b)
    joined = _Group(
        members=first.members + second.members,
        first=min(first.first, second.first),
        last=max(first.last, second.last),
        mass=first.mass + second.mass + 2 * first.links[b],
    )
    for other in (first.links.keys() | second.links.keys()) - {a, b}:
        links = first.links.get(other, 0.0) + second.links.get(other, 0.0)
        joined.links[other] = groups[other].links[number] = links
        groups[other].links.pop(a, None)
        groups[other].links.pop(b, None)
    groups[number] = joined
