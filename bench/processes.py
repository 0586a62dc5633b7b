"""Tools to compare -> CPU seconds and memory of each in a new process."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

# No import of our modules here: a process begins with the memory of its parent.


def bytecode_environment(folder: Path) -> dict[str, str]:
    """
    This environment, with Python's bytecode cache in `folder`.

    As installed programs have it: some containers and test machines forbid it, and then every process
    compiles every module anew, for half a second.
    """
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return environ | {"PYTHONPYCACHEPREFIX": str(folder / "bytecode")}


def cpu_of(module: str, way: str, folder: Path, environ: dict[str, str]) -> tuple[float, float]:
    """User and system seconds of `python -m module way folder` and all it starts, and its most memory in MB."""
    arguments = [sys.executable, "-m", module, way, str(folder)]
    stderr = os.open(folder / "stderr", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    process = os.posix_spawn(
        sys.executable, arguments, environ, file_actions=[(os.POSIX_SPAWN_DUP2, stderr, 2)]
    )
    os.close(stderr)
    _, status, used = os.wait4(process, 0)
    if status:
        raise SystemExit((folder / "stderr").read_text(encoding="utf-8", errors="replace")[-2000:])
    unit = 1024**2 if sys.platform == "darwin" else 1024
    return used.ru_utime + used.ru_stime, used.ru_maxrss / unit


def bending(stretch: float) -> str:
    """In words: whether the speech was made slower or faster, which takes CPU besides."""
    return f"speech bent to {stretch:.4f} of its length" if stretch != 1.0 else "speech not bent"


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
