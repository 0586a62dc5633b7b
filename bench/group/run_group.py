"""One run of a group: real PostgreSQL, S3 (moto), planner and workers; from the plan to the last bulletin."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from argparse import Namespace
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.group import cpu_seconds
from bench.group.feeds_and_profiles import serve_feeds, write_profiles
from bench.group.told_stories import read_shared_speech, read_told
from bench.group.voices import SPOKEN, VOICES
from bench.performance.ways.database import DURABLE, server_cpu_s
from bench.session_memory import watching_memory
from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.archive.ledgers.group.work_ledger import WorkLedger
from bulletin.archive.server_archive import open_server_archive
from bulletin.model import Level
from tests.support.bucket_process import bucket_process
from tests.support.postgres_server import PostgresServer

ROOT = Path(__file__).parents[2]


class Group:
    """The processes of one run."""

    def __init__(self, folder: Path, url: str, store: str, *, due: datetime, spoken: Path) -> None:
        self.folder, self.url, self.due = folder, url, due
        text = f'[group]\ndatabase = "{url}"\nstore = "{store}"\nname = "bench"\n'
        (folder / "feeds" / "group.toml").write_text(text, encoding="utf-8")
        keys = {"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret"}
        self._environ = os.environ | keys | {"PYTHONPATH": str(ROOT), SPOKEN: str(spoken)}
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self, role: str, *more: str, core: int | None = None) -> int:
        """Start `bulletin group ROLE`, on one core or on all; its process id."""
        name = f"{role}-{len(self.processes)}"
        command = [
            sys.executable,
            "-m",
            "bulletin",
            "group",
            role,
            "feeds",
            "--output",
            "out",
            "--name",
            name,
            *more,
        ]
        with (self.folder / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(
                command, cwd=self.folder, env=self._environ, stdout=log, stderr=log, start_new_session=True
            )
        if core is not None:
            os.sched_setaffinity(process.pid, {core})
        self.processes.append(process)
        return process.pid

    def wait(self, is_done: Callable[[], bool], *, what: str, within_s: float) -> None:
        """Until something is so. Raises SystemExit with the ends of the logs."""
        until = time.monotonic() + within_s
        while not is_done():
            if time.monotonic() > until or any(process.poll() is not None for process in self.processes):
                logs = [path.read_text("utf-8", "replace")[-1500:] for path in self.folder.glob("*.log")]
                raise SystemExit("\n".join((f"in vain: {what}", *logs)))
            time.sleep(1.0)  # a look at the ledger takes time of the same cores

    def wait_until_ready(self, workers: int) -> None:
        """Until all workers have said so."""

        def are_ready() -> bool:
            logs = [path.read_text("utf-8", "replace") for path in self.folder.glob("worker-*.log")]
            return sum("worker ready" in log for log in logs) == workers

        self.wait(are_ready, what="start of the workers", within_s=300)

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
def running_group(
    options: Namespace, *, due: datetime, server: PostgresServer, store: str, folder: Path, port: int
) -> Iterator[Group]:
    """Profiles written and no process started yet."""
    write_profiles(
        folder / "feeds",
        port=port,
        stations=options.stations,
        length=options.length,
        voice=VOICES[options.voice],
        due=due,
    )
    spoken = folder / "spoken"
    spoken.touch()
    group = Group(folder, server.make_archive(), store or str(folder / "store"), due=due, spoken=spoken)
    try:
        yield group
    finally:
        group.stop()


def run_once(options: Namespace, workers: int) -> dict[str, Any]:
    """One group, from plan to the last bulletin: seconds, CPU seconds, pieces, sentences, memory."""
    now = datetime.now(UTC)
    due = (now + timedelta(minutes=options.minutes)).replace(second=0, microsecond=0)
    with (
        _on_cores(workers if options.one_core_each else cpu_seconds.CORES),
        tempfile.TemporaryDirectory() as name,
        PostgresServer(**DURABLE) as server,
        serve_feeds(now=now) as port,
        bucket_process() if options.store == "s3" else nullcontext() as bucket,
    ):
        store = bucket.address("bench") if bucket else ""
        with running_group(
            options, due=due, server=server, store=store, folder=Path(name), port=port
        ) as group:
            bucket_pid = bucket.process.pid if bucket else None
            return _measure(group, options, workers, server=server, bucket_pid=bucket_pid)


@contextmanager
def _on_cores(number: int) -> Iterator[None]:
    """Keep everything that is started inside, database and store too, to the first cores of the machine."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(before)[:number])
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def _measure(
    group: Group, options: Namespace, workers: int, *, server: PostgresServer, bucket_pid: int | None
) -> dict[str, Any]:
    cores = sorted(os.sched_getaffinity(0)) if options.one_core_each else [None] * workers
    pids = [group.start("worker", "--parallel", f"{options.parallel}", core=core) for core in cores]
    with watching_memory(lambda: {str(pid): pid for pid in pids}) as memory:
        group.wait_until_ready(workers)
        figures = _play(group, options, pids, server=server, bucket_pid=bucket_pid)
    by_worker = (memory.alone_mb, memory.together_mb)
    alone_mb, together_mb = ([peaks[str(pid)] for pid in pids] for peaks in by_worker)
    return {"workers": workers, **figures, "memory_mb": alone_mb, "memory_together_mb": together_mb}


def _play(
    group: Group, options: Namespace, pids: list[int], *, server: PostgresServer, bucket_pid: int | None
) -> dict[str, Any]:
    """Plan the group, wait for its bulletins, and count."""

    def costs() -> dict[str, float]:
        return {
            "workers_s": sum(map(cpu_seconds.of_session, pids)),
            "postgres_s": server_cpu_s(server),
            "store_s": cpu_seconds.of_process(bucket_pid) if bucket_pid else 0.0,
            "machine_s": cpu_seconds.of_machine(),
        }

    before, began = costs(), time.monotonic()
    planner = group.start("plan")
    with open_server_archive(group.url) as archive:
        ledger = WorkLedger(archive, now=archive.now)
        within_s = 60 * options.minutes + 900
        group.wait(lambda: _ended(ledger) >= options.stations, what="all bulletins", within_s=within_s)
        after, planner_s = costs(), cpu_seconds.of_session(planner)
        elapsed_s = time.monotonic() - began
        kinds = ledger.counts()
        slots = SlotLedger(archive).rows(since=group.due, until=group.due + timedelta(seconds=1))
    spent = {key: after[key] - before[key] for key in after}
    own_s = spent["workers_s"] + spent["postgres_s"] + spent["store_s"] + planner_s
    sentences = Counter((group.folder / "spoken").read_text("utf-8").splitlines())
    return {
        "ready_s": _pieces_s(server, group.url),
        **{key: spent[key] for key in ("workers_s", "postgres_s", "store_s")},
        "planner_s": planner_s,
        "others_cores": max(0.0, (spent.pop("machine_s") - own_s) / elapsed_s),
        "pieces": {f"{kind} {state}": number for (kind, state), number in sorted(kinds.items())},
        "fresh": sum(slot.is_met and slot.level is Level.FRESH for slot in slots),
        "sentences": sentences.total(),
        "sentences_again": sentences.total() - len(sentences),
        "shared_texts": read_shared_speech(server, _database_of(group.url)),
        **read_told(server, _database_of(group.url)),
    }


def _ended(ledger: WorkLedger) -> int:
    """Stations whose mix has ended, or whose draft has failed."""
    counts = ledger.counts()
    return sum(counts.get(end, 0) for end in (("mix", "done"), ("mix", "failed"), ("draft", "failed")))


def _pieces_s(server: PostgresServer, url: str) -> float:
    """Seconds from the first planned piece to the last published bulletin, by the clock of the database."""
    ((seconds,),) = server.execute(
        "SELECT extract(epoch FROM max(done_at) FILTER (WHERE kind = 'mix') - min(made_at) FILTER (WHERE kind IN ('feed', 'draft'))) FROM work",
        database=_database_of(url),
    )
    return float(seconds)


def _database_of(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]
