"""
Tests at other moments of the day and the year, and beside busy processes: which tests depend on either.

    python -m bench.moments                                  all 16 moments, all tests of `make test`
    python -m bench.moments --sample 2 --seed 7 tests/cli    two of them, drawn, over some tests
    python -m bench.moments --busy 10 --rounds 3 --sample 0  three times in a row beside ten busy processes

Needs libfaketime (Debian: apt install libfaketime), which sets another start time for the tests and their processes;
the clock then runs on. Monotonic clocks are not changed. The exit code is 1 if a test failed.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bench.loaded import busy


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When the tests begin, by the clock of a place."""

    name: str
    local: str
    zone: str = "UTC"


MOMENTS = (
    Moment(name="half a minute before midnight", local="2026-11-28 23:59:30"),
    Moment(name="half a minute before a full hour", local="2026-11-28 13:59:30"),
    Moment(name="just after midnight", local="2026-11-29 00:00:01"),
    Moment(name="early morning", local="2026-12-07 04:17:00"),
    Moment(name="noon on a Sunday", local="2026-12-06 11:59:45"),
    Moment(name="New Year's Eve", local="2026-12-31 23:59:30"),
    Moment(name="New Year in Auckland", local="2027-01-01 00:10:00", zone="Pacific/Auckland"),
    Moment(name="the end of February", local="2027-02-28 23:59:30"),
    Moment(name="29 February", local="2028-02-29 12:00:00"),
    Moment(name="the end of 29 February", local="2028-02-29 23:58:30", zone="Europe/London"),
    Moment(name="clocks go forward in London", local="2027-03-28 00:58:30", zone="Europe/London"),
    Moment(name="clocks go back in London", local="2027-10-31 00:58:30", zone="Europe/London"),
    Moment(name="clocks go back in the Azores", local="2027-10-31 00:30:00", zone="Atlantic/Azores"),
    Moment(name="clocks go forward in New York", local="2027-03-14 01:58:30", zone="America/New_York"),
    Moment(name="the longest day", local="2027-06-21 17:30:00", zone="Asia/Kolkata"),
    Moment(name="ten years from now", local="2036-11-28 08:00:00"),
)


_LATE_S = 60
_NOT_SHIFTED = (
    "tests/publishing/test_atomic_file_batch.py::test_old_part_files_are_swept_and_young_ones_stay",
    "tests/rewriter/test_rewrite_story.py",
    "tests/rewriter/test_answer_cache.py",
    "tests/speech/cache/test_speech_cache.py::test_abandoned_parts_are_swept_and_fresh_ones_left",
)
"""They check the age of a new file, and the file system keeps the real time."""


def run_tests(moment: Moment | None, arguments: Sequence[str]) -> int:
    """The plain tests at that moment, or now; pytest's exit code, and what failed is printed."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-n",
        "auto",
        "--maxprocesses",
        "4",
        "--dist",
        "worksteal",
    ]
    environ = os.environ | ({} if moment is None else _environment_at(moment))
    if moment:
        command += [f"--deselect={test}" for test in _NOT_SHIFTED]
    done = subprocess.run([*command, *arguments], env=environ, text=True, capture_output=True, check=False)
    lines = done.stdout.splitlines()
    failed = [line for line in lines if line.startswith(("FAILED", "ERROR"))]
    print(f"{moment.name if moment else 'now'}: {lines[-1] if lines else done.stderr[-300:]}", flush=True)
    print("".join(f"  {line}\n" for line in failed), end="", flush=True)
    return done.returncode


def faketime_environment() -> dict[str, str]:
    """Environment in which libfaketime shifts the clock of the wall alone; empty where it is not installed."""
    libraries = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    if not libraries:
        return {}
    return {
        "LD_PRELOAD": str(libraries[0]),
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        # Debian's default ends waits by the monotonic clock at once: threads spin, and connections time out
        "FAKETIME_FORCE_MONOTONIC_FIX": "0",
    }


def _environment_at(moment: Moment) -> dict[str, str]:
    environment = faketime_environment()
    if not environment:
        raise SystemExit("libfaketime is not installed: apt install libfaketime")
    begins = datetime.fromisoformat(moment.local).replace(tzinfo=ZoneInfo(moment.zone))
    shift_s = round(begins.timestamp() - datetime.now(UTC).timestamp())
    environment |= {"FAKETIME": f"{shift_s:+d}", "TZ": moment.zone}
    clock = [sys.executable, "-c", "import time; print(time.time())"]
    shown_time = subprocess.run(
        clock, env=os.environ | environment, text=True, capture_output=True, check=True
    ).stdout
    if abs(float(shown_time) - begins.timestamp()) > _LATE_S:
        raise SystemExit(f"{moment.name}: libfaketime does not set the clock here")
    return environment


def main() -> int:
    """Each moment's result in a line; 1 where a test failed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--sample", type=int, help="so many moments, drawn; 0: now alone")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--busy", type=int, default=0, help="busy processes beside the tests")
    parser.add_argument("tests", nargs="*", help="what pytest is given; else all plain tests")
    given = parser.parse_args()
    chosen: Sequence[Moment | None] = MOMENTS
    if given.sample is not None:
        drawn = random.Random(given.seed).sample(MOMENTS, given.sample)
        chosen = drawn or (None,)
    with busy(given.busy):
        codes = [run_tests(moment, given.tests) for _ in range(given.rounds) for moment in chosen]
    return int(any(codes))


if __name__ == "__main__":
    sys.exit(main())
