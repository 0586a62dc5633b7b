"""One case of `bench.edit_sequences`: its station, the journal of each editor, and processes that may be killed."""

from __future__ import annotations

import json
import os
import random
import signal
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bulletin.config.load_profile import LoadedProfile, load_profile
from tests.support.factories import NOW
from tests.support.newsroom_desk import HOUR

DUE = NOW + HOUR
EDITORS = ("ann", "ben")
KILLED_SHARE = 0.5
"""Share of processes that are killed."""
_LONGEST_S = {"edit": 0.6, "preview": 0.6, "make": 1.5}
"""Longest time until a kill, by the work of the process."""
CHANGES = (
    ("six weeks", "nine weeks"),
    ("two of its arches", "three of its arches"),
    ("seven votes", "nine votes"),
)
"""Changes of sources: a sentence in other words, of which an edit may know the first."""


@dataclass(slots=True)
class Case:
    """One station, its journal and its faults."""

    number: int
    rng: random.Random
    folder: Path
    approval: str
    faults: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def output(self) -> Path:
        return self.folder / "out"

    @property
    def loaded(self) -> LoadedProfile:
        return load_profile(str(self.folder / "hill.toml"))

    def fault(self, text: str) -> None:
        self.faults.append(text)


class Journal:
    """Requests of one editor and their answers, written before the process can be killed."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, **line: Any) -> None:
        number = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(number, (json.dumps(line) + "\n").encode())
        os.close(number)

    def lines(self) -> list[dict[str, Any]]:
        if not self.path.exists():
            return []
        return [json.loads(line) for line in self.path.read_text().splitlines()]

    def unanswered(self) -> list[dict[str, Any]]:
        """Requests without an answer, as the editor's browser sends them again."""
        lines = self.lines()
        answered = {line["key"] for line in lines if line["state"] != "begun"}
        return [line for line in lines if line["state"] == "begun" and line["key"] not in answered]


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A process of a case."""

    pid: int
    log: Path
    kill_at: float | None
    """Moment of its SIGKILL on the monotonic clock; None: it ends by itself."""


def start(work: Callable[[], None], *, log: Path, kill_after_s: float | None = None) -> Child:
    """Do the work in a process of its own, which `wait` kills after a time."""
    pid = os.fork()
    if pid:
        return Child(
            pid=pid, log=log, kill_at=time.monotonic() + kill_after_s if kill_after_s is not None else None
        )
    code = 0
    try:
        work()
    except BaseException:  # noqa: BLE001 - the child reports everything, and never returns
        code = 1
        log.write_text(traceback.format_exc())
    os._exit(code)


def wait(case: Case, children: Sequence[Child]) -> list[bool]:
    """Wait for processes, and kill those whose time has come; whether each ended by itself."""
    ended: dict[int, bool] = {}
    while len(ended) < len(children):
        for child in children:
            if child.pid in ended:
                continue
            pid, status = os.waitpid(child.pid, os.WNOHANG)
            if pid:
                ended[pid] = not os.WIFSIGNALED(status)
                case.counts["processes" if ended[pid] else "killed processes"] += 1
                if ended[pid] and os.WEXITSTATUS(status):
                    case.fault(
                        f"a process failed:\n{child.log.read_text() if child.log.exists() else status}"
                    )
            elif child.kill_at is not None and time.monotonic() >= child.kill_at:
                with suppress(ProcessLookupError):
                    os.kill(child.pid, signal.SIGKILL)
        time.sleep(0.002)
    return [ended[child.pid] for child in children]


def killing(case: Case, work: str) -> float | None:
    """Seconds until the kill of the next process; None: it is not killed."""
    return case.rng.uniform(0, _LONGEST_S[work]) if case.rng.random() < KILLED_SHARE else None
