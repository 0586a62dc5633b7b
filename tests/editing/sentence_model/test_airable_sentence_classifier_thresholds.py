"""Thresholds of the sentence model, as docs/EDITING.md lists them."""

from __future__ import annotations

from dataclasses import astuple
from itertools import pairwise
from pathlib import Path

from bulletin.editing.sentence_model.airable_sentence_classifier import THRESHOLDS, stricter

EDITING = (Path(__file__).parents[3] / "docs" / "EDITING.md").read_text(encoding="utf-8")


def test_each_threshold_is_lower_than_the_one_before() -> None:
    steps = [astuple(step) for step in (stricter(THRESHOLDS[0]), *THRESHOLDS)]

    for before, after in pairwise(steps):
        assert all(0 < less <= more < 1 for more, less in zip(before, after, strict=True))


def test_the_docs_list_the_thresholds() -> None:
    first, *steps = THRESHOLDS
    openings, nexts = (
        ", ".join(f"{value:g}" for value in values)
        for values in zip(*((step.opening, step.next) for step in steps), strict=True)
    )

    assert f"opens the story if it reaches {first.opening:g}" in EDITING
    assert f"follows if it reaches {first.next:g}" in EDITING
    assert f"After a gap it needs {first.over_gap:g}" in EDITING
    assert f"({openings} for the first sentence; {nexts} for the next)" in EDITING
    assert f"and {stricter(first).opening:g} at first" in EDITING
