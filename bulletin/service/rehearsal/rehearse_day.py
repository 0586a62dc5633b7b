"""
A day of a station's clock, played in seconds: the keeper and the ledger are the real ones, the time is not.

Nothing is fetched, spoken or mixed: each piece of work takes as long as one of the station's last runs took,
in turn, and what it cannot do in its time it leaves out, as the real one does.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.slot_ledger import SlotLedger
from bulletin.config.load_profile import LoadedProfile
from bulletin.model import Level, Slot, SlotRecord
from bulletin.pipeline.on_air import OnAirFile, gives_way, on_air_kinds, standby_slot
from bulletin.schedule.timetable import Timetable
from bulletin.service.rehearsal.simulated_clock import SimulatedClock
from bulletin.service.service_ports import SlotOutcome
from bulletin.service.slots.lead_time import lead_s, run_s, usual_s
from bulletin.service.slots.reconcile_slots import STUCK, SlotReconciler
from bulletin.service.station_worker import GRACE

UNKNOWN_RUN: Mapping[str, float] = {"gather": 20.0, "speak": 40.0, "mix": 15.0, "publish": 5.0}
"""Seconds per stage, where the station has never made a bulletin: a small computer and slow feeds."""
_CAN_BE_CUT = ("gather", "speak")
"""Stages that end when their time is over, with what there is."""
_STANDBY_STAGES = ("mix", "examine", "publish")
_TICK, _BUSY_TICK, _IDLE_TICK = timedelta(seconds=5), timedelta(seconds=60), timedelta(minutes=10)
"""Busy: half of a lease, which a tick renews."""
_IN_MEMORY = Path("/dev/shm")
_RUNS = 20


@dataclass(slots=True, kw_only=True)
class RehearsedWorker:
    """A station whose work only takes time."""

    loaded: LoadedProfile
    clock: SimulatedClock
    runs: Sequence[Mapping[str, float]]
    """Seconds per stage of the last runs, newest first."""
    began: dict[datetime, datetime] = field(default_factory=dict)
    """Slot -> when the work on it began."""
    last: datetime | None = None
    """The slot of the last bulletin that was fresh."""
    _timetable: Timetable = field(init=False)
    _lies: dict[str, OnAirFile | None] = field(default_factory=dict)
    _prepared: dict[str, OnAirFile | None] = field(default_factory=dict)
    _turns: int = 0

    def __post_init__(self) -> None:
        self._timetable = Timetable(self.loaded)

    @property
    def id(self) -> str:
        return self.loaded.id

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
        """From the runs that are known when the rehearsal begins."""
        return timedelta(seconds=lead_s([sum(run.values()) for run in self.runs]))

    def usual(self) -> timedelta:
        """From the same runs."""
        return timedelta(seconds=usual_s([sum(run.values()) for run in self.runs]))

    def work(self, slot: Slot, *, ready_by: datetime) -> SlotOutcome:
        """As long as the next of the runs took; cut where the real one would be."""
        self.began.setdefault(slot.due, self.clock())
        run = self._next_run()
        fixed_s = sum(seconds for stage, seconds in run.items() if stage not in _CAN_BE_CUT)
        left_s = run_s(now=self.clock(), ready_by=ready_by)
        cut_s = min(sum(run.values()) - fixed_s, max(left_s - fixed_s, 0.0))
        self.clock.sleep(fixed_s + cut_s)
        is_whole = fixed_s + cut_s >= sum(run.values()) - 0.001
        level = Level.FRESH if is_whole else Level.PARTIAL
        self.last = slot.due
        self._put(slot, level)
        return SlotOutcome(level=level, note="" if is_whole else f"{left_s:.0f} s were left for it")

    def standby_due(self, now: datetime) -> Slot | None:
        """By the rule of the real one, on what the rehearsal has put there."""
        profile = self.loaded.profile
        after = timedelta(minutes=profile.standby.after_min)
        kinds = on_air_kinds(profile)
        if not after or not kinds:
            return None
        return standby_slot(
            self.slots(since=now, until=now + timedelta(days=1)),
            {kind: self._lies.get(kind) for kind in kinds},
            prepared=self._prepared,
            now=now,
            after=after,
            lead=self.lead() + self.margin,
        )

    def prepare(self, slot: Slot) -> SlotOutcome:
        """The last one again while it is young enough, else the evergreen."""
        self.clock.sleep(sum(self.run.get(stage, 0.0) for stage in _STANDBY_STAGES))
        limit = timedelta(hours=self.loaded.profile.standby.max_age_h)
        is_young = self.last is not None and slot.due - self.last <= limit
        level = Level.LAST_GOOD if is_young else Level.EVERGREEN
        if not all(self._lies.get(kind) for kind in self._kinds(slot)):
            self._put(slot, level)
            return SlotOutcome(level=level)
        self._prepared = {kind: OnAirFile(due=slot.due, level=level) for kind in self._kinds(slot)}
        return SlotOutcome(level=level, is_on_air=False)

    def swap_in(self, now: datetime) -> tuple[datetime, SlotOutcome] | None:
        """By the rule of the real one."""
        come = {
            kind: one
            for kind, one in self._prepared.items()
            if one and one.due - self.margin <= now and gives_way(self._lies.get(kind), one, now=now)
        }
        if not come:
            return None
        self._lies |= come
        self._prepared = {}
        one = next(iter(come.values()))
        return one.due, SlotOutcome(level=one.level)

    def tidy(self) -> None:
        """Nothing lies there."""

    @property
    def run(self) -> Mapping[str, float]:
        """The one whose turn it is."""
        runs = self.runs or (UNKNOWN_RUN,)
        return runs[-1 - self._turns % len(runs)]

    def _next_run(self) -> Mapping[str, float]:
        run = self.run
        self._turns += 1
        return run

    def _put(self, slot: Slot, level: Level) -> None:
        self._lies |= dict.fromkeys(self._kinds(slot), OnAirFile(due=slot.due, level=level))

    def _kinds(self, slot: Slot) -> list[str]:
        kinds = on_air_kinds(self.loaded.profile)
        return [kind for kind in kinds if not slot.outputs or kind in slot.outputs]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """What would have happened."""

    record: SlotRecord
    began_at: datetime | None
    """When the work began; None when it never did."""


class _Silence:
    """Nobody has to be told: it was only a rehearsal."""

    def met(self, record: SlotRecord) -> None: ...

    def missed(self, record: SlotRecord) -> None: ...

    def prepared(self, station: str, due: datetime, outcome: SlotOutcome) -> None: ...

    def failed(self, station: str, what: str, error: BaseException) -> None:
        """Its trouble is in the record."""


def rehearse_day(
    loaded: LoadedProfile,
    *,
    since: datetime,
    until: datetime,
    runs: Sequence[Mapping[str, float]],
    progress: Callable[[float], None] = lambda done: None,
) -> tuple[Rehearsal, ...]:
    """
    Play the slots that are due from `since` on and before `until` (aware), in order.

    The service is thought to be switched on an hour before. `runs` are seconds per stage of the station's
    last runs, newest first. `progress` gets the part of the day that is done, 0 to 1. Raises ConfigError for holidays of an unknown place.
    """
    clock = SimulatedClock(since.astimezone(UTC) - timedelta(hours=1))
    post = RehearsedWorker(loaded=loaded, clock=clock, runs=runs[:_RUNS])
    with (
        tempfile.TemporaryDirectory(
            prefix="bulletin-",
            dir=_IN_MEMORY if _IN_MEMORY.is_dir() else None,
            ignore_cleanup_errors=True,
        ) as folder,
        Archive.open(Path(folder) / "archive.sqlite") as archive,
    ):
        ledger = SlotLedger(archive)
        keeper = SlotReconciler(
            ledger=ledger, posts=[post], owner="rehearsal", hire=clock.hire, watcher=_Silence(), now=clock
        )
        keeper.begin()
        begin, end = clock(), until.astimezone(UTC) + GRACE + STUCK
        while clock() < end:
            keeper.tick()
            clock.turn(min(_next_look(post, clock), end))
            progress((clock() - begin) / (end - begin))
        rows = ledger.rows(since=since, until=until)
    return tuple(Rehearsal(record=row, began_at=post.began.get(row.due)) for row in rows)


def _next_look(post: RehearsedWorker, clock: SimulatedClock) -> datetime:
    """The service ticks every five seconds; the rehearsal leaves out the ticks at which nothing can happen."""
    now, longest = clock(), _IDLE_TICK if clock.is_idle else _BUSY_TICK
    after = timedelta(minutes=post.loaded.profile.standby.after_min)
    slots = post.slots(since=now - GRACE - after, until=now + _IDLE_TICK + GRACE)
    moments = [
        moment
        for slot in slots
        for moment in (
            slot.due - post.lead() - post.margin,
            slot.due - post.margin,
            slot.due + after,
            slot.due + GRACE + _TICK,
        )
    ]
    soon = min((moment for moment in moments if moment > now), default=now + longest)
    return max(now + _TICK, min(soon, now + longest))
