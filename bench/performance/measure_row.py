"""A row -> its figures: each way in a new process, alternately, medians of several runs."""

from __future__ import annotations

import random
import shutil
import statistics
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from bench.performance.row_types import WAYS, Comparison, Row, Way
from bench.processes import QUICK, bytecode_environment, measure_process

Figures = dict[str, float]
Rounds = list[dict[str, Figures]]
"""For each run the figures of each way."""


def measure_row(
    row: Row, *, runs: int, quick: bool = False, report: Callable[[str], None] = lambda line: None
) -> Rounds:
    """
    Figures of all runs. The ways come in another order in each run, because each warms the machine for the next.

    `quick` does a tiny sample: it shows that a row works, and nothing else.
    """
    ways = [way for way in row.ways if not way.needs or shutil.which(way.needs)]
    for way in row.ways:
        if way not in ways:
            report(f"{row.key}: {way.title} left out: {way.needs} is not installed")
    rounds: Rounds = []
    order = random.Random(row.key)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environ = bytecode_environment(folder)
        if quick:
            (folder / QUICK).touch()
        for step in row.prepare:
            _measure(row, step, folder, environ)
        for way in ways if runs > 1 else ():  # once without counting: bytecode and files come into the caches
            _measure(row, way.name, folder, environ)
        for run in range(runs):
            figures = {}
            for way in order.sample(ways, len(ways)):
                figures[_name(way)] = _measure(row, way.name, folder, environ)
                report(f"{row.key}, run {run + 1} of {runs}: {way.title}: {figures[_name(way)]}")
            rounds.append(figures)
    return rounds


def missing_program(row: Row) -> str:
    """A program without which the row has no ratio; empty: there is all that it needs."""
    needed = {name.partition(".")[0] for line in row.comparisons for name in (line.ours, *line.limits)}
    programs = (way.needs for way in row.ways if way.needs and _name(way) in needed)
    return next((program for program in programs if not shutil.which(program)), "")


def _name(way: Way) -> str:
    return way.name.rpartition(":")[2]


def _measure(row: Row, step: str, folder: Path, environ: Mapping[str, str]) -> Figures:
    module, _, way = step.rpartition(":")
    extra = {"PYTHONPROFILEIMPORTTIME": "1"} if way == "modules" else {}
    return measure_process(f"{WAYS}.{module or row.module}", way, folder, {**environ, **extra})


def figure(ways: Mapping[str, Figures], name: str) -> float:
    """The figure `way` (its CPU seconds) or `way.figure`."""
    way, _, which = name.partition(".")
    return ways[way][which or "cpu_s"]


def has_figure(ways: Mapping[str, Figures], name: str) -> bool:
    """Whether that way was measured."""
    return name.partition(".")[0] in ways


def medians(rounds: Rounds) -> dict[str, Figures]:
    """The median of each figure of each way."""
    return {
        way: {
            name: statistics.median(ways[way][name] for ways in rounds if name in ways[way])
            for name in rounds[0][way]
        }
        for way in rounds[0]
    }


def ratios(comparison: Comparison, rounds: Rounds, *, without: bool = False) -> list[float]:
    """Ours over the limit, run by run."""
    off = comparison.without if without else ()
    return [
        (figure(ways, comparison.ours) - sum(figure(ways, name) for name in off))
        / sum(figure(ways, name) for name in comparison.limits)
        for ways in rounds
    ]
