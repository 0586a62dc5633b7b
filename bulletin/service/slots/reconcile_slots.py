"""
The reconcile tick: what the ledger says against what the clock says, every few seconds, come what may.

Nothing here waits and nothing here remembers: whatever is planned and not done is begun again by the next
tick, in this process or in the one after a kill.
"""

from __future__ import annotations

import logging
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
from bulletin.service.service_ports import SlotOutcome, SlotWatcher, SlotWorker, Submit
from bulletin.service.slots.jobs_in_progress import JobsInProgress
from bulletin.service.slots.retry_policy import is_recent, is_worth_another, over_before, waits
from bulletin.service.slots.standby_swaps import StandbySwaps

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
"""Renewed by every tick; it only has to outlast the longest tick."""
AHEAD = timedelta(hours=26)
"""How far the ledger is planned: over a day, so that it can be looked at."""
BEHIND = timedelta(days=7)
"""How far back an outage is written down and told slot by slot; older rows are closed as they are, and counted."""
STUCK = timedelta(minutes=15)
"""Work that takes longer has got stuck; it is given up, and its slot is left to the stand-by."""
_STANDBY_STUCK = timedelta(minutes=5)
_PLAN_AGAIN = timedelta(minutes=10)
_PREPARE_AGAIN = _UNCLAIMED_AGAIN = timedelta(minutes=1)
_PLANS_S = 0.1
"""Processor time of one tick for planning: after a jump of years stations that are left over are planned by the next."""
_MOST_TOLD = 1000
"""Slots that one tick closes and tells; a week of fifty stations is closed by several."""


@dataclass(slots=True, kw_only=True)
class SlotReconciler:
    """Keeps the promise of the clock for the workers of one process."""

    ledger: SlotLedger
    workers: Sequence[SlotWorker]
    owner: str
    submit: Submit
    watcher: SlotWatcher
    now: Callable[[], datetime]
    use_reserve: Callable[[Callable[[], Any]], Any] = call
    """Does something, once more in the room of the reserve where the disk is full."""
    parallel: int = 1
    """How many bulletins are made at the same time."""
    _swaps: StandbySwaps = field(init=False)
    _busy: JobsInProgress = field(default_factory=JobsInProgress)
    _done: dict[tuple[str, datetime], tuple[SlotOutcome, datetime]] = field(default_factory=dict)
    """What was made, and when, that could not be written down yet."""
    _unclaimed: dict[tuple[str, datetime], datetime] = field(default_factory=dict)
    """What was begun, and when, without a word in the ledger: it could not be written."""
    _has_begun: bool = True
    _ticked: datetime | None = None
    _place: tuple[object, ...] = ()
    _preparing: dict[str, datetime] = field(default_factory=dict)
    _planned: dict[str, datetime] = field(default_factory=dict)
    _first: dict[str, datetime] = field(default_factory=dict)
    """From when on each station's slots are still to be done, as far as this service knows."""
    _prepared: dict[str, datetime] = field(default_factory=dict)
    _closed: dict[str, datetime] = field(default_factory=dict)  # before when, within this tick
    _told: int = 0

    def __post_init__(self) -> None:
        self._swaps = StandbySwaps(ledger=self.ledger)

    def begin(self) -> None:
        """
        With the lock of the service in hand, and again when the ledger is another one: what a dead service had
        begun is free. Where the ledger cannot be written the ticks try again.
        """
        self._has_begun = False
        self._planned.clear()
        self._safely("", "ledger", self._take_over)

    def _take_over(self) -> None:
        freed = self.ledger.take_over([worker.id for worker in self.workers], owner=self.owner)
        if freed:
            log.warning("taken over from a service that stopped: slots=%d", freed)
        self._has_begun = True

    def replace(self, workers: Sequence[SlotWorker]) -> None:
        """Other workers from the next tick on: profiles have changed. What is being made is finished."""
        self.workers = tuple(workers)
        self._planned.clear()

    def reconcile(self) -> None:
        """One look at clock and ledger. Raises nothing: the next tick must come."""
        now, workers = self.now(), self.workers
        if (self._ticked and now < self._ticked) or self.ledger.place != self._place:
            self._planned.clear()  # set back: an hour may come again; or nothing is planned there
        self._ticked, self._place = now, self.ledger.place
        can_write = self._has_begun or self._safely("", "ledger", self._take_over)
        begun = time.thread_time()
        for worker in workers:
            # When the ledger cannot be written for one, fifty would wait for it one after another.
            if can_write and time.thread_time() - begun < _PLANS_S:
                can_write = self._safely(worker.id, "plan", lambda worker=worker: self._plan(worker, now))  # type: ignore[misc]
        for worker in workers:
            self._safely(worker.id, "stand-by", lambda worker=worker: self._swaps.look(worker, now))  # type: ignore[misc]
        self._safely("", "ledger", lambda: self._work_off_ledger(workers, now))
        for worker in workers:
            self._safely(worker.id, "stand-by", lambda worker=worker: self._stand_by(worker, now))  # type: ignore[misc]

    def _safely(self, station: str, what: str, step: Callable[[], object]) -> bool:
        """One station's trouble is not another's, and none ends the service. False: the ledger is in trouble."""
        try:
            self.use_reserve(step)
        except Exception as error:
            log.exception("tick failed: station=%s step=%s", station or "all", what)
            self.watcher.failed(station, what, error)
            return not isinstance(error, ArchiveError)
        return True

    @property
    def is_idle(self) -> bool:
        """Nobody works on anything."""
        return not self._busy and not self._preparing

    def is_working(self, station: str) -> bool:
        """Whether a bulletin of that station is being made for a slot; asked by other threads."""
        return bool(self._busy.of(station))

    def _plan(self, worker: SlotWorker, now: datetime) -> None:
        """Rarely: the clock of a station changes with its profile only, and a day is planned ahead."""
        if is_recent(self._planned.get(worker.id), now=now, within=_PLAN_AGAIN):
            return
        if again := self.ledger.reopen(worker.id, now=now, until=now + AHEAD):
            log.warning("the clock was set back, planned again: station=%s slots=%d", worker.id, again)
        slots = worker.slots(since=self._plans_since(worker, now), until=now + AHEAD)
        self.ledger.withdraw_plans(worker.id, since=now, until=now + AHEAD, keep=[slot.due for slot in slots])
        self.ledger.plan(slots)
        self._planned[worker.id] = now

    def _plans_since(self, worker: SlotWorker, now: datetime) -> datetime:
        """
        From the last slot that is written down, so that an outage has every slot, and one within the grace is made.

        A station that has only just been switched on has missed nothing; nor has one whose clock, as it was
        planned beyond now, did not have a slot that it has since.
        """
        known = self.ledger.last_due(worker.id, before=now + AHEAD)
        late = now - worker.grace
        if known is None:  # or its archive was taken away since this service began
            return max(late, min(self._first.setdefault(worker.id, now), now))
        self._first.setdefault(worker.id, late)
        return now if known >= now else max(min(known, late), now - BEHIND)

    def _work_off_ledger(self, workers: Sequence[SlotWorker], now: datetime) -> None:
        """One question to the ledger for all stations; nearly always there is nothing to do."""
        usual = {worker.id: worker.usual_time() for worker in workers}
        by_id = {worker.id: (worker, worker.lead()) for worker in workers}
        longest = max((lead for _, lead in by_id.values()), default=timedelta(0))
        longest += sum(usual.values(), timedelta(0)) / self.parallel
        margin = max((worker.margin for worker in workers), default=timedelta(0))
        rows = self.ledger.open_rows(until=now + longest + margin)
        together: dict[datetime, timedelta] = defaultdict(timedelta)
        for record in rows:
            together[record.due] += usual.get(record.station, timedelta(0))
        self._closed.clear()
        self._told = 0
        for record in rows:
            worker, lead = by_id.get(record.station, (None, timedelta(0)))
            if worker is None or record.due < self._closed.get(worker.id, record.due):
                continue
            lead += (together[record.due] - usual[worker.id]) / self.parallel
            if record.due <= now + lead + worker.margin:
                self._safely(worker.id, "slot", lambda r=record, p=worker: self._look_at(r, p, now))  # type: ignore[misc]

    def _look_at(self, record: SlotRecord, worker: SlotWorker, now: datetime) -> None:
        own, over = (record.station, record.due), over_before(record.due, worker, now=now)
        with self._busy.ending:
            begun = self._busy.since(own)
            if own in self._done:
                self._end(worker, record.due, now, over=over)
                return
            if begun and record.due < over and now - begun > STUCK:
                self._busy.give_up(own)
                self.watcher.failed(worker.id, "work", StuckError(f"no end after {STUCK}; given up"))
            elif begun:
                self._hold(worker, record.due, now)
        if not begun and record.due < over:
            self._close(worker, over=over, now=now)
        elif not begun and not waits(record, now) and not worker.slots(since=now, until=record.due):
            # Not before the slot before it has passed: it would take its place under the same name.
            self._start(record, worker, now)

    def _hold(self, worker: SlotWorker, due: datetime, now: datetime) -> None:
        """For a little longer; the row of another archive, which nobody has there, as well."""
        if not self.ledger.renew(worker.id, due, owner=self.owner, now=now, lease=LEASE):
            self.ledger.claim(worker.id, due, owner=self.owner, now=now, lease=LEASE)

    def _close(self, worker: SlotWorker, *, over: datetime, now: datetime) -> None:
        """
        All that were due before `over`, up to the first on which somebody works.

        At once: after a week without the service they are many, and one by one they would hold up the tick.
        """
        if self._told >= _MOST_TOLD:
            return
        in_hand = [*self._busy.of(worker.id), *(due for name, due in tuple(self._done) if name == worker.id)]
        self._closed[worker.id] = before = min((over, *in_hand))
        if old := self.ledger.close_unread(worker.id, before=min(before, now - BEHIND)):
            log.warning("slots older than %d days closed: station=%s slots=%d", BEHIND.days, worker.id, old)
        for closed in self.ledger.close(worker.id, before=before):
            self._told += 1
            if closed.state is SlotState.DONE:
                self.watcher.met(closed)
            else:
                self.watcher.missed(closed)

    def _start(self, record: SlotRecord, worker: SlotWorker, now: datetime) -> None:
        wanted = worker.slots(since=record.due, until=record.due + timedelta(seconds=1))
        if wanted and self._claim(worker, record.due, now):
            self._busy.begin((worker.id, record.due), now)
            self.submit(lambda: self._work(worker, wanted[0], begun=now))

    def _claim(self, worker: SlotWorker, due: datetime, now: datetime) -> bool:
        """Also where the ledger cannot be written: our lock keeps others away, and air goes before a row."""
        try:
            claim = partial(self.ledger.claim, owner=self.owner, now=now, lease=LEASE)
            is_ours = self.use_reserve(lambda: claim(worker.id, due)) is not None
            self._unclaimed.pop((worker.id, due), None)
            return is_ours
        except ArchiveError as error:
            if is_recent(self._unclaimed.get((worker.id, due)), now=now, within=_UNCLAIMED_AGAIN):
                return False  # it has failed, and the row that would say so could not be written
            log.error("working without the ledger: station=%s due=%s: %s", worker.id, due.isoformat(), error)
            self.watcher.failed(worker.id, "ledger", error)
            self._unclaimed[worker.id, due] = now
            return True

    def _stand_by(self, worker: SlotWorker, now: datetime) -> None:
        """Not while a bulletin is being made, and not again at once when it failed."""
        begun = self._preparing.get(worker.id)
        if begun and timedelta(0) <= now - begun <= _STANDBY_STUCK:
            return
        if begun:
            del self._preparing[worker.id]
            self.watcher.failed(worker.id, "stand-by", StuckError(f"no end after {_STANDBY_STUCK}; given up"))
        if self._busy.of(worker.id):
            return
        if is_recent(self._prepared.get(worker.id), now=now, within=_PREPARE_AGAIN):
            return
        slot = worker.standby_due(now)
        if slot:
            self._prepared[worker.id] = self._preparing[worker.id] = now
            self.submit(lambda: self._prepare(worker, slot, begun=now))

    def _prepare(self, worker: SlotWorker, slot: Slot, *, begun: datetime) -> None:
        try:
            outcome = worker.prepare(slot)
            if outcome.is_on_air:
                self._swaps.note((worker.id, slot.due), outcome, now=self.now())
                self._swaps.look(worker, self.now())
            self.watcher.prepared(worker.id, slot.due, outcome)
        except Exception as error:
            log.exception("stand-by failed: station=%s due=%s", worker.id, slot.due.isoformat())
            self.watcher.failed(worker.id, "stand-by", error)
        finally:
            if self._preparing.get(worker.id) == begun:
                del self._preparing[worker.id]

    def _work(self, worker: SlotWorker, slot: Slot, *, begun: datetime) -> None:
        own = worker.id, slot.due
        if self._busy.since(own) != begun:
            return  # nobody was free for so long that it was given up
        try:
            outcome = worker.work(slot, ready_by=slot.due - worker.margin)
        except BaseException as error:
            with self._busy.ends(own, begun=begun):
                self._give_back(worker, slot, error)
            if not isinstance(error, Exception):
                raise
        else:
            with self._busy.ends(own, begun=begun):
                if not self._is_left_open(worker, slot, outcome):
                    self._done[own] = outcome, self.now()
                    self._safely(worker.id, "ledger", lambda: self._end(worker, slot.due, self.now()))

    def _give_back(self, worker: SlotWorker, slot: Slot, error: BaseException) -> None:
        log.exception("work failed: station=%s due=%s", worker.id, slot.due.isoformat())
        self.watcher.failed(worker.id, "work", error)
        if (worker.id, slot.due) not in self._unclaimed:
            note = f"{type(error).__name__}: {error}"
            give = partial(self.ledger.release, owner=self.owner, note=note)
            self._safely(worker.id, "ledger", lambda: give(worker.id, slot.due))

    def _is_left_open(self, worker: SlotWorker, slot: Slot, outcome: SlotOutcome) -> bool:
        """Only a stand-by lies there, and there is time for another try: the slot is given back for that."""
        level, now, own = outcome.level, self.now(), (worker.id, slot.due)
        if not is_worth_another(
            outcome, now=now, takes=worker.usual_time(), ready_by=slot.due - worker.margin
        ):
            return False
        told = partial(self.ledger.give_back, level=level, now=now, note=outcome.note)
        if not outcome.is_on_air:
            told = partial(self.ledger.release, note=outcome.note)
        return own not in self._unclaimed and self._safely(
            worker.id, "ledger", lambda: told(*own, owner=self.owner)
        )

    def _end(self, worker: SlotWorker, due: datetime, now: datetime, *, over: datetime | None = None) -> None:
        """A slot for which a stand-by is only prepared is not done before that is in place, and missed without."""
        own = worker.id, due
        outcome, _ = self._done[own]
        if outcome.is_on_air:
            self._finish(worker, due)
        elif swapped := self._swaps.of(own):
            self._done[own] = replace(outcome, level=swapped.outcome.level, is_on_air=True), swapped.at
            self._finish(worker, due)
        elif over and due < over:
            del self._done[own]
            self.ledger.release(*own, owner=self.owner, note=outcome.note)
        else:
            self._hold(worker, due, now)

    def _finish(self, worker: SlotWorker, due: datetime) -> None:
        """Write down what is on air. Where that fails it is tried again, and not made again."""
        outcome, made_at = self._done[worker.id, due]
        self._first[worker.id] = max(self._first.get(worker.id, due), due + timedelta(seconds=1))
        if (worker.id, due) in self._unclaimed:
            self.ledger.claim(worker.id, due, owner=self.owner, now=self.now(), lease=LEASE)
            del self._unclaimed[worker.id, due]
        mine = self.ledger.finish(
            worker.id, due, owner=self.owner, level=outcome.level, now=made_at, note=outcome.note
        )
        del self._done[worker.id, due]
        if not mine:
            log.error("lease lost while working: station=%s due=%s", worker.id, due.isoformat())
            return
        (record,) = self.ledger.rows(since=due, until=due + timedelta(seconds=1), station=worker.id)
        self.watcher.met(record)
