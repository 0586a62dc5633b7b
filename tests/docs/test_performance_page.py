"""docs/PERFORMANCE.md against the results that it is written from; a sample of each measurement."""

from __future__ import annotations

import argparse
import os
import sys
from importlib.util import find_spec

import pytest

from bench.group.real_articles import SLICES
from bench.performance.measure_row import figure, measure_row, medians, missing_program, ratios
from bench.performance.record_results import read_results
from bench.performance.row_definitions import ROWS
from bench.performance.write_page import PAGE, render
from tests.support.postgres_server import find_programs


def test_the_page_matches_the_results() -> None:
    """`python -m bench.performance --page` writes it again."""
    assert PAGE.read_text(encoding="utf-8") == render(read_results())


SAMPLE = [key for key in ROWS if key not in ("hour", "service", "pieces", "bulletin")]
"""The other four take minutes even when quick, and are made of what these measure."""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "wait4"), reason=f"{sys.platform} has no wait4")
@pytest.mark.parametrize("key", SAMPLE)
def test_each_row_yields_figures(key: str) -> None:
    """A tiny sample: speed is never judged here."""
    if key == "script" and find_spec("spacy") is None:
        pytest.skip("the grammar parser is not installed (the extra `english`)")
    row = ROWS[key]
    if program := missing_program(row):
        pytest.skip(f"{program} is not installed")
    rounds = measure_row(row, runs=1, quick=True)
    for line in row.comparisons:
        assert figure(medians(rounds), line.ours) > 0, line.job
        assert all(ratio > 0 for ratio in ratios(line, rounds)), line.job


@pytest.mark.clients
@pytest.mark.skipif(not SLICES.is_dir(), reason="real articles are missing beside the checkout")
@pytest.mark.skipif(find_programs() is None, reason="PostgreSQL is not installed: apt install postgresql")
def test_two_workers_of_a_group_speak_no_sentence_twice() -> None:
    """A sample of `python -m bench.group`: real processes, PostgreSQL and S3."""
    pytest.importorskip("psycopg", reason="pip install 'psycopg[binary]'")
    pytest.importorskip("moto", reason="pip install 'moto[server]'")
    from bench.group.run_group import run_once

    options = argparse.Namespace(
        stations=4, length="0:30", voice="tone", store="s3", minutes=3, parallel=1, one_core_each=False
    )
    figures = run_once(options, 2)
    assert figures["pieces"]["mix done"] == 4
    assert figures["sentences"] > 0
    assert figures["sentences_again"] == 0
    assert figures["stories_shared"] >= 2  # the stations of a pair tell the same stories
    assert figures["sentences_shared"] >= 2
    assert max(figures["memory_together_mb"]) > 100
