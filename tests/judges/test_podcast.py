"""Podcast feed of the demo, checked by the rules of Apple, PSP-1 and Podcasting 2.0."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.diagnostics.remote.conftest import published

pytestmark = pytest.mark.judges


def test_a_served_feed_has_no_errors(
    judge: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    with published(tmp_path, bulletins=2, now=datetime.now(UTC)) as (url, _):
        done = judge("publish/check_feed.py", f"{url}feed.xml", "--http")

    assert "0 errors, 0 warnings, 2 items" in done.stdout, done.stdout + done.stderr


def test_the_feed_file_has_no_errors(
    demo: dict[str, Any], judge: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    feed = next(e["places"]["feed"] for e in demo["episodes"] if e["outlet"] == "podcast")

    done = judge("publish/check_feed.py", Path(feed))

    assert "0 errors, 0 warnings, 1 items" in done.stdout, done.stdout + done.stderr
