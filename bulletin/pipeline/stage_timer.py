"""Stage of a run -> its duration in seconds, reported to a Listener."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

Result = TypeVar("Result")


class Listener:
    """Progress of a run: stages and the steps within one. Shows nothing; the terminal's progress bar is one that does."""

    def begin(self, stage: str) -> None:
        """Show nothing."""

    def progress(self, done: int, total: int, what: str) -> None:
        """Show nothing."""

    def end(self, stage: str, seconds: float, summary: str) -> None:
        """Show nothing."""


SILENT = Listener()


@dataclass(slots=True, kw_only=True)
class StageTimer:
    """Times stages, one after another."""

    listener: Listener = SILENT
    seconds: dict[str, float] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    """A summary of each stage, for the log."""

    def run(self, stage: str, work: Callable[[], Result], summarize: Callable[[Result], str]) -> Result:
        """Do a stage's work; the listener gets its summary when it has succeeded."""
        self.listener.begin(stage)
        began = time.perf_counter()
        result = work()
        seconds = self.seconds[stage] = time.perf_counter() - began
        summary = summarize(result)
        self.lines.append(f"{stage}: {summary} ({seconds:.1f} s)")
        self.listener.end(stage, seconds, summary)
        return result

    def shift(self, source: str, target: str, seconds: float) -> None:
        """Count `seconds` of one stage to another one."""
        self.seconds[source] -= seconds
        self.seconds[target] += seconds
