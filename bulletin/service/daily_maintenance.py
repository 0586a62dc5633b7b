"""Daily maintenance: old files, speech and rows are deleted by the profile's limits, with or without new bulletins."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bulletin.errors import BulletinError
from bulletin.service.worker_base_classes import GRACE, SlotWorker, Submit

log = logging.getLogger(__name__)

EVERY = timedelta(days=1)
AGAIN = timedelta(hours=1)
"""Pause after a failure: a disk that cannot be tidied now may be in an hour."""
QUIET = timedelta(minutes=5)
"""The least time to a slot of any station: listing thousands of files occupies a thread for a while."""
OVERDUE = timedelta(hours=6)
"""A process with a slot every few minutes is never quiet; after this time it runs all the same."""
STUCK = timedelta(hours=1)


@dataclass(slots=True, kw_only=True)
class DailyMaintenance:
    """
    One station after another, each once a day, at a moment when nothing is due.

    A good bulletin applies the limits too, but a station whose bulletins fail must not fill its disk either.
    """

    submit: Submit
    failed: Callable[[str, str, BaseException], None]
    """Station, "upkeep", error."""
    now: Callable[[], datetime]
    _due: dict[str, datetime] = field(default_factory=dict)
    _begun: datetime | None = None
    """Start of the running maintenance."""

    def run_due(self, workers: Sequence[SlotWorker], *, is_idle: bool) -> None:
        """
        With every round: begin the maintenance of a station that is due. Raises nothing.

        `is_idle`: no bulletin and no stand-by is being made.
        """
        now = self.now()
        if self._begun and timedelta(0) <= now - self._begun < STUCK:
            return
        for worker in workers:  # a station that is new is due now, and so are all when the clock was set back
            if self._due.get(worker.id, now) - now > EVERY:
                self._due[worker.id] = now
            self._due.setdefault(worker.id, now)
        try:
            worker = min(workers, key=lambda worker: self._due[worker.id])
            late = now - self._due[worker.id]
            if late >= OVERDUE or (late >= timedelta(0) and is_idle and _is_quiet(workers, now)):
                self._begun, self._due[worker.id] = now, now + EVERY
                self.submit(lambda: self._tidy(worker, now))
        except Exception as error:
            log.exception("daily maintenance failed")
            self.failed("", "upkeep", error)

    def _tidy(self, worker: SlotWorker, begun: datetime) -> None:
        try:
            worker.tidy()
            log.info("old files deleted, as set in [keep]: station=%s", worker.id)
        except Exception as error:
            is_known = isinstance(error, BulletinError | OSError)
            text = "old files and records not deleted, trying again in an hour: station=%s: %s"
            log.error(text, worker.id, error, exc_info=not is_known)
            self._due[worker.id] = self.now() + AGAIN
            self.failed(worker.id, "upkeep", error)
        finally:
            if self._begun == begun:
                self._begun = None


def _is_quiet(workers: Sequence[SlotWorker], now: datetime) -> bool:
    """Whether no station has a slot that begins soon or is still within its grace."""
    return not any(
        worker.slots(since=now - GRACE, until=now + worker.lead() + worker.margin + QUIET)
        for worker in workers
    )
