"""How long before its time the work on a bulletin begins: learnt from the last runs. Pure."""

from __future__ import annotations

from collections.abc import Sequence

LEAST_S, MOST_S = 45.0, 600.0
"""A run that has always been quick may be slow once; nothing is fresh that was begun ten minutes early."""
UNKNOWN_S = 180.0
"""Before anything was learnt: a small computer that loads a voice for the first time."""
_RUNS = 20


def lead_s(runs_s: Sequence[float]) -> float:
    """
    Seconds from beginning to due time, from how long the last runs took, newest first.

    Half as much again as the 95th percentile of the last twenty, and 20 s: clamped to 45 s ... 10 min.
    """
    taken = sorted(runs_s[:_RUNS])
    if not taken:
        return UNKNOWN_S
    # The nearest rank: of twenty runs the slowest one is an accident.
    p95_s = taken[max(0, -(-len(taken) * 95 // 100) - 1)]
    return min(max(1.5 * p95_s + 20.0, LEAST_S), MOST_S)
