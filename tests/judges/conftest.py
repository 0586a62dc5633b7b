"""Judges beside the checkout; `.ci/judges` makes their separate environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
PYTHON = Path(os.environ.get("BULLETIN_JUDGES", ROOT / ".venv-judges" / "bin" / "python"))


@pytest.fixture(scope="session")
def shared() -> Path:
    if not SHARED.is_dir():
        pytest.skip("the judges' data is not beside this checkout")
    return SHARED


@pytest.fixture(scope="session")
def judge(shared: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run a judge's script: judge("script/eval.py", "--messy", ...)."""
    if not PYTHON.is_file():
        pytest.skip("the judges' environment is not there; `.ci/judges` makes it")

    def run(script: str, *args: str | Path) -> subprocess.CompletedProcess[str]:
        command = [str(PYTHON), str(shared / "tools" / script), *map(str, args)]
        return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)

    return run


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Output of `bulletin make demo --json` for a bulletin read by the embedded voice."""
    output = tmp_path_factory.mktemp("demo")
    return make("demo", output, "--voice", "hibari", "--at", "07:00")


def make(station: str | Path, output: Path, *options: str) -> dict[str, Any]:
    """Make a bulletin by the command line; its JSON output."""
    done = subprocess.run(
        [sys.executable, "-m", "bulletin", "make", str(station), "--output", str(output), "--json", *options],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    data: dict[str, Any] = json.loads(done.stdout)
    return data
