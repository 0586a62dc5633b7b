"""
A day of a group of stations under seeded faults: real processes, PostgreSQL and S3 server, a turned clock.

    python -m bench.group_day [--hours 24] [--stations 20] [--workers 2] [--seed 1] [--faults 2] [--keep FOLDER]

Every hour all stations are due. The clock of planners, workers and editors jumps from slot to slot (libfaketime);
leases follow the clock of the database, which is real. Faults are drawn with the seed, so that each comes equally
often. In every hour an editor kills one story. Afterwards each slot is checked: met in time, by which level; each
published file against its checksum, length and slot; each text that was published after a kill against the killed
story. Exits with 1 where a slot was missed, a file was wrong or a killed story was published.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from bench.group_checks import Checks
from bench.group_faults import FAULTS, PlannedFault, draw_faults
from bench.group_processes import Group
from bench.performance.ways.feed_server import BEGIN, entries, story
from bench.performance.ways.service import ask, publisher
from bench.turned_clock import TurnedClock

_FEEDS = 4
_AHEAD = timedelta(seconds=200)
"""Time before the slot at which the clock lands: longer than the lead of the work."""
_AFTER = timedelta(seconds=25)
"""Time after a slot until which its stand-by may still be counted as late."""
_PROFILE = """\
name = "Valley Radio {number}"
time_zone = "UTC"
length = "0:30"
{feeds}
[group]
database = "env:GROUP_DATABASE"
store = "env:GROUP_STORE"
name = "valley"
[fetch]
host_gap_s = 0
[clock]
slots = [{{ at = "00:00-23:00" }}]
[speech]
chain = ["tone"]
[outputs]
make = ["fm", "podcast"]
[outputs.fm]
format = "mp3"
"""
_FEED = '[[feeds]]\nurl = "http://127.0.0.1:{port}/feed/{number}"\nname = "Feed {number}"\nprivate = true\n'


@dataclass(slots=True, kw_only=True)
class Hour:
    """What happened around one slot."""

    due: datetime
    faults: tuple[PlannedFault, ...]
    killed: str = ""
    levels: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)
    ready_s: float | None = None
    """Seconds from the begin of the work to the last bulletin; None: a stand-by was needed."""


def write_profiles(folder: Path, port: int, *, stations: int) -> Path:
    """Profiles of the stations; each has all feeds, in its own order."""
    profiles = folder / "profiles"
    profiles.mkdir()
    for number in range(stations):
        order = random.Random(number).sample(range(_FEEDS), _FEEDS)
        feeds = "".join(_FEED.format(port=port, number=feed) for feed in order)
        text = _PROFILE.format(number=number, feeds=feeds)
        (profiles / f"valley-{number:02}.toml").write_text(text, encoding="utf-8")
    return profiles


def play_hour(
    group: Group, clock: TurnedClock, hour: Hour, *, checks: Checks, chance: random.Random, is_killing: bool
) -> None:
    """Play the work for one slot, with its faults and a killed story, until a little after the slot."""
    clock.jump(hour.due - _AHEAD)
    began = time.monotonic()
    threads = [
        threading.Thread(target=_plant, args=(group, fault, random.Random(chance.random())), daemon=True)
        for fault in hour.faults
    ]
    if is_killing:
        threads.append(threading.Thread(target=_kill_story, args=(group, hour, chance, checks), daemon=True))
    for thread in threads:
        thread.start()
    while clock.now() < hour.due + _AFTER:
        is_calm = not any(thread.is_alive() for thread in threads)
        with suppress(Exception):
            if is_calm and checks.is_ready(hour.due):
                hour.ready_s = time.monotonic() - began
                break
        time.sleep(0.5)
    clock.jump(hour.due - timedelta(seconds=4))
    while clock.now() < hour.due + timedelta(seconds=6):
        time.sleep(0.2)
    for thread in threads:
        thread.join()
    hour.levels, hour.missed = checks.slots(hour.due)


def _plant(group: Group, fault: PlannedFault, chance: random.Random) -> None:
    time.sleep(fault.after_s)
    FAULTS[fault.name](group, chance)


def _kill_story(group: Group, hour: Hour, chance: random.Random, checks: Checks) -> None:
    """An editor kills a new story at all stations, at any moment of the work."""
    number = round((hour.due - BEGIN) / timedelta(hours=1))
    feed = chance.randrange(_FEEDS)
    title, _ = story(feed, chance.choice(entries(feed, number)[:3]))
    time.sleep(chance.uniform(1.0, 15.0))
    hour.killed = title.split()[0]  # the town
    checks.kill(hour.killed)


def play(
    folder: Path, *, hours: int, stations: int, workers: int, seed: int, most_faults: int
) -> tuple[list[Hour], Checks, list[str]]:
    """Play the day; its hours, the checks of what was published, and notes about the processes."""
    clock = TurnedClock(folder, begin=BEGIN - timedelta(minutes=20))
    plan = draw_faults(hours, seed=seed, most=most_faults) if most_faults else [()] * hours
    chance, played = random.Random(seed), []
    with publisher(folder) as port:
        profiles = write_profiles(folder, port, stations=stations)
        with Group(folder, profiles=profiles, clock=clock, workers=workers, planners=2) as group:
            group.wait_until_up()
            checks = Checks(group, profiles)
            for number in range(hours):
                ask(port, f"hour/{number}")
                hour = Hour(due=BEGIN + number * timedelta(hours=1), faults=plan[number])
                play_hour(group, clock, hour, checks=checks, chance=chance, is_killing=bool(most_faults))
                played.append(hour)
                print(describe(hour), flush=True)
            checks.files()
            checks.killed()
            notes = [
                f"{m.name}: {m.starts} starts, exit codes {sorted(set(m.codes))}, {group.memory_mb(m):.0f} MB"
                for m in group.members
            ]
            return played, checks, notes


def describe(hour: Hour) -> str:
    """A row of the table."""
    levels = ", ".join(f"{count} {level}" for level, count in sorted(hour.levels.items()))
    faults = ", ".join(fault.name for fault in hour.faults) or "none"
    ready = f"{hour.ready_s:.0f} s" if hour.ready_s is not None else "-"
    missed = f" | MISSED {', '.join(hour.missed)}" if hour.missed else ""
    return f"{hour.due:%H:%M} | {faults} | {levels} | {ready}{missed}"


def summarize(hours: Sequence[Hour], checks: Checks) -> dict[str, int]:
    """Figures of the day."""
    levels = sum((hour.levels for hour in hours), Counter[str]())
    return {
        "slots": levels.total() + sum(len(hour.missed) for hour in hours),
        "missed": sum(len(hour.missed) for hour in hours),
        "files": checks.files_checked,
        "wrong files": len(checks.wrong),
        "kills": sum(bool(hour.killed) for hour in hours),
        "texts": checks.texts_checked,
        "told before their kill": checks.told_before_kill,
        "published after their kill": len(checks.after_kill),
        **{f"level {level}": count for level, count in sorted(levels.items())},
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--hours", type=int, default=24)
    parser.add_argument("--stations", type=int, default=20)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--faults", type=int, default=2, help="most faults of an hour; 0: none, and no kills")
    parser.add_argument("--keep", type=Path, help="folder for the logs")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="group-day-") as name:
        folder = Path(name)
        try:
            hours, checks, notes = play(
                folder,
                hours=given.hours,
                stations=given.stations,
                workers=given.workers,
                seed=given.seed,
                most_faults=given.faults,
            )
        finally:
            if given.keep:
                given.keep.mkdir(parents=True, exist_ok=True)
                for log in folder.glob("*.log"):
                    (given.keep / log.name).write_bytes(log.read_bytes())
    figures = summarize(hours, checks)
    print("\n".join([*notes, *checks.wrong, *checks.after_kill]))
    print(json.dumps(figures))
    return int(bool(figures["missed"] or checks.wrong or checks.after_kill))


if __name__ == "__main__":
    sys.exit(main())
