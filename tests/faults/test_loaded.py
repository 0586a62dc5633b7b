"""A machine that has far too much to do: `python -m bench.loaded` is the whole campaign."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.loaded import make_loaded

pytestmark = pytest.mark.faults


def test_beside_ten_busy_processes_five_bulletins_have_all_their_stories(tmp_path: Path) -> None:
    """Side by side, so that it takes a minute: there are fourteen processes beside each of them."""
    (quiet, nothing), *loaded = make_loaded(tmp_path, count=5, others=10, voice="tone", at_once=5)

    assert nothing == ()
    assert len(quiet.stories) >= 5
    assert [lost for _, lost in loaded] == [()] * 5
