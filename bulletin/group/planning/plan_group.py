"""
Planner of a group: slots -> pieces of work, and hints for those that are ready.

Any number of planners run side by side, without a leader: each step is idempotent. A planner keeps nothing that
matters; what it sent and what was lost is in the ledger.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.archive.ledgers.group.group_workers import GroupWorker, WorkerLedger
from bulletin.archive.ledgers.group.work_ledger import WorkLedger
from bulletin.errors import ArchiveError, BulletinError, ConfigError
from bulletin.group.engines.engine_port import Engine, Hint
from bulletin.group.group_profiles import GroupProfiles
from bulletin.group.pieces.piece_names import CANARY
from bulletin.group.planning.ask_for_breaking_stories import ask_for_breaking_stories
from bulletin.group.planning.plan_pieces import STANDBY_AHEAD, PiecePlanner
from bulletin.group.planning.plan_upkeep import GroupUpkeep
from bulletin.group.planning.planned_station import LastRuns, PlannedStation
from bulletin.group.planning.send_hints import HintSender
from bulletin.service.slots.plan_slot_ledger import PLAN_AGAIN, plan_slots
from bulletin.service.worker_base_classes import GRACE, is_recent

log = logging.getLogger(__name__)

_PROCESSES_EVERY_S = 2.0
_REOPENED_EVERY_S = 2.0
_BREAKING_EVERY_S = 2.0
_CANARY_EVERY_S = 15.0
_TIDY_EVERY_S = 60.0
_OLD_REQUESTS_EVERY_S = 3600.0
_PROFILES_EVERY_S = 10.0
_SEEN_EVERY_S = 10.0
_UPKEEP_EVERY_S = 5.0
_RUNS_EVERY_S = 10.0
_DIFFER_AGAIN = timedelta(seconds=30)
_PLANS_S = 0.5
"""Processor time of one round for planning the slots of a day: the next round plans the other stations."""


@dataclass(slots=True, kw_only=True)
class GroupPlanner:
    """Plans the stations of one machine's profiles, and sends hints for all pieces of the group."""

    name: str = ""
    """Its name in the register."""
    profiles: GroupProfiles
    archive: Archive
    work: WorkLedger
    slots: SlotLedger
    register: WorkerLedger
    engine: Engine
    output: Path
    now: Callable[[], datetime]
    """The clock of slots: the machine's. Leases count by the database's."""
    monotonic: Callable[[], float] = time.monotonic
    _live: tuple[GroupWorker, ...] = ()
    """Processes of the group that were seen lately."""
    _upkeep: GroupUpkeep = field(init=False)
    _last_runs: LastRuns = field(init=False)
    _pieces: PiecePlanner = field(init=False)
    _sender: HintSender = field(init=False)
    _began_at: datetime | None = None
    _workers: dict[str, PlannedStation] = field(default_factory=dict)
    _planned_at: dict[str, datetime] = field(default_factory=dict)
    _first_open: dict[str, datetime] = field(default_factory=dict)
    _done_at: dict[str, float] = field(default_factory=dict)
    """Monotonic seconds of steps that are not part of every round."""

    def __post_init__(self) -> None:
        self._last_runs = LastRuns(archive=self.archive)
        self._pieces = PiecePlanner(work=self.work, slots=self.slots)
        self._upkeep = GroupUpkeep(
            archive=self.archive, work=self.work, slots=self.slots, register=self.register
        )
        self._sender = HintSender(work=self.work, engine=self.engine)

    def run_round(self) -> bool:
        """Run every step once. Raises nothing; False where the database failed."""
        now = self.now()
        is_well = True
        for step in (
            partial(self._every, "processes", _PROCESSES_EVERY_S, self._look_at_processes),
            partial(self._every, "profiles", _PROFILES_EVERY_S, self._read_profiles),
            partial(self._plan_slots, now),
            partial(self._every, "runs", _RUNS_EVERY_S, partial(self._learn_times, now)),
            partial(self._every, "reopened", _REOPENED_EVERY_S, partial(self._forget_reopened, now)),
            partial(self._plan_pieces, now),
            partial(self._every, "expire", 1.0, self._expire),
            partial(self._every, "breaking", _BREAKING_EVERY_S, partial(self._ask_for_breaking, now)),
            partial(self._every, "requests", 1.0, partial(self._plan_requests, now)),
            partial(self._every, "upkeep", _UPKEEP_EVERY_S, partial(self._plan_upkeep, now)),
            self._send,
            partial(self._every, "canary", _CANARY_EVERY_S, self._send_canary),
            partial(self._every, "tidy", _TIDY_EVERY_S, self._tidy),
        ):
            try:
                step()
            except ArchiveError as error:
                log.error("planner waits, the group's database failed: %s", error)
                # the others may go on without this planner: then everything is planned anew
                self._planned_at.clear()
                self._pieces.forget_all()
                return False
            except BulletinError as error:
                log.error("step of the planner failed, the other steps go on: %s", error)
                is_well = False
            except Exception:
                log.exception("step of the planner stopped by an error, the other steps go on")
                is_well = False
        return is_well

    def keep_row(self, row: GroupWorker) -> None:
        """Show this planner in the register, every ten seconds. Raises nothing."""
        with suppress(ArchiveError):
            self._every("row", _SEEN_EVERY_S, partial(self._announce, row))

    def _announce(self, row: GroupWorker) -> None:
        facts = replace(
            row,
            stations=tuple(sorted(self.profiles.stations)),
            refused=dict(self.profiles.refused),
            clocks={name: one.clock_mark for name, one in self._workers.items()},
            began_at=self._began(),
        )
        self.register.announce(facts)

    def leave(self, row: GroupWorker) -> None:
        """Delete this planner from the register. Raises nothing."""
        with suppress(ArchiveError):
            self.register.leave(row.name)

    def _began(self) -> datetime:
        self._began_at = self._began_at or self.archive.now()
        return self._began_at

    def _every(self, name: str, seconds: float, step: Callable[[], object]) -> None:
        moment = self.monotonic()
        if moment >= self._done_at.get(name, 0.0) + seconds or name not in self._done_at:
            self._done_at[name] = moment
            step()

    def _look_at_processes(self) -> None:
        self._live = self.register.alive()

    def _read_profiles(self) -> None:
        self.profiles.refresh()
        before = self._workers
        self._workers = {
            station: before[station]
            if station in before and before[station].loaded is loaded
            else PlannedStation(
                loaded=loaded,
                output=self.output,
                archive=self.archive,
                clock=self.now,
                last_runs=self._last_runs,
            )
            for station, loaded in dict(self.profiles.stations).items()
        }
        for station, worker in self._workers.items():
            if before.get(station) is not worker:
                self._forget(station)

    def _forget(self, station: str) -> None:
        """Plan a station anew: its profile has changed, or has come back."""
        self._planned_at.pop(station, None)
        self._pieces.forget(station)

    def _plan_slots(self, now: datetime) -> None:
        """
        Plan the slots of a day, rarely: they change with a profile only.

        Where another planner has another clock of the station, all slots of both stay, and soon it is looked again.
        """
        begun = time.thread_time()
        for worker in tuple(self._workers.values()):
            if is_recent(self._planned_at.get(worker.id), now=now, within=PLAN_AGAIN):
                continue
            if time.thread_time() - begun > _PLANS_S:
                return
            differing = self._planners_with_another_clock(worker)
            try:
                plan_slots(self.slots, worker, now=now, first_open=self._first_open, withdraws=not differing)
            except ConfigError as error:  # it stops no other station
                self.profiles.refuse(worker.id, str(error))
                del self._workers[worker.id]
                continue
            self._planned_at[worker.id] = now
            if differing:
                log.warning(
                    "clocks differ, slots of both are made: station=%s other_planner=%s; "
                    "give all machines the same profile",
                    worker.id,
                    ",".join(differing),
                )
                self._planned_at[worker.id] = now - PLAN_AGAIN + _DIFFER_AGAIN

    def _planners_with_another_clock(self, worker: PlannedStation) -> tuple[str, ...]:
        others = (one for one in self._live if one.plans and one.name != self.name)
        return tuple(
            one.name for one in others if one.clocks.get(worker.id, worker.clock_mark) != worker.clock_mark
        )

    def _forget_reopened(self, now: datetime) -> None:
        """Slots that were opened again, as by a withdrawal, get new pieces."""
        if reopened := self.work.forget_reopened(since=now - GRACE, until=now + STANDBY_AHEAD):
            log.info("slots opened again, their bulletins are made anew: %s", ", ".join(sorted(reopened)))
            self._pieces.forget_slots(reopened)

    def _plan_pieces(self, now: datetime) -> None:
        self._pieces.plan(self._workers, self._live_workers(), now=now, moment=self.monotonic())

    def _learn_times(self, now: datetime) -> None:
        self._last_runs.look()
        self._pieces.learn(self._workers, self._live_workers(), now=now)

    def _ask_for_breaking(self, now: datetime) -> None:
        ask_for_breaking_stories(self.archive, self.slots, self._workers, now=now)

    def _plan_requests(self, now: datetime) -> None:
        self._upkeep.plan_requests(self._workers, now)

    def _plan_upkeep(self, now: datetime) -> None:
        self._upkeep.plan_deliveries(self._workers, now)

    def _expire(self) -> None:
        for piece in self.work.expire():
            log.error(
                "piece of work not done before its deadline: piece=%s/%s: %s",
                piece.kind,
                piece.key,
                piece.note,
            )

    def _send(self) -> None:
        self._sender.send(self._live_workers())

    def _live_workers(self) -> tuple[GroupWorker, ...]:
        """Processes that were seen lately and take pieces."""
        return tuple(one for one in self._live if one.does_pieces)

    def _send_canary(self) -> None:
        """A hint that must come back: its age tells that planners, queue and workers work together."""
        self.engine.submit([Hint(kind=CANARY, key=self.archive.now().isoformat())])

    def _tidy(self) -> None:
        if dead := self.engine.tidy():
            log.warning("hints of dead workers deleted: hints=%d", dead)
        others = (one for one in self._live if one.name != self.name)
        own = {*self.profiles.stations, *self.profiles.refused}
        known = own.union(*({*one.stations, *one.refused} for one in others))
        self._upkeep.withdraw_removed(self.now(), known=known, removed=self.profiles.removed)
        self._upkeep.forget_old()
        self._upkeep.plan_maintenance(self._workers, self.now())
        self._every("old requests", _OLD_REQUESTS_EVERY_S, partial(self._upkeep.forget_requests, self.now()))
