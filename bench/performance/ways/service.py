"""
Hours of an undisturbed service on a simulated clock: with one station, then with ten in the same process.

Reconciler, ledger, pipeline, stand-by and files are real; ticks come as often as in the service around a slot. The
feeds are on a loopback server (a separate process, not counted), which sends ETags and answers 304; two entries of
every other feed are new each hour, and articles have pages. CPU seconds are of the process and the workers that it
starts. Memory is the peak of the process, without its parser process, which reads hostile input and may take 1.5 GB.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.performance.ways.feed_server import BEGIN
from bench.processes import QUICK, note, run_way

if TYPE_CHECKING:
    from bulletin.service.station_worker import StationWorker

PROFILE = """\
name = "Valley Radio {number}"
time_zone = "UTC"
length = "{length}"
{feeds}
[fetch]
host_gap_s = 0
[clock]
slots = [{{ at = "00:00-23:00" }}]
[speech]
chain = ["{voice}"]
[outputs]
make = ["fm", "podcast"]
"""
FEED = '[[feeds]]\nurl = "http://127.0.0.1:{port}/feed/{number}"\nname = "Feed {number}"\nprivate = true\n'
WARM = 5
"""
Hours that one station plays uncounted: after four the pages of all that the feeds held are read.

The first hour of all stations is not counted either: every station draws its picture.
"""
STATIONS = 10
QUICK_STATIONS = 2
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def hours(folder: Path) -> None:
    """Note the cost of an hour of one station, and of each further one."""
    quick = (folder / QUICK).exists()
    stations = QUICK_STATIONS if quick else STATIONS
    bare_mb, counted = _memory_mb(), 1 if quick else 3
    with publisher(folder) as port:
        write_profiles(folder, port, stations=stations, quick=quick)
        played = list(play(folder, port, stations=stations, warm=1 if quick else WARM, counted=counted))
    alone, together = played[:counted], played[counted:]
    one_s = statistics.mean(hour["cpu_s"] for hour in alone)
    all_s = statistics.mean(hour["cpu_s"] for hour in together)
    note(
        folder,
        one_s=one_s,
        more_s=(all_s - one_s) / (stations - 1),
        lame_s=statistics.median(hour["lame_s"] for hour in played),
        bare_mb=bare_mb,
        memory_mb=alone[-1]["memory_mb"],
        more_mb=(together[-1]["memory_mb"] - alone[-1]["memory_mb"]) / (stations - 1),
        fresh=sum(hour["fresh"] for hour in together),
        slots=sum(hour["slots"] for hour in together),
        fetched_kb=statistics.mean(hour.get("bytes", 0) for hour in alone) / 1e3,
        pages=statistics.mean(hour.get("pages 200", 0) for hour in alone),
    )


def write_profiles(folder: Path, port: int, *, stations: int, quick: bool) -> None:
    feeds = "".join(FEED.format(port=port, number=number) for number in range(2 if quick else 20))
    length, voice = ("0:30", "tone") if quick else ("2:00", "hibari")
    for number in range(stations):
        text = PROFILE.format(number=number + 1, feeds=feeds, voice=voice, length=length)
        (folder / f"{number}.toml").write_text(text, encoding="utf-8")


def play(folder: Path, port: int, *, stations: int, warm: int, counted: int) -> Iterator[dict[str, float]]:
    """The counted hours of one station, then those of all."""
    from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
    from bulletin.service.open_archive_or_fallback import open_service_archive
    from bulletin.service.resources.process_limits import use_one_malloc_arena
    from bulletin.service.slots.reconcile_slot_ledger import SlotReconciler

    use_one_malloc_arena()  # as the service does
    clock, watcher = Clock(BEGIN - 20 * MINUTE), Told()
    with open_service_archive(folder / "output") as archive:
        workers = list(build_workers(folder, archive, clock, stations=stations))
        reconciler = SlotReconciler(
            ledger=SlotLedger(archive),
            workers=workers,
            owner="bench",
            submit=lambda work: work(),
            watcher=watcher,
            now=clock,
        )
        reconciler.begin()
        for hour in range(warm + counted + 1 + counted):
            reconciler.replace(workers[:1] if hour < warm + counted else workers)
            ask(port, f"hour/{hour}")
            before, watcher.levels = _used_s(), []
            for moment in moments(BEGIN + hour * HOUR):
                clock.now = moment
                reconciler.reconcile()
            cost: dict[str, float] = {"cpu_s": _used_s() - before, "memory_mb": _memory_mb()}
            cost |= ask(port, f"hour/{hour}")
            cost |= {"fresh": watcher.levels.count("fresh"), "slots": len(watcher.levels)}
            if hour >= warm and hour != warm + counted:
                yield cost | {"lame_s": lame_s()}


class Clock:
    """A clock that only the bench turns."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def build_workers(folder: Path, archive: Any, clock: Clock, *, stations: int) -> Iterator[StationWorker]:
    """The stations; they share their feeds' answers."""
    from bulletin.articles.fetching.share_requests_between_runs import ResponseCache
    from bulletin.config.load_profile import load_profile
    from bulletin.service.station_worker import StationWorker

    # by the same clock: it must not carry an answer over to the next hour
    answers = ResponseCache(clock=lambda: clock().timestamp())
    for number in range(stations):
        yield StationWorker(
            loaded=load_profile(str(folder / f"{number}.toml")),
            output=folder / "output",
            archive=archive,
            answers=answers,
            clock=clock,
        )


def moments(due: datetime) -> Iterator[datetime]:
    """The stand-by's minute, then every five seconds around the slot: all other ticks only look at the ledger."""
    yield due - 45 * MINUTE
    moment = due - 12 * MINUTE
    while moment < due + MINUTE:
        yield moment
        moment += timedelta(seconds=5)


def _used_s() -> float:
    return sum(
        value.ru_utime + value.ru_stime
        for value in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def _memory_mb() -> float:
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def lame_s() -> float:
    """What encoding two minutes alone costs just now: a machine with other work takes longer for everything."""
    import lameenc
    import numpy as np

    from bench.performance.ways.mix import make_lame

    second = np.random.default_rng(1).normal(0.0, 3000.0, (44_100, 2)).astype(np.int16).tobytes()
    encoder = make_lame(lameenc)
    before = _used_s()
    for _ in range(120):
        encoder.encode(second)
    encoder.flush()
    return _used_s() - before


class Told:
    """Notes how good each slot was."""

    def __init__(self) -> None:
        self.levels: list[str] = []

    def met(self, record: Any) -> None:
        self.levels.append(str(record.level))

    def missed(self, record: Any) -> None:
        self.levels.append("missed")

    def prepared(self, station: str, due: datetime, outcome: Any) -> None:
        """Say nothing."""

    def failed(self, station: str, what: str, error: BaseException) -> None:
        print(f"{station} {what}: {error!r}", file=sys.stderr)


def ask(port: int, path: str) -> dict[str, int]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}", timeout=30) as answer:
        counts: dict[str, int] = json.loads(answer.read())
    return counts


@contextmanager
def publisher(folder: Path) -> Iterator[int]:
    path = folder / "port"
    path.unlink(missing_ok=True)
    server = subprocess.Popen([sys.executable, "-m", "bench.performance.ways.feed_server", str(path)])
    try:
        while not (path.is_file() and path.read_text()):
            time.sleep(0.05)
        yield int(path.read_text())
    finally:
        server.kill()
        server.wait()


if __name__ == "__main__":
    run_way({"hours": hours})
