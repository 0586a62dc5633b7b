"""Bulletins that a playout asks for between slots: one at a time for each station, never in a slot's way."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from bulletin.errors import BulletinError
from bulletin.service.roles import Hire, Post

log = logging.getLogger(__name__)

BUDGET_S = 90.0
"""What a bulletin on demand may take."""
_ROOM = 1.5
"""Times what a bulletin usually takes: with less time to the next slot, none is begun."""
_MOST_TIME = _ROOM * timedelta(seconds=BUDGET_S)
AGAIN = timedelta(minutes=5)
"""Whoever asks more often gets what there is: an address on the web must not keep a station's computer busy."""
STUCK = timedelta(minutes=15)


class Maker(Post, Protocol):
    """A post that also makes bulletins between its slots."""

    def make_now(self, *, within_s: float) -> None:
        """A fresh bulletin, or else a stand-by beside what lies there. Raises BulletinError."""


@dataclass(slots=True, kw_only=True)
class Fresh:
    """Who is asked for a fresh bulletin, and when it may be made."""

    makers: Callable[[], Sequence[Maker]]
    is_working: Callable[[str], bool]
    """Whether a slot of that station is being made."""
    hire: Hire
    now: Callable[[], datetime]
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
            maker = next((one for one in self.makers() if one.id == station), None)
            if maker is None or (before and timedelta(0) <= now - before < AGAIN):
                return False
            within = self._free(now)
            if within < min(_MOST_TIME, _ROOM * maker.usual()):
                # the slot's own bulletin is the fresh one
                return self._begins_soon(maker, now)
            self._begun[station] = self._tried[station] = now
        self.hire(lambda: self._make(maker, within=min(within, timedelta(seconds=BUDGET_S))))
        return True

    def _free(self, now: datetime) -> timedelta:
        """Until work on a slot begins: none of any station may have to wait for a hand that works on demand."""
        free = _MOST_TIME
        for maker in self.makers():
            ahead = maker.lead() + maker.margin
            for slot in maker.slots(since=now, until=now + free + ahead):
                free = min(free, max(timedelta(0), slot.due - ahead - now))
        return free

    def _begins_soon(self, maker: Maker, now: datetime) -> bool:
        ahead = maker.lead() + maker.margin
        return bool(maker.slots(since=now, until=now + ahead + _MOST_TIME))

    def _make(self, maker: Maker, *, within: timedelta) -> None:
        try:
            maker.make_now(within_s=within.total_seconds())
        except BulletinError as error:
            log.warning("nothing made on demand: station=%s: %s", maker.id, error)
        finally:
            with self._lock:
                self._begun.pop(maker.id, None)
                self._tried[maker.id] = self.now()
