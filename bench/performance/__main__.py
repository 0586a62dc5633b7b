"""
CPU seconds of each job, compared with its lower limit and with other tools: writes docs/PERFORMANCE.md.

    python -m bench.performance [--only ROW ...] [--runs N] [--quick] [--print] [--page]

Each way to do a job is a new process; CPU seconds are user and system, of the process and all that it starts. The ways
of a row alternate, and figures are medians. Results go to bench/performance/measured.json, and the page is written from
it; `--only` measures some rows and keeps the others, `--page` only writes the page. `--quick` does a tiny sample of each
row, prints it and keeps nothing; `--print` measures in full and keeps nothing either. Run it beside nothing else.
"""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, datetime

from bench.performance.measure_row import figure, has_figure, measure_row, medians, missing_program, ratios
from bench.performance.record_results import keep_result, load_average, read_results
from bench.performance.row_definitions import ROWS
from bench.performance.row_types import Row
from bench.performance.write_page import PAGE, render


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", nargs="+", choices=ROWS, default=list(ROWS), metavar="ROW")
    parser.add_argument("--runs", type=int, help="by default as many as each row says")
    parser.add_argument("--quick", action="store_true", help="a tiny sample of each row")
    parser.add_argument("--print", action="store_true", help="keep no result")
    parser.add_argument("--page", action="store_true", help="write the page from earlier results")
    options = parser.parse_args()
    if not hasattr(os, "wait4"):
        raise SystemExit("this benchmark needs wait4, which Windows does not have")
    for key in () if options.page else options.only:
        row, before = ROWS[key], load_average()
        if program := missing_program(row):
            _report(f"{key}: left out, because {program} is not installed")
            continue
        runs = options.runs or (1 if options.quick else row.runs)
        rounds = measure_row(row, runs=runs, quick=options.quick, report=_report)
        print_row(row, rounds)
        if not (options.quick or options.print):
            keep_result(key, rounds, load=(before, load_average()), now=datetime.now(UTC))
    if not (options.quick or options.print):
        PAGE.write_text(render(read_results()), encoding="utf-8")


def print_row(row: Row, rounds: list[dict[str, dict[str, float]]]) -> None:
    """Every line of the row: ours, limit, ratio, peers."""
    middle = medians(rounds)
    for line in row.comparisons:
        ours, limit = figure(middle, line.ours), sum(figure(middle, name) for name in line.limits)
        ratio = sorted(ratios(line, rounds))[len(rounds) // 2]
        peers = ", ".join(
            f"{name} {figure(middle, name):.3f}" for name in line.peers if has_figure(middle, name)
        )
        print(
            f"{line.job}: {ours:.3f} {line.unit}, limit {limit:.3f}, ratio {ratio:.2f}; {peers}", flush=True
        )


def _report(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
