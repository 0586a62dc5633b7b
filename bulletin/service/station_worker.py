"""A station as the service sees it: its slots, how long its work takes, the work itself."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bulletin.archive.archive import Archive
from bulletin.articles.fetching.response_cache import ResponseCache
from bulletin.config.load_profile import LoadedProfile
from bulletin.config.profile_options import ImagingOptions
from bulletin.errors import ArchiveError, BulletinError, ConfigError, NoStoryError
from bulletin.model import Level, Slot
from bulletin.pipeline import stage_summaries
from bulletin.pipeline.changes.file_retention import apply_limits, copy_daily
from bulletin.pipeline.make_bulletin import make_bulletin
from bulletin.pipeline.on_air import on_air_kinds, standby_slot
from bulletin.pipeline.run import Run
from bulletin.pipeline.slot_profile import due_between, on_air_of, overrides_of
from bulletin.pipeline.stage_timer import Listener
from bulletin.publishing.swap_standby import pulled_folder
from bulletin.runtime.deadline import Deadline
from bulletin.schedule.timetable import Timetable
from bulletin.service.breaking_stories import unaired_since
from bulletin.service.resources.disk_reserve import DiskReserve, is_disk_full
from bulletin.service.service_archive import stand_in
from bulletin.service.service_ports import SlotOutcome
from bulletin.service.slots.lead_time import lead_s, run_s, usual_s
from bulletin.service.slots.prepared_standby import OnAirSlot, least
from bulletin.service.slots.pull_candidates import pulled_kind
from bulletin.service.slots.put_standby import mix_aside, prepare_standby, put_standby
from bulletin.station.station import STATE, Station, open_station

log = logging.getLogger(__name__)

GRACE = timedelta(minutes=10)
"""A bulletin that is late is still worth making: the next slot may be hours away."""
_RUNS_KNOWN = timedelta(minutes=1)
_AHEAD = timedelta(days=1)


@dataclass(slots=True)
class _Runs:
    """How long the last runs took, as read a moment ago: every tick asks. And for which slot the last one was."""

    seconds: tuple[float, ...] = ()
    read_at: datetime | None = None
    slot: Slot | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StationWorker:
    """
    One profile's worker.

    Every piece of work opens the station anew, so that a profile that was changed is what the next
    bulletin is made by.
    """

    loaded: LoadedProfile
    output: Path
    archive: Archive
    """Of the output folder, for the ledger and the run times; the work opens its own."""
    answers: ResponseCache | None = None
    """Shared by the workers of one process."""
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    listener: Listener | None = None
    """Hears how the work goes on."""
    _runs: _Runs = field(default_factory=_Runs)
    _timetable: Timetable = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_timetable", Timetable(self.loaded))  # frozen

    @property
    def id(self) -> str:
        return self.loaded.id

    @property
    def on_air(self) -> OnAirSlot:
        """Its files, and what is prepared beside them."""
        return OnAirSlot(output=self.output, loaded=self.loaded)

    @property
    def margin(self) -> timedelta:
        return timedelta(seconds=self.loaded.profile.clock.margin_s)

    @property
    def grace(self) -> timedelta:
        return GRACE

    def slots(self, *, since: datetime, until: datetime) -> Sequence[Slot]:
        """What is due in between."""
        return self._timetable.slots(since=since, until=until)

    def lead(self) -> timedelta:
        """Learnt from the last runs."""
        return timedelta(seconds=lead_s(self._last_runs()))

    def usual_time(self) -> timedelta:
        """Learnt from the last runs."""
        return timedelta(seconds=usual_s(self._last_runs()))

    def _last_runs(self) -> tuple[float, ...]:
        now, runs = self.clock(), self._runs
        if runs.read_at is None or not timedelta(0) <= now - runs.read_at < _RUNS_KNOWN:
            runs.seconds, runs.read_at = self.archive.run_times(self.id, limit=20), now
        return runs.seconds

    def work(self, slot: Slot, *, ready_by: datetime) -> SlotOutcome:
        """
        A fresh bulletin, or the best stand-by there is.

        Raises BulletinError only when not even a stand-by could be put in place.
        """
        try:
            return self._reserve.use(lambda: self._with_or_without_memory(slot, ready_by=ready_by))
        except BulletinError as error:
            ready = self.on_air.levels_of(slot)
            level = least(ready) if ready else self.on_air.prepared_level(slot)
            if level is None:
                raise
            log.error("no work could be done, the stand-by is ready: station=%s: %s", self.id, error)
            return SlotOutcome(level=level, note=str(error), is_on_air=bool(ready))

    def _with_or_without_memory(self, slot: Slot, *, ready_by: datetime) -> SlotOutcome:
        try:
            return self._work(slot, ready_by=ready_by)
        except ArchiveError as error:
            return self._work(slot, ready_by=ready_by, why=self._without_memory(slot, error))

    def _work(self, slot: Slot, *, ready_by: datetime, why: str = "") -> SlotOutcome:
        """`why`: why it has to be done without the archive. Raises ArchiveError where that can still help."""
        deadline = Deadline.after(run_s(now=self.clock(), ready_by=ready_by))
        if self.answers and self._runs.slot == slot:
            self.answers.forget_failures()  # it is tried again because they may be over
        self._runs.read_at, self._runs.slot = None, slot
        overrides = overrides_of(self.loaded, slot, is_on_air_only=bool(why))
        with self._opened(overrides, why) as (station, problem):
            try:
                run = self._in_room(
                    slot,
                    lambda: make_bulletin(
                        station,
                        now=self.clock(),
                        due=slot.due,
                        sections=slot.sections,
                        deadline=deadline,
                        listener=self.listener,
                    ),
                )
            except Exception as error:
                _tell(self.id, error)
                if isinstance(error, ArchiveError) and not why and not self._lies_news(slot):
                    raise
                outcome = self._stand_by(station, slot, _told(error), problem)
                return replace(outcome, is_quiet=isinstance(error, NoStoryError) and error.is_quiet)
        return _outcome(run, problem)

    def _in_room(self, slot: Slot, make: Callable[[], Run]) -> Run:
        """Fresh news goes before the reserve; what it does not take is there for the stand-by."""
        try:
            return make()
        except Exception as error:
            if self._lies_news(slot) or not (is_disk_full(error) and self._reserve.give_up()):
                raise
            return make()

    @property
    def makes_between_slots(self) -> bool:
        return self.loaded.profile.clock.between_slots

    def unaired_since(self, now: datetime) -> datetime | None:
        """See `breaking.unaired_since`. Raises ArchiveError."""
        return unaired_since(self.archive, self.loaded, now=now)

    def make_now(self, *, within_s: float) -> None:
        """
        A bulletin between slots, to where it is on air (else everywhere); or a stand-by beside what lies there.

        What lies in public stays when it fails. Raises BulletinError.
        """
        now, profile = self.clock(), self.loaded.profile
        make, on_air = profile.outputs.make, on_air_kinds(profile)
        wanted = {*on_air, pulled_kind(profile)}
        slot = Slot(
            station=self.id,
            due=due_between(self.loaded, output=self.output, now=now),
            length_s=profile.length,
            is_up_to=profile.up_to,
            outputs=tuple(kind for kind in make if kind in wanted) if on_air else make,
        )
        with self._opened(overrides_of(self.loaded, slot)) as (station, _):
            try:
                make_bulletin(station, now=now, due=slot.due, deadline=Deadline.after(within_s))
            except Exception as error:
                _tell(self.id, error)
                aside = pulled_folder(self.output / STATE, self.id)
                mix_aside(station, due=slot.due, now=self.clock(), folder=aside)
                raise

    def _stand_by(self, station: Station, slot: Slot, *why: str) -> SlotOutcome:
        """
        What is on air for this very slot already, else the best stand-by that can be prepared now.

        It is put in place at once where nothing valid is on air, or where the slot has come.
        """
        on_air, now, note = self.on_air, self.clock(), ""
        ready = on_air.levels_of(slot)
        level = least(ready) if ready else on_air.prepared_level(slot)
        if not ready and on_air.is_silent(slot, now):
            level, note = put_standby(station, due=slot.due, now=now)
        elif level is None:
            level, note = prepare_standby(station, due=slot.due, now=now)
        if not ready:
            self.swap_in(self.clock())
        is_on_air = bool(on_air.levels_of(slot)) or not on_air_of(self.loaded, slot)
        return SlotOutcome(level=level, note="; ".join(filter(None, (*why, note))), is_on_air=is_on_air)

    def swap_in(self, now: datetime) -> tuple[datetime, SlotOutcome] | None:
        """Put the prepared stand-by in place if its slot has come; see `OnAirSlot.swap_in`. Raises OutletError."""
        swapped = self.on_air.swap_in(margin=self.margin, now=now).values()
        if not swapped:
            return None
        try:
            self.archive.put_on_air(self.id, [one.guid for one in swapped], at=now)
        except ArchiveError as error:
            log.error("the archive does not know that the stand-by is on air: station=%s: %s", self.id, error)
        return max(one.due for one in swapped), SlotOutcome(level=least([one.level for one in swapped]))

    def _lies_news(self, slot: Slot) -> bool:
        """Whether the bulletin was out already when the archive failed."""
        return set(self.on_air.levels_of(slot)) in ({Level.FRESH}, {Level.PARTIAL})

    def _without_memory(self, slot: Slot, error: ArchiveError) -> str:
        """
        What to tell when a slot is met without the archive: locked, from a newer Bulletin.

        Only for what is on air: an episode that no archive knows would leave the podcast with the next one.
        """
        if not on_air_of(self.loaded, slot):
            raise error
        log.error("working without memory: station=%s: %s", self.id, error)
        return f"without memory: {error}"

    def standby_due(self, now: datetime) -> Slot | None:
        """
        The slot that needs a stand-by prepared now.

        So what fails later, a full disk or a dead voice, finds one ready when the slot comes.
        """
        profile = self.loaded.profile
        after = timedelta(minutes=profile.standby.after_min)
        if not after or not on_air_kinds(profile):
            return None
        return standby_slot(
            self.slots(since=now, until=now + _AHEAD),
            self.on_air.lies(),
            prepared=self.on_air.prepared(),
            now=now,
            after=after,
            lead=self.lead() + self.margin,
        )

    def prepare(self, slot: Slot) -> SlotOutcome:
        """Prepare the stand-by of a slot; say which it is. Raises BulletinError."""
        return self._reserve.use(lambda: self._prepare_somehow(slot))

    def _prepare_somehow(self, slot: Slot) -> SlotOutcome:
        try:
            return self._prepare(slot)
        except ArchiveError as error:
            return self._prepare(slot, why=self._without_memory(slot, error))

    def _prepare(self, slot: Slot, *, why: str = "") -> SlotOutcome:
        overrides = overrides_of(self.loaded, slot, is_on_air_only=bool(why))
        with self._opened(overrides, why) as (station, problem):
            return self._stand_by(station, slot, problem)

    @property
    def _reserve(self) -> DiskReserve:
        return DiskReserve(self.output / STATE)

    def tidy(self) -> None:
        """
        Keep folder, speech and archive within the profile's limits, copy the archive. Raises BulletinError, OSError.
        """
        with self._opened({}) as (station, _):
            apply_limits(station, now=self.clock())
            copy_daily(station, now=self.clock())

    @contextmanager
    def _opened(self, overrides: Mapping[str, Any], why: str = "") -> Iterator[tuple[Station, str]]:
        """
        The station, and what had to be left out of it: with `why` its memory.

        A folder of jingles or a picture that is gone since the profile was read must not silence the station:
        then it has ours.
        """
        plain = {**overrides, "imaging": ImagingOptions(style=self.loaded.profile.imaging.style)}
        with ExitStack() as stack:
            problem = why
            memory = stack.enter_context(stand_in(self.output, why=why)) if why else None
            try:
                station = stack.enter_context(self._open(overrides, memory))
            except ConfigError as error:
                problem = "; ".join(filter(None, (why, str(error))))
                log.error("the station's own music and picture are left out: station=%s: %s", self.id, error)
                station = stack.enter_context(self._open(plain, memory))
            yield station, problem

    def _open(self, overrides: Mapping[str, Any], memory: Archive | None) -> AbstractContextManager[Station]:
        return open_station(
            self.loaded,
            output=self.output,
            overrides=overrides,
            answers=self.answers,
            memory=memory,
            clock=self.clock,
        )


def _tell(station: str, error: Exception) -> None:
    """What was not foreseen is loud, but it silences no station."""
    if isinstance(error, BulletinError):
        log.error("no fresh bulletin: station=%s: %s", station, error)
    else:
        log.exception("no fresh bulletin, and nobody foresaw why: station=%s", station)


def _told(error: Exception) -> str:
    return str(error) if isinstance(error, BulletinError) else f"{type(error).__name__}: {error}"


def _outcome(run: Run, problem: str) -> SlotOutcome:
    level = run.bulletin.level
    unsaid = "there was no time to say everything" if level is Level.PARTIAL else ""
    notes = (problem, unsaid, *stage_summaries.tell_kept_back(run.episodes))
    return SlotOutcome(level=level, note="; ".join(filter(None, notes)))
