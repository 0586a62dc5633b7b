"""Job on a slot: its claim in the ledger, its thread, and the record of its outcome."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from bulletin.errors import ArchiveError, StuckError
from bulletin.model import Slot
from bulletin.service.slots.schedule_standbys import SlotKey, StandbySwaps
from bulletin.service.worker_base_classes import (
    SlotOutcome,
    SlotWorker,
    StepRunner,
    is_recent,
    is_retry_worthwhile,
)

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
"""Renewed with every round; it only has to outlast the longest round."""
STUCK = timedelta(minutes=15)
"""A job that takes longer is given up, and its slot is left to the stand-by."""
_STUCK_TEXT = f"bulletin not ready after {STUCK.seconds // 60} min, the work was given up; restart the service if it happens again"
_UNCLAIMED_AGAIN = timedelta(minutes=1)


@dataclass(slots=True, kw_only=True)
class SlotJobs:
    """The jobs on the slots of all stations, until their outcomes are in the ledger."""

    runner: StepRunner
    swaps: StandbySwaps
    _begun_at: dict[SlotKey, datetime] = field(default_factory=dict)
    """Slots in progress, and when their job began."""
    _ending: threading.RLock = field(default_factory=threading.RLock)
    """
    Held while a job ends and while the reconciler renews a lease. A job ends in two steps, its row in the
    ledger and its removal from `_begun_at`; between them a free slot would look like one in progress.
    """
    _done: dict[SlotKey, tuple[SlotOutcome, datetime]] = field(default_factory=dict)
    """Outcomes, and when they were made, that are not in the ledger yet."""
    _unclaimed: dict[SlotKey, datetime] = field(default_factory=dict)
    """Jobs that were begun without a lease, since the ledger could not be written."""
    first_open: dict[str, datetime] = field(default_factory=dict)
    """By station, the start of the slots that are not done, as far as this service knows."""

    @property
    def is_idle(self) -> bool:
        """Whether no job is in progress."""
        return not self._begun_at

    def is_working(self, station: str) -> bool:
        """Whether a slot's bulletin of that station is being made; safe in any thread."""
        return any(name == station for name, _ in tuple(self._begun_at))

    def unrecorded(self, station: str) -> list[datetime]:
        """The station's slots in progress, and those whose outcome is not in the ledger yet."""
        keys = (*tuple(self._begun_at), *tuple(self._done))
        return [due for name, due in keys if name == station]

    def follow(self, worker: SlotWorker, due: datetime, now: datetime, *, over: datetime) -> bool:
        """
        Renew the lease of a job, record its outcome, or give it up when it hangs; False where the slot has no job.

        `over` is the moment before which slots are over. Raises ArchiveError.
        """
        key = worker.id, due
        with self._ending:
            begun = self._begun_at.get(key)
            if key in self._done:
                self._end(worker, due, now, over=over)
                return True
            if begun and due < over and now - begun > STUCK:
                del self._begun_at[key]  # its result no longer counts
                self.runner.watcher.failed(worker.id, "work", StuckError(_STUCK_TEXT))
            elif begun:
                self._renew(key, now)
        return begun is not None

    def start(self, worker: SlotWorker, due: datetime, now: datetime) -> None:
        """Begin the job on a slot that is still planned, unless another process has claimed it."""
        slots = worker.slots(since=due, until=due + timedelta(seconds=1))
        if slots and self._claim(worker, due, now):
            self._begun_at[worker.id, due] = now
            self.runner.submit(lambda: self._work(worker, slots[0], begun=now))

    def _renew(self, key: SlotKey, now: datetime) -> None:
        """Renew the lease of a slot; claim its row where the archive was replaced meanwhile."""
        if not self.runner.ledger.renew(*key, owner=self.runner.owner, now=now, lease=LEASE):
            self.runner.ledger.claim(*key, owner=self.runner.owner, now=now, lease=LEASE)

    def _claim(self, worker: SlotWorker, due: datetime, now: datetime) -> bool:
        """Claim a slot, even without a writable ledger: the service lock keeps others away."""
        key = worker.id, due
        claim = partial(self.runner.ledger.claim, *key, owner=self.runner.owner, now=now, lease=LEASE)
        try:
            is_claimed = self.runner.use_reserve(claim) is not None
            self._unclaimed.pop(key, None)
            return is_claimed
        except ArchiveError as error:
            if is_recent(self._unclaimed.get(key), now=now, within=_UNCLAIMED_AGAIN):
                return False  # the job has failed, and the ledger could not record it
            text = "slot ledger unusable, working without it: station=%s due=%s: %s"
            log.error(text, worker.id, due.isoformat(), error)
            self.runner.watcher.failed(worker.id, "ledger", error)
            self._unclaimed[key] = now
            return True

    def _work(self, worker: SlotWorker, slot: Slot, *, begun: datetime) -> None:
        key = worker.id, slot.due
        if self._begun_at.get(key) != begun:
            return  # given up: no thread was free for too long
        try:
            outcome = worker.work(slot, ready_by=slot.due - worker.margin)
        except BaseException as error:
            self._end_job(key, begun, partial(self._release, key, error))
            if not isinstance(error, Exception):
                raise
        else:
            self._end_job(key, begun, partial(self._take_outcome, worker, slot, outcome))

    def _end_job(self, key: SlotKey, begun: datetime, record: Callable[[], object]) -> None:
        """Record the end of a job; remove it, unless it was given up or begun anew meanwhile."""
        with self._ending:
            try:
                record()
            finally:
                if self._begun_at.get(key) == begun:
                    del self._begun_at[key]

    def _take_outcome(self, worker: SlotWorker, slot: Slot, outcome: SlotOutcome) -> None:
        if not self._is_left_open(worker, slot, outcome):
            self._done[worker.id, slot.due] = outcome, self.runner.now()
            self.runner.safely(worker.id, "ledger", lambda: self._end(worker, slot.due, self.runner.now()))

    def _release(self, key: SlotKey, error: BaseException) -> None:
        station, due = key
        text = "bulletin failed by a mistake in Bulletin, tried again if time is left: station=%s due=%s"
        log.exception(text, station, due.isoformat())
        self.runner.watcher.failed(station, "work", error)
        if key not in self._unclaimed:
            note = f"{type(error).__name__}: {error}"
            release = partial(self.runner.ledger.release, *key, owner=self.runner.owner, note=note)
            self.runner.safely(station, "ledger", release)

    def _is_left_open(self, worker: SlotWorker, slot: Slot, outcome: SlotOutcome) -> bool:
        """Give a slot with only a stand-by back to the ledger where there is time for another try."""
        now, key = self.runner.now(), (worker.id, slot.due)
        ready_by = slot.due - worker.margin
        if not is_retry_worthwhile(outcome, now=now, takes=worker.usual_time(), ready_by=ready_by):
            return False
        give_back: Callable[..., object] = self.runner.ledger.release
        if outcome.is_on_air:
            give_back = partial(self.runner.ledger.give_back, level=outcome.level, now=now)
        give_back = partial(give_back, *key, owner=self.runner.owner, note=outcome.note)
        return key not in self._unclaimed and self.runner.safely(worker.id, "ledger", give_back)

    def _end(self, worker: SlotWorker, due: datetime, now: datetime, *, over: datetime | None = None) -> None:
        """Record an outcome; a prepared stand-by waits until it is put on air, else its slot is released."""
        key = worker.id, due
        outcome, _ = self._done[key]
        if outcome.is_on_air:
            self._finish(key)
        elif swap := self.swaps.find(key):
            self._done[key] = replace(outcome, level=swap[0].level, is_on_air=True), swap[1]
            self._finish(key)
        elif over and due < over:
            del self._done[key]
            self.runner.ledger.release(*key, owner=self.runner.owner, note=outcome.note)
        else:
            self._renew(key, now)

    def _finish(self, key: SlotKey) -> None:
        """Record the level on air in the ledger; after a failure the record is tried again, not the job."""
        station, due = key
        outcome, made_at = self._done[key]
        self.first_open[station] = max(self.first_open.get(station, due), due + timedelta(seconds=1))
        if key in self._unclaimed:
            self.runner.ledger.claim(*key, owner=self.runner.owner, now=self.runner.now(), lease=LEASE)
            del self._unclaimed[key]
        is_finished = self.runner.ledger.finish(
            *key, owner=self.runner.owner, level=outcome.level, now=made_at, note=outcome.note
        )
        del self._done[key]
        if not is_finished:
            text = "another process took over the slot during the work: station=%s due=%s"
            log.error(text, station, due.isoformat())
            return
        (record,) = self.runner.ledger.rows(since=due, until=due + timedelta(seconds=1), station=station)
        self.runner.watcher.met(record)
