"""A clock that is turned by hand, and people who work by it: a day passes in seconds."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

Work = Callable[[], None]


class SimulatedClock:
    """
    Stands still until it is turned; whoever sleeps by it wakes at his moment, and it waits for him.

    `parallel` pieces of work are done at the same time, each in a thread, the others wait for their turn.
    """

    def __init__(self, now: datetime, *, parallel: int = 1) -> None:
        self._now = now
        self._parallel = parallel
        self._changed = threading.Condition()
        self._waiting: deque[Work] = deque()
        self._at_work = 0
        self._awake = 0
        """Those at work who do not sleep: while there are any, the clock stands."""
        self._sleepers: list[datetime] = []

    def __call__(self) -> datetime:
        return self._now

    @property
    def is_idle(self) -> bool:
        """Nobody works or waits."""
        return not self._at_work

    def submit(self, work: Work) -> None:
        """Have a piece of work done."""
        with self._changed:
            self._waiting.append(work)
            self._hand_out()
            self._settle()

    def sleep(self, seconds: float) -> None:
        """Let the clock be turned on; called by work only."""
        with self._changed:
            wakes = self._now + timedelta(seconds=seconds)
            self._sleepers.append(wakes)
            self._awake -= 1
            self._changed.notify_all()
            self._changed.wait_for(lambda: wakes not in self._sleepers)

    def turn(self, until: datetime) -> None:
        """Turn it on, through every moment at which somebody wakes."""
        with self._changed:
            while self._sleepers and min(self._sleepers) <= until:
                self._now = min(self._sleepers)
                self._awake += self._sleepers.count(self._now)
                self._sleepers = [wakes for wakes in self._sleepers if wakes != self._now]
                self._changed.notify_all()
                self._settle()
            self._now = until

    def _settle(self) -> None:
        """Until everybody sleeps or has gone home."""
        self._changed.wait_for(lambda: not self._awake)

    def _hand_out(self) -> None:
        while self._waiting and self._at_work < self._parallel:
            self._at_work += 1
            self._awake += 1
            threading.Thread(target=self._do, args=(self._waiting.popleft(),), daemon=True).start()

    def _do(self, work: Work) -> None:
        try:
            work()
        finally:
            with self._changed:
                self._at_work -= 1
                self._awake -= 1
                self._hand_out()
                self._changed.notify_all()
