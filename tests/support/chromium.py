"""A script for a real Chromium, driven by playwright-core in node; skips where they are not installed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.support.printed_commands import ROOT

MODULES = Path(os.environ.get("BULLETIN_CLIENTS", ROOT / ".venv-clients"))
PICTURES = os.environ.get("BULLETIN_PICTURES", "")
"""Folder that keeps the screenshots of a run, for people."""


def run_in_chromium(script: Path, *arguments: str, pictures: Path, timeout_s: float = 300) -> dict[str, Any]:
    """
    Run `script` with node: ADDRESS…, pictures, modules, chromium; return the JSON that it prints.

    `pictures` is used where BULLETIN_PICTURES names no folder.
    """
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    node = shutil.which("node")
    if not chromium or not node or not (MODULES / "node_modules" / "playwright-core").is_dir():
        pytest.skip("needs Chromium, node, playwright-core and axe-core: run .ci/tools")
    done = subprocess.run(
        [node, str(script), *arguments, PICTURES or str(pictures), str(MODULES), chromium],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=timeout_s,
        check=False,
    )
    assert done.returncode == 0, done.stderr + done.stdout[-2000:]
    report: dict[str, Any] = json.loads(done.stdout)
    return report
