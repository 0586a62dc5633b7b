"""
A group of stations at one moment: real PostgreSQL, S3 (moto), worker processes; time against the ideal.

    python -m bench.group [--stations 500] [--workers 2] [--length 0:30] [--voice tone] [--store s3] [--sample 24]

Sixty real articles (../shared) in four feeds; every station weighs the feeds differently. The workers are ready before
the planner starts; time counts from the first planned piece to the last published bulletin. The ideal is the unique
work on as many cores as workers, and what PostgreSQL and the store took; the unique work is measured in one process on a
sample of the stations, with SQLite and a folder, every sentence spoken once. Other load on the machine is measured, and
the ideal with only the free part of the cores is printed, too. Prints JSON, and writes docs/PERFORMANCE.md.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.group.feeds_and_profiles import serve_feeds, write_profiles
from bench.group.voices import SPOKEN
from bench.performance.record_results import keep_group, read_results
from bench.performance.ways.database import DURABLE, server_cpu_s
from bench.performance.write_page import PAGE, render
from bulletin.archive.ledgers.group.work_ledger import WorkLedger
from bulletin.archive.server_archive import open_server_archive
from tests.support.bucket_process import bucket_process
from tests.support.postgres_server import PostgresServer

VOICES = {"tone": "bench.group.voices:CostlyTone", "hibari": "bench.group_voice:NotedHibari"}
ROOT = Path(__file__).parents[2]
CORES = os.cpu_count() or 1
_TICKS = os.sysconf("SC_CLK_TCK")


def session_cpu_s(leader: int) -> float:
    """CPU seconds of a process that leads a session, and of its children, ended ones too."""
    ticks = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text("utf-8", "replace").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == leader:
            ticks += sum(map(int, fields[11:15] if int(path.parent.name) == leader else fields[11:13]))
    return ticks / _TICKS


def busy_s() -> float:
    """CPU seconds of everything on this machine since its start, but idle and waiting."""
    fields = list(map(int, Path("/proc/stat").read_text().splitlines()[0].split()[1:9]))
    return (sum(fields) - fields[3] - fields[4]) / _TICKS


def peak_mb(pid: int) -> float:
    """The most memory of a process so far."""
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))


class Group:
    """The processes of one run."""

    def __init__(self, folder: Path, url: str, store: str, *, spoken: Path) -> None:
        self.folder, self.url = folder, url
        text = f'[group]\ndatabase = "{url}"\nstore = "{store}"\nname = "bench"\n'
        (folder / "feeds" / "group.toml").write_text(text, encoding="utf-8")
        keys = {"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret"}
        self._environ = os.environ | keys | {"PYTHONPATH": str(ROOT), SPOKEN: str(spoken)}
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """Start `bulletin group WORDS`."""
        name = f"{words[0]}-{len(self.processes)}"
        command = [
            sys.executable,
            "-m",
            "bulletin",
            "group",
            *words,
            "feeds",
            "--output",
            "out",
            "--name",
            name,
        ]
        with (self.folder / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(
                command,
                cwd=self.folder,
                env=self._environ,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def log(self) -> str:
        """The last lines of all."""
        return "\n".join(path.read_text("utf-8", "replace")[-1500:] for path in self.folder.glob("*.log"))

    def stop(self) -> None:
        for process in self.processes:
            process.send_signal(signal.SIGTERM)
        for process in self.processes:
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def run_group(folder: Path, url: str, store: str, *, spoken: Path) -> Iterator[Group]:
    group = Group(folder, url, store, spoken=spoken)
    try:
        yield group
    finally:
        group.stop()


def wait_ready(group: Group, workers: int, *, within_s: float = 300) -> None:
    """Until all workers have said so."""
    until = time.monotonic() + within_s
    while (
        sum("worker ready" in path.read_text("utf-8", "replace") for path in group.folder.glob("*.log"))
        < workers
    ):
        if time.monotonic() > until or any(process.poll() is not None for process in group.processes):
            raise SystemExit(f"workers did not start:\n{group.log()}")
        time.sleep(0.2)


def wait_done(group: Group, ledger: WorkLedger, stations: int, *, within_s: float) -> None:
    """Until each station's mix has ended."""
    until = time.monotonic() + within_s
    while True:
        counts = ledger.counts()
        ended = sum(
            number
            for (kind, state), number in counts.items()
            if kind == "mix" and state in ("done", "failed")
        )
        lost = sum(
            number for (kind, state), number in counts.items() if kind == "draft" and state == "failed"
        )
        if ended + lost >= stations:
            return
        if time.monotonic() > until or any(process.poll() is not None for process in group.processes):
            raise SystemExit(f"not done: {dict(counts)}\n{group.log()}")
        time.sleep(0.5)


def run_once(options: argparse.Namespace, workers: int) -> dict[str, Any]:
    """One group, from plan to the last bulletin."""
    now = datetime.now(UTC)
    due = (now + timedelta(minutes=options.minutes)).replace(second=0, microsecond=0)
    with (
        tempfile.TemporaryDirectory() as name,
        PostgresServer(**DURABLE) as server,
        serve_feeds(now=now) as port,
        bucket_process() if options.store == "s3" else nullcontext() as bucket,
    ):
        folder = Path(name)
        spoken = folder / "spoken"
        spoken.touch()
        write_profiles(
            folder / "feeds",
            port=port,
            stations=options.stations,
            length=options.length,
            voice=VOICES[options.voice],
            due=due,
        )
        store = bucket.address("bench") if bucket else str(folder / "store")
        url = server.make_archive()
        with run_group(folder, url, store, spoken=spoken) as group, open_server_archive(url) as archive:
            pids = [group.start("worker").pid for _ in range(workers)]
            wait_ready(group, workers)

            def costs() -> dict[str, float]:
                return {
                    "workers_s": sum(map(session_cpu_s, pids)),
                    "postgres_s": server_cpu_s(server),
                    "store_s": session_cpu_of(bucket.process.pid) if bucket else 0.0,
                    "machine_s": busy_s(),
                }

            before, began = costs(), time.monotonic()
            planner = group.start("plan").pid
            ledger = WorkLedger(archive, now=archive.now)
            wait_done(group, ledger, options.stations, within_s=60 * options.minutes + 900)
            after, planner_s = costs(), session_cpu_s(planner)
            memory = [peak_mb(pid) for pid in pids]
            ready_s = pieces_s(server, url)
            kinds = ledger.counts()
        sentences = Counter(spoken.read_text("utf-8").splitlines())
    spent = {key: after[key] - before[key] for key in after}
    others_s = spent["machine_s"] - spent["workers_s"] - spent["postgres_s"] - spent["store_s"] - planner_s
    elapsed_s = time.monotonic() - began
    return {
        "workers": workers,
        "ready_s": ready_s,
        **{key: spent[key] for key in ("workers_s", "postgres_s", "store_s")},
        "planner_s": planner_s,
        "others_cores": max(0.0, others_s / elapsed_s),
        "pieces": {f"{kind} {state}": number for (kind, state), number in sorted(kinds.items())},
        "sentences": sentences.total(),
        "sentences_again": sentences.total() - len(sentences),
        "memory_mb": memory,
    }


def session_cpu_of(pid: int) -> float:
    """CPU seconds of one process."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / _TICKS


def pieces_s(server: PostgresServer, url: str) -> float:
    """Seconds from the first planned draft to the last published bulletin, by the clock of the database."""
    name = url.partition("?")[0].rpartition("/")[2]
    ((seconds,),) = server.execute(
        "SELECT extract(epoch FROM max(done_at) - min(made_at)) FROM work WHERE kind IN ('draft', 'mix')",
        database=name,
    )
    return float(seconds)


def unique_work(options: argparse.Namespace) -> dict[str, float]:
    """CPU seconds of the first station, which reads and speaks, and of each further one, in one process."""
    count = min(options.sample, options.stations)
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as name, serve_feeds(now=now) as port:
        paths = write_profiles(
            Path(name) / "feeds",
            port=port,
            stations=count + 1,
            length=options.length,
            voice=VOICES[options.voice],
            due=now,
        )
        command = [sys.executable, "-m", "bench.group", "--alone", name, str(len(paths))]
        environ = os.environ | {"PYTHONPATH": str(ROOT)}
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environ, cwd=ROOT)
    spent: list[float] = json.loads(done.stdout.splitlines()[-1])
    # stations choose different stories, so the first few have sentences that are not in the cache yet
    later = sorted(spent[len(spent) // 2 :])
    station_s = sum(later) / len(later)
    return {"first_s": sum(spent) - station_s * len(spent), "station_s": station_s}


def make_alone(folder: Path, count: int) -> list[float]:
    """Bulletins of the stations one after another; CPU seconds of each, without start-up."""
    from bench.performance.ways.service import _used_s
    from bulletin.archive.archive import Archive
    from bulletin.articles.fetching.share_requests_between_runs import ResponseCache
    from bulletin.config.load_profile import load_profile
    from bulletin.pipeline.make_bulletin import make_bulletin
    from bulletin.station.build_station_object import open_station

    now, spent, answers = datetime.now(UTC), [], ResponseCache()
    with Archive.open(folder / "out" / ".bulletin" / "archive.sqlite") as archive:
        for number in range(count):
            before = _used_s()
            loaded = load_profile(str(folder / "feeds" / f"st{number}.toml"))
            with open_station(loaded, output=folder / "out", memory=archive, answers=answers) as station:
                if not number:  # loads every library and the voice
                    station.readers[0].engine.synthesize(
                        "Good evening.", station.readers[0].voice, folder / "first.wav"
                    )
                    before = _used_s()
                make_bulletin(station, now=now, due=now)
            spent.append(_used_s() - before)
    return spent


def summarize(options: argparse.Namespace, run: dict[str, Any], unique: dict[str, float]) -> dict[str, Any]:
    """Figures against the ideal."""
    unique_s = unique["first_s"] + unique["station_s"] * options.stations
    ideal_s = (unique_s + run["postgres_s"] + run["store_s"]) / min(run["workers"], CORES)
    free = max(0.2, CORES - run["others_cores"]) / CORES
    return {
        **run,
        "unique_s": unique_s,
        "station_s": unique["station_s"],
        "ideal_s": ideal_s,
        "ratio": run["ready_s"] / ideal_s,
        "ratio_on_free_cores": run["ready_s"] * free / ideal_s,
        "cpu_ratio": (run["workers_s"] + run["postgres_s"] + run["store_s"])
        / (unique_s + run["postgres_s"] + run["store_s"]),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--stations", type=int, default=500)
    parser.add_argument("--workers", type=int, nargs="+", default=[2], help="several numbers: a run of each")
    parser.add_argument("--length", default="0:30")
    parser.add_argument("--voice", choices=VOICES, default="tone")
    parser.add_argument("--store", choices=("s3", "folder"), default="s3")
    parser.add_argument("--sample", type=int, default=24, help="stations for the unique work")
    parser.add_argument("--minutes", type=int, default=20, help="from now until the bulletins are due")
    parser.add_argument("--print", action="store_true", help="keep no result, and write no page")
    parser.add_argument("--alone", nargs=2, metavar=("FOLDER", "COUNT"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.alone:
        folder, count = options.alone
        print(json.dumps(make_alone(Path(folder), int(count))))
        return
    unique = unique_work(options)
    for workers in options.workers:
        load = os.getloadavg()[0]
        figures = summarize(options, run_once(options, workers), unique)
        print(json.dumps(figures, indent=1), flush=True)
        if not options.print:
            words = f"--stations {options.stations} --workers {workers} --length {options.length}"
            command = f"python -m bench.group {words} --voice {options.voice} --store {options.store}"
            keep_group(command, figures, load=(load, os.getloadavg()[0]), now=datetime.now(UTC))
    if not options.print:
        PAGE.write_text(render(read_results()), encoding="utf-8")


if __name__ == "__main__":
    main()
