"""State of a group: slots, stations, workers, queue. Decided from the rows of the ledgers, purely."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bulletin.archive.ledgers.group.group_workers import ALIVE, GroupWorker
from bulletin.archive.ledgers.group.waiting_work import HeldPiece
from bulletin.model import Level, SlotRecord, SlotState

SPAN = timedelta(hours=1)
"""Slots counted: so long back, and so long ahead."""
CANARY_LOST_S = 180.0
"""A planner sends a test job four times a minute; after this time jobs are not taken."""
CLOCK_OFF_S = 2.0
"""A machine's clock that differs more from the database's is wrong."""
_NEWS = (Level.FRESH, Level.PARTIAL)


class SlotStanding(StrEnum):
    """How a slot stands."""

    DUE = "due"
    """Its time has not come, and its bulletin is not made."""
    READY = "ready"
    """Its bulletin was in place in time."""
    STANDBY = "stand-by"
    """A stand-by was in place in time."""
    LATE = "late"
    """Nothing was in place at its time."""
    MISSED = "missed"
    """Its time passed without a bulletin."""


IN_TROUBLE = frozenset({SlotStanding.LATE, SlotStanding.MISSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class StationStanding:
    """A station's last and next slot."""

    station: str
    last: SlotRecord | None = None
    """The newest slot whose time has come."""
    last_standing: SlotStanding | None = None
    next_due: datetime | None = None
    next_standing: SlotStanding | None = None
    unserved: str = ""
    """Why no live worker can make its bulletins; empty: one can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerStanding:
    """A worker, and what it holds."""

    worker: GroupWorker
    is_alive: bool
    silent_s: float = 0.0
    """Seconds since it was heard of."""
    holds: tuple[HeldPiece, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupStatus:
    """The state of a group at one moment of the database's clock."""

    group: str
    at: datetime
    clock_ahead_s: float = 0.0
    """How far the clock of this machine is ahead of the database's."""
    stations: tuple[StationStanding, ...] = ()
    past: Mapping[SlotStanding, int] = field(default_factory=dict)
    """Slots of the last hour by standing."""
    coming: Mapping[SlotStanding, int] = field(default_factory=dict)
    """Slots of the next hour by standing."""
    workers: tuple[WorkerStanding, ...] = ()
    strays: tuple[HeldPiece, ...] = ()
    """Pieces held by workers that are not registered: killed, or of an older version."""
    waiting: Mapping[str, int] = field(default_factory=dict)
    """Kind -> pieces that wait."""
    working: Mapping[str, int] = field(default_factory=dict)
    """Kind -> pieces in work."""
    done: Mapping[str, int] = field(default_factory=dict)
    """Kind -> pieces done in the last hour."""
    failed: Mapping[str, int] = field(default_factory=dict)
    """Kind -> pieces given up in the last hour."""
    queue_age_s: float = 0.0
    """Seconds that the oldest piece has waited for a worker."""
    canary_age_s: float | None = None
    """Seconds since the queue carried its last test job; None: never."""
    voices_missing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Voice that sentences wait for, or a profile names first, and no live worker has -> their stations."""
    store_problem: str = ""
    """Why the store cannot be used from this machine; empty: it can, or was not asked."""

    @property
    def troubles(self) -> tuple[str, ...]:
        """What needs a person now, one line each; empty: all is well."""
        return (*_troubles_of_stations(self), *self.general_troubles)

    @property
    def general_troubles(self) -> tuple[str, ...]:
        """Those of the group, without those of single stations."""
        return tuple(_general_troubles(self))


def slot_standing(row: SlotRecord, *, now: datetime) -> SlotStanding:
    """How a slot stands at a moment."""
    if row.state is SlotState.MISSED:
        return SlotStanding.MISSED
    if row.state is SlotState.DONE:
        if not row.is_met:
            return SlotStanding.LATE
        return SlotStanding.READY if row.level in _NEWS else SlotStanding.STANDBY
    if row.due > now:
        return SlotStanding.DUE
    return SlotStanding.STANDBY if row.is_met else SlotStanding.LATE


def count_slots(
    rows: Iterable[SlotRecord], *, now: datetime
) -> tuple[Counter[SlotStanding], Counter[SlotStanding]]:
    """Standings of slots whose time has come, and of those to come."""
    past, coming = Counter[SlotStanding](), Counter[SlotStanding]()
    for row in rows:
        (past if row.due <= now else coming)[slot_standing(row, now=now)] += 1
    return past, coming


def station_standings(
    rows: Iterable[SlotRecord], *, now: datetime, stations: Collection[str], unserved: Mapping[str, str]
) -> tuple[StationStanding, ...]:
    """Every station of `stations`, `unserved` or the rows, by name."""
    last: dict[str, SlotRecord] = {}
    coming: dict[str, SlotRecord] = {}
    for row in sorted(rows, key=lambda row: row.due):
        if row.due <= now:
            last[row.station] = row
        else:
            coming.setdefault(row.station, row)
    standings = []
    for name in sorted({*stations, *unserved, *last, *coming}):
        newest, following = last.get(name), coming.get(name)
        standing = StationStanding(
            station=name,
            last=newest,
            last_standing=slot_standing(newest, now=now) if newest else None,
            next_due=following.due if following else None,
            next_standing=slot_standing(following, now=now) if following else None,
            unserved=unserved.get(name, ""),
        )
        standings.append(standing)
    return tuple(standings)


def worker_standings(
    workers: Iterable[GroupWorker], held: Iterable[HeldPiece], *, now: datetime
) -> tuple[tuple[WorkerStanding, ...], tuple[HeldPiece, ...]]:
    """Workers with their pieces; pieces of unknown owners."""
    pieces = list(held)
    standings = tuple(
        WorkerStanding(
            worker=worker,
            is_alive=worker.seen_at is not None and now - worker.seen_at <= ALIVE,
            # its last sign of life may be newer than the moment of this look
            silent_s=max(0.0, (now - worker.seen_at).total_seconds()) if worker.seen_at else 0.0,
            holds=tuple(piece for piece in pieces if piece.owner == worker.name),
        )
        for worker in workers
    )
    known = {standing.worker.name for standing in standings}
    return standings, tuple(piece for piece in pieces if piece.owner not in known)


def unserved_stations(
    workers: Iterable[WorkerStanding], *, stations: Iterable[str], asked: Collection[str] = ()
) -> dict[str, str]:
    """
    Station -> why no live worker can serve it: its profile is refused by all that have it, or none has it.

    One that no planner has, either, was removed, unless it is among those `asked` for. Without a live worker none is
    named: that is another trouble.
    """
    alive = [one.worker for one in workers if one.is_alive and one.worker.does_pieces]
    if not alive:
        return {}
    served = {name for worker in alive for name in worker.stations}
    refused: dict[str, str] = {}
    for worker in alive:
        for name, reason in worker.refused.items():
            refused.setdefault(name, f"{worker.machine}: {reason}")
    planned = {
        name for one in workers if one.is_alive for name in one.worker.clocks
    }  # none: planners are older
    wanted = {name for name in stations if not planned or name in planned or name in asked}
    missing = {name: "no worker has its profile" for name in wanted if name not in served}
    return missing | {name: reason for name, reason in refused.items() if name not in served}


def voices_missing(
    workers: Iterable[WorkerStanding], *, needed: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    """
    Voice -> stations that need it, where no live worker has it.

    Their sentences wait for it, or their profiles name it first: then another voice reads their bulletins.
    """
    alive = [one.worker for one in workers if one.is_alive]
    there = {voice for worker in alive for voice in worker.voices}
    missing = {voice: stations for voice, stations in needed.items() if voice not in there}
    for voice, stations in ((voice, names) for one in alive for voice, names in one.lacking.items()):
        if voice not in there:
            missing[voice] = tuple(sorted({*missing.get(voice, ()), *stations}))
    return missing


def _troubles_of_stations(status: GroupStatus) -> Iterable[str]:
    for standing in status.stations:
        if standing.last and standing.last_standing in IN_TROUBLE:
            reason = f" ({standing.last.note})" if standing.last.note else ""
            slot = f"the slot of {standing.last.due:%H:%M} UTC"
            yield f"{standing.station}: {slot} is {standing.last_standing}{reason}"
        if standing.unserved:
            yield f"{standing.station}: no worker can serve it; {standing.unserved}"


def _general_troubles(status: GroupStatus) -> Iterable[str]:
    yield from _troubles_of_processes(status)
    for voice, stations in status.voices_missing.items():
        whose = ", ".join(filter(None, stations)) or "several stations"
        remedy = "a worker's log says why; install it, or change [speech] chain"
        yield f"no worker can use the voice {voice}, needed by {whose}: {remedy}"
    alive = [one.worker for one in status.workers if one.is_alive]
    for (station, reason), machines in _refused_changes(alive).items():
        yield f"{station}: its changed profile is refused on {', '.join(sorted(machines))}: {reason}"
    for station, planners in _with_different_clocks(alive).items():
        yield f"{station}: planners have different slots of it ({planners}): give their machines the same profile"
    if status.store_problem:
        yield status.store_problem
    if abs(status.clock_ahead_s) > CLOCK_OFF_S:
        side = "ahead of" if status.clock_ahead_s > 0 else "behind"
        gap = f"{abs(status.clock_ahead_s):.0f} s {side} the database's"
        yield f"the clock of this machine is {gap}: check its NTP"


def _troubles_of_processes(status: GroupStatus) -> Iterable[str]:
    alive = [one.worker for one in status.workers if one.is_alive]
    if not any(worker.does_pieces for worker in alive):
        yield "no worker is alive: start `bulletin group worker`"
    if not any(worker.plans for worker in alive):
        yield "no planner is alive: start `bulletin group plan`"
    for one in status.workers:
        if not one.is_alive:
            name = f"{one.worker.name} on {one.worker.machine or 'an unknown machine'}"
            since = f"silent for {span(one.silent_s)}" if one.worker.seen_at else "silent"
            yield f"{name} has been {since}: start it again; one that was replaced is forgotten after two days"
    if alive and status.canary_age_s is not None and status.canary_age_s > CANARY_LOST_S:
        yield f"the queue carried its last test job {status.canary_age_s:.0f} s ago: start the workers again"


def _refused_changes(processes: Iterable[GroupWorker]) -> dict[tuple[str, str], set[str]]:
    """Station and reason -> machines on which the previous profile is in force, because the changed one is invalid."""
    found: dict[tuple[str, str], set[str]] = {}
    for process in processes:
        for station in process.refused.keys() & set(process.stations):
            found.setdefault((station, process.refused[station]), set()).add(process.machine)
    return dict(sorted(found.items()))


def _with_different_clocks(planners: Iterable[GroupWorker]) -> dict[str, str]:
    """Station -> names of the planners whose profiles differ in its slots."""
    marks: dict[str, dict[str, str]] = {}
    for planner in planners:
        for station, mark in planner.clocks.items():
            marks.setdefault(station, {})[planner.name] = mark
    return {station: ", ".join(by) for station, by in sorted(marks.items()) if len(set(by.values())) > 1}


def span(seconds: float) -> str:
    """A time in words: "40 s", "12 min", "3.5 h"."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 90 * 60 else f"{seconds / 3600:.1f} h"
