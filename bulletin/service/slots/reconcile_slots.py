"""
Reconciliation of the slot ledger with the clock, every few seconds.

The reconciler never waits and keeps no state that matters: a slot that is planned and not done is begun by the next
round, in this process or in the next one after a kill.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from operator import call
from typing import Any

from bulletin.archive.ledgers.slot_ledger import SlotLedger
from bulletin.errors import ArchiveError, StuckError
from bulletin.model import Slot, SlotRecord, SlotState
from bulletin.service.slot_worker_interface import (
    GRACE,
    SlotOutcome,
    SlotWatcher,
    SlotWorker,
    Submit,
    is_recent,
    is_retry_worthwhile,
    is_waiting,
    over_before,
)

log = logging.getLogger(__name__)

SlotKey = tuple[str, datetime]
"""Station and due time."""

LEASE = timedelta(minutes=2)
"""Renewed with every round; it only has to outlast the longest round."""
AHEAD = timedelta(hours=26)
"""How far the ledger is planned: over a day, so that people can read it."""
BEHIND = timedelta(days=7)
"""How far back missed slots are reported one by one; older rows are closed and counted."""
STUCK = timedelta(minutes=15)
"""A job that takes longer is given up, and its slot is left to the stand-by."""
_STANDBY_STUCK = timedelta(minutes=5)
_PLAN_AGAIN = timedelta(minutes=10)
_PREPARE_AGAIN = _UNCLAIMED_AGAIN = timedelta(minutes=1)
_SWAP_AGAIN = timedelta(seconds=30)
_SWAPS_REMEMBERED = timedelta(days=1)
_PLANS_S = 0.1
"""Processor time of one round for planning: after a jump of years the next rounds plan the other stations."""
_MOST_REPORTED = 1000
"""Slots that one round closes and reports; a week of fifty stations is closed by several."""


@dataclass(slots=True, kw_only=True)
class SlotReconciler:
    """Begins, retries and closes the slots of all stations of one process."""

    ledger: SlotLedger
    workers: Sequence[SlotWorker]
    owner: str
    submit: Submit
    watcher: SlotWatcher
    now: Callable[[], datetime]
    use_reserve: Callable[[Callable[[], Any]], Any] = call
    """Calls a function, and on a full disk once more in the space of the reserve."""
    parallel: int = 1
    """Bulletins made at the same time."""
    _begun_at: dict[SlotKey, datetime] = field(default_factory=dict)
    """The slots that a thread works on, and when it began."""
    _ending: threading.RLock = field(default_factory=threading.RLock)
    """
    Held while a job ends, in two steps, its row in the ledger and its removal from `_begun_at`; and while the
    reconciler renews a lease: between the two steps a free slot would look like one in progress.
    """
    _swaps: dict[SlotKey, tuple[SlotOutcome, datetime]] = field(default_factory=dict)
    """Stand-bys that went on air, and when."""
    _recorded_swaps: set[SlotKey] = field(default_factory=set)
    """Those that the ledger knows."""
    _swap_failed_at: dict[str, datetime] = field(default_factory=dict)
    _done: dict[SlotKey, tuple[SlotOutcome, datetime]] = field(default_factory=dict)
    """Outcomes, and when they were made, that are not in the ledger yet."""
    _unclaimed: dict[SlotKey, datetime] = field(default_factory=dict)
    """Jobs that were begun without a lease, since the ledger could not be written."""
    _has_taken_over: bool = True
    _reconciled_at: datetime | None = None
    _last_ledger: tuple[object, ...] = ()
    _preparing: dict[str, datetime] = field(default_factory=dict)
    """By station, when the running job on its stand-by began."""
    _prepared_at: dict[str, datetime] = field(default_factory=dict)
    """By station, when the last such job began."""
    _planned_at: dict[str, datetime] = field(default_factory=dict)
    _first_open: dict[str, datetime] = field(default_factory=dict)
    """By station, from when on its slots are to be done, as far as this service knows."""
    _closed_before: dict[str, datetime] = field(default_factory=dict)
    """By station, within this round."""
    _reported: int = 0

    def begin(self) -> None:
        """
        Free the slots that a dead service had begun; call with the service lock held, and again for another ledger.

        Where the ledger cannot be written the next rounds try again.
        """
        self._has_taken_over = False
        self._planned_at.clear()
        self._safely("", "ledger", self._take_over)

    def _take_over(self) -> None:
        freed = self.ledger.take_over([worker.id for worker in self.workers], owner=self.owner)
        if freed:
            log.warning("slots of a stopped service taken over: slots=%d", freed)
        self._has_taken_over = True

    def replace(self, workers: Sequence[SlotWorker]) -> None:
        """Use other workers from the next round on, since profiles have changed; running jobs are finished."""
        self.workers = tuple(workers)
        self._planned_at.clear()

    def reconcile(self) -> None:
        """Run one round. Raises nothing: the next round must come."""
        now, workers = self.now(), self.workers
        if (self._reconciled_at and now < self._reconciled_at) or self.ledger.identity != self._last_ledger:
            self._planned_at.clear()  # the clock was set back, or another ledger has no plan yet
        self._reconciled_at, self._last_ledger = now, self.ledger.identity
        can_write = self._has_taken_over or self._safely("", "ledger", self._take_over)
        begun = time.thread_time()
        for worker in workers:
            # Where the ledger cannot be written for one, fifty would wait for it one after another.
            if can_write and time.thread_time() - begun < _PLANS_S:
                can_write = self._safely(worker.id, "plan", partial(self._plan, worker, now))
        for worker in workers:
            self._safely(worker.id, "stand-by", partial(self._swap_due, worker, now))
        self._safely("", "ledger", partial(self._reconcile_rows, workers, now))
        for worker in workers:
            self._safely(worker.id, "stand-by", partial(self._begin_standby, worker, now))

    def _safely(self, station: str, what: str, step: Callable[[], object]) -> bool:
        """Run a step of one station so that its failure stops no other. False: the ledger has failed."""
        try:
            self.use_reserve(step)
        except Exception as error:
            log.exception("step of the service failed: station=%s step=%s", station or "all", what)
            self.watcher.failed(station, what, error)
            return not isinstance(error, ArchiveError)
        return True

    @property
    def is_idle(self) -> bool:
        """Whether no job is in progress."""
        return not self._begun_at and not self._preparing

    def is_working(self, station: str) -> bool:
        """Whether a slot's bulletin of that station is being made; safe in any thread."""
        return bool(self._slots_in_progress(station))

    def _slots_in_progress(self, station: str) -> list[datetime]:
        return [due for name, due in tuple(self._begun_at) if name == station]

    def _plan(self, worker: SlotWorker, now: datetime) -> None:
        """Rarely: a station's slots change with its profile only, and are planned a day ahead."""
        if is_recent(self._planned_at.get(worker.id), now=now, within=_PLAN_AGAIN):
            return
        if reopened := self.ledger.reopen(worker.id, now=now, until=now + AHEAD):
            log.warning("clock set back, slots planned again: station=%s slots=%d", worker.id, reopened)
        slots = worker.slots(since=self._plans_since(worker, now), until=now + AHEAD)
        self.ledger.withdraw_plans(worker.id, since=now, until=now + AHEAD, keep=[slot.due for slot in slots])
        self.ledger.plan(slots)
        self._planned_at[worker.id] = now

    def _plans_since(self, worker: SlotWorker, now: datetime) -> datetime:
        """
        The last slot in the ledger, so that every slot of an outage is planned, and one within its grace is made.

        A new station has missed nothing; nor has one whose ledger is planned beyond now.
        """
        last_planned = self.ledger.last_due(worker.id, before=now + AHEAD)
        late = now - GRACE
        if last_planned is None:  # or its archive was deleted since this service began
            return max(late, min(self._first_open.setdefault(worker.id, now), now))
        self._first_open.setdefault(worker.id, late)
        return now if last_planned >= now else max(min(last_planned, late), now - BEHIND)

    def _reconcile_rows(self, workers: Sequence[SlotWorker], now: datetime) -> None:
        """Read the open rows of all stations at once; nearly always there are none."""
        usual = {worker.id: worker.usual_time() for worker in workers}
        leads = {worker.id: worker.lead() + worker.margin for worker in workers}
        longest = (
            max(leads.values(), default=timedelta(0)) + sum(usual.values(), timedelta(0)) / self.parallel
        )
        rows = self.ledger.open_rows(until=now + longest)
        usual_by_due: dict[datetime, timedelta] = defaultdict(timedelta)
        for record in rows:
            usual_by_due[record.due] += usual.get(record.station, timedelta(0))
        by_id = {worker.id: worker for worker in workers}
        self._closed_before.clear()
        self._reported = 0
        for record in rows:
            worker = by_id.get(record.station)
            if worker is None or record.due < self._closed_before.get(worker.id, record.due):
                continue
            others = (usual_by_due[record.due] - usual[worker.id]) / self.parallel
            if record.due <= now + leads[worker.id] + others:
                self._safely(worker.id, "slot", partial(self._reconcile_row, record, worker, now))

    def _reconcile_row(self, record: SlotRecord, worker: SlotWorker, now: datetime) -> None:
        key, over = (record.station, record.due), over_before(record.due, worker, now=now)
        with self._ending:
            begun = self._begun_at.get(key)
            if key in self._done:
                self._end(worker, record.due, now, over=over)
                return
            if begun and record.due < over and now - begun > STUCK:
                del self._begun_at[key]  # its result no longer counts
                self.watcher.failed(worker.id, "work", StuckError(f"unfinished after {STUCK}; given up"))
            elif begun:
                self._renew(key, now)
        if not begun and record.due < over:
            self._close(worker, over=over, now=now)
        elif not begun and not is_waiting(record, now) and not worker.slots(since=now, until=record.due):
            # Not before the previous slot has passed: its on-air file has the same name.
            self._start(record, worker, now)

    def _renew(self, key: SlotKey, now: datetime) -> None:
        """Renew the lease of a slot; claim its row where the archive was replaced meanwhile."""
        if not self.ledger.renew(*key, owner=self.owner, now=now, lease=LEASE):
            self.ledger.claim(*key, owner=self.owner, now=now, lease=LEASE)

    def _close(self, worker: SlotWorker, *, over: datetime, now: datetime) -> None:
        """
        Close the slots that were due before `over`, up to the first in progress.

        At once: after a week without the service they are many, and one by one they would delay the round.
        """
        if self._reported >= _MOST_REPORTED:
            return
        waiting = (due for name, due in tuple(self._done) if name == worker.id)
        before = min((over, *self._slots_in_progress(worker.id), *waiting))
        self._closed_before[worker.id] = before
        if old := self.ledger.close_unread(worker.id, before=min(before, now - BEHIND)):
            log.warning("slots older than %d days closed: station=%s slots=%d", BEHIND.days, worker.id, old)
        for closed in self.ledger.close(worker.id, before=before):
            self._reported += 1
            if closed.state is SlotState.DONE:
                self.watcher.met(closed)
            else:
                self.watcher.missed(closed)

    def _start(self, record: SlotRecord, worker: SlotWorker, now: datetime) -> None:
        slots = worker.slots(since=record.due, until=record.due + timedelta(seconds=1))
        if slots and self._claim(worker, record.due, now):
            self._begun_at[worker.id, record.due] = now
            self.submit(lambda: self._work(worker, slots[0], begun=now))

    def _claim(self, worker: SlotWorker, due: datetime, now: datetime) -> bool:
        """Also where the ledger cannot be written: the service lock keeps others away, and air goes before a row."""
        key = worker.id, due
        claim = partial(self.ledger.claim, *key, owner=self.owner, now=now, lease=LEASE)
        try:
            is_claimed = self.use_reserve(claim) is not None
            self._unclaimed.pop(key, None)
            return is_claimed
        except ArchiveError as error:
            if is_recent(self._unclaimed.get(key), now=now, within=_UNCLAIMED_AGAIN):
                return False  # the job has failed, and the ledger could not record it
            log.error(
                "slot ledger unusable, working without it: station=%s due=%s: %s",
                worker.id,
                due.isoformat(),
                error,
            )
            self.watcher.failed(worker.id, "ledger", error)
            self._unclaimed[key] = now
            return True

    def _swap_due(self, worker: SlotWorker, now: datetime) -> None:
        """
        Replace an on-air file that is over by the stand-by, whatever job works on the slot; then tell the ledger.

        Also for a service that starts after its slot: old news must not air as if it were new. Where the folder
        cannot be written it is tried again every half minute. Raises BulletinError.
        """
        if not is_recent(self._swap_failed_at.get(worker.id), now=now, within=_SWAP_AGAIN):
            self._swap_failed_at[worker.id] = now
            if swapped := worker.swap_in(now):
                due, outcome = swapped
                self._swaps[worker.id, due] = outcome, now
            del self._swap_failed_at[worker.id]
        for key, (outcome, at) in tuple(self._swaps.items()):
            if key[0] == worker.id and key not in self._recorded_swaps:
                self.ledger.put_on_air(*key, level=outcome.level, now=at, note=outcome.note)
                self._recorded_swaps.add(key)
            elif key[1] < now - _SWAPS_REMEMBERED:
                del self._swaps[key]
                self._recorded_swaps.discard(key)

    def _begin_standby(self, worker: SlotWorker, now: datetime) -> None:
        """Not while a bulletin is being made, and not again at once after a failure."""
        begun = self._preparing.get(worker.id)
        if begun and timedelta(0) <= now - begun <= _STANDBY_STUCK:
            return
        if begun:
            del self._preparing[worker.id]
            self.watcher.failed(
                worker.id, "stand-by", StuckError(f"unfinished after {_STANDBY_STUCK}; given up")
            )
        is_tried = is_recent(self._prepared_at.get(worker.id), now=now, within=_PREPARE_AGAIN)
        if is_tried or self.is_working(worker.id):
            return
        slot = worker.standby_due(now)
        if slot:
            self._prepared_at[worker.id] = self._preparing[worker.id] = now
            self.submit(lambda: self._prepare(worker, slot, begun=now))

    def _prepare(self, worker: SlotWorker, slot: Slot, *, begun: datetime) -> None:
        try:
            outcome = worker.prepare(slot)
            if outcome.is_on_air:
                self._swaps[worker.id, slot.due] = outcome, self.now()
                self._swap_due(worker, self.now())
            self.watcher.prepared(worker.id, slot.due, outcome)
        except Exception as error:
            log.exception("stand-by failed: station=%s due=%s", worker.id, slot.due.isoformat())
            self.watcher.failed(worker.id, "stand-by", error)
        finally:
            if self._preparing.get(worker.id) == begun:
                del self._preparing[worker.id]

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
            self._done[worker.id, slot.due] = outcome, self.now()
            self._safely(worker.id, "ledger", lambda: self._end(worker, slot.due, self.now()))

    def _release(self, key: SlotKey, error: BaseException) -> None:
        station, due = key
        log.exception("bulletin failed: station=%s due=%s", station, due.isoformat())
        self.watcher.failed(station, "work", error)
        if key not in self._unclaimed:
            note = f"{type(error).__name__}: {error}"
            self._safely(station, "ledger", partial(self.ledger.release, *key, owner=self.owner, note=note))

    def _is_left_open(self, worker: SlotWorker, slot: Slot, outcome: SlotOutcome) -> bool:
        """Give a slot with only a stand-by back to the ledger where there is time for another try."""
        now, key = self.now(), (worker.id, slot.due)
        ready_by = slot.due - worker.margin
        if not is_retry_worthwhile(outcome, now=now, takes=worker.usual_time(), ready_by=ready_by):
            return False
        give_back: Callable[..., object] = self.ledger.release
        if outcome.is_on_air:
            give_back = partial(self.ledger.give_back, level=outcome.level, now=now)
        give_back = partial(give_back, *key, owner=self.owner, note=outcome.note)
        return key not in self._unclaimed and self._safely(worker.id, "ledger", give_back)

    def _end(self, worker: SlotWorker, due: datetime, now: datetime, *, over: datetime | None = None) -> None:
        """Record an outcome; one that is only prepared waits for its swap, and is released without it."""
        key = worker.id, due
        outcome, _ = self._done[key]
        if outcome.is_on_air:
            self._finish(key)
        elif swap := self._swaps.get(key):
            self._done[key] = replace(outcome, level=swap[0].level, is_on_air=True), swap[1]
            self._finish(key)
        elif over and due < over:
            del self._done[key]
            self.ledger.release(*key, owner=self.owner, note=outcome.note)
        else:
            self._renew(key, now)

    def _finish(self, key: SlotKey) -> None:
        """Record in the ledger what is on air; where that fails, the record is tried again, not the job."""
        station, due = key
        outcome, made_at = self._done[key]
        self._first_open[station] = max(self._first_open.get(station, due), due + timedelta(seconds=1))
        if key in self._unclaimed:
            self.ledger.claim(*key, owner=self.owner, now=self.now(), lease=LEASE)
            del self._unclaimed[key]
        is_finished = self.ledger.finish(
            *key, owner=self.owner, level=outcome.level, now=made_at, note=outcome.note
        )
        del self._done[key]
        if not is_finished:
            log.error(
                "another process took over the slot during the work: station=%s due=%s",
                station,
                due.isoformat(),
            )
            return
        (record,) = self.ledger.rows(since=due, until=due + timedelta(seconds=1), station=station)
        self.watcher.met(record)
