"""Bulletins between slots, for a pull or a breaking story: one at a time for each station, never in a slot's way."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from bulletin.errors import ArchiveError, BulletinError
from bulletin.model import Slot
from bulletin.service.service_ports import SlotWorker, Submit
from bulletin.service.slots.retry_policy import is_recent

log = logging.getLogger(__name__)

BUDGET_S = 90.0
"""What a bulletin on demand may take."""
_ROOM = 1.5
"""Times what a bulletin usually takes: with less time to the next slot, none is begun."""
AGAIN = timedelta(minutes=5)
"""Whoever asks more often gets what there is: an address on the web must not keep a station's computer busy."""
STUCK = timedelta(minutes=15)
BREAKING_S = 45.0
"""What a bulletin with a breaking story may take: it is in the playout's file within a minute."""
_BREAK_AGAIN, _BREAK_TRIES = timedelta(minutes=2), 3
"""After one that failed; then the next slot's bulletin tells it."""


class BulletinMaker(SlotWorker, Protocol):
    """A worker that also makes bulletins between its slots."""

    @property
    def makes_between_slots(self) -> bool:
        """The profile allows it."""

    def unaired_since(self, now: datetime) -> datetime | None:
        """When the last breaking story of the station's own came that no bulletin was begun for since; else None."""

    def make_now(self, *, within_s: float) -> None:
        """A fresh bulletin, or else a stand-by beside what lies there. Raises BulletinError."""


@dataclass(slots=True, kw_only=True)
class _Tries:
    """For the breaking story that came then."""

    since: datetime
    count: int = 0
    last: datetime | None = None


@dataclass(slots=True, kw_only=True)
class OnDemandBulletins:
    """Who is asked for a fresh bulletin, and when it may be made."""

    makers: Callable[[], Sequence[BulletinMaker]]
    is_working: Callable[[str], bool]
    """Whether a slot of that station is being made."""
    submit: Submit
    now: Callable[[], datetime]
    is_open: Callable[[str, datetime], bool] = lambda station, due: True
    """Whether the bulletin of a slot to come is still to be made."""
    _broke: dict[str, _Tries] = field(default_factory=dict)
    _begun: dict[str, datetime] = field(default_factory=dict)
    _tried: dict[str, datetime] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def is_coming(self, station: str) -> bool:
        """Whether one is being made, for a slot or on demand: waiting for it is worth while."""
        begun = self._begun.get(station)
        return self.is_working(station) or (begun is not None and self.now() - begun < STUCK)

    def ask(self, station: str) -> bool:
        """Have one made, if there is time and none is coming; whether one is coming now."""
        with self._lock:
            if self.is_coming(station):
                return True
            now, before = self.now(), self._tried.get(station)
            maker = next(
                (one for one in self.makers() if one.id == station and one.makes_between_slots), None
            )
            if maker is None or is_recent(before, now=now, within=AGAIN):
                return False
            within_s = self._time_for(maker, now, most_s=BUDGET_S)
            if not within_s:
                return self._begins_soon(maker, now)  # the slot's own bulletin is the fresh one
            self._begun[station] = self._tried[station] = now
        self.submit(lambda: self._make(maker, within_s=within_s))
        return True

    def look(self) -> None:
        """
        With every tick: have breaking stories told that have come since. Raises nothing.

        Where a slot is near, its own bulletin tells them; one that was begun before is followed by another.
        """
        for maker in self.makers():
            try:
                self._look(maker, self.now())
            except ArchiveError as error:  # the reconciler tells of it
                log.debug("breaking stories are not known: station=%s: %s", maker.id, error)
            except Exception:  # the clock goes on
                log.exception("breaking stories: look failed: station=%s", maker.id)

    def _look(self, maker: BulletinMaker, now: datetime) -> None:
        since = maker.unaired_since(now) if maker.makes_between_slots else None
        if since is None:
            return
        with self._lock:
            tries = self._broke.get(maker.id)
            if tries is None or tries.since != since:
                tries = self._broke[maker.id] = _Tries(since=since)
            waits = is_recent(tries.last, now=now, within=_BREAK_AGAIN)
            if waits or tries.count == _BREAK_TRIES or self.is_coming(maker.id):
                return
            within_s = self._time_for(maker, now, most_s=BREAKING_S)
            if not within_s:
                return
            tries.count, tries.last, self._begun[maker.id] = tries.count + 1, now, now
        log.info("breaking story: a bulletin is made between slots: station=%s", maker.id)
        self.submit(lambda: self._make(maker, within_s=within_s))

    def _time_for(self, maker: BulletinMaker, now: datetime, *, most_s: float) -> float:
        """
        Seconds that a bulletin may take, `most_s` at most; 0 where there is not enough time before a slot.

        Slots go first: none of any station may have to wait for a hand that works on demand.
        """
        enough_s = _ROOM * min(most_s, maker.usual_time().total_seconds())
        free_s = _ROOM * most_s
        for one in self.makers():
            ahead = one.lead() + one.margin
            for slot in self._open_slots(one, now, until=now + timedelta(seconds=free_s) + ahead):
                free_s = min(free_s, (slot.due - ahead - now).total_seconds())
        return min(most_s, free_s) if free_s >= enough_s else 0.0

    def _begins_soon(self, maker: BulletinMaker, now: datetime) -> bool:
        """Work on the next slot of that station itself begins before a bulletin on demand could be ready."""
        until = now + timedelta(seconds=_ROOM * BUDGET_S) + maker.lead() + maker.margin
        return any(self._open_slots(maker, now, until=until))

    def _open_slots(self, maker: BulletinMaker, now: datetime, *, until: datetime) -> Iterator[Slot]:
        return (slot for slot in maker.slots(since=now, until=until) if self.is_open(maker.id, slot.due))

    def _make(self, maker: BulletinMaker, *, within_s: float) -> None:
        try:
            maker.make_now(within_s=within_s)
        except BulletinError as error:
            log.warning("nothing made on demand: station=%s: %s", maker.id, error)
        finally:
            with self._lock:
                self._begun.pop(maker.id, None)
                self._tried[maker.id] = self.now()
