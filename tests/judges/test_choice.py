"""Grouping of articles by its judge: one rule for both sets, precision before recall."""

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


def test_grouping_reaches_its_floors_in_both_sets(
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


def test_grouping_holds_for_random_halves_of_the_events(shared: Path) -> None:
    """Twenty random halves of the events; a rule fitted to one list of headlines would fail."""
    rows = [
        json.loads(line)
        for line in (shared / "data" / "script" / "clusters_dev.jsonl").read_text("utf-8").splitlines()
    ]
    dice = random.Random(7)
    for name, floor in F1_FLOORS.items():
        set_rows = [row for row in rows if row["set"] == name]
        events = sorted({row["story"] for row in set_rows})
        figures = []
        for _ in range(20):
            sampled_events = set(dice.sample(events, len(events) // 2))
            sampled_rows = [row for row in set_rows if row["story"] in sampled_events]
            dice.shuffle(sampled_rows)
            labels = group_articles([row["title"] for row in sampled_rows], [None] * len(sampled_rows)).events
            figures.append(measure(labels, [row["story"] for row in sampled_rows]))

        precision, _, f1 = (statistics.mean(column) for column in zip(*figures, strict=True))
        print(f"{name}: precision {precision:.2f}, F1 {f1:.2f} of half of the events")
        assert f1 >= floor
        assert precision >= PRECISION_FLOORS[name]
