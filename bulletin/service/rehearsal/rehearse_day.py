"""
Rehearsal of a day of a station's clock in seconds: real reconciler and ledger, simulated time.

Nothing is fetched, spoken or mixed. Each job takes as long as one of the station's last runs, in turn, and is cut
by its deadline as a real one.
"""

from __future__ import annotations

import tempfile
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.config.load_profile import LoadedProfile
from bulletin.model import Level, Slot, SlotRecord
from bulletin.pipeline.read_json_of_on_air_files import OnAirFile, gives_way, on_air_kinds
from bulletin.pipeline.slot_profile_overrides import on_air_of
from bulletin.service.slots.reconcile_slot_ledger import SlotReconciler
from bulletin.service.slots.run_slot_jobs import STUCK
from bulletin.service.worker_base_classes import GRACE, SlotOutcome, SlotWatcher, SlotWorker, run_s

UNKNOWN_RUN: Mapping[str, float] = {"gather": 20.0, "speak": 40.0, "mix": 15.0, "publish": 5.0}
"""Seconds per stage, where the station has never made a bulletin: a small computer and slow feeds."""
_CAN_BE_CUT = ("gather", "speak")
"""Stages that end at the deadline with a part of their work."""
_STANDBY_STAGES = ("mix", "examine", "publish")
_STEP, _BUSY_STEP, _IDLE_STEP = timedelta(seconds=5), timedelta(seconds=60), timedelta(minutes=10)
"""Busy: half of a lease, which a round renews."""
_IN_MEMORY = Path("/dev/shm")
_RUNS = 20


class SimulatedClock:
    """A clock that jumps from round to round, and runs one job at a time; while a job sleeps the rounds go on."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self.jobs: deque[Callable[[], None]] = deque()
        """The first of them runs."""
        self._run_round: Callable[[], datetime] = lambda: now

    def __call__(self) -> datetime:
        return self._now

    def run(self, run_round: Callable[[], datetime], *, until: datetime) -> None:
        """Run rounds until `until`, and the jobs that they begin; each round returns the time of the next."""
        self._run_round = run_round
        while self._now < until:
            next_at = run_round()
            if not self.jobs:
                self._now = next_at
            while self.jobs:
                self.jobs[0]()
                self.jobs.popleft()

    def sleep(self, seconds: float) -> None:
        """Sleep by this clock; called by jobs only."""
        wakes_at = self._now + timedelta(seconds=seconds)
        while (next_at := self._run_round()) < wakes_at:
            self._now = next_at
        self._now = wakes_at


@dataclass(slots=True, kw_only=True)
class RehearsedWorker(SlotWorker):
    """A station whose work takes time and makes nothing."""

    clock: SimulatedClock
    runs: Sequence[Mapping[str, float]]
    """Seconds per stage of the last runs, newest first."""
    began: dict[datetime, datetime] = field(default_factory=dict)
    """Slot -> when work on it began."""
    last: datetime | None = None
    """The slot of the last fresh bulletin."""
    _on_air: dict[str, OnAirFile | None] = field(default_factory=dict)
    _prepared: dict[str, OnAirFile | None] = field(default_factory=dict)
    _runs_used: int = 0

    def run_times(self) -> list[float]:
        """Seconds of the runs that are known when the rehearsal begins."""
        return [sum(run.values()) for run in self.runs]

    def read_files(self) -> tuple[dict[str, OnAirFile | None], dict[str, OnAirFile | None]]:
        kinds = on_air_kinds(self.loaded.profile)
        return {kind: self._on_air.get(kind) for kind in kinds}, self._prepared

    def work(self, slot: Slot, *, ready_by: datetime) -> SlotOutcome:
        """Take as long as the next of the runs, cut where the deadline cuts a real one."""
        self.began.setdefault(slot.due, self.clock())
        run = self.next_run
        self._runs_used += 1
        fixed_s = sum(seconds for stage, seconds in run.items() if stage not in _CAN_BE_CUT)
        left_s = run_s(now=self.clock(), ready_by=ready_by)
        cut_s = min(sum(run.values()) - fixed_s, max(left_s - fixed_s, 0.0))
        self.clock.sleep(fixed_s + cut_s)
        is_complete = fixed_s + cut_s >= sum(run.values()) - 0.001
        level = Level.FRESH if is_complete else Level.PARTIAL
        self.last = slot.due
        self._on_air |= self._files_of(slot, level)
        return SlotOutcome(level=level, note="" if is_complete else f"{left_s:.0f} s were left for it")

    def prepare(self, slot: Slot) -> SlotOutcome:
        """The last bulletin again while it is young enough, else the evergreen."""
        self.clock.sleep(sum(self.next_run.get(stage, 0.0) for stage in _STANDBY_STAGES))
        limit = timedelta(hours=self.loaded.profile.standby.max_age_h)
        is_young = self.last is not None and slot.due - self.last <= limit
        level = Level.LAST_GOOD if is_young else Level.EVERGREEN
        files = self._files_of(slot, level)
        if not all(self._on_air.get(kind) for kind in files):
            self._on_air |= files
            return SlotOutcome(level=level)
        self._prepared = files
        return SlotOutcome(level=level, is_on_air=False)

    def swap_in(self, now: datetime) -> tuple[datetime, SlotOutcome] | None:
        due_files = {
            kind: file
            for kind, file in self._prepared.items()
            if file and file.due - self.margin <= now and gives_way(self._on_air.get(kind), file, now=now)
        }
        if not due_files:
            return None
        self._on_air |= due_files
        self._prepared = {}
        file = next(iter(due_files.values()))
        return file.due, SlotOutcome(level=file.level)

    def tidy(self) -> None:
        """A rehearsal writes no file."""

    @property
    def next_run(self) -> Mapping[str, float]:
        """The run whose times the next work takes."""
        runs = self.runs or (UNKNOWN_RUN,)
        return runs[-1 - self._runs_used % len(runs)]

    def _files_of(self, slot: Slot, level: Level) -> dict[str, OnAirFile | None]:
        return dict.fromkeys(on_air_of(self.loaded, slot), OnAirFile(due=slot.due, level=level))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """A slot as it would have gone."""

    record: SlotRecord
    began_at: datetime | None
    """Start of the work; None: never."""


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

    The simulated service starts an hour before. `runs` are seconds per stage of the station's
    last runs, newest first. `progress` gets the share of the day that is simulated, 0 to 1. Raises ConfigError for
    holidays of an unknown country.
    """
    clock = SimulatedClock(since.astimezone(UTC) - timedelta(hours=1))
    worker = RehearsedWorker(loaded=loaded, clock=clock, runs=runs[:_RUNS])
    with (
        tempfile.TemporaryDirectory(
            prefix="bulletin-", dir=_IN_MEMORY if _IN_MEMORY.is_dir() else None, ignore_cleanup_errors=True
        ) as folder,
        Archive.open(Path(folder) / "archive.sqlite") as archive,
    ):
        ledger = SlotLedger(archive)
        reconciler = SlotReconciler(
            ledger=ledger,
            workers=[worker],
            owner="rehearsal",
            submit=clock.jobs.append,
            watcher=SlotWatcher(),
            now=clock,
        )
        reconciler.begin()
        begin, end = clock(), until.astimezone(UTC) + GRACE + STUCK

        def run_round() -> datetime:
            reconciler.reconcile()
            progress(min(1.0, (clock() - begin) / (end - begin)))
            return _next_step(worker, clock)

        clock.run(run_round, until=end)
        progress(1.0)
        rows = ledger.rows(since=since, until=until)
    return tuple(Rehearsal(record=row, began_at=worker.began.get(row.due)) for row in rows)


def _next_step(worker: RehearsedWorker, clock: SimulatedClock) -> datetime:
    """The service reconciles every five seconds; the rehearsal skips the times at which nothing can happen."""
    now, longest = clock(), _BUSY_STEP if clock.jobs else _IDLE_STEP
    after = timedelta(minutes=worker.loaded.profile.standby.after_min)
    slots = worker.slots(since=now - GRACE - after, until=now + _IDLE_STEP + GRACE)
    moments = [
        moment
        for slot in slots
        for moment in (
            slot.due - worker.lead() - worker.margin,
            slot.due - worker.margin,
            slot.due + after,
            slot.due + GRACE + _STEP,
        )
    ]
    soon = min((moment for moment in moments if moment > now), default=now + longest)
    return max(now + _STEP, min(soon, now + longest))
