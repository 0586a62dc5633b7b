"""Bulletins between slots, for a pull or a breaking story: one at a time for each station; slots go first."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bulletin.errors import ArchiveError, BulletinError
from bulletin.model import Slot
from bulletin.service.station_worker import StationWorker
from bulletin.service.worker_base_classes import Submit, is_recent

log = logging.getLogger(__name__)

BUDGET_S = 90.0
"""The longest run on demand."""
ROOM = 1.5
"""Times the usual run: with less time to the next slot, no run is begun."""
AGAIN = timedelta(minutes=5)
"""Pause between two runs on demand: a public address must not keep a station's computer busy."""
STUCK = timedelta(minutes=15)
BREAKING_S = 45.0
"""The longest run with a breaking story, so that it is on air within a minute."""
BREAK_AGAIN, BREAK_TRIES = timedelta(minutes=2), 3
"""Pause after a failed run, and number of runs; after them the next slot's bulletin carries the story."""


@dataclass(slots=True, kw_only=True)
class OnDemandBulletins:
    """Decides when a bulletin between slots is made, and has it made."""

    workers: Callable[[], Sequence[StationWorker]]
    is_working: Callable[[str], bool]
    """Whether a slot of that station is being made."""
    submit: Submit
    now: Callable[[], datetime]
    is_open: Callable[[str, datetime], bool] = lambda station, due: True
    """Whether a coming slot still needs its bulletin."""
    _breaking: dict[str, tuple[datetime, int, datetime]] = field(default_factory=dict)
    """By station: when its breaking story came, the number of runs for it, and when the last began."""
    _begun: dict[str, datetime] = field(default_factory=dict)
    _tried: dict[str, datetime] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def is_coming(self, station: str) -> bool:
        """Whether a bulletin is being made, for a slot or on demand, so that a request may wait for it."""
        begun = self._begun.get(station)
        return self.is_working(station) or (begun is not None and self.now() - begun < STUCK)

    def request(self, station: str) -> bool:
        """Begin a run if there is time and none is under way; True where a bulletin is coming."""
        with self._lock:
            if self.is_coming(station):
                return True
            now = self.now()
            worker = next((worker for worker in self.workers() if worker.id == station), None)
            is_tried = is_recent(self._tried.get(station), now=now, within=AGAIN)
            if worker is None or not worker.makes_between_slots or is_tried:
                return False
            within_s = self._time_for(worker, now, most_s=BUDGET_S)
            if not within_s:
                # a slot whose work begins before a run could end brings the fresh bulletin itself
                until = now + timedelta(seconds=ROOM * BUDGET_S) + worker.lead() + worker.margin
                return any(self._open_slots(worker, now, until=until))
            self._begun[station] = self._tried[station] = now
        self.submit(lambda: self._make(worker, within_s=within_s))
        return True

    def begin(self, station: str) -> float:
        """
        Seconds for a run that the caller makes itself, now, and ends with `end`; 0: one is under way, or a slot is near.

        An editor asks for it, so it is not throttled; a pull request that comes meanwhile waits for it.
        """
        with self._lock:
            within_s = 0.0 if self.is_coming(station) else self.time_for(station, most_s=BUDGET_S)
            if within_s:
                self._begun[station] = self.now()
            return within_s

    def end(self, station: str) -> None:
        """End a run that `begin` began."""
        with self._lock:
            self._begun.pop(station, None)
            self._tried[station] = self.now()

    def time_for(self, station: str, *, most_s: float) -> float:
        """Seconds for other work on a station, `most_s` at most; 0 where a slot of any station is too near."""
        worker = next((worker for worker in self.workers() if worker.id == station), None)
        return self._time_for(worker, self.now(), most_s=most_s) if worker else 0.0

    def make_breaking(self) -> None:
        """
        With every round: begin a run for each breaking story that has come since. Raises nothing.

        Near a slot the slot's bulletin carries the story; a run that began before the story is followed by another.
        """
        for worker in self.workers():
            try:
                self._make_breaking(worker, self.now())
            except ArchiveError as error:  # the reconciler reports it
                log.debug("breaking stories cannot be read: station=%s: %s", worker.id, error)
            except Exception:  # the clock goes on
                log.exception("breaking stories: check failed: station=%s", worker.id)

    def _make_breaking(self, worker: StationWorker, now: datetime) -> None:
        since = worker.unaired_since(now) if worker.makes_between_slots else None
        if since is None:
            return
        with self._lock:
            came, count, last = self._breaking.get(worker.id, (since, 0, None))
            if came != since:
                count, last = 0, None
            waits = is_recent(last, now=now, within=BREAK_AGAIN)
            if waits or count == BREAK_TRIES or self.is_coming(worker.id):
                return
            within_s = self._time_for(worker, now, most_s=BREAKING_S)
            if not within_s:
                return
            self._breaking[worker.id] = since, count + 1, now
            self._begun[worker.id] = now
        log.info("breaking story: a bulletin is made between slots: station=%s", worker.id)
        self.submit(lambda: self._make(worker, within_s=within_s))

    def _time_for(self, worker: StationWorker, now: datetime, *, most_s: float) -> float:
        """
        Seconds for a run, `most_s` at most; 0 where there is not enough time before a slot.

        Slots go first: no station's slot may wait for a thread that works on demand.
        """
        enough_s = ROOM * min(most_s, worker.usual_time().total_seconds())
        free_s = ROOM * most_s
        for other in self.workers():
            ahead = other.lead() + other.margin
            for slot in self._open_slots(other, now, until=now + timedelta(seconds=free_s) + ahead):
                free_s = min(free_s, (slot.due - ahead - now).total_seconds())
        return min(most_s, free_s) if free_s >= enough_s else 0.0

    def _open_slots(self, worker: StationWorker, now: datetime, *, until: datetime) -> Iterator[Slot]:
        return (slot for slot in worker.slots(since=now, until=until) if self.is_open(worker.id, slot.due))

    def _make(self, worker: StationWorker, *, within_s: float) -> None:
        try:
            worker.make_now(within_s=within_s)
        except BulletinError as error:
            log.warning("no bulletin made on demand: station=%s: %s", worker.id, error)
        finally:
            self.end(worker.id)
