"""How long before its time the work on a bulletin begins: learnt from the last runs. Pure."""

from __future__ import annotations

from collections.abc import Sequence

LEAST_S, MOST_S = 45.0, 600.0
"""A run that has always been quick may be slow once; nothing is fresh that was begun ten minutes early."""
UNKNOWN_S = 180.0
"""Before anything was learnt: a small computer that loads a voice for the first time."""
_RUNS = 20


def lead_s(runs_s: Sequence[float], *, others: int = 0) -> float:
    """
    Seconds from beginning to due time, from how long the last runs took, newest first.

    Half as much again as the 95th percentile of the last twenty, and 20 s: clamped to 45 s ... 10 min.
    Where `others` are made first, with the same hands, their time is added: they are thought to be alike.
    """
    p95_s = slow_s(runs_s)
    if p95_s is None:
        return UNKNOWN_S * (1 + others)
    return min(max(1.5 * p95_s + 20.0, LEAST_S), MOST_S) + others * p95_s


def slow_s(runs_s: Sequence[float]) -> float | None:
    """The 95th percentile of the last twenty runs by the nearest rank: the slowest of them is an accident."""
    taken = sorted(runs_s[:_RUNS])
    return taken[max(0, -(-len(taken) * 95 // 100) - 1)] if taken else None
