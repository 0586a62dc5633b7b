"""
Reconciliation of the slot ledger with the clock, every few seconds.

The reconciler never waits and keeps no state that matters. The next round begins a slot that is planned and
not done, in this process or, after a kill, in the next one.
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from bulletin.model import SlotRecord, SlotState
from bulletin.service.slots.plan_slot_ledger import BEHIND, PLAN_AGAIN, plan_slots
from bulletin.service.slots.run_slot_jobs import SlotJobs
from bulletin.service.slots.schedule_standbys import StandbySwaps
from bulletin.service.worker_base_classes import (
    SlotWorker,
    StepRunner,
    is_recent,
    is_waiting,
    over_before,
)

log = logging.getLogger(__name__)

_PLANS_S = 0.1
"""Processor time of one round for planning: after a jump of years the next rounds plan the other stations."""
_MOST_REPORTED = 1000
"""Slots that one round closes and reports; a week of fifty stations is closed by several."""


@dataclass(slots=True, kw_only=True)
class SlotReconciler(StepRunner):
    """Begins, retries and closes the slots of all stations of one process."""

    workers: Sequence[SlotWorker]
    parallel: int = 1
    """Bulletins made at the same time."""
    _swaps: StandbySwaps = field(init=False)
    _jobs: SlotJobs = field(init=False)
    _has_taken_over: bool = True
    _reconciled_at: datetime | None = None
    _last_ledger: tuple[object, ...] = ()
    _planned_at: dict[str, datetime] = field(default_factory=dict)
    _closed_before: dict[str, datetime] = field(default_factory=dict)
    """By station, within this round."""
    _reported: int = 0

    def __post_init__(self) -> None:
        self._swaps = StandbySwaps(runner=self)
        self._jobs = SlotJobs(runner=self, swaps=self._swaps)

    def begin(self) -> None:
        """
        Free the slots that a dead service had begun; call with the service lock held, and again for another ledger.

        Where the ledger cannot be written the next rounds try again.
        """
        self._has_taken_over = False
        self._planned_at.clear()
        self.safely("", "ledger", self._take_over)

    def _take_over(self) -> None:
        freed = self.ledger.take_over([worker.id for worker in self.workers], owner=self.owner)
        if freed:
            log.warning("unfinished slots of a stopped service taken over by this one: slots=%d", freed)
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
        can_write = self._has_taken_over or self.safely("", "ledger", self._take_over)
        begun = time.thread_time()
        for worker in workers:
            # Where the ledger cannot be written for one, fifty would wait for it one after another.
            if can_write and time.thread_time() - begun < _PLANS_S:
                can_write = self.safely(worker.id, "plan", partial(self._plan, worker, now))
        for worker in workers:
            self.safely(worker.id, "stand-by", partial(self._swaps.swap_due, worker, now))
        self.safely("", "ledger", partial(self._reconcile_rows, workers, now))
        for worker in workers:
            begin = partial(self._swaps.begin, worker, now, is_working=self.is_working(worker.id))
            self.safely(worker.id, "stand-by", begin)

    @property
    def is_idle(self) -> bool:
        """Whether no job is in progress."""
        return self._jobs.is_idle and self._swaps.is_idle

    def is_working(self, station: str) -> bool:
        """Whether a slot's bulletin of that station is being made; safe in any thread."""
        return self._jobs.is_working(station)

    def _plan(self, worker: SlotWorker, now: datetime) -> None:
        """Plan a station's slots, rarely: they change with its profile only, and are planned a day ahead."""
        if is_recent(self._planned_at.get(worker.id), now=now, within=PLAN_AGAIN):
            return
        plan_slots(self.ledger, worker, now=now, first_open=self._jobs.first_open)
        self._planned_at[worker.id] = now

    def _reconcile_rows(self, workers: Sequence[SlotWorker], now: datetime) -> None:
        """Read the open rows of all stations in one query; nearly always there are none."""
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
                self.safely(worker.id, "slot", partial(self._reconcile_row, record, worker, now))

    def _reconcile_row(self, record: SlotRecord, worker: SlotWorker, now: datetime) -> None:
        due, over = record.due, over_before(record.due, worker, now=now)
        if self._jobs.follow(worker, due, now, over=over):
            return
        if due < over:
            self._close(worker, over=over, now=now)
        elif not is_waiting(record, now) and not worker.slots(since=now, until=due):
            # Not before the previous slot has passed: its on-air file has the same name.
            self._jobs.start(worker, due, now)

    def _close(self, worker: SlotWorker, *, over: datetime, now: datetime) -> None:
        """
        Close the slots that were due before `over`, up to the first in progress.

        In one transaction: after a week without the service, many single slots would delay the round.
        """
        if self._reported >= _MOST_REPORTED:
            return
        before = min((over, *self._jobs.unrecorded(worker.id)))
        self._closed_before[worker.id] = before
        if old := self.ledger.close(worker.id, before=min(before, now - BEHIND)):
            text = "slots older than %d days closed, too late for a bulletin: station=%s slots=%d"
            log.warning(text, BEHIND.days, worker.id, len(old))
        for closed in self.ledger.close(worker.id, before=before):
            self._reported += 1
            if closed.state is SlotState.DONE:
                self.watcher.met(closed)
            else:
                self.watcher.missed(closed)
