"""Podcast clients and web servers, each with its own home folder; a missing program skips the test."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.diagnostics.remote.conftest import published

ROOT = Path(__file__).parents[2]
NODE_MODULES = ROOT / ".venv-clients" / "node_modules"
"""Folder of npm packages that .ci/tools installs."""

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """
    Two published bulletins behind our own server: address and folder.

    They are new, because the clients compare them with the real clock.
    """
    with published(
        tmp_path_factory.mktemp("published"), bulletins=2, now=datetime.now(UTC)
    ) as address_and_folder:
        yield address_and_folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Home folder of a client."""
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def run(home: Path) -> Run:
    """Run a client to its end: run("gpo", "update", GPODDER_HOME="...")."""

    def run_client(program: str, *args: str, **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [find(program), *args],
            env=environment(home) | env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
            timeout=120,
        )

    return run_client


def find(program: str) -> str:
    """Path of an installed program; without it the test is skipped."""
    path = shutil.which(program)
    if path is None:
        pytest.skip(f"{program} is not installed here; .ci/tools installs it from Debian")
    return path


def environment(home: Path) -> dict[str, str]:
    """Environment of a client: no desktop session, no proxy, no colours."""
    kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    return kept | {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "NO_COLOR": "1",
        "TERM": "xterm",
        "DBUS_SESSION_BUS_ADDRESS": "disabled:",
    }
