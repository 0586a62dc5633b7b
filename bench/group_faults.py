"""Faults that a campaign plants in a group of stations, drawn with a seed."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from bench.faulty_connection import Trouble
from bench.group_processes import Freeze, Group

AWAY_S = 20.0
"""How long the store is away."""
FROZEN_S = 45.0
"""Longer than the lease of a piece of work."""
_MOST_FROZEN_S = 110.0
"""Longest wait for another worker's claim: a worker that misses the database for 120 s ends, without a late result."""

_LOOKS_S = 110.0
"""Time in which a mix is waited for, before a worker is frozen: mixes come after all drafts and sentences."""
_FREEZE_WITHIN_S = 175.0
"""Time for both: the slot comes 200 s after the begin of its work (`AHEAD`), and the late result before it."""
_POLLS_S = 0.5
_ENCODED, _ENCODED_WITHIN_S, _LOOKS_EVERY_S = "rendition mixed: kind=", 15.0, 0.02
"""Words of a worker's log after a rendition of a mix, the longest wait for them, and the time between two looks."""
_NEEDS_ROOT = "database full"
_LATEST_S = 8.0
"""Latest begin of a fault, after the begin of the work."""

FREEZE = "worker frozen past its lease"
NEWS, FEEDS_AWAY, FEEDS_LATE, VOICE_AWAY = "", "all feeds fail", "all feeds fail for 30 s", "a voice fails"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedFault:
    """A fault of one slot."""

    name: str
    after_s: float
    """Seconds from the begin of the slot's work."""


def _kill_worker(group: Group, chance: random.Random) -> None:
    group.kill(chance.choice(group.workers))


def _kill_planner(group: Group, chance: random.Random) -> None:
    group.kill(chance.choice(group.planners))


def _kill_database(group: Group, chance: random.Random) -> None:
    group.database.kill()
    time.sleep(chance.uniform(0.5, 4.0))
    group.database.start()


def _delete_jobs(group: Group, chance: random.Random) -> None:
    group.sql("SET search_path TO bulletin_queue; DELETE FROM procrastinate_jobs")


def _store_away(group: Group, chance: random.Random) -> None:
    _suffer(group, Trouble.REFUSED, AWAY_S)


def _store_slow(group: Group, chance: random.Random) -> None:
    _suffer(group, Trouble.SLOW, AWAY_S)


def _store_overloaded(group: Group, chance: random.Random) -> None:
    _suffer(group, Trouble.OVERLOADED, AWAY_S)


def _suffer(group: Group, trouble: Trouble, seconds: float) -> None:
    group.store_connection.suffer(trouble)
    time.sleep(seconds)
    group.store_connection.suffer(Trouble.NONE)


def _freeze_worker(group: Group, chance: random.Random) -> None:
    """
    Freeze a worker in the middle of a mix until another one has claimed its piece, then wake it: its result is late.

    Where nothing is mixed for a while, any worker is frozen past the lease. One freeze at a time: another worker must
    be left to claim the piece.
    """
    began, freeze = time.monotonic(), None
    with group.freezing:
        while freeze is None and time.monotonic() < began + _LOOKS_S:
            freeze = _freeze_mixing(group, chance)
            time.sleep(0.1)
        if freeze:
            until = min(time.monotonic() + _MOST_FROZEN_S, began + _FREEZE_WITHIN_S)
            while _is_left(group, freeze) and time.monotonic() < until:
                time.sleep(_POLLS_S)
            group.frozen.append(freeze)
            group.signal(freeze.worker, signal.SIGCONT)
            return
        worker = chance.choice(group.workers)
        group.signal(worker, signal.SIGSTOP)
        time.sleep(FROZEN_S)
        group.signal(worker, signal.SIGCONT)


def _is_left(group: Group, freeze: Freeze) -> bool:
    """Whether the ledger has the piece of a frozen worker as it left it; True where the database does not answer."""
    with suppress(Exception):
        rows = group.sql("SELECT owner, fence, state FROM work WHERE kind = 'mix' AND key = %s", freeze.key)
        return rows == [(freeze.worker.name, freeze.fence, "working")]
    return True


def _freeze_mixing(group: Group, chance: random.Random) -> Freeze | None:
    """
    Freeze the worker of a mix that has been encoded; None where it ended meanwhile.

    Before that it may wait for an object of the store: that request would time out, and the mix fail, without a result.
    """
    working = "SELECT owner, key, fence FROM work WHERE kind = 'mix' AND state = 'working'"
    with suppress(Exception):
        if found := group.sql(working):
            owner, key, fence = chance.choice(found)
            worker = next(one for one in group.workers if one.name == owner)
            logged, starts = len(group.log_of(worker)), worker.starts
            until = time.monotonic() + _ENCODED_WITHIN_S
            while _ENCODED not in group.log_of(worker)[logged:]:
                if time.monotonic() > until:
                    return None
                time.sleep(_LOOKS_EVERY_S)
            group.signal(worker, signal.SIGSTOP)
            try:
                time.sleep(1.0)  # a commit that it had sent ends in the database
                is_held = (owner, key, fence) in group.sql(working)
            except Exception:
                group.signal(worker, signal.SIGCONT)
                raise
            if is_held:
                return Freeze(worker=worker, key=key, fence=fence, logged=logged, starts=starts)
            group.signal(worker, signal.SIGCONT)
    return None


def _part_worker(group: Group, chance: random.Random) -> None:
    connection = chance.choice(group.workers).database
    connection.suffer(Trouble.FROZEN)
    time.sleep(FROZEN_S)
    connection.suffer(Trouble.NONE)


def _fill_database(group: Group, chance: random.Random) -> None:
    with group.database_full():
        time.sleep(AWAY_S / 2)


def _turn_worker(group: Group, chance: random.Random) -> None:
    group.turn_clock(chance.choice(group.workers), chance.choice((-30.0, 30.0)))


def _turn_planner(group: Group, chance: random.Random) -> None:
    group.turn_clock(chance.choice(group.planners), chance.choice((-30.0, 30.0)))


FAULTS: Mapping[str, Callable[[Group, random.Random], None]] = {
    "worker killed": _kill_worker,
    "planner killed": _kill_planner,
    "PostgreSQL killed": _kill_database,
    "all queued jobs deleted": _delete_jobs,
    "store away for 20 s": _store_away,
    "store slow": _store_slow,
    "store answers 503": _store_overloaded,
    FREEZE: _freeze_worker,
    "worker parted from the database": _part_worker,
    "database full": _fill_database,
    "clock of a worker 30 s off": _turn_worker,
    "clock of a planner 30 s off": _turn_planner,
}


def possible_faults() -> list[str]:
    """Names of the faults that can be planted here: only root can fill a disk of its own."""
    return sorted(name for name in FAULTS if name != _NEEDS_ROOT or os.geteuid() == 0)


def draw_faults(hours: int, *, seed: int, most: int = 2) -> list[tuple[PlannedFault, ...]]:
    """Up to `most` faults for each hour; every fault comes as often as any other, give or take one."""
    chance = random.Random(seed)
    names: list[str] = []
    plan = []
    for _ in range(hours):
        drawn = []
        for _ in range(chance.randint(1, most)):
            if not names:
                names = chance.sample(possible_faults(), len(possible_faults()))
            drawn.append(PlannedFault(name=names.pop(), after_s=chance.uniform(0.0, _LATEST_S)))
        plan.append(tuple(drawn))
    return plan


def draw_sources(hours: int, *, seed: int) -> list[str]:
    """For each hour what fails outside the group; after the first hour all feeds for two hours, then as drawn."""
    chance = random.Random(f"sources {seed}")
    drawn = [NEWS, FEEDS_AWAY, FEEDS_AWAY]
    while len(drawn) < hours:
        groups = [(NEWS,), (NEWS,), (VOICE_AWAY,), (FEEDS_LATE,), (FEEDS_AWAY, FEEDS_AWAY)]
        drawn += [name for group in chance.sample(groups, len(groups)) for name in group]
    return drawn[:hours]
