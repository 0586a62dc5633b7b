"""
CPU cost of a bulletin, from feeds to episode, compared with the sum of its lower limits.

    python -m bench.road [--runs 3] [--length 2:00]

The demo's feeds (local files), the embedded voice, and only the podcast rendition; every run is a new process of the
command line, imports included. Printed: CPU seconds (user and system, of the process and its children), medians of
alternate runs. The station has made bulletins before: picture and jingles are prepared, and the pace of its voice is
known, so that the same stories are predicted every time. Cold: the speech cache is empty. Warm: the same bulletin
again, with all sentences in the cache. The table says if sentences were spoken nevertheless, and if the speech was
stretched to the length, which takes additional CPU time.

The limits, each in a separate process: the voice engine alone on the same sentences, its imports included; LAME alone
on the samples that our mix gave it; feedparser alone on the same bytes; and a process that only imports the libraries
of the pipeline (without the voice's, LAME and feedparser, which the other three have; then another process with our
own modules as well). The quality report is counted separately: the work that only it needs, and on another line the
work that report and verification share, which is to decode the finished file and measure length, loudness and peak.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from bench.processes import bending, bytecode_environment, cpu_of

LIMITS = {
    "voice": "voice engine alone",
    "lame": "LAME alone",
    "feeds": "feedparser alone",
    "imports": "bare process that imports",
}
WAYS = {"cold": "cold", "warm": "warm"}


def forget_sentences(folder: Path) -> None:
    """Delete the spoken sentences; the pace of the voice, in the same folder, stays."""
    for part in (folder / "output" / ".bulletin" / "speech").iterdir():
        if part.is_dir():
            shutil.rmtree(part)


def run_once(folder: Path, environ: dict[str, str]) -> dict[str, float]:
    """CPU seconds of the road in its two ways, without the quality report, and of each limit."""
    costs = {}
    forget_sentences(folder)
    for way in WAYS:
        whole_s, _ = cpu_of("bench.roadways", "road", folder, environ)
        noted = json.loads((folder / "noted.json").read_text(encoding="utf-8"))
        costs[way] = whole_s - noted["report_s"]
        costs |= {f"{way}_{name}": value for name, value in noted.items()}
    for limit in (*LIMITS, "all_imports"):
        costs[limit], _ = cpu_of("bench.roadways", limit, folder, environ)
    return costs


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--length", default="2:00")
    args = parser.parse_args()
    if not hasattr(os, "wait4"):
        raise SystemExit("this benchmark needs wait4, which Windows has not")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "length").write_text(args.length, encoding="utf-8")
        environ = bytecode_environment(folder)
        cpu_of("bench.roadways", "first", folder, environ)
        forget_sentences(folder)
        cpu_of("bench.roadways", "prepare", folder, environ)
        cpu_of("bench.roadways", "modules", folder, environ | {"PYTHONPROFILEIMPORTTIME": "1"})
        runs = [run_once(folder, environ) for _ in range(args.runs)]
    costs = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
    print(f"demo, {args.length}, podcast alone, voice hibari, median of {args.runs} (CPU seconds)")
    for key, name in LIMITS.items():
        print(f"{name:<34}{costs[key]:>8.2f}")
    for way, title in WAYS.items():
        limit_s = sum(costs[key] for key in LIMITS if way == "cold" or key != "voice")
        print(f"{f'{title}: sum of its limits':<34}{limit_s:>8.2f}{1:>8.2f}")
        print(f"{f'{title}: the road':<34}{costs[way]:>8.2f}{costs[way] / limit_s:>8.2f}")
        print(f"{'  and its quality report':<34}{costs[f'{way}_report_s']:>8.2f}")
        plain_s = costs[way] - costs[f"{way}_listen_s"]
        print(f"{'  without decoding the file, too':<34}{plain_s:>8.2f}{plain_s / limit_s:>8.2f}")
        wide_s = limit_s + costs["all_imports"] - costs["imports"]
        print(f"{'  limit that imports ours, too':<34}{wide_s:>8.2f}{1:>8.2f}")
        print(f"{'  beside it':<34}{costs[way] / wide_s:>16.2f}")
        print(f"{'  beside it, without decoding':<34}{plain_s / wide_s:>16.2f}")
        print(f"  {costs[f'{way}_said']:g} sentences said, {bending(costs[f'{way}_stretch'])}")


if __name__ == "__main__":
    sys.exit(main())
