"""Sample of `python -m bench.kills`: kill -9 in each stage of a real run, each followed by a restart."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bench.kills import kill_and_restart

pytestmark = [pytest.mark.faults, pytest.mark.skipif(os.name != "posix", reason="needs fork and SIGKILL")]


def test_kills_in_each_stage_leave_no_incomplete_file_and_miss_no_slot(tmp_path: Path) -> None:
    report = kill_and_restart(tmp_path, kills=26)

    assert report.faults == []
    assert report.hit.total() >= 20
    assert report.contents_read > 0
