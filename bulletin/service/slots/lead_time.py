"""How long before its time the work on a bulletin begins, learnt from the last runs, and how long it may take. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

LEAST_S, MOST_S = 45.0, 600.0
"""A run that has always been quick may be slow once; nothing is fresh that was begun ten minutes early."""
UNKNOWN_S = 180.0
"""Before anything was learnt: a small computer that loads a voice for the first time."""
UNKNOWN_USUAL_S = 60.0
"""The same, as others wait for it."""
_RUNS = 20
_LEAST_RUN_S = 30.0
"""What a run gets that begins too late: it will be late, but whole."""
_FOR_STANDBY_S = 5.0
"""Kept for the stand-by when the run fails at the last moment."""


def lead_s(runs_s: Sequence[float]) -> float:
    """
    Seconds from beginning to due time, from how long the last runs took, newest first.

    Half as much again as the 95th percentile of the last twenty, and 20 s: clamped to 45 s ... 10 min.
    """
    p95_s = slow_s(runs_s)
    if p95_s is None:
        return UNKNOWN_S
    return min(max(1.5 * p95_s + 20.0, LEAST_S), MOST_S)


def usual_s(runs_s: Sequence[float]) -> float:
    """
    Seconds that a station's work is waited for by others that are due with it: a quarter above the mean.

    The slow runs of fifty stations do not come all at once: their 95th percentiles would add up to an
    hour, and news would be made when the slot before it has just passed.
    """
    taken = runs_s[:_RUNS]
    return 1.25 * sum(taken) / len(taken) if taken else UNKNOWN_USUAL_S


def slow_s(runs_s: Sequence[float]) -> float | None:
    """The 95th percentile of the last twenty runs by the nearest rank: the slowest of them is an accident."""
    taken = sorted(runs_s[:_RUNS])
    return taken[max(0, -(-len(taken) * 95 // 100) - 1)] if taken else None


def run_s(*, now: datetime, ready_by: datetime) -> float:
    """Seconds that a run may take which begins now: until it must be ready, but for what a stand-by needs."""
    return max((ready_by - now).total_seconds() - _FOR_STANDBY_S, _LEAST_RUN_S)
