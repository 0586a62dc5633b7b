"""A run's stages and how long each takes, for whoever watches."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

Result = TypeVar("Result")


class Listener(Protocol):
    """Hears how a run goes on; the terminal's progress is one."""

    def begin(self, stage: str) -> None: ...

    def progress(self, done: int, total: int, what: str) -> None: ...

    def end(self, stage: str, seconds: float, summary: str) -> None: ...


class Silent:
    """A listener that says nothing."""

    def begin(self, stage: str) -> None:
        """Say nothing."""

    def progress(self, done: int, total: int, what: str) -> None:
        """Say nothing."""

    def end(self, stage: str, seconds: float, summary: str) -> None:
        """Say nothing."""


@dataclass(slots=True)
class Watch:
    """Times stages, one after another."""

    listener: Listener
    seconds: dict[str, float] = field(default_factory=dict)

    def run(self, stage: str, work: Callable[[], Result], tell: Callable[[Result], str]) -> Result:
        """Do a stage's work; the listener hears its summary when it has ended well."""
        self.listener.begin(stage)
        began = time.perf_counter()
        result = work()
        self.seconds[stage] = time.perf_counter() - began
        self.listener.end(stage, self.seconds[stage], tell(result))
        return result
