"""Results of the rows in one file, each with its command, moment, code and machine."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Mapping
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from bench.performance.measure_row import Rounds

RESULTS = Path(__file__).parent / "measured.json"
PACKAGES = ("numpy", "hibari-tts", "lameenc", "feedparser", "lxml", "trafilatura", "spacy", "httpx2")
Results = dict[str, Any]
GROUP = "group"
"""Key of the groups' results, which `python -m bench.group` writes."""


def read_results(path: Path = RESULTS) -> Results:
    """Every row that was measured; empty before the first."""
    results: Results = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return results


def keep_result(
    key: str, rounds: Rounds, *, load: tuple[float, float], now: datetime, path: Path = RESULTS
) -> None:
    """Put a row's figures in the place of its last ones; `load` is the machine's before and after."""
    results = read_results(path)
    command = f"python -m bench.performance --only {key} --runs {len(rounds)}"
    results[key] = _circumstances(command, load, now) | {
        "rounds": [
            {way: {name: round(value, 5) for name, value in figures.items()} for way, figures in ways.items()}
            for ways in rounds
        ],
    }
    _write(results, path)


def keep_group(
    command: str,
    figures: Mapping[str, Any],
    *,
    load: tuple[float, float],
    now: datetime,
    path: Path = RESULTS,
) -> None:
    """Put the figures of a group in the place of the last ones of the same command."""
    results = read_results(path)
    results.setdefault(GROUP, {})[command] = _circumstances(command, load, now) | {"figures": dict(figures)}
    _write(results, path)


def _circumstances(command: str, load: tuple[float, float], now: datetime) -> Results:
    return {
        "command": command,
        "date": f"{now:%Y-%m-%d %H:%M}",
        "commit": _commit(),
        "machine": _machine(),
        "load": [round(value, 1) for value in load],
        "versions": _versions(),
    }


def _write(results: Results, path: Path) -> None:
    text = json.dumps(dict(sorted(results.items())), indent=1, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")


def load_average() -> float:
    """Processes that want a processor, over the last minute."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0


def _commit() -> str:
    """Abbreviated commit of the checkout, with "+" if it has changes; empty outside of git."""
    folder = Path(__file__).parent
    try:
        head = subprocess.check_output(["git", "rev-parse", "--short=8", "HEAD"], cwd=folder, text=True)
        changed = subprocess.check_output(
            ["git", "status", "--porcelain", "--untracked-files=no", "--", "../../bulletin"],
            cwd=folder,
            text=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return head.strip() + ("+" if changed else "")


def _machine() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
        name = next(line.partition(":")[2].strip() for line in text.splitlines() if "model name" in line)
    except (OSError, StopIteration):
        name = platform.machine()
    return f"{os.cpu_count()} cores of {name}"


def _versions() -> dict[str, str]:
    found = {"Python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
