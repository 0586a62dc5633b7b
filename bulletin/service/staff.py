"""Who does the work while the clock ticks: a few threads that never keep the program from ending."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from queue import SimpleQueue

log = logging.getLogger(__name__)

Work = Callable[[], None]


class Staff:
    """Takes pieces of work in order; `count` of them at the same time. What a piece raises is only logged."""

    def __init__(self, count: int) -> None:
        self._waiting: SimpleQueue[Work] = SimpleQueue()
        self._open = 0
        self._changed = threading.Condition()
        for number in range(count):
            threading.Thread(target=self._serve, name=f"work-{number}", daemon=True).start()

    def hire(self, work: Work) -> None:
        """Have a piece of work done, as soon as somebody is free."""
        with self._changed:
            self._open += 1
        self._waiting.put(work)

    def finish(self, *, within_s: float) -> bool:
        """Wait until everything is done. False: the time was over first."""
        until = time.monotonic() + within_s
        with self._changed:
            while self._open:
                if not self._changed.wait(max(0.0, until - time.monotonic())) and time.monotonic() >= until:
                    return False
        return True

    def _serve(self) -> None:
        while True:
            work = self._waiting.get()
            try:
                work()
            except BaseException:
                log.exception("a piece of work failed")
            finally:
                with self._changed:
                    self._open -= 1
                    self._changed.notify_all()
