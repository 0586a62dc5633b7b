"""Runs of `bench.group` against its targets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median
from typing import Any

from bench.session_memory import MOST_MB

MOST_RATIO = 1.3
LEAST_SPEED_UP = 1.7
LONG_S = 60.0
"""Least time of one worker: shorter runs are mostly loading, and show no speed-up."""
_STORIES, _STATIONS_OF_STORY = 40, 4
"""
Of the sixty stories, so many must be told, or one for so many stations: otherwise next to nothing is shared.

A pair of stations draws which story leads. The pairs of 120 stations draw 38 different ones on average.
"""


def find_misses(runs: Sequence[dict[str, Any]], *, stations: int) -> Iterator[str]:
    """What falls short of the targets, in words."""
    for run in runs:
        yield from (f"{run['workers']} workers: {miss}" for miss in _misses_of(run, stations=stations))
    speed_up = find_speed_up(runs)
    if speed_up is None:
        return
    if (one_s := median(times_of(1, runs))) < LONG_S:
        yield f"work too short: one worker took {one_s:.0f} s, {LONG_S:.0f} s wanted; give more --stations"
    elif speed_up < LEAST_SPEED_UP:
        yield f"2 workers are {speed_up:.2f} times as fast as 1, {LEAST_SPEED_UP} wanted"


def _misses_of(run: dict[str, Any], *, stations: int) -> Iterator[str]:
    if run["fresh"] < stations:
        yield f"{run['fresh']} of {stations} bulletins are fresh"
    if run["sentences_again"]:
        yield f"{run['sentences_again']} sentences were spoken again"
    for what, number in shared_work(run).items():
        if number < (least := least_stories(stations)):
            yield f"{number} {what}, {least} at least wanted"
    if run["workers"] > 1 and run["ratio"] > MOST_RATIO:
        yield f"{run['ratio']:.2f} times the ideal, {MOST_RATIO} at most"
    # the larger of both: a sample may miss a moment, and shared pages count in part only
    if (most := max(*run["memory_together_mb"], *run["memory_mb"])) >= MOST_MB:
        yield f"{most:.0f} MB for a worker with its parser processes, below {MOST_MB:.0f} wanted"


def least_stories(stations: int) -> int:
    """
    Stories that so many stations must tell, so that "no sentence twice" means something.

    >>> least_stories(500), least_stories(50)
    (40, 12)
    """
    return min(_STORIES, stations // _STATIONS_OF_STORY)


def shared_work(run: dict[str, Any]) -> dict[str, int]:
    """What a run did once for all stations."""
    pieces = run["pieces"]
    return {
        "distinct stories told": run["stories"],
        "stories told by two or more stations": run["stories_shared"],
        "sentences shared by two or more stations": run["sentences_shared"],
        "pieces of speech": pieces.get("speak done", 0),
        "pages extracted": pieces.get("page done", 0),
    }


def times_of(workers: int, runs: Sequence[dict[str, Any]]) -> list[float]:
    """Seconds of each run with so many workers."""
    return [run["ready_s"] for run in runs if run["workers"] == workers]


def find_speed_up(runs: Sequence[dict[str, Any]]) -> float | None:
    """How many times as fast two workers were as one; None where one of both was not measured."""
    one, two = times_of(1, runs), times_of(2, runs)
    return median(one) / median(two) if one and two else None


def compare_workers(runs: Sequence[dict[str, Any]]) -> dict[str, list[float]]:
    """Seconds and CPU seconds of the runs with one worker and with two."""
    return {
        f"{name}_{figure}": [run[f"{what}_s"] for run in runs if run["workers"] == workers]
        for name, workers in (("one", 1), ("two", 2))
        for figure, what in (("s", "ready"), ("cpu_s", "workers"))
    }
