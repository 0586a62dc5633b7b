"""Stage of a run -> its duration in seconds, reported to a Listener."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

Result = TypeVar("Result")


class Listener(Protocol):
    """Progress of a run: stages and the steps within one; the terminal's progress bar implements it."""

    def begin(self, stage: str) -> None: ...

    def progress(self, done: int, total: int, what: str) -> None: ...

    def end(self, stage: str, seconds: float, summary: str) -> None: ...


class SilentListener:
    """A listener that shows nothing."""

    def begin(self, stage: str) -> None:
        """Show nothing."""

    def progress(self, done: int, total: int, what: str) -> None:
        """Show nothing."""

    def end(self, stage: str, seconds: float, summary: str) -> None:
        """Show nothing."""


@dataclass(slots=True)
class StageTimer:
    """Times stages, one after another."""

    listener: Listener = field(default_factory=SilentListener)
    seconds: dict[str, float] = field(default_factory=dict)

    def run(self, stage: str, work: Callable[[], Result], summarize: Callable[[Result], str]) -> Result:
        """Do a stage's work; the listener gets its summary when it has succeeded."""
        self.listener.begin(stage)
        began = time.perf_counter()
        result = work()
        self.seconds[stage] = time.perf_counter() - began
        self.listener.end(stage, self.seconds[stage], summarize(result))
        return result

    def shift(self, source: str, target: str, seconds: float) -> None:
        """Count `seconds` of one stage to another one."""
        self.seconds[source] -= seconds
        self.seconds[target] += seconds
