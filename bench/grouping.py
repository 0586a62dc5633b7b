"""
Grouping of labelled headlines: python -m bench.grouping FILE... [--pairs] [--steps FILE]

    python -m bench.grouping --related      pairs that a listener would hear as one affair (bench/related.py)

Each line of FILE is a JSON object with `set`, `story`, `title` and `time` (RFC 2822, ISO 8601 or epoch
milliseconds; empty where unknown). Prints precision, recall and F1 over pairs of headlines, set by set.
The language is the end of the set's name (og2021-deu), else English.

--pairs lists the pairs that were joined wrongly, and how many were missed.
--steps names a file of pairs that are steps of one affair ("set id id" a line): they are not counted.
"""

from __future__ import annotations

import argparse
import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.newsdata import read_time
from bench.related import print_related
from bulletin.stories.grouping.group_articles import group_articles

_LANGUAGES = {"deu": "de", "fra": "fr", "spa": "es", "por": "pt", "ita": "it", "nld": "nl"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Pairs of headlines."""

    right: int
    wrong: int
    missed: int
    steps: int

    def __str__(self) -> str:
        precision = self.right / max(1, self.right + self.wrong)
        recall = self.right / max(1, self.right + self.missed)
        f1 = 2 * precision * recall / max(1e-9, precision + recall)
        return (
            f"precision {precision:.3f} recall {recall:.3f} F1 {f1:.3f}"
            f" ({self.right} right, {self.wrong} wrong, {self.missed} missed, {self.steps} steps)"
        )

    def __add__(self, other: Score) -> Score:
        return Score(
            right=self.right + other.right,
            wrong=self.wrong + other.wrong,
            missed=self.missed + other.missed,
            steps=self.steps + other.steps,
        )


def score(rows: Sequence[dict[str, str]], *, steps: frozenset[frozenset[str]], lists_pairs: bool) -> Score:
    language = _LANGUAGES.get(rows[0]["set"].rpartition("-")[2], "en")
    labels = group_articles(
        [row["title"] for row in rows], [read_time(str(row["time"] or "")) for row in rows], language=language
    ).events
    counts = {"right": 0, "wrong": 0, "missed": 0, "steps": 0}
    for first, second in itertools.combinations(range(len(rows)), 2):
        is_joined, is_same = labels[first] == labels[second], rows[first]["story"] == rows[second]["story"]
        if not is_joined and not is_same:
            continue
        kind = "right" if is_joined and is_same else "wrong" if is_joined else "missed"
        if kind == "wrong" and frozenset((str(rows[first]["id"]), str(rows[second]["id"]))) in steps:
            kind = "steps"
        counts[kind] += 1
        if lists_pairs and kind in ("wrong", "steps"):
            for index in (first, second):
                print(f"  {kind} {rows[index]['id']} {rows[index]['time']} {rows[index]['title']}")
            print()
    return Score(**counts)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    parser.add_argument("--pairs", action="store_true")
    parser.add_argument("--steps", type=Path)
    parser.add_argument("--related", action="store_true")
    args = parser.parse_args()
    if args.related:
        print_related()
    known = [line.split() for line in args.steps.read_text("utf-8").splitlines()] if args.steps else []
    for path in args.files:
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        scores: dict[str, Score] = {}
        for name in sorted({row["set"] for row in rows}):
            of_set = [row for row in rows if row["set"] == name]
            steps = frozenset(frozenset(ids) for kind, *ids in known if kind == name)
            scores[name] = score(of_set, steps=steps, lists_pairs=args.pairs)
            print(f"{name}: {len(of_set)} headlines, {scores[name]}")
        if {"allsides", "basil"} <= scores.keys():
            print(f"allsides and basil: {scores['allsides'] + scores['basil']}")


if __name__ == "__main__":
    main()
