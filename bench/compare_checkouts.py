"""
Ratios of two checkouts: the same benchmark alternately in both, medians of all runs.

    python -m bench.compare_checkouts OLD_FOLDER NEW_FOLDER [--runs 9] -- COMMAND [ARGUMENT ...]

Each checkout has its own `.venv`; COMMAND runs in its root with that Python, for example `-m bulletin make demo` or
`-m bench.performance --print --runs 1 --only mix`. Two rows are for the complete command: CPU seconds (user and system,
with all processes that it starts) and wall time. The figures that the benchmark prints are compared one by one if both
checkouts print them under the same label. A ratio above 1.10 is marked.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

from bench.processes import bytecode_environment

LIMIT = 1.10
Figures = dict[tuple[str, int], list[float]]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    parser.add_argument("--runs", type=int, default=9)
    split = sys.argv.index("--") if "--" in sys.argv else len(sys.argv)
    options, command = parser.parse_args(sys.argv[1:split]), sys.argv[split + 1 :]
    if not command:
        parser.error("no command: write it after --, for example -- -m bulletin make demo")
    figures: dict[Path, Figures] = {options.old: defaultdict(list), options.new: defaultdict(list)}
    for run in range(options.runs + 1):
        for folder in (options.old, options.new) if run % 2 else (options.new, options.old):
            measured = run_once(folder, command)
            for key, value in measured.items() if run else ():  # the first run only warms the caches
                figures[folder][key].append(value)
    print_ratios(figures[options.old], figures[options.new])


def run_once(folder: Path, command: list[str]) -> dict[tuple[str, int], float]:
    """The figures of one run: (label, position in its row) -> number."""
    began, used = time.perf_counter(), os.times()
    environ = bytecode_environment(folder.resolve() / ".venv")
    python = folder.resolve() / ".venv/bin/python"
    done = subprocess.run(
        [python, *command], cwd=folder, env=environ, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{folder}: {' '.join(command)} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    after = os.times()
    cpu = after.children_user + after.children_system - used.children_user - used.children_system
    figures = {("whole command, CPU s", 0): cpu, ("whole command, clock s", 0): time.perf_counter() - began}
    for line in done.stdout.splitlines():
        numbers = re.findall(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.])", line)
        label = re.sub(r"\s+", " ", re.sub(r"[\d.]+", "#", line)).strip()
        figures |= {(label, index): float(number) for index, number in enumerate(numbers)}
    return figures


def print_ratios(old: Figures, new: Figures) -> None:
    """Print the median of each figure that both checkouts have, and new over old."""
    print(f"{'old':>9} {'new':>9} {'ratio':>6}")
    for key in old:
        if key not in new or not (before := statistics.median(old[key])):
            continue
        after = statistics.median(new[key])
        mark = "  worse" if after / before > LIMIT else ""
        print(f"{before:9.3f} {after:9.3f} {after / before:6.2f}  {key[0][:80]} [{key[1] + 1}]{mark}")


if __name__ == "__main__":
    main()
