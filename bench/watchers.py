"""Observers of a service under attack: they request its health and its files, and read its processes (Linux)."""

from __future__ import annotations

import http.client
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

_PATIENCE_S = 5.0
"""Longest time for an answer of /healthz."""


@dataclass(slots=True)
class Asked:
    """What became of requests that were asked again and again."""

    answers: Counter[object] = field(default_factory=Counter)
    """Status codes, and names of errors."""
    slowest_s: float = 0.0

    @property
    def share(self) -> float:
        """Of those that were answered with 200."""
        return self.answers[200] / max(1, self.answers.total())


def ask(port: int, path: str, *, patience_s: float = _PATIENCE_S) -> tuple[object, float]:
    """The status, or the name of the error, and how long it took."""
    began = time.monotonic()
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=patience_s)
    try:
        line.request("GET", path)
        answer = line.getresponse()
        answer.read()
        return answer.status, time.monotonic() - began
    except (OSError, http.client.HTTPException) as error:
        return type(error).__name__, time.monotonic() - began
    finally:
        line.close()


class Watch:
    """Asks, and looks at the processes, once a second."""

    def __init__(self, folder: Path, pid: int, *, public: int, health: int) -> None:
        self.health, self.public, self.pull = Asked(), Asked(), Asked()
        self.most: dict[str, int] = {}
        self._folder, self._pid = folder, pid
        self._over = threading.Event()
        jobs: list[tuple[Callable[[], None], float]] = [
            (lambda: self._ask(self.health, health, "/healthz"), 1.0),
            (lambda: self._ask(self.public, public, "/valley/fm.json"), 1.0),
            (lambda: self._ask(self.pull, health, "/stations/valley/bulletin.wav", patience_s=30.0), 10.0),
            (self._look, 1.0),
        ]
        self._threads = [threading.Thread(target=self._repeat, args=job, daemon=True) for job in jobs]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _repeat(self, job: Callable[[], None], every_s: float) -> None:
        while not self._over.wait(every_s):
            job()

    def _ask(self, asked: Asked, port: int, path: str, patience_s: float = _PATIENCE_S) -> None:
        answer, took_s = ask(port, path, patience_s=patience_s)
        asked.answers[answer] += 1
        asked.slowest_s = max(asked.slowest_s, took_s)

    def _look(self) -> None:
        for name, pid in (("clock", self._pid), ("public", child_of(self._pid))):
            with suppress(OSError, ValueError):
                open_files = len(list(Path(f"/proc/{pid}/fd").iterdir()))
                status = Path(f"/proc/{pid}/status").read_text()
                resident = int(status.partition("VmRSS:")[2].split()[0])
                for what, count in (("descriptors", open_files), ("kB", resident)):
                    self.most[f"{name} {what}"] = max(count, self.most.get(f"{name} {what}", 0))


def child_of(pid: int) -> int:
    """The public server of a service; 0 while there is none (Linux)."""
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            with suppress(OSError):
                if b"server_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                    return int(child)
    return 0
