"""Overloaded machine: a sample of `python -m bench.loaded`."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.loaded import make_loaded

pytestmark = pytest.mark.faults


def test_beside_ten_busy_processes_five_bulletins_have_all_their_stories(tmp_path: Path) -> None:
    """Five runs side by side take a minute; each competes with fourteen other processes."""
    (quiet, nothing), *loaded = make_loaded(tmp_path, count=5, others=10, voice="tone", at_once=5)

    assert nothing == ()
    assert len(quiet.stories) >= 5
    assert [lost for _, lost in loaded] == [()] * 5
