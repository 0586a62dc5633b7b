"""Turns for work that keeps a processor busy: as many at a time as there are processors for this process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from bulletin.runtime.processors import usable_processors


class ProcessorTurns:
    """Turns of one kind of work in this process, for all threads."""

    def __init__(self, *, longest_wait_s: float) -> None:
        """After `longest_wait_s` seconds work begins without a turn: one piece that hangs must not stop the others."""
        self._longest_wait_s = longest_wait_s
        self._turns = BoundedSemaphore(usable_processors())

    def limit(self, number: int) -> None:
        """Give so many turns at a time; call it before any work begins."""
        self._turns = BoundedSemaphore(number)

    @contextmanager
    def one(self) -> Iterator[None]:
        """Work within a turn, as soon as one is free."""
        turns = self._turns
        is_mine = turns.acquire(timeout=self._longest_wait_s)
        try:
            yield
        finally:
            if is_mine:
                turns.release()
