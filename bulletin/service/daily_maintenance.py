"""What is done once a day, whether bulletins come about or not: old sound, speech and rows go by policy."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bulletin.errors import BulletinError
from bulletin.service.service_ports import SlotWorker, Submit

log = logging.getLogger(__name__)

EVERY = timedelta(days=1)
AGAIN = timedelta(hours=1)
"""After one that failed: a disk that cannot be tidied now may be in an hour."""
QUIET = timedelta(minutes=5)
"""No slot of any station may be so near: looking through thousands of files takes a hand for a while."""
OVERDUE = timedelta(hours=6)
"""A process that is on air every few minutes is never quiet; then it is done all the same."""
STUCK = timedelta(hours=1)


@dataclass(slots=True, kw_only=True)
class DailyMaintenance:
    """
    One station after another, each once a day, at a moment when nothing is due.

    After a good bulletin the limits are kept anyway; a station whose bulletins fail must not fill its disk.
    """

    submit: Submit
    failed: Callable[[str, str, BaseException], None]
    """Station, "upkeep", error."""
    now: Callable[[], datetime]
    _due: dict[str, datetime] = field(default_factory=dict)
    _begun: datetime | None = None
    """When the one that is at work began."""

    def look(self, workers: Sequence[SlotWorker], *, is_idle: bool) -> None:
        """
        With every tick; nearly always there is nothing to do. Raises nothing.

        `is_idle`: no bulletin and no stand-by is being made.
        """
        now = self.now()
        if self._begun and timedelta(0) <= now - self._begun < STUCK:
            return
        try:
            due = [worker for worker in workers if now >= self._due_of(worker.id, now)]
            if not due:
                return
            worker = min(due, key=lambda one: self._due[one.id])
            if now >= self._due[worker.id] + OVERDUE or (is_idle and _is_quiet(workers, now)):
                self._begun, self._due[worker.id] = now, now + EVERY
                self.submit(lambda: self._tidy(worker, now))
        except Exception as error:
            log.exception("upkeep: look failed")
            self.failed("", "upkeep", error)

    def _due_of(self, station: str, now: datetime) -> datetime:
        """At once for a station that is new here, or when the clock was set back."""
        due = self._due.get(station, now)
        self._due[station] = due = now if due - now > EVERY else due
        return due

    def _tidy(self, worker: SlotWorker, begun: datetime) -> None:
        try:
            worker.tidy()
            log.info("limits kept: station=%s", worker.id)
        except (BulletinError, OSError) as error:
            log.warning("limits not kept, trying again in an hour: station=%s: %s", worker.id, error)
            self._failed(worker.id, error)
        except Exception as error:
            log.exception("limits not kept, trying again in an hour: station=%s", worker.id)
            self._failed(worker.id, error)
        finally:
            if self._begun == begun:
                self._begun = None

    def _failed(self, station: str, error: Exception) -> None:
        self._due[station] = self.now() + AGAIN
        self.failed(station, "upkeep", error)


def _is_quiet(workers: Sequence[SlotWorker], now: datetime) -> bool:
    """Whether nothing has to be begun soon, nor may still be late."""
    return not any(
        worker.slots(since=now - worker.grace, until=now + worker.lead() + worker.margin + QUIET)
        for worker in workers
    )
