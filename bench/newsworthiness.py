"""
Precision and recall of "hard news" against a reading, or the running order of a real day with its reasons.

    python -m bench.newsworthiness [LABELS] [--data ../shared/data] [--part first|second|all] [--errors]
    python -m bench.newsworthiness --day [--length 120] [--port 8951] [--hide-second]

LABELS is JSON: key of `bench.news_sample` -> "hard", "soft", "never", or one of them with "?" where the
reader was in doubt. The second line measures all; the third leaves the doubtful ones out. `--errors` prints
the titles, so the second hundred is then no longer unread.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from bench.newsdata import LABELS, Sample, draw, read_labels, read_samples
from bulletin.config.options import StoriesOptions
from bulletin.stories.newsworthiness import Worth, judge_article


def measure(samples: Sequence[Sample], labels: dict[str, str], *, errors: bool) -> None:
    """Print precision and recall of hard news, with and without what the reader doubted."""
    judged = [(s, judge_article(s.article, options=StoriesOptions(), language="en")) for s in samples]
    for name, doubtful in (("all", True), ("clear ones", False)):
        rows = [(j.worth, labels[s.key]) for s, j in judged if doubtful or not labels[s.key].endswith("?")]
        right = sum(worth is Worth.HARD and label.startswith("hard") for worth, label in rows)
        taken = sum(worth is Worth.HARD for worth, _ in rows)
        hard = sum(label.startswith("hard") for _, label in rows)
        never = sum(worth is Worth.HARD and label.startswith("never") for worth, label in rows)
        print(
            f"{name}: {len(rows)} read, {hard} hard; taken for hard {taken}, right {right}: "
            f"precision {right / max(1, taken):.3f}, recall {right / max(1, hard):.3f} "
            f"(of the wrong ones {never} should never air)"
        )
    print(Counter((labels[s.key].rstrip("?"), j.worth.value) for s, j in judged))
    for sample, judgement in judged if errors else ():
        label = labels[sample.key]
        if (judgement.worth is Worth.HARD) != label.startswith("hard"):
            print(f"{label:7} {judgement.worth:9} {sample.article.title[:90]} | {judgement.reason}")


def print_day(args: argparse.Namespace) -> None:
    """Serve day-dev on loopback, gather it as a station does, and print what airs and what decided."""
    from bench.newsday import choose_day

    command = [sys.executable, str(args.data / "fresh" / "day-dev" / "serve.py"), str(args.port), "--profile"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        time.sleep(1.0)
        choose_day(args.data, profile_of(server), length_s=args.length, hides=args.hide_second)
    finally:
        server.terminate()
        server.wait()


def profile_of(server: subprocess.Popen[str]) -> str:
    """The feeds that the server prints when it has begun: it says nothing afterwards."""
    lines: list[str] = []
    feeds = Path(server.args[1]).parent / "feeds"  # type: ignore[index,arg-type]
    wanted = len(list(feeds.glob("*.xml")))
    while server.stdout and sum(line.startswith("private") for line in lines) < wanted:
        lines.append(server.stdout.readline())
    return "".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("labels", type=Path, nargs="?", default=LABELS)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--part", choices=("first", "second", "rest", "all"), default="all")
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--day", action="store_true")
    parser.add_argument("--length", type=float, default=120.0)
    parser.add_argument("--port", type=int, default=8951)
    parser.add_argument("--hide-second", action="store_true")
    args = parser.parse_args()
    if args.day:
        print_day(args)
        return
    labels = read_labels(args.labels)
    first, second, rest = draw(read_samples(args.data))
    parts = {"first": first, "second": second, "rest": rest, "all": [*first, *second, *rest]}
    measure([s for s in parts[args.part] if s.key in labels], labels, errors=args.errors)


if __name__ == "__main__":
    main()
