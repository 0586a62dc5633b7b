"""
The reconcile tick: what the ledger says against what the clock says, every few seconds, come what may.

Nothing here waits and nothing here remembers: whatever is planned and not done is begun again by the next
tick, in this process or in the one after a kill.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from bulletin.archive.ledger import Ledger
from bulletin.model import Level, Slot, SlotRecord

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
"""Renewed by every tick; it only has to outlast the longest tick."""
AHEAD = timedelta(hours=26)
"""How far the ledger is planned: over a day, so that it can be looked at."""
_PLAN_AGAIN = timedelta(minutes=10)
_PREPARE_AGAIN = timedelta(minutes=1)
_TRY_AGAIN = timedelta(seconds=10)
"""After the first failure; twice as long after the second, and so on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What lies there for a slot."""

    level: Level
    note: str = ""
    """Why it is less than fresh."""


class Post(Protocol):
    """A station as the keeper sees it."""

    @property
    def id(self) -> str: ...

    @property
    def margin(self) -> timedelta:
        """A bulletin is ready so long before it is due."""

    @property
    def grace(self) -> timedelta:
        """So long after it was due a bulletin is still worth making."""

    def slots(self, *, since: datetime, until: datetime) -> Sequence[Slot]:
        """What is due in between."""

    def lead(self) -> timedelta:
        """How long the work takes, with something to spare."""

    def work(self, slot: Slot, *, ready_by: datetime) -> Outcome:
        """Make and put out what the slot needs; in another thread than the tick."""

    def standby_due(self, now: datetime) -> Slot | None:
        """The slot that a stand-by must be put in place for now, if there is one."""

    def prepare(self, slot: Slot) -> Level:
        """Put it in place; in another thread than the tick."""


class Watcher(Protocol):
    """Is told what went right and wrong."""

    def met(self, record: SlotRecord) -> None: ...

    def missed(self, record: SlotRecord) -> None: ...

    def failed(self, station: str, what: str, error: BaseException) -> None: ...


Hire = Callable[[Callable[[], None]], None]
"""Has a piece of work done, by another thread or at once."""


@dataclass(slots=True, kw_only=True)
class Keeper:
    """Keeps the promise of the clock for the posts of one process."""

    ledger: Ledger
    posts: Sequence[Post]
    owner: str
    hire: Hire
    watcher: Watcher
    now: Callable[[], datetime]
    _busy: dict[tuple[str, datetime], Slot] = field(default_factory=dict)
    _planned: dict[str, datetime] = field(default_factory=dict)
    _prepared: dict[str, datetime] = field(default_factory=dict)

    def begin(self) -> None:
        """Once, with the lock of the service in hand: what a dead service had begun is free again."""
        freed = self.ledger.take_over([post.id for post in self.posts], owner=self.owner)
        if freed:
            log.warning("taken over from a service that stopped: slots=%d", freed)

    def tick(self) -> None:
        """One look at clock and ledger. Raises nothing: the next tick must come."""
        now = self.now()
        for post in self.posts:
            self._safely(post.id, "plan", lambda post=post: self._plan(post, now))  # type: ignore[misc]
        self._safely("", "ledger", lambda: self._reconcile(now))
        for post in self.posts:
            self._safely(post.id, "stand-by", lambda post=post: self._stand_by(post, now))  # type: ignore[misc]

    def _safely(self, station: str, what: str, step: Callable[[], None]) -> None:
        """One station's trouble is not another's, and none ends the service."""
        try:
            step()
        except Exception as error:
            log.exception("tick failed: station=%s step=%s", station or "all", what)
            self.watcher.failed(station, what, error)

    @property
    def is_idle(self) -> bool:
        """Nobody works on anything."""
        return not self._busy

    def _plan(self, post: Post, now: datetime) -> None:
        """Rarely: the clock of a station changes with its profile only, and a day is planned ahead."""
        before = self._planned.get(post.id)
        if before and timedelta(0) <= now - before < _PLAN_AGAIN:
            return
        slots = post.slots(since=now - post.grace, until=now + AHEAD)
        self.ledger.withdraw_plans(post.id, since=now, keep=[slot.due for slot in slots])
        self.ledger.plan(slots)
        self._planned[post.id] = now

    def _reconcile(self, now: datetime) -> None:
        """One question to the ledger for all stations; nearly always there is nothing to do."""
        leads = {post.id: post.lead() + post.margin for post in self.posts}
        for record in self.ledger.open_rows(until=now + max(leads.values(), default=timedelta(0))):
            post = next((post for post in self.posts if post.id == record.station), None)
            if post and record.due <= now + leads[post.id]:
                self._safely(post.id, "slot", lambda r=record, p=post: self._look_at(r, p, now))  # type: ignore[misc]

    def _look_at(self, record: SlotRecord, post: Post, now: datetime) -> None:
        if (record.station, record.due) in self._busy:
            self.ledger.renew(record.station, record.due, owner=self.owner, now=now, lease=LEASE)
        elif record.due < now - post.grace:
            self._close(record, post, now)
        elif not _waits(record, now):
            self._start(record, post, now)

    def _close(self, record: SlotRecord, post: Post, now: datetime) -> None:
        for missed in self.ledger.miss(post.id, before=record.due + timedelta(seconds=1)):
            log.error("slot missed: station=%s due=%s", missed.station, missed.due.isoformat())
            self.watcher.missed(missed)

    def _start(self, record: SlotRecord, post: Post, now: datetime) -> None:
        wanted = post.slots(since=record.due, until=record.due + timedelta(seconds=1))
        claim = self.ledger.claim
        if wanted and claim(post.id, record.due, owner=self.owner, now=now, lease=LEASE):
            self._busy[post.id, record.due] = wanted[0]
            self.hire(lambda: self._work(post, wanted[0]))

    def _stand_by(self, post: Post, now: datetime) -> None:
        """Not while a bulletin is being made, and not again at once when it failed."""
        if any(station == post.id for station, _ in self._busy):
            return
        slot = post.standby_due(now)
        before = self._prepared.get(post.id)
        if slot and not (before and timedelta(0) <= now - before < _PREPARE_AGAIN):
            self._prepared[post.id] = now
            self._busy[post.id, slot.due] = slot
            self.hire(lambda: self._prepare(post, slot))

    def _prepare(self, post: Post, slot: Slot) -> None:
        try:
            level = post.prepare(slot)
            log.info("stand-by ready: station=%s due=%s level=%s", post.id, slot.due.isoformat(), level)
        except Exception as error:
            log.exception("stand-by failed: station=%s due=%s", post.id, slot.due.isoformat())
            self.watcher.failed(post.id, "stand-by", error)
        finally:
            self._busy.pop((post.id, slot.due), None)

    def _work(self, post: Post, slot: Slot) -> None:
        try:
            outcome = post.work(slot, ready_by=slot.due - post.margin)
        except BaseException as error:
            log.exception("work failed: station=%s due=%s", post.id, slot.due.isoformat())
            self.watcher.failed(post.id, "work", error)
            note = f"{type(error).__name__}: {error}"
            self.ledger.release(post.id, slot.due, owner=self.owner, note=note)
            if not isinstance(error, Exception):
                raise
        else:
            self._finish(post, slot, outcome)
        finally:
            self._busy.pop((post.id, slot.due), None)

    def _finish(self, post: Post, slot: Slot, outcome: Outcome) -> None:
        mine = self.ledger.finish(
            post.id,
            slot.due,
            owner=self.owner,
            level=outcome.level,
            now=self.now(),
            note=outcome.note,
        )
        if not mine:
            log.error("lease lost while working: station=%s due=%s", post.id, slot.due.isoformat())
            return
        (record,) = self.ledger.rows(since=slot.due, until=slot.due + timedelta(seconds=1), station=post.id)
        self.watcher.met(record)


def _waits(record: SlotRecord, now: datetime) -> bool:
    """Whether a slot that has failed is left alone for a little."""
    if not record.tries or record.begun_at is None:
        return False
    return now < record.begun_at + _TRY_AGAIN * record.tries
