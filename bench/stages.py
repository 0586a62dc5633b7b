"""
Seconds per stage of a demo bulletin, with and without the speech cache.

    python -m bench.stages [--runs 3] [--voice hibari] [--length 2:00]

Every run is a fresh process, imports included, as a station's scheduler would start it. Cold: an
empty output folder. Warm: the same bulletin again. Medians; the last column is warm over cold.
"mix" decodes the file to verify its loudness; "examine" is what the quality report costs beyond that.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

STAGES = ("gather", "choose", "write", "speak", "mix", "examine", "publish")


def run_once(output: Path, *, voice: str, length: str) -> dict[str, float]:
    """One `bulletin make demo`; seconds per stage, `start` (imports, profile) and `total` by the wall."""
    began = time.perf_counter()
    done = subprocess.run(
        [
            *(sys.executable, "-m", "bulletin", "make", "demo", "--json", "--at", "07:00"),
            *("--voice", voice, "--length", length, "--output", str(output)),
        ],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    total = time.perf_counter() - began
    stages: dict[str, float] = json.loads(done.stdout)["timings_s"]
    return {"start": total - sum(stages.values()), **stages, "total": total}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--voice", default="hibari")
    parser.add_argument("--length", default="2:00")
    args = parser.parse_args()
    cold, warm = [], []
    for _ in range(args.runs):
        with tempfile.TemporaryDirectory() as name:
            cold.append(run_once(Path(name), voice=args.voice, length=args.length))
            warm.append(run_once(Path(name), voice=args.voice, length=args.length))
    print(f"demo, {args.length}, voice {args.voice}, median of {args.runs} (seconds)")
    print(f"{'stage':<9}{'cold':>8}{'warm':>8}{'ratio':>8}")
    for stage in ("start", *STAGES, "total"):
        without = statistics.median(run[stage] for run in cold)
        with_cache = statistics.median(run[stage] for run in warm)
        ratio = with_cache / without if without else 1.0
        print(f"{stage:<9}{without:>8.2f}{with_cache:>8.2f}{ratio:>8.2f}")


if __name__ == "__main__":
    main()
