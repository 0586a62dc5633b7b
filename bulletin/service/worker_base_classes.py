"""
Base classes of the service: worker of a station's slots, watcher of their results, runner of a round.

Also pure functions for lead times, deadlines and retries.
"""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import call
from typing import Any

from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.config.load_profile import LoadedProfile
from bulletin.errors import ArchiveError
from bulletin.model import Level, Slot, SlotRecord
from bulletin.pipeline.read_json_of_on_air_files import OnAirFile, on_air_kinds, standby_slot
from bulletin.schedule.plan_slots import slots_of

log = logging.getLogger(__name__)

GRACE = timedelta(minutes=10)
"""A bulletin that is late is still worth making: the next slot may be hours away."""
LEAST_S, MOST_S = 45.0, 600.0
"""Clamps of the lead time: a quick run may be slow once; news from ten minutes before the slot is not fresh."""
UNKNOWN_S = 180.0
"""Lead time before the first run: a small computer that loads a voice for the first time."""
UNKNOWN_USUAL_S = 60.0
"""The same, for the wait of other stations."""
_RUNS = 20
_LEAST_RUN_S = 30.0
"""Limit of a run that begins too late: late, but whole."""
_FOR_STANDBY_S = 5.0
"""Reserved for the stand-by when the run fails at the last moment."""
_TRY_AGAIN = timedelta(seconds=10)
"""Pause after the first failure; twice as long after the second, and so on."""
_STANDBYS = (Level.LAST_GOOD, Level.EVERGREEN, Level.IDENT)
_STANDBY_AHEAD = timedelta(days=1)
_MARGIN = timedelta(hours=12)
"""Slots are computed so far beyond a request, since the next request is nearly the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotOutcome:
    """The result of the work on a slot."""

    level: Level
    note: str = ""
    """Reason of a level below fresh."""
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
        """Time before its slot at which a bulletin must be ready."""
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
    """Receives the events of the reconciler; by default does nothing with them."""

    def met(self, record: SlotRecord) -> None:
        """A slot is done; `record.level` says how well, `record.is_met` whether in time."""

    def missed(self, record: SlotRecord) -> None:
        """A slot passed without any bulletin."""

    def prepared(self, station: str, due: datetime, outcome: SlotOutcome) -> None:
        """The stand-by of a coming slot is ready."""

    def failed(self, station: str, what: str, error: BaseException) -> None:
        """An unforeseen failure of "plan", "ledger", "slot", "work", "stand-by" or "upkeep"."""


Submit = Callable[[Callable[[], None]], None]
"""Runs a job, in another thread or in this one."""


@dataclass(slots=True, kw_only=True)
class StepRunner:
    """Runs the steps of a round, with the ledger, threads, watcher and clock of the process."""

    ledger: SlotLedger
    owner: str
    submit: Submit
    watcher: SlotWatcher
    now: Callable[[], datetime]
    use_reserve: Callable[[Callable[[], Any]], Any] = call
    """Calls a function, and on a full disk once more in the space of the reserve."""

    def safely(self, station: str, what: str, step: Callable[[], object]) -> bool:
        """Run a step of one station so that its failure stops no other. False: the ledger has failed."""
        try:
            self.use_reserve(step)
        except Exception as error:
            text = "step of the service stopped by an error, the other steps go on: station=%s step=%s"
            log.exception(text, station or "all", what)
            self.watcher.failed(station, what, error)
            return not isinstance(error, ArchiveError)
        return True


def lead_s(runs_s: Sequence[float]) -> float:
    """
    Seconds from the beginning of the work to the slot; `runs_s` are seconds of the last runs, newest first.

    1.5 times the 95th percentile of the last twenty, and 20 s; clamped to 45 s ... 10 min.
    """
    p95_s = slow_s(runs_s)
    if p95_s is None:
        return UNKNOWN_S
    return min(max(1.5 * p95_s + 20.0, LEAST_S), MOST_S)


def usual_s(runs_s: Sequence[float]) -> float:
    """
    Seconds that other stations due at the same time wait for this one: a quarter above the mean.

    The slow runs of fifty stations do not coincide: their 95th percentiles would add up to an hour, and news would
    be made just after the slot before.
    """
    last_s = runs_s[:_RUNS]
    return 1.25 * sum(last_s) / len(last_s) if last_s else UNKNOWN_USUAL_S


def slow_s(runs_s: Sequence[float]) -> float | None:
    """The 95th percentile of the last twenty runs by the nearest rank; None without runs."""
    sorted_s = sorted(runs_s[:_RUNS])
    return sorted_s[max(0, -(-len(sorted_s) * 95 // 100) - 1)] if sorted_s else None


def run_s(*, now: datetime, ready_by: datetime) -> float:
    """Time limit in seconds of a run that begins now: until it must be ready, less the time for a stand-by."""
    return max((ready_by - now).total_seconds() - _FOR_STANDBY_S, _LEAST_RUN_S)


def is_recent(moment: datetime | None, *, now: datetime, within: timedelta) -> bool:
    """Whether a moment is less than `within` ago; not where the clock was set back since."""
    return moment is not None and timedelta(0) <= now - moment < within


def is_waiting(record: SlotRecord, now: datetime) -> bool:
    """Whether a failed slot waits for its next try."""
    return is_recent(record.begun_at, now=now, within=_TRY_AGAIN * record.tries)


def over_before(due: datetime, worker: SlotWorker, *, now: datetime) -> datetime:
    """
    The moment before which open slots are over.

    A bulletin may be late by the grace. The exception: the next bulletin of the same outputs is due before
    this one could be ready, which would make that one late.
    """
    over = now - GRACE
    if not over <= due < now:  # after a jump of years there are too many slots to list
        return over
    late, *later = worker.slots(since=due, until=now + worker.usual_time()) or (None,)
    is_passed_over = late is not None and any(set(late.outputs) <= set(slot.outputs) for slot in later)
    return max(over, due + timedelta(seconds=1)) if is_passed_over else over


def is_retry_worthwhile(outcome: SlotOutcome, *, now: datetime, takes: timedelta, ready_by: datetime) -> bool:
    """
    Whether fresh news can still replace a stand-by in time.

    A failure of a minute must not cost the hour: a network that comes up after the machine, a full disk, a
    server that restarts. Where the feeds have nothing new, one try is enough.
    """
    return outcome.level in _STANDBYS and not outcome.is_quiet and now + takes < ready_by
