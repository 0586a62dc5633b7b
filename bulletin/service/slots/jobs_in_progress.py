"""Slots in progress: begun by the reconciler, ended by the threads of the pool."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

SlotKey = tuple[str, datetime]
"""Station and due time."""


class JobsInProgress:
    """
    The slots that a thread works on.

    A job ends in two steps, its row in the ledger and its removal from here. `ending` is held for both, and while the
    reconciler renews a lease: between the two steps a free slot would look like one in progress.
    """

    def __init__(self) -> None:
        self.ending = threading.RLock()
        self._begun_at: dict[SlotKey, datetime] = {}

    def __bool__(self) -> bool:
        return bool(self._begun_at)

    def begin(self, key: SlotKey, now: datetime) -> None:
        self._begun_at[key] = now

    def begun_at(self, key: SlotKey) -> datetime | None:
        """None: no job works on the slot."""
        return self._begun_at.get(key)

    def give_up(self, key: SlotKey) -> None:
        """Forget a stuck job; its result no longer counts."""
        self._begun_at.pop(key, None)

    def slots_of(self, station: str) -> tuple[datetime, ...]:
        """Due times of one station; safe in any thread."""
        return tuple(due for name, due in tuple(self._begun_at) if name == station)

    @contextmanager
    def end(self, key: SlotKey, *, begun: datetime) -> Iterator[None]:
        """Record the end of a job within; removes it, unless it was given up or begun anew meanwhile."""
        with self.ending:
            try:
                yield
            finally:
                if self._begun_at.get(key) == begun:
                    del self._begun_at[key]
