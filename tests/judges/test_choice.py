"""Grouping as its judge sees it: one rule for both sets, precision before recall."""

from __future__ import annotations

import json
import random
import re
import statistics
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from bulletin.stories.grouping.group_articles import group_articles
from tests.judges.conftest import ROOT
from tests.stories.grouping.test_group_articles import measure

pytestmark = pytest.mark.judges

F1_FLOORS = {"gnews": 0.84, "uci": 0.83}
PRECISION_FLOORS = {"gnews": 0.97, "uci": 0.95}
LINE = re.compile(r"(\w+): \d+ titles, precision ([\d.]+) recall ([\d.]+) F1 ([\d.]+)")


def test_the_same_events_are_found_in_both_sets(
    judge: Callable[..., subprocess.CompletedProcess[str]], shared: Path
) -> None:
    done = judge("script/judge_clusters.py", "--func", f"{ROOT / 'bench' / 'judge_script.py'}:group")
    figures = {name: tuple(map(float, rest)) for name, *rest in LINE.findall(done.stdout)}

    print(done.stdout)
    assert figures.keys() == F1_FLOORS.keys(), done.stderr
    for name, (precision, recall, f1) in figures.items():
        assert f1 >= F1_FLOORS[name]
        assert precision >= PRECISION_FLOORS[name]
        assert precision >= recall


def test_the_rule_holds_for_other_days_of_the_same_kind(shared: Path) -> None:
    """Half of the events, twenty times over: what a rule made for one list of headlines would not survive."""
    rows = [
        json.loads(line)
        for line in (shared / "data" / "script" / "clusters_dev.jsonl").read_text("utf-8").splitlines()
    ]
    dice = random.Random(7)
    for name, floor in F1_FLOORS.items():
        of_set = [row for row in rows if row["set"] == name]
        events = sorted({row["story"] for row in of_set})
        figures = []
        for _ in range(20):
            kept = set(dice.sample(events, len(events) // 2))
            some = [row for row in of_set if row["story"] in kept]
            dice.shuffle(some)
            labels = group_articles([row["title"] for row in some], [None] * len(some)).events
            figures.append(measure(labels, [row["story"] for row in some]))

        precision, _, f1 = (statistics.mean(column) for column in zip(*figures, strict=True))
        print(f"{name}: precision {precision:.2f}, F1 {f1:.2f} of half of the events")
        assert f1 >= floor
        assert precision >= PRECISION_FLOORS[name]
