"""Grouping as its judge sees it: one rule for both sets, precision before recall."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.judges.conftest import ROOT

pytestmark = pytest.mark.judges

F1_FLOORS = {"gnews": 0.90, "uci": 0.86}
PRECISION_FLOORS = {"gnews": 0.93, "uci": 0.93}
LINE = re.compile(r"(\w+): \d+ titles, precision ([\d.]+) recall ([\d.]+) F1 ([\d.]+)")


def test_the_same_events_are_found_in_both_sets(
    judge: Callable[..., subprocess.CompletedProcess[str]], shared: Path
) -> None:
    rule = ROOT / "bulletin" / "stories" / "group.py"

    done = judge("script/judge_clusters.py", "--func", f"{rule}:group_articles")
    figures = {name: tuple(map(float, rest)) for name, *rest in LINE.findall(done.stdout)}

    print(done.stdout)
    assert figures.keys() == F1_FLOORS.keys(), done.stderr
    for name, (precision, recall, f1) in figures.items():
        assert f1 >= F1_FLOORS[name]
        assert precision >= PRECISION_FLOORS[name]
        assert precision >= recall
