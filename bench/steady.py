"""
Hourly cost of an undisturbed service: with one station, and for one more station in the same process.

    python -m bench.steady [--hours 3] [--stations 10] [--feeds 20] [--voice hibari]

For each number of stations a new process plays five hours that are not counted (the first four with one station, the
fifth with all), and then more hours on a simulated clock. Reconciler, ledger, pipeline, stand-by and files are real;
ticks come as often as in the service around a slot. The feeds are on a loopback server (a separate process, not
counted), which sends ETags and answers 304; two entries of every other feed are new each hour, and articles have
pages. CPU seconds are user and system, of the process and the workers that it starts. Memory is the peak of the
process, without its parser process, which reads hostile input and may take 1.5 GB.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bench.steadyserver import BEGIN

PROFILE = """\
name = "Valley Radio {number}"
time_zone = "UTC"
length = "2:00"
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
WARM = 4
"""
Hours that one station plays alone: by then the pages of all that the feeds held are read.

In the next hour every station draws its picture and meets a day's news together; then counting begins.
"""
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def play(folder: Path, port: int, *, stations: int, hours: int) -> Iterator[dict[str, float]]:
    """The first hour of one station, and `hours` of all once its feeds and pages are known; what each cost."""
    from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
    from bulletin.articles.fetching.share_requests_between_runs import ResponseCache
    from bulletin.config.load_profile import load_profile
    from bulletin.service.open_archive_or_fallback import open_service_archive
    from bulletin.service.resources.process_limits import use_one_malloc_arena
    from bulletin.service.slots.reconcile_slot_ledger import SlotReconciler
    from bulletin.service.station_worker import StationWorker

    use_one_malloc_arena()  # as the service does
    now = BEGIN - 20 * MINUTE
    output, watcher = folder / "output", Told()
    # by the same clock: it must not carry an answer over to the next hour
    answers = ResponseCache(clock=lambda: now.timestamp())
    with open_service_archive(output) as archive:

        def clock() -> datetime:
            return now

        workers = [
            StationWorker(
                loaded=load_profile(str(folder / f"{number}.toml")),
                output=output,
                archive=archive,
                answers=answers,
                clock=clock,
            )
            for number in range(stations)
        ]
        reconciler = SlotReconciler(
            ledger=SlotLedger(archive),
            workers=workers,
            owner="bench",
            submit=lambda work: work(),
            watcher=watcher,
            now=clock,
        )
        reconciler.begin()
        for hour in range(WARM + 1 + hours):
            reconciler.replace(workers if hour >= WARM else workers[:1])
            ask(port, f"hour/{hour}")
            before, watcher.levels = used(), []
            due = BEGIN + hour * HOUR
            for moment in moments(due):
                now = moment
                reconciler.reconcile()
            cost = hour_figures(before, levels=watcher.levels, counts=ask(port, f"hour/{hour}"))
            cost["lame_s"] = lame_s()
            if hour == 0 or hour > WARM:
                yield cost


def moments(due: datetime) -> Iterator[datetime]:
    """The stand-by's minute, then every five seconds around the slot: all other ticks only look at the ledger."""
    yield due - 45 * MINUTE
    moment = due - 12 * MINUTE
    while moment < due + MINUTE:
        yield moment
        moment += timedelta(seconds=5)


def used() -> float:
    return sum(
        value.ru_utime + value.ru_stime
        for value in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def lame_s() -> float:
    """What encoding two minutes alone costs just now: a machine with other work takes longer for everything."""
    import lameenc
    import numpy as np

    second = np.random.default_rng(1).normal(0.0, 3000.0, (44_100, 2)).astype(np.int16).tobytes()
    encoder = lameenc.Encoder()
    encoder.set_bit_rate(128)
    encoder.set_in_sample_rate(44_100)
    encoder.set_channels(2)
    encoder.set_quality(3)
    encoder.silence()
    before = used()
    for _ in range(120):
        encoder.encode(second)
    encoder.flush()
    return used() - before


def hour_figures(before: float, *, levels: list[str], counts: dict[str, int]) -> dict[str, Any]:
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return {
        "cpu_s": used() - before,
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit,
        "fresh": levels.count("fresh"),
        "slots": len(levels),
        **counts,
    }


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
    server = subprocess.Popen([sys.executable, "-m", "bench.steadyserver", str(path)])
    try:
        while not (path.is_file() and path.read_text()):
            time.sleep(0.05)
        yield int(path.read_text())
    finally:
        server.kill()
        server.wait()


def measure(args: argparse.Namespace, stations: int) -> list[dict[str, float]]:
    """In a new process, with its own folder and publisher."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with publisher(folder) as port:
            feeds = "".join(FEED.format(port=port, number=number) for number in range(args.feeds))
            for number in range(stations):
                text = PROFILE.format(number=number + 1, feeds=feeds, voice=args.voice)
                (folder / f"{number}.toml").write_text(text, encoding="utf-8")
            command = [sys.executable, "-m", "bench.steady", "--play", str(folder), str(port), str(stations)]
            command += ["--hours", str(args.hours)]
            lines = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return [json.loads(line) for line in lines.splitlines()]


def mean(hours: list[dict[str, float]], key: str) -> float:
    return sum(hour.get(key, 0) for hour in hours) / len(hours)


def show(stations: int, hours: list[dict[str, float]]) -> None:
    first, steady = hours[0], hours[1:]
    print(f"\n{stations} station(s); means of {len(steady)} hours after the first")
    print(f"  slots with fresh news  {mean(steady, 'fresh'):.0f} of {mean(steady, 'slots'):.0f} an hour")
    print(f"  CPU seconds an hour    {mean(steady, 'cpu_s'):.1f} (the first hour {first['cpu_s']:.1f})")
    print(
        f"  bytes fetched an hour  {mean(steady, 'bytes') / 1e3:.0f} kB (the first {first['bytes'] / 1e3:.0f})"
    )
    for key in ("feeds 200", "feeds 304", "pages 200"):
        print(f"  {key:22} {mean(steady, key):.0f} an hour (the first {first.get(key, 0):.0f})")
    most = " ".join(f"{hour['memory_mb']:.0f}" for hour in hours)
    print(f"  memory, the most so far, hour by hour: {most} MB")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--hours", type=int, default=3)
    parser.add_argument("--stations", type=int, default=10)
    parser.add_argument("--feeds", type=int, default=20)
    parser.add_argument("--voice", default="hibari")
    parser.add_argument("--play", nargs=3, metavar=("FOLDER", "PORT", "STATIONS"), help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.play:
        folder, port, stations = args.play
        for hour in play(Path(folder), int(port), stations=int(stations), hours=args.hours):
            print(json.dumps(hour), flush=True)
        return
    single = measure(args, 1)
    show(1, single)
    if args.stations > 1:
        many = measure(args, args.stations)
        show(args.stations, many)
        added = args.stations - 1
        cpu_s = (mean(many[1:], "cpu_s") - mean(single[1:], "cpu_s")) / added
        lame = mean(many[1:], "lame_s")
        memory_mb = (many[-1]["memory_mb"] - single[-1]["memory_mb"]) / added
        print(f"\neach station more: {cpu_s:.2f} CPU seconds an hour, {memory_mb:.1f} MB")
        print(
            f"  LAME alone for its podcast: {lame:.2f} CPU seconds at that time, so {cpu_s / lame:.1f} times that"
        )


if __name__ == "__main__":
    main()
