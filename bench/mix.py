"""
CPU cost of a mix: Bulletin, other tools and the lower limit, over the same clips.

    python -m bench.mix [--runs 3] [--voice hibari] [--hour]

Speaks the demo's best stories for a bulletin of 3:00, eight or nine, then mixes and encodes it in new processes,
imports included. Printed: CPU seconds (user and system, of the process and its children) and peak memory, medians of
alternate runs. The limit is LAME alone, with our settings, on the samples that our mix gave it. Tools that need
ffmpeg are left out if it is not installed. Python's bytecode is cached, as for installed programs. Only Bulletin
decodes, measures and examines the finished file; that is counted separately. A line says whether our mix stretched
the speech to the length, which takes additional CPU time. `--hour` does the same for 60 minutes.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.processes import bending, bytecode_environment, cpu_of

WAYS = {
    "ours": "our mix, verified",
    "naive": "pydub: +, overlay, export",
    "naive_lame": "pydub: +, overlay, then LAME in-process",
    "ffmpeg": "one ffmpeg graph, two-pass loudnorm",
    "babbel": "two loudnorm runs a story, one mix",
    "limit": "LAME alone on the finished samples",
    "three": "FM, podcast and speaker, verified",
    "limit3": "LAME alone on both MP3s",
}
ONE = ("ours", "naive", "naive_lame", "ffmpeg", "babbel", "limit")
THREE = ("three", "limit3")
LONG_WAYS = ("ours", "limit")
NEED_FFMPEG = ("naive", "ffmpeg", "babbel")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one process took."""

    cpu_s: float
    memory_mb: float
    verify_s: float = 0.0
    """Of `cpu_s`: decoding and measuring the finished file."""
    bent: str = ""
    """Whether it had to bend the speech, by rendition."""


def measure(way: str, folder: Path) -> Cost:
    """Run one way in a fresh process."""
    note, bent = folder / "verify_s", folder / "stretch"
    note.unlink(missing_ok=True)
    bent.unlink(missing_ok=True)
    cpu_s, memory_mb = cpu_of("bench.mixways", way, folder, bytecode_environment(folder))
    verify_s = float(note.read_text(encoding="utf-8")) if note.exists() else 0.0
    # it was verified once more, to be timed
    stretches = (
        [bending(float(factor)) for factor in bent.read_text("utf-8").split()] if bent.exists() else []
    )
    return Cost(cpu_s=cpu_s - verify_s, memory_mb=memory_mb, verify_s=verify_s, bent=", ".join(stretches))


def median(costs: Sequence[Cost]) -> Cost:
    return Cost(
        cpu_s=statistics.median(cost.cpu_s for cost in costs),
        memory_mb=statistics.median(cost.memory_mb for cost in costs),
        verify_s=statistics.median(cost.verify_s for cost in costs),
        bent=costs[0].bent,
    )


def compare(ways: Sequence[str], folder: Path, *, runs: int) -> None:
    """Print a line a way; ratios are to the limit, which comes last."""
    costs: dict[str, list[Cost]] = {way: [] for way in ways}
    for _ in range(runs):
        for way in ways:
            costs[way].append(measure(way, folder))
    limit = median(costs[ways[-1]]).cpu_s
    print(f"{'way':<42}{'CPU s':>8}{'x limit':>9}{'MB':>7}")
    for way in ways:
        cost = median(costs[way])
        _print(WAYS[way], cost.cpu_s, limit, cost.memory_mb)
        if cost.bent:
            print(f"  {cost.bent}")
        if cost.verify_s:
            _print("  of it verification", cost.verify_s, limit)
            _print("  without it", cost.cpu_s - cost.verify_s, limit)


def _print(name: str, cpu_s: float, limit_s: float, memory_mb: float | None = None) -> None:
    memory = "" if memory_mb is None else f"{memory_mb:>7.0f}"
    print(f"{name:<42}{cpu_s:>8.2f}{cpu_s / limit_s:>9.2f}{memory}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--voice", default="hibari")
    parser.add_argument("--hour", action="store_true", help="a timeline of 60 minutes too")
    args = parser.parse_args()
    if not hasattr(os, "wait4"):
        raise SystemExit("this benchmark needs wait4, which Windows has not")
    ways = [way for way in ONE if way not in NEED_FFMPEG or shutil.which("ffmpeg")]
    if len(ways) < len(ONE):
        print("ffmpeg is not installed: the ways that need it are left out")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        measure(f"prepare:{args.voice}", folder)
        print(f"3 minutes, voice {args.voice}, median of {args.runs}")
        compare(ways, folder, runs=args.runs)
        print("\nthe same bulletin in three renditions")
        compare(THREE, folder, runs=args.runs)
        if args.hour:
            measure("lengthen", folder)
            print("\n60 minutes, the same clips again and again")
            compare(LONG_WAYS, folder, runs=max(1, args.runs // 2))


if __name__ == "__main__":
    main()
