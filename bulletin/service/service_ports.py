"""Base classes of the service: the worker of a station's slots, and the watcher of what became of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bulletin.config.load_profile import LoadedProfile
from bulletin.model import Level, Slot, SlotRecord
from bulletin.pipeline.on_air import OnAirFile, on_air_kinds, standby_slot
from bulletin.schedule.timetable import slots_of
from bulletin.service.lead_time import lead_s, usual_s

GRACE = timedelta(minutes=10)
"""A bulletin that is late is still worth making: the next slot may be hours away."""
_STANDBY_AHEAD = timedelta(days=1)
_MARGIN = timedelta(hours=12)
"""Slots are computed so far beyond a request, since the next request is nearly the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotOutcome:
    """The result of the work on a slot."""

    level: Level
    note: str = ""
    """Why it is less than fresh."""
    is_quiet: bool = False
    """Less than fresh because the feeds bring nothing new."""
    is_on_air: bool = True
    """False: a stand-by is prepared beside the on-air file, and replaces it when the slot comes."""


@dataclass(slots=True, kw_only=True)
class SlotWorker(ABC):
    """One station as the reconciler sees it: its slots, the lead time of its work, the work."""

    loaded: LoadedProfile
    _known: tuple[datetime, datetime] | None = None
    """From when to when `_slots` are cached, since the reconciler asks with every round."""
    _slots: tuple[Slot, ...] = ()

    @property
    def id(self) -> str:
        return self.loaded.id

    @property
    def margin(self) -> timedelta:
        """How long before its slot a bulletin is ready."""
        return timedelta(seconds=self.loaded.profile.clock.margin_s)

    def slots(self, *, since: datetime, until: datetime) -> Sequence[Slot]:
        """Slots due from `since` on and before `until`. Raises ConfigError as `slots_of`."""
        if self._known is None or since < self._known[0] or until > self._known[1]:
            self._known = since - _MARGIN, until + _MARGIN
            self._slots = slots_of(self.loaded, since=self._known[0], until=self._known[1])
        first, end = (
            bisect_left(self._slots, moment, key=lambda slot: slot.due) for moment in (since, until)
        )
        return self._slots[first:end]

    def lead(self) -> timedelta:
        """Time that the work takes, with a reserve; learnt from the last runs."""
        return timedelta(seconds=lead_s(self.run_times()))

    def usual_time(self) -> timedelta:
        """Time that other stations due with this one wait for it; learnt from the last runs."""
        return timedelta(seconds=usual_s(self.run_times()))

    def standby_due(self, now: datetime) -> Slot | None:
        """
        The slot that needs a stand-by prepared now.

        A failure before the slot, a full disk or a dead voice, then finds a stand-by ready.
        """
        after = timedelta(minutes=self.loaded.profile.standby.after_min)
        if not after or not on_air_kinds(self.loaded.profile):
            return None
        on_air, prepared = self.read_files()
        return standby_slot(
            self.slots(since=now, until=now + _STANDBY_AHEAD),
            on_air,
            prepared=prepared,
            now=now,
            after=after,
            lead=self.lead() + self.margin,
        )

    @abstractmethod
    def run_times(self) -> Sequence[float]:
        """Seconds of the last runs, newest first."""

    @abstractmethod
    def read_files(self) -> tuple[Mapping[str, OnAirFile | None], Mapping[str, OnAirFile | None]]:
        """The on-air file, and the prepared stand-by, of each rendition that a playout takes by the clock."""

    @abstractmethod
    def work(self, slot: Slot, *, ready_by: datetime) -> SlotOutcome:
        """Make and publish the bulletin of a slot; called by a thread of the pool."""

    @abstractmethod
    def prepare(self, slot: Slot) -> SlotOutcome:
        """
        Prepare the stand-by of a slot, or put it on air where no file is valid; called by a thread of the pool.

        Raises BulletinError.
        """

    @abstractmethod
    def swap_in(self, now: datetime) -> tuple[datetime, SlotOutcome] | None:
        """
        Put the prepared stand-by on air if its slot has come and has no news; the slot's time and the outcome.

        Quick: called by the reconciler itself. None where nothing was swapped. Raises BulletinError, OSError.
        """

    @abstractmethod
    def tidy(self) -> None:
        """Delete files and rows beyond the profile's limits, once a day. Raises BulletinError, OSError."""


class SlotWatcher:
    """Receives the events of the reconciler; does nothing with them by itself."""

    def met(self, record: SlotRecord) -> None:
        """A slot is done; `record.level` says how well, `record.is_met` whether in time."""

    def missed(self, record: SlotRecord) -> None:
        """A slot passed without any bulletin."""

    def prepared(self, station: str, due: datetime, outcome: SlotOutcome) -> None:
        """The stand-by of a coming slot is ready."""

    def failed(self, station: str, what: str, error: BaseException) -> None:
        """An unforeseen failure of "plan", "ledger", "slot", "work", "stand-by" or "upkeep"."""


Submit = Callable[[Callable[[], None]], None]
"""Runs a job, in another thread or at once."""
