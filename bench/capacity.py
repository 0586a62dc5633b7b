"""
Capacity of a group on paper: writes docs/CAPACITY.md from the measured costs of this code.

    python -m bench.capacity [--stations N [--languages N] [--sharing PART] [--cores N]]

Costs come from bench/performance/measured.json, which `python -m bench.performance --only pieces database` and
`python -m bench.group` write.
Every figure of the page is computed twice: by a formula, and by a simulation of every piece of work. With `--stations`
one group is computed and printed, and no page is written.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from bench.capacity_model import (
    ERROR,
    WINDOW_S,
    Costs,
    Need,
    Plan,
    largest_group,
    memory_of_workers,
    most_stations,
    need_of,
    read_costs,
    read_wait,
)
from bench.capacity_simulation import simulate
from bench.performance.record_results import GROUP, read_results

PAGE = Path(__file__).parents[1] / "docs" / "CAPACITY.md"
NOTE = "<!-- Written by `python -m bench.capacity`; do not edit. -->"
MARGIN = 0.15
"""Formula and simulation differ by no more than this part of the time."""
CORES_OF_MACHINE = 16
"""The workers of a machine have one speech cache: it reads each sentence once."""
SIZES = (1, 20, 100, 500, 1_000, 5_000, 10_000, 50_000)
SHARING = (0.0, 0.5, 0.9)

_HEAD = """\
# Capacity of a group

{note}

How many cores, which bandwidth and which database a group of stations needs, when all bulletins are due at once and have to be ready within {window:.0f} seconds.
`python -m bench.capacity` writes this page; `python -m bench.capacity --stations 2000 --sharing 0.5` computes one group.

Each figure comes from a formula (the sum of all pieces of work, and their longest chain) and from a simulation of every single piece, on cores that take feeds before pages, pages before drafts, and so on.
The two differ by at most {margin:.0f} %; the cores are those with which the simulation ends in time.
Upload and download are those of workers and store, with machines of {machine} cores that read each sentence once; listeners are in the last table.

## Costs

Measured, in CPU seconds of one core and in bytes; {sources}.

| cost | value |
|---|---|
{costs}

{memory}

## Assumptions

| assumption | value |
|---|---|
| stations due at once | all |
| languages | {plan.most_languages}, if nothing else is said |
| voices of each language | {plan.voices}; each station has one |
| feeds of each language | {plan.feeds}, each read once in the window, for all its stations |
| feeds of a station | {plan.feeds_of_station}; its draft waits for them |
| new articles of each language | {plan.pages}, each page read once |
| stories of each language from which stations choose | {plan.stories} |
| stories of a bulletin | {stories:.0f}, of {length:.0f} seconds, one podcast at 128 kbps |
| "sharing" | the part of stations that takes the running order of their language and voice: body drafted, spoken and mixed once, opening and closing their own |
| draft, speech and mix | all within the {window:.0f} seconds: nothing is made ahead |
"""

_LIMITS: tuple[tuple[str, Callable[[Need], bool], str], ...] = (
    (
        "one machine of 2 cores",
        lambda need: need.cores <= 2,
        "more workers: they need nothing but database and store",
    ),
    ("four machines of 16 cores", lambda need: need.cores <= 64, "more workers, or the shared running order"),
    (
        "one planner on one core",
        lambda need: need.planner_s <= WINDOW_S,
        "planners with some of the profiles each: `bulletin group plan FOLDER`",
    ),
    (
        "PostgreSQL: 8 cores, 70 % busy",
        lambda need: need.database_cores <= 0.7 * 8,
        "a ledger for each region or language: pieces of different languages never wait for each other",
    ),
    (
        "PostgreSQL: 5,000 commits a second",
        lambda need: need.commits / WINDOW_S <= 5_000,
        "a queue and a ledger for each region, each with its own disk",
    ),
    (
        "PostgreSQL: 50 MB of write-ahead log a second",
        lambda need: need.wal_bytes / WINDOW_S <= 50e6,
        "likewise; finished pieces are deleted after two days",
    ),
    (
        "store: 1 Gbit/s of upload",
        lambda need: need.up_bytes * 8 / WINDOW_S <= 1e9,
        "a bucket for each region; only changed objects travel",
    ),
    (
        "listeners: 10 Gbit/s, 100 of each station in the first ten minutes",
        lambda need: need.up_bytes * 100 * 8 / 600 <= 10e9,
        "a CDN before the bucket: files never change under their names",
    ),
)
"""Resource, whether it suffices, and what helps beyond that."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--stations", type=int)
    parser.add_argument("--languages", type=int, default=5)
    parser.add_argument("--sharing", type=float, default=0.0, help="from 0 to 1")
    parser.add_argument("--cores", type=int, help="by default as many as the window needs")
    options = parser.parse_args()
    results = read_results()
    if missing := [row for row in ("pieces", "database") if row not in results]:
        raise SystemExit(f"first run: python -m bench.performance --only {' '.join(missing)}")
    if GROUP not in results:
        raise SystemExit("first run: python -m bench.group")
    if options.stations is None:
        PAGE.write_text(render(results), encoding="utf-8")
        return
    plan = Plan(stations=options.stations, most_languages=options.languages, sharing=options.sharing)
    print(TABLE_HEAD)
    print(table_line(plan, read_costs(results), cores=options.cores))


def render(results: Mapping[str, Any]) -> str:
    """The page."""
    costs, plan = read_costs(results), Plan(stations=1)
    sources = "; ".join(
        f"`{run['command']}`, {run['date']} UTC, commit {run['commit']}, "
        f"{run['machine']}, load {run['load'][0]:g}"
        for run in (results["pieces"], results["database"], largest_group(results))
    )
    head = _HEAD.format(
        note=NOTE,
        window=WINDOW_S,
        margin=100 * MARGIN,
        machine=CORES_OF_MACHINE,
        sources=sources,
        costs="\n".join(_cost_lines(costs, is_wait_below_error=read_wait(results).is_below_error)),
        memory=_memory_lines(results),
        plan=plan,
        stories=costs.stories,
        length=costs.length_s,
    )
    return "\n".join([head, *_size_tables(plan, costs), *_language_table(costs), *_limit_table(plan, costs)])


_NAMES = {
    "feed_s": "a feed fetched and parsed",
    "page_s": "a page fetched and its text extracted",
    "draft_s": "a draft: articles from the archive, choice, script",
    "sentence_s": "a sentence spoken",
    "own_speech_s": "sentences with the station's name, clips put together",
    "mix_s": "a mix, encoded, verified and examined",
    "joined_s": "a mix around a shared body",
    "publish_s": "a publication, recorded and uploaded",
    "piece_s": "worker: one piece through ledger and queue",
    "server_s": "PostgreSQL: one piece through ledger and queue",
    "publication_server_s": "PostgreSQL: one publication",
    "planner_s": "planner: one station",
    "rows": "rows written for a piece",
    "wal_bytes": "bytes of write-ahead log for a piece",
    "commits": "transactions of a piece",
    "need_server_s": "PostgreSQL: a piece that waits for another one, beside the piece itself",
    "need_rows": "rows written for such a wait",
    "need_wal_bytes": "bytes of write-ahead log for such a wait",
    "publication_rows": "rows written for a publication",
    "publication_wal_bytes": "bytes of write-ahead log for a publication",
    "publication_commits": "transactions of a publication",
    "file_bytes": "bytes of a bulletin",
    "sentence_bytes": "bytes of a sentence in the store",
    "sentences_a_story": "sentences of a story",
    "stories": "stories of a bulletin",
    "length_s": "seconds of a bulletin",
}


def _cost_lines(costs: Costs, *, is_wait_below_error: bool) -> Iterator[str]:
    for item in fields(costs):
        name = _NAMES[item.name]
        if item.name == "need_server_s" and is_wait_below_error:
            name += f" (below measurement, counted as its error of {100 * ERROR:.0f} %)"
        yield f"| {name} | {_value(getattr(costs, item.name))} |"


def _value(value: float) -> str:
    """
    Four places at least.

    >>> _value(1979756.2), _value(8.04), _value(0.0616), _value(0.0000082)
    ('1,979,756', '8.0', '0.0616', '0.000008')
    """
    if value >= 1:
        return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"
    return f"{value:.4f}" if value >= 0.001 else f"{value:.6f}"


def _memory_lines(results: Mapping[str, Any]) -> str:
    memory = memory_of_workers(results)
    voices = ", ".join(f"{mb:.0f} MB with the voice {voice}" for voice, mb in sorted(memory.items()))
    return (
        f"One worker, for one core, takes this memory at most: {voices} (`python -m bench.group`).\n"
        f"So a machine of {CORES_OF_MACHINE} cores needs {CORES_OF_MACHINE * max(memory.values()) / 1000:.1f} GB for its workers."
    )


TABLE_HEAD = """\
| stations | pieces | waits | sentences | CPU s | cores | ready after, formula | by simulation | PostgreSQL, cores | commits a second | write-ahead log, MB/s | upload, Mbit/s | download, Mbit/s |
|---|---|---|---|---|---|---|---|---|---|---|---|---|"""


def table_line(plan: Plan, costs: Costs, *, cores: int | None = None) -> str:
    """
    One group: what it takes, and when its last bulletin is ready. Raises AssertionError beyond MARGIN.

    Without `cores` as many as bring the simulation into the window.
    """
    need = need_of(plan, costs)
    database_cores = max(1, math.ceil(need.database_cores / 0.7))
    is_given, cores = cores is not None, cores or max(1, math.ceil(need.cores))
    while True:
        simulated_s = simulate(plan, costs, cores=cores, database_cores=database_cores)
        if is_given or simulated_s <= WINDOW_S:
            break
        cores = max(cores + 1, math.ceil(cores * simulated_s / WINDOW_S))
    formula_s = need.finish_s(cores, database_cores)
    need = need_of(plan, costs, workers=math.ceil(cores / CORES_OF_MACHINE))
    if abs(formula_s - simulated_s) > MARGIN * simulated_s:
        raise AssertionError(f"{plan}: {formula_s:.1f} s by formula, {simulated_s:.1f} s by simulation")
    return (
        f"| {plan.stations:,} | {need.pieces:,.0f} | {need.waits:,.0f} | {need.sentences:,.0f} | {need.work_s:,.0f} | {cores:,} "
        f"| {formula_s:.0f} s | {simulated_s:.0f} s | {need.database_cores:.2f} | {need.commits / WINDOW_S:,.0f} "
        f"| {need.wal_bytes / WINDOW_S / 1e6:.2f} | {need.up_bytes * 8 / WINDOW_S / 1e6:,.0f} "
        f"| {need.down_bytes * 8 / WINDOW_S / 1e6:,.0f} |"
    )


def _size_tables(plan: Plan, costs: Costs) -> Iterator[str]:
    yield f"## Cores for {WINDOW_S:.0f} seconds"
    for sharing in SHARING:
        yield ""
        yield (
            f"### {100 * sharing:.0f} % of the stations share a body"
            if sharing
            else "### Nothing shared but sentences"
        )
        yield ""
        yield TABLE_HEAD
        for stations in SIZES:
            yield table_line(replace(plan, stations=stations, sharing=sharing), costs)
    yield ""


def _language_table(costs: Costs) -> Iterator[str]:
    yield "## Languages"
    yield ""
    yield "10,000 stations, half of them sharing a body."
    yield ""
    yield TABLE_HEAD.replace("| stations |", "| languages | stations |").replace("|---|", "|---|---|", 1)
    for languages in (1, 5, 20):
        plan = Plan(stations=10_000, most_languages=languages, sharing=0.5)
        yield f"| {languages} {table_line(plan, costs)}"
    yield ""


def _limit_table(plan: Plan, costs: Costs) -> Iterator[str]:
    yield "## Limits, and what helps beyond them"
    yield ""
    yield "The largest number of stations for which each of these suffices."
    yield ""
    yield "| resource | nothing shared | 50 % share | 90 % share | beyond that |"
    yield "|---|---|---|---|---|"
    for name, fits, then in _LIMITS:
        most = (most_stations(replace(plan, sharing=sharing), costs, fits=fits) for sharing in SHARING)
        yield f"| {name} | {' | '.join(f'{count:,}' for count in most)} | {then} |"
    yield ""


if __name__ == "__main__":
    main()
