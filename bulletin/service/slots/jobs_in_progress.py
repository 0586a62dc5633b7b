"""What is being made, and since when: begun by the tick, ended by the threads that work."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

SlotKey = tuple[str, datetime]
"""Station and slot."""


class JobsInProgress:
    """
    The slots on which somebody works.

    Work ends in two steps, a word in the ledger and its going from here; `ending` is held for both, and by
    whoever keeps a slot for the one who works on it: between them a slot that is free again looked like one in hand.
    """

    def __init__(self) -> None:
        self.ending = threading.RLock()
        self._since: dict[SlotKey, datetime] = {}

    def __bool__(self) -> bool:
        return bool(self._since)

    def begin(self, own: SlotKey, now: datetime) -> None:
        """Somebody works on it from now on."""
        self._since[own] = now

    def since(self, own: SlotKey) -> datetime | None:
        """None: nobody works on it."""
        return self._since.get(own)

    def give_up(self, own: SlotKey) -> None:
        """Whoever works on it does so for nobody."""
        self._since.pop(own, None)

    def of(self, station: str) -> tuple[datetime, ...]:
        """The slots of one station; asked by any thread."""
        return tuple(due for name, due in tuple(self._since) if name == station)

    @contextmanager
    def ends(self, own: SlotKey, *, begun: datetime) -> Iterator[None]:
        """What is written down of its end, if it was not given up, or begun anew, meanwhile."""
        with self.ending:
            try:
                yield
            finally:
                if self._since.get(own) == begun:
                    del self._since[own]
