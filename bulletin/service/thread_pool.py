"""Thread pool of the service: a few daemon threads, which never keep the program from ending."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable

log = logging.getLogger(__name__)

Job = Callable[[], None]

STUCK_S = 15 * 60.0
"""A job that takes longer is stuck, and its thread is no longer counted."""


class ThreadPool:
    """
    Runs jobs in order, `size` of them at the same time; an error of a job is only logged.

    A job that hangs cannot be stopped; after `stuck_s` seconds the next one takes its place.
    """

    def __init__(self, size: int, *, stuck_s: float = STUCK_S) -> None:
        self.size = size
        self._stuck_s = stuck_s
        self._waiting: deque[Job] = deque()
        self._begun: dict[threading.Thread, float] = {}
        self._changed = threading.Condition()

    def submit(self, job: Job) -> None:
        """Run a job as soon as a thread is free."""
        with self._changed:
            self._waiting.append(job)
            self._start_jobs()

    def finish(self, *, within_s: float) -> bool:
        """Wait until all jobs are done. False: the time was over first."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._waiting and not self._begun, within_s)

    def _start_jobs(self) -> None:
        """Start a thread for each job whose turn it is; the caller holds the lock."""
        now = time.monotonic()
        at_work = sum(now - begun < self._stuck_s for begun in self._begun.values())
        while self._waiting and at_work < self.size:
            at_work += 1
            thread = threading.Thread(target=self._run, args=(self._waiting.popleft(),), daemon=True)
            self._begun[thread] = now
            thread.start()

    def _run(self, job: Job) -> None:
        try:
            job()
        except BaseException:
            log.exception("job of the service failed, others go on; please report this mistake in Bulletin")
        finally:
            with self._changed:
                del self._begun[threading.current_thread()]
                self._start_jobs()
                self._changed.notify_all()
