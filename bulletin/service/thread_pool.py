"""Who does the work while the clock ticks: a few threads that never keep the program from ending."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable

log = logging.getLogger(__name__)

Work = Callable[[], None]

STUCK_S = 15 * 60.0
"""Whoever takes longer has got stuck, and does not count among those at work any more."""


class ThreadPool:
    """
    Takes pieces of work in order; `count` of them at the same time. What a piece raises is only logged.

    A piece that does not end cannot be stopped; after `stuck_s` its place is given to the next one.
    """

    def __init__(self, count: int, *, stuck_s: float = STUCK_S) -> None:
        self.count = count
        self._stuck_s = stuck_s
        self._waiting: deque[Work] = deque()
        self._begun: dict[int, float] = {}
        self._numbers = 0
        self._changed = threading.Condition()

    def submit(self, work: Work) -> None:
        """Have a piece of work done, as soon as somebody is free."""
        with self._changed:
            self._waiting.append(work)
            self._hand_out()

    def finish(self, *, within_s: float) -> bool:
        """Wait until everything is done. False: the time was over first."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._waiting and not self._begun, within_s)

    def _hand_out(self) -> None:
        """With the lock in hand: a thread for each piece that has its turn."""
        now = time.monotonic()
        at_work = sum(now - begun < self._stuck_s for begun in self._begun.values())
        while self._waiting and at_work < self.count:
            self._numbers += 1
            at_work += 1
            self._begun[self._numbers] = now
            arguments = self._numbers, self._waiting.popleft()
            threading.Thread(
                target=self._do, args=arguments, name=f"work-{self._numbers}", daemon=True
            ).start()

    def _do(self, number: int, work: Work) -> None:
        try:
            work()
        except BaseException:
            log.exception("a piece of work failed")
        finally:
            with self._changed:
                del self._begun[number]
                self._hand_out()
                self._changed.notify_all()
