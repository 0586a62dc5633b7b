"""Last runs -> the lead time of a bulletin's work, and its time limit. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

LEAST_S, MOST_S = 45.0, 600.0
"""Clamps of the lead time: a quick run may be slow once; news from ten minutes before the slot is not fresh."""
UNKNOWN_S = 180.0
"""Lead time before the first run: a small computer that loads a voice for the first time."""
UNKNOWN_USUAL_S = 60.0
"""The same, for the wait of other stations."""
_RUNS = 20
_LEAST_RUN_S = 30.0
"""Limit of a run that begins too late: late, but whole."""
_FOR_STANDBY_S = 5.0
"""Reserved for the stand-by when the run fails at the last moment."""


def lead_s(runs_s: Sequence[float]) -> float:
    """
    Seconds from the beginning of the work to the slot; `runs_s` are seconds of the last runs, newest first.

    1.5 times the 95th percentile of the last twenty, and 20 s; clamped to 45 s ... 10 min.
    """
    p95_s = slow_s(runs_s)
    if p95_s is None:
        return UNKNOWN_S
    return min(max(1.5 * p95_s + 20.0, LEAST_S), MOST_S)


def usual_s(runs_s: Sequence[float]) -> float:
    """
    Seconds that other stations due at the same time wait for this one: a quarter above the mean.

    The slow runs of fifty stations do not coincide: their 95th percentiles would add up to an hour, and news would
    be made just after the slot before.
    """
    last_s = runs_s[:_RUNS]
    return 1.25 * sum(last_s) / len(last_s) if last_s else UNKNOWN_USUAL_S


def slow_s(runs_s: Sequence[float]) -> float | None:
    """The 95th percentile of the last twenty runs by the nearest rank; None without runs."""
    sorted_s = sorted(runs_s[:_RUNS])
    return sorted_s[max(0, -(-len(sorted_s) * 95 // 100) - 1)] if sorted_s else None


def run_s(*, now: datetime, ready_by: datetime) -> float:
    """Time limit in seconds of a run that begins now: until it must be ready, less the time for a stand-by."""
    return max((ready_by - now).total_seconds() - _FOR_STANDBY_S, _LEAST_RUN_S)
