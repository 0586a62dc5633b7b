"""Simulated clock, and a thread whose job sleeps by it: a day passes in seconds."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

Job = Callable[[], None]


class SimulatedClock:
    """A clock that stands still until it is turned. It runs one job at a time, and stops while the job is awake."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._changed = threading.Condition()
        self._jobs: deque[Job] = deque()
        """The first of them runs."""
        self._wakes_at: datetime | None = None
        """When the running job wakes; None: it is awake."""

    def __call__(self) -> datetime:
        return self._now

    @property
    def is_idle(self) -> bool:
        """Whether no job runs or waits."""
        return not self._jobs

    def submit(self, job: Job) -> None:
        """Run a job, after those before it; return when the running one sleeps or none is left."""
        with self._changed:
            self._jobs.append(job)
            if len(self._jobs) == 1:
                self._start_first()
            self._settle()

    def sleep(self, seconds: float) -> None:
        """Sleep by this clock; called by jobs only."""
        with self._changed:
            self._wakes_at = self._now + timedelta(seconds=seconds)
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._wakes_at is None)

    def turn(self, until: datetime) -> None:
        """Advance to `until`, and stop at every moment at which a job wakes."""
        with self._changed:
            while self._wakes_at and self._wakes_at <= until:
                self._now, self._wakes_at = self._wakes_at, None
                self._changed.notify_all()
                self._settle()
            self._now = until

    def _settle(self) -> None:
        self._changed.wait_for(lambda: not self._jobs or self._wakes_at is not None)

    def _start_first(self) -> None:
        threading.Thread(target=self._run, args=(self._jobs[0],), daemon=True).start()

    def _run(self, job: Job) -> None:
        try:
            job()
        finally:
            with self._changed:
                self._jobs.popleft()
                if self._jobs:
                    self._start_first()
                self._changed.notify_all()
