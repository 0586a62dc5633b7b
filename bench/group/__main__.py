"""
A group of stations at one moment: real PostgreSQL, S3 (moto), worker processes; time against the ideal.

    python -m bench.group [--stations 500] [--workers 2] [--length 0:30] [--voice tone] [--store s3] [--sample 24]

Sixty real articles (../shared) on pages of four sites with a feed each; every station weighs the feeds differently. The
workers are ready before the planner starts; time counts from the first planned piece to the last published bulletin.
The ideal is the unique work, and what PostgreSQL and the store took, on all cores. The unique work is measured on a
sample of the stations, with SQLite and a folder, every sentence spoken once: in a process on each core at the same
time, before the runs and after them, because processors of rented machines change their pace. With `--one-core-each`
a run has as many cores as workers, one for each, and PostgreSQL, store and planner share them: so `--workers 1 2 2 1`
compares a machine of one core with a machine of two (by medians, since a core may change its pace between two runs; the
run of median time is kept). Other load on the machine is measured, and the ideal with only the free part of the cores
is printed, too.

Prints JSON, and writes docs/PERFORMANCE.md. Exit code 1 where a bulletin is not fresh, a sentence is spoken twice, the
time is over 1.3 times the ideal, two workers are not 1.7 times as fast as one, or a worker takes 600 MB.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from statistics import median, median_low
from typing import Any

from bench.group.cpu_seconds import CORES
from bench.group.run_group import run_once
from bench.group.unique_work import measure_unique_work
from bench.group.voices import VOICES
from bench.performance.record_results import keep_group, read_results
from bench.performance.write_page import PAGE, render

MOST_RATIO = 1.3
LEAST_SPEED_UP = 1.7
MOST_MB = 600
LONG_S = 60.0
"""Shorter runs are mostly loading: they show no speed-up."""


def summarize(options: argparse.Namespace, run: dict[str, Any], unique: dict[str, float]) -> dict[str, Any]:
    """Figures against the ideal."""
    unique_s = unique["first_s"] + unique["station_s"] * options.stations
    shared_s = run["postgres_s"] + run["store_s"]
    cores = run["workers"] if options.one_core_each else CORES
    ideal_s = (unique_s + shared_s) / min(cores, CORES)
    free = max(0.2, CORES - run["others_cores"]) / CORES
    return {
        **run,
        "unique_s": unique_s,
        "station_s": unique["station_s"],
        "ideal_s": ideal_s,
        "ratio": run["ready_s"] / ideal_s,
        "ratio_on_free_cores": run["ready_s"] * free / ideal_s,
        "cpu_ratio": (run["workers_s"] + shared_s) / (unique_s + shared_s),
    }


def find_misses(runs: Sequence[dict[str, Any]], *, stations: int) -> Iterator[str]:
    """What falls short of the targets, in words."""
    for run in runs:
        name = f"{run['workers']} workers"
        if run["fresh"] < stations:
            yield f"{name}: {run['fresh']} of {stations} bulletins are fresh"
        if run["sentences_again"]:
            yield f"{name}: {run['sentences_again']} sentences were spoken again"
        if run["workers"] > 1 and run["ratio"] > MOST_RATIO:
            yield f"{name}: {run['ratio']:.2f} times the ideal, {MOST_RATIO} at most"
        if (most := max(run["memory_mb"])) >= MOST_MB:
            yield f"{name}: {most:.0f} MB, below {MOST_MB} wanted"
    speed_up, ones = find_speed_up(runs), times_of(1, runs)
    if speed_up and ones[0] >= LONG_S and speed_up < LEAST_SPEED_UP:
        yield f"2 workers are {speed_up:.2f} times as fast as 1, {LEAST_SPEED_UP} wanted"


def times_of(workers: int, runs: Sequence[dict[str, Any]]) -> list[float]:
    """Seconds of each run with so many workers."""
    return [run["ready_s"] for run in runs if run["workers"] == workers]


def find_speed_up(runs: Sequence[dict[str, Any]]) -> float | None:
    """How many times as fast two workers were as one; None where one of both was not measured."""
    one, two = times_of(1, runs), times_of(2, runs)
    return median(one) / median(two) if one and two else None


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
    parser.add_argument("--minutes", type=int, default=20, help="from now until the bulletins are due")
    parser.add_argument("--parallel", type=int, default=2, help="drafts and mixes of a worker at a time")
    parser.add_argument("--one-core-each", action="store_true", help="as many cores as workers, for all")
    parser.add_argument("--print", action="store_true", help="keep no result, and write no page")
    return parser.parse_args()


def main() -> None:
    options = read_options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # ends the processes of the group, too
    unique, runs = measure_unique_work(options), []
    for workers in options.workers:
        load = os.getloadavg()[0]
        run = run_once(options, workers)
        runs.append((run, (load, os.getloadavg()[0]), datetime.now(UTC)))
    unique += measure_unique_work(options)
    mean = {key: sum(one[key] for one in unique) / len(unique) for key in unique[0]}
    figures = [summarize(options, run, mean) for run, _, _ in runs]
    speed_up = find_speed_up(figures)
    print(json.dumps([*figures, {"speed_up": speed_up}], indent=1), flush=True)
    if not options.print:
        for run, (_, loads, ended_at) in zip(figures, runs, strict=True):
            times = times_of(run["workers"], figures)
            if run["ready_s"] != median_low(times):
                continue
            if run["workers"] == 2 and speed_up:
                run |= {"speed_up": speed_up, "runs": len(times)}
            words = f"--stations {options.stations} --workers {run['workers']} --length {options.length}"
            command = f"python -m bench.group {words} --voice {options.voice} --store {options.store}"
            command += f" --parallel {options.parallel}" if options.parallel != 2 else ""
            command += " --one-core-each" if options.one_core_each else ""
            keep_group(command, run, load=loads, now=ended_at)
        PAGE.write_text(render(read_results()), encoding="utf-8")
    if misses := list(find_misses(figures, stations=options.stations)):
        sys.exit("\n".join(misses))


if __name__ == "__main__":
    main()
