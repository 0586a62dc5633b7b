"""
A group of stations at one moment: real PostgreSQL, S3 (moto), worker processes; time against the ideal.

    python -m bench.group [--stations 500] [--workers 2] [--length 0:30] [--voice tone] [--store s3] [--sample 24]

Sixty stories, real articles (../shared) on the pages of four sites, each in a feed of its own. Each pair of stations
draws a few of the feeds, and which of them leads: so most stories air, each at several stations. The workers are ready
before the planner starts; time counts from the first planned piece to the last published bulletin.
The ideal is the unique work, and what PostgreSQL and the store took, on all cores. The unique work is measured on a
sample of the stations, with SQLite and a folder, every sentence spoken once (bench/group/unique_work.py): in a process
on each core at the same time, before the runs and after them, because processors of rented machines change their pace.
With `--one-core-each` a run has as many cores as workers, one for each, and PostgreSQL, store and planner share them: so
`--workers 1 2 2 1` compares a machine of one core with a machine of two (by medians, since a core may change its pace
between two runs; the run of median time is kept). Other load on the machine is measured, and the ideal with only the
free part of the cores is printed, too.

Prints JSON, and writes docs/PERFORMANCE.md. Exit code 1 where

- a bulletin is not fresh, or a sentence is spoken twice,
- fewer than forty stories are told, or shared by stations (a group of fewer than 160 stations: one story for four),
- the time is over 1.3 times the ideal,
- two workers are not 1.7 times as fast as one, or one worker takes less than 60 s,
- a worker takes 600 MB with its parser processes.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from statistics import mean, median_low
from typing import Any

from bench.group.cpu_seconds import CORES
from bench.group.judge_runs import (
    compare_workers,
    find_misses,
    find_speed_up,
    shared_work,
    times_of,
)
from bench.group.run_group import run_once
from bench.group.unique_work import measure_unique_work
from bench.group.voices import VOICES
from bench.performance.record_results import keep_group, read_results
from bench.performance.write_page import PAGE, render


def summarize(options: argparse.Namespace, run: dict[str, Any], unique: dict[str, float]) -> dict[str, Any]:
    """Figures against the ideal."""
    unique_s = unique["first_s"] + unique["more_s"] + unique["station_s"] * options.stations
    shared_s = run["postgres_s"] + run["store_s"]
    cores = run["workers"] if options.one_core_each else CORES
    ideal_s = (unique_s + shared_s) / min(cores, CORES)
    free = max(0.2, CORES - run["others_cores"]) / CORES
    return {
        **run,
        "unique_s": unique_s,
        "shared_s": unique["first_s"] + unique["more_s"],
        "more_sentences": unique["more_sentences"],
        "station_s": unique["station_s"],
        "ideal_s": ideal_s,
        "ratio": run["ready_s"] / ideal_s,
        "ratio_on_free_cores": run["ready_s"] * free / ideal_s,
        "cpu_ratio": (run["workers_s"] + shared_s) / (unique_s + shared_s),
    }


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--stations", type=int, default=500)
    parser.add_argument("--workers", type=int, nargs="+", default=[2], help="several numbers: a run of each")
    parser.add_argument("--length", default="0:30")
    parser.add_argument("--voice", choices=VOICES, default="tone")
    parser.add_argument("--store", choices=("s3", "folder"), default="s3")
    parser.add_argument("--sample", type=int, default=24, help="stations for the unique work")
    parser.add_argument(
        "--minutes", type=int, help="from now until the bulletins are due; by default 20 at most"
    )
    parser.add_argument("--parallel", type=int, default=2, help="drafts and mixes of a worker at a time")
    parser.add_argument("--one-core-each", action="store_true", help="as many cores as workers, for all")
    parser.add_argument("--print", action="store_true", help="keep no result, and write no page")
    options = parser.parse_args()
    if options.minutes is None:  # the planner begins so long before: earlier, the run would wait for it
        options.minutes = min(20, 3 + options.stations // (options.parallel * max(options.workers)))
    return options


def mean_of(before: Sequence[dict[str, float]], after: Sequence[dict[str, float]]) -> dict[str, float]:
    """Means of the unique work; only after the runs it is known which sentences are left to be spoken."""
    both, known = [*before, *after], ("first_s", "station_s")
    return {key: mean(one[key] for one in (both if key in known else after)) for key in after[0]}


def main() -> None:
    options = read_options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # ends the processes of the group, too
    before, runs = measure_unique_work(options), []
    for workers in options.workers:
        load = os.getloadavg()[0]
        run = run_once(options, workers)
        runs.append((run, (load, os.getloadavg()[0]), datetime.now(UTC)))
    texts = {text for run, _, _ in runs for text in run.pop("shared_texts")}
    unique = mean_of(before, measure_unique_work(options, texts=texts))
    figures = [summarize(options, run, unique) for run, _, _ in runs]
    print(json.dumps([*figures, {"speed_up": find_speed_up(figures)}], indent=1), flush=True)
    for figure in figures:
        words = (f"{number} {what}" for what, number in shared_work(figure).items())
        print(f"{figure['workers']} workers: {', '.join(words)}", flush=True)
    if not options.print:
        keep_medians(options, figures, [when for _, *when in runs])
        PAGE.write_text(render(read_results()), encoding="utf-8")
    if misses := list(find_misses(figures, stations=options.stations)):
        sys.exit("\n".join(misses))


def keep_medians(
    options: argparse.Namespace, figures: Sequence[dict[str, Any]], whens: Sequence[Any]
) -> None:
    """Keep, for each number of workers, the run of median time; `whens` are the load and the end of each run."""
    speed_up = find_speed_up(figures)
    for run, (load, ended_at) in zip(figures, whens, strict=True):
        times = times_of(run["workers"], figures)
        if run["ready_s"] != median_low(times):
            continue
        if run["workers"] == 2 and speed_up:
            compared = compare_workers(figures)
            run |= {"speed_up": speed_up, "runs": len(times), "compared": compared}
        words = f"--stations {options.stations} --workers {run['workers']} --length {options.length}"
        command = f"python -m bench.group {words} --voice {options.voice} --store {options.store}"
        command += f" --parallel {options.parallel}" if options.parallel != 2 else ""
        command += " --one-core-each" if options.one_core_each else ""
        keep_group(command, run, load=load, now=ended_at)


if __name__ == "__main__":
    main()
