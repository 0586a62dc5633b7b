"""How sure the sentence model must be: what docs/EDITING.md tells editors of it."""

from __future__ import annotations

from dataclasses import astuple
from itertools import pairwise
from pathlib import Path

from bulletin.editing.sentence_model.airable_sentence_classifier import THRESHOLDS, stricter

EDITING = (Path(__file__).parents[3] / "docs" / "EDITING.md").read_text(encoding="utf-8")


def test_each_step_asks_for_less_than_the_one_before() -> None:
    steps = [astuple(one) for one in (stricter(THRESHOLDS[0]), *THRESHOLDS)]

    for before, after in pairwise(steps):
        assert all(0 < less <= more < 1 for more, less in zip(before, after, strict=True))


def test_the_thresholds_are_those_of_the_docs() -> None:
    first, *steps = THRESHOLDS
    openings, nexts = (
        ", ".join(f"{value:g}" for value in values)
        for values in zip(*((one.opening, one.next) for one in steps), strict=True)
    )

    assert f"opens the story if it reaches {first.opening:g}" in EDITING
    assert f"follows if it reaches {first.next:g}" in EDITING
    assert f"After a gap it needs {first.over_gap:g}" in EDITING
    assert f"({openings} for the first sentence; {nexts} for the next)" in EDITING
    assert f"and {stricter(first).opening:g} at first" in EDITING
