"""
Precision and recall of "hard news" against a reading, or the running order of a real day with its reasons.

    python -m bench.newsworthiness [LABELS] [--data ../shared/data] [--part all] [--more FOLDER] [--errors]
    python -m bench.newsworthiness --day [--length 120] [--port 8951] [--hide-second]

LABELS is JSON: key of `bench.news_sample` -> "hard", "soft", "never", or one of them with "?" where the
reader was in doubt. Measured with and without the doubted entries, and with entries that the program rates as
doubtful once as not airable and once as airable. `--part reserved` measures the entries that were reserved unread; `--more` is the folder
of `bench.news_weights`. `--errors` prints the titles, so the entries are no longer unread afterwards.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from math import sqrt
from pathlib import Path

from bench.newsdata import LABELS, RESERVED, Sample, draw, read_all, read_labels, read_samples
from bulletin.config.profile_options import StoriesOptions
from bulletin.stories.newsworthiness.hard_or_soft_news import NewsWorth, judge_article


def measure(samples: Sequence[Sample], labels: dict[str, str], *, errors: bool) -> None:
    """Print precision and recall of hard news, with and without what the reader or the judge doubted."""
    judged = [(s, judge_article(s.article, options=StoriesOptions(), language="en")) for s in samples]
    for name, doubted in (("all", True), ("clear ones", False)):
        rows = [(j.worth, labels[s.key]) for s, j in judged if doubted or not labels[s.key].endswith("?")]
        hard = sum(label.startswith("hard") for _, label in rows)
        print(f"{name}: {len(rows)} read, {hard} hard")
        for airs in ((NewsWorth.HARD,), (NewsWorth.HARD, NewsWorth.DOUBTFUL)):
            taken = [label for worth, label in rows if worth in airs]
            right = sum(label.startswith("hard") for label in taken)
            print(
                f"  {' and '.join(airs)}: {len(taken)}, right {right}; precision {share(right, len(taken))}, "
                f"recall {share(right, hard)}; {sum(label.startswith('never') for label in taken)} never air"
            )
    print(Counter((labels[s.key], j.worth.value) for s, j in judged))
    for sample, judgement in judged if errors else ():
        label = labels[sample.key]
        if (judgement.worth is NewsWorth.HARD) != label.startswith("hard"):
            print(f"{label:7} {judgement.worth:9} {sample.article.title[:90]} | {judgement.reason}")


def share(part: int, whole: int) -> str:
    """A share and its interval of 95 % (Wilson)."""
    n, z = max(1, whole), 1.96
    middle, width = part / n + z * z / (2 * n), z * sqrt(part / n * (1 - part / n) / n + z * z / (4 * n * n))
    low, high = ((middle + sign * width) / (1 + z * z / n) for sign in (-1, 1))
    return f"{part / n:.3f} ({low:.2f} to {high:.2f})"


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
    parser.add_argument("--part", choices=("first", "second", "rest", "all", "reserved"), default="all")
    parser.add_argument("--more", type=Path)
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--day", action="store_true")
    parser.add_argument("--length", type=float, default=120.0)
    parser.add_argument("--port", type=int, default=8951)
    parser.add_argument("--hide-second", action="store_true")
    args = parser.parse_args()
    if args.day:
        print_day(args)
        return
    if args.part == "reserved":
        labels = {key: label for key, label in read_labels(RESERVED).items() if label}
        drawn = read_all(args.data, args.more)
    else:
        labels = read_labels(args.labels)
        first, second, rest = draw(read_samples(args.data))
        drawn = {"first": first, "second": second, "rest": rest}.get(args.part, [*first, *second, *rest])
    measure([s for s in drawn if s.key in labels], labels, errors=args.errors)


if __name__ == "__main__":
    main()
