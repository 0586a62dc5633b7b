"""
Pace of one core while the other ones work, too: what a second worker on this machine can bring at most.

    python -m bench.pace_of_cores [--seconds 8] [--rounds 5]

Three kinds of work, each on one core alone and on all cores at once, in turn: plain Python, numpy on an array that fits
the cache of a core (0.4 MB), and numpy on one that does not (32 MB). Prints the median pace beside that of a core alone.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import statistics
import time
from collections.abc import Callable
from functools import partial

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def count() -> None:
    sum(number * number for number in range(200_000))


def smooth(sound: Floats) -> None:
    np.convolve(sound, np.full(16, 0.1), "same")


def scale(sound: Floats) -> None:
    np.add(sound * 1.0001, 0.5)


def works() -> dict[str, Callable[[], None]]:
    """Kind of work -> one unit of it."""
    return {
        "plain Python": count,
        "numpy, 0.4 MB": partial(smooth, np.ones(50_000)),
        "numpy, 32 MB": partial(scale, np.ones(4_000_000)),
    }


def measure(core: int, kind: str, seconds: float) -> float:
    """Units of work a CPU second on that core."""
    os.sched_setaffinity(0, {core})
    work, units, began = works()[kind], 0, time.process_time()
    while (spent := time.process_time() - began) < seconds:
        work()
        units += 1
    return units / spent


def run_on(cores: list[int], kind: str, seconds: float) -> float:
    """Mean pace of these cores at the same time, each in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(len(cores)) as pool:
        return statistics.mean(pool.starmap(measure, [(core, kind, seconds) for core in cores], chunksize=1))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=8.0, help="of each measurement")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    cores = sorted(os.sched_getaffinity(0))
    for kind in works():
        ratios = []
        for _ in range(options.rounds):
            alone = run_on(cores[:1], kind, options.seconds)
            ratios.append(run_on(cores, kind, options.seconds) / alone)
        low, high = min(ratios), max(ratios)
        print(f"{kind}: {statistics.median(ratios):.2f} ({low:.2f} to {high:.2f})", flush=True)


if __name__ == "__main__":
    main()
