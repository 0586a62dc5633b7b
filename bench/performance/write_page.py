"""Results -> docs/PERFORMANCE.md."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bench.performance.measure_row import Rounds, figure, has_figure, medians, ratios
from bench.performance.record_results import GROUP
from bench.performance.row_definitions import ROWS
from bench.performance.row_types import Comparison, Row

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "PERFORMANCE.md"
FINDINGS = Path(__file__).parent / "findings.md"
"""What profiles showed, what was gained, what remains: kept by hand, with the dates of the runs: the last part of the page."""
NOTE = "<!-- Written by `python -m bench.performance` from bench/performance/measured.json and findings.md; do not edit. -->"

_INTRODUCTION = """\
# Performance

{note}

`make bench` measures each job against its lower limit, and against other tools where they do the same job.
CPU seconds are user and system, of a new process and all that it starts, imports included.
The ways to do a job alternate; figures are medians of the runs, and a ratio is the median of the ratios of single runs.
A busy machine takes up to twice the seconds, so read the ratios; the load of the machine is beside each row.
`python -m bench.performance --only start` measures one row again, here that of the start-up, and writes this page.
"""


def render(results: Mapping[str, Any]) -> str:
    """The page."""
    rows = [(row, results[key]) for key, row in ROWS.items() if key in results]
    lines = [_INTRODUCTION.format(note=NOTE), "## Jobs and their limits", "", *_overview(rows), ""]
    for row, result in rows:
        lines += [*_section(row, result), ""]
    lines += _group_section(results.get(GROUP, {}))
    return "\n".join(lines) + "\n" + FINDINGS.read_text(encoding="utf-8")


def _overview(rows: list[tuple[Row, Any]]) -> Iterator[str]:
    yield "| job | Bulletin | limit | ratio | the limit is | other tools: ratio |"
    yield "|---|---|---|---|---|---|"
    for row, result in rows:
        for line in row.comparisons:
            yield _overview_line(row, line, result["rounds"])


def _overview_line(row: Row, line: Comparison, rounds: Rounds) -> str:
    middle = medians(rounds)
    limit = sum(figure(middle, name) for name in line.limits)
    ratio = f"{_middle(ratios(line, rounds)):.2f} ×"
    if line.without:
        ratio += f" ({_middle(ratios(line, rounds, without=True)):.2f} × without {line.without_what})"
    titles = {way.name.rpartition(":")[2]: way.title for way in row.ways}
    peers = [
        f"{titles[name.partition('.')[0]]}: {figure(middle, name) / limit:.2f} ×"
        for name in line.peers
        if has_figure(middle, name)
    ]
    ours = f"{_number(figure(middle, line.ours))} {line.unit}"
    return f"| {line.job} | {ours} | {_number(limit)} | {ratio} | {line.because} | {'; '.join(peers)} |"


def _section(row: Row, result: Mapping[str, Any]) -> Iterator[str]:
    rounds: Rounds = result["rounds"]
    middle = medians(rounds)
    yield f"### {row.title}"
    yield ""
    yield row.about
    yield ""
    yield (
        f"`{result['command']}`, {result['date']} UTC, commit {result['commit'] or 'unknown'}, {result['machine']}, "
        f"load {result['load'][0]:g} before and {result['load'][1]:g} after; {_versions(result['versions'])}."
    )
    yield ""
    yield "| way | CPU s, lowest to highest | memory, MB | by the clock, s | other figures |"
    yield "|---|---|---|---|---|"
    for way in row.ways:
        name = way.name.rpartition(":")[2]
        if name in middle:
            yield _way_line(way.title, middle[name], [ways[name]["cpu_s"] for ways in rounds])


_GROUP = """\
### A group of stations

Real PostgreSQL (each commit on the disk), moto for S3, sixty stories (real articles) on the pages of four sites, each in a feed of its own, of which each pair of stations has drawn a few, worker processes that are ready before the planner starts.
"Ready after" counts from the first planned piece to the last published bulletin.
Memory is the peak of a worker with its parser processes, sampled every second (PSS: shared pages count once), and beside it the peak of the worker alone.
The ideal is the time for all work when nothing is done twice (measured on stations from the whole group, in a process on each core with SQLite and a folder, before the run and after it; every sentence of the group is spoken once), and for PostgreSQL and the store, on all cores; where each worker has one core, on as many as there are workers.
Target: at most 1.3 times the ideal, 40 stories or more shared by stations, no sentence spoken twice, two workers 1.7 times as fast as one on work of 60 s or more, less than 600 MB a worker with its parser processes; the command fails where a target is missed.
Other programs used a part of the cores meanwhile: the ratio "on free cores" allows for it, and the ratio of CPU seconds does not depend on it.

| command | ready after, s | ideal, s | ratio | ratio on free cores | CPU s, ratio | one more station, CPU s | stories told; told by two or more stations | sentences shared | pieces of speech | pages | sentences spoken twice | MB a worker, alone | cores used by other programs | two workers against one | date, commit |
|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|
"""


def _group_section(runs: Mapping[str, Any]) -> Iterator[str]:
    """The runs of `python -m bench.group`."""
    if runs:
        lines = [_group_line(runs[command]) for command in sorted(runs)]
        yield _GROUP + "\n".join(lines) + "\n"


def _group_line(run: Mapping[str, Any]) -> str:
    figures = run["figures"]
    return (
        f"| `{run['command']}` | {_number(figures['ready_s'])} | {_number(figures['ideal_s'])} "
        f"| {figures['ratio']:.2f} | {figures['ratio_on_free_cores']:.2f} | {figures['cpu_ratio']:.2f} × "
        f"| {_number(figures['station_s'])} | {_shared(figures)} | {figures['sentences_again']} of {figures['sentences']} "
        f"| {_memory(figures)} | {figures['others_cores']:.2f} | {_speed_up(figures)} | {run['date']} UTC, {run['commit']} |"
    )


def _shared(figures: Mapping[str, Any]) -> str:
    """Cells: what was done once for all stations."""
    pieces = figures["pieces"]
    told = f"{figures['stories']}; {figures['stories_shared']}" if "stories" in figures else "not counted"
    sentences = figures.get("sentences_shared", "not counted")
    return f"{told} | {sentences} | {pieces.get('speak done', 0)} | {pieces.get('page done', 0)}"


def _speed_up(figures: Mapping[str, Any]) -> str:
    """
    Two workers against one, with the single runs.

    >>> runs = {"one_s": [63.2, 65.0], "two_s": [35.0, 35.1], "one_cpu_s": [56.1, 57.0], "two_cpu_s": [61.0, 61.4]}
    >>> _speed_up({"speed_up": 1.83, "runs": 2, "compared": runs})
    '1.83 × (63, 65 s against 35, 35 s; CPU s of workers 56, 57 against 61, 61)'
    """
    if "speed_up" not in figures:
        return ""
    ratio, compared = f"{figures['speed_up']:.2f} ×", figures.get("compared")
    if not compared:
        return f"{ratio} ({figures['runs']} runs each)"
    one, two, one_cpu, two_cpu = (
        ", ".join(f"{value:.0f}" for value in compared[key])
        for key in ("one_s", "two_s", "one_cpu_s", "two_cpu_s")
    )
    return f"{ratio} ({one} s against {two} s; CPU s of workers {one_cpu} against {two_cpu})"


def _memory(figures: Mapping[str, Any]) -> str:
    """Peak of a worker with its parser processes, and of the worker alone."""
    together_mb = figures.get("memory_together_mb", ())
    together = f"{max(together_mb):.0f}" if together_mb else "not measured"
    return f"{together}, {max(figures['memory_mb']):.0f}"


def _way_line(title: str, figures: Mapping[str, float], cpu_s: list[float]) -> str:
    span = f" ({_number(min(cpu_s))} to {_number(max(cpu_s))})" if len(cpu_s) > 1 else ""
    besides = ", ".join(
        f"{name} {_number(value)}"
        for name, value in figures.items()
        if name not in ("cpu_s", "memory_mb", "wall_s")
    )
    return (
        f"| {title} | {_number(figures['cpu_s'])}{span} | {figures['memory_mb']:.0f} "
        f"| {_number(figures['wall_s'])} | {besides} |"
    )


def _versions(versions: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {number}" for name, number in versions.items())


def _middle(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def _number(value: float) -> str:
    """Three digits at least, and no more than two after the point for values from 1."""
    if value == int(value):
        return f"{value:,.0f}"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}" if abs(value) >= 0.1 else f"{value:.4f}"
