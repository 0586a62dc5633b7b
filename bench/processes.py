"""Tools to compare -> CPU seconds and memory of each in a new process."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

# No import of our modules here: a process begins with the memory of its parent.

NOTED = "noted.json"
"""File in which a way notes figures of its own; `cpu_s` there replaces that of the whole process."""

QUICK = "quick"
"""File in a folder that asks its ways for a tiny sample."""


def bytecode_environment(folder: Path) -> dict[str, str]:
    """
    This environment, with Python's bytecode cache in `folder`.

    As installed programs have it: some containers and test machines forbid it, and then every process
    compiles every module anew, for half a second.
    """
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return environ | {"PYTHONPYCACHEPREFIX": str(folder / "bytecode")}


def measure_process(module: str, way: str, folder: Path, environ: Mapping[str, str]) -> dict[str, float]:
    """
    Figures of `python -m module way folder` and all processes that it starts.

    `cpu_s`: user and system seconds; `memory_mb`: the most of one process; `wall_s`; and what the way noted.
    """
    (folder / NOTED).unlink(missing_ok=True)
    arguments = [sys.executable, "-m", module, way, str(folder)]
    writes = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    outputs = [os.open(folder / name, writes) for name in ("stdout", "stderr")]
    began = time.perf_counter()
    process = os.posix_spawn(
        sys.executable,
        arguments,
        environ,
        file_actions=[(os.POSIX_SPAWN_DUP2, output, number) for number, output in enumerate(outputs, 1)],
    )
    for output in outputs:
        os.close(output)
    _, status, used = os.wait4(process, 0)
    wall_s = time.perf_counter() - began
    if status:
        error = (folder / "stderr").read_text(encoding="utf-8", errors="replace")[-2000:]
        raise SystemExit(f"{' '.join(arguments)} failed:\n{error}")
    unit = 1024**2 if sys.platform == "darwin" else 1024
    figures = {
        "cpu_s": used.ru_utime + used.ru_stime,
        "memory_mb": used.ru_maxrss / unit,
        "wall_s": wall_s,
    }
    noted = folder / NOTED
    return figures | (json.loads(noted.read_text(encoding="utf-8")) if noted.exists() else {})


def note(folder: Path, **figures: float) -> None:
    """Add figures to those of this process."""
    path = folder / NOTED
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    path.write_text(json.dumps(known | figures), encoding="utf-8")


def run_way(ways: Mapping[str, Callable[[Path], object]]) -> None:
    """Main function of a module of ways: `WAY FOLDER` are its arguments."""
    ways[sys.argv[1]](Path(sys.argv[2]))


def watch_stretches() -> list[float]:
    """By how much the speech is bent of each rendition that this process plans from now on."""
    from bulletin.audio.mixing import mix_bulletin

    stretches: list[float] = []
    plan = mix_bulletin.plan_rundown

    def watched(*args: Any, **options: Any) -> Any:
        made = plan(*args, **options)
        stretches.append(made.rundown.pacing.stretch)
        return made

    mix_bulletin.plan_rundown = watched
    return stretches
