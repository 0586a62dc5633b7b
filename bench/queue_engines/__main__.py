"""
Procrastinate against LISTEN/NOTIFY on the ledger alone, on a real PostgreSQL of its own.

    python -m bench.queue_engines --pieces 2000

Prints for each engine: pieces a second, latency of a single piece, PostgreSQL's processor time, the time until all work
is done after faults, and the lines of its adapter.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.queue_engines.worker_process import make_engine
from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.group.pieces_of_work import Piece
from bulletin.archive.ledgers.group.work_ledger import WorkLedger
from bulletin.archive.server_archive import open_server_archive
from bulletin.errors import ArchiveError
from bulletin.group.engines.engine_port import Engine, Hint
from bulletin.group.pieces.piece_names import hint_of
from tests.support.postgres_server import PostgresServer

KINDS = ("procrastinate", "notify")
_MODULES = {
    "procrastinate": "bulletin/group/engines/procrastinate_engine.py",
    "notify": "bench/queue_engines/notify_engine.py",
}
_DUE = datetime(2026, 11, 30, 7, tzinfo=UTC)
_AGAIN, _LOST, _IN_QUEUE = timedelta(seconds=30), timedelta(seconds=3), 200
"""As the planner of a group has them."""
_HURRY = os.sysconf("SC_CLK_TCK")


@dataclass(slots=True, kw_only=True)
class Trial:
    """One engine on a database of its own: a planner here, and worker processes."""

    kind: str
    server: PostgresServer
    url: str
    workers: int
    parallel: int
    archive: Archive
    engine: Engine
    processes: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def work(self) -> WorkLedger:
        return WorkLedger(self.archive, now=self.archive.now)

    def start_workers(self) -> None:
        for number in range(self.workers):
            command = [sys.executable, "-m", "bench.queue_engines.worker_process", self.kind, self.url]
            process = subprocess.Popen(
                [*command, f"worker-{number}", str(self.parallel)],
                stdout=subprocess.PIPE,
                text=True,
                stderr=subprocess.DEVNULL,
            )
            assert process.stdout
            process.stdout.readline()
            self.processes.append(process)
        time.sleep(2)  # until they listen

    def stop_workers(self) -> None:
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(60)
        self.processes.clear()

    def plan(self, name: str, count: int, *, takes_s: float = 0.0) -> None:
        self.work.plan(
            Piece(kind="speak", key=f"{name}-{number:05}", due=_DUE, payload={"takes_s": takes_s})
            for number in range(count)
        )

    def send(self) -> None:
        """One round of a planner."""
        if self.kind == "notify":
            self.engine.submit([Hint(kind="speak", key="any")])  # a notification names nothing
            return
        backlog = sum(self.engine.backlog().values())
        ready = self.work.ready(limit=max(1, _IN_QUEUE - backlog), again=_AGAIN if backlog else _LOST)
        if ready and backlog < _IN_QUEUE:
            self.engine.submit(map(hint_of, ready))

    def done(self, prefix: str) -> int:
        query = f"SELECT count(*) FROM work WHERE state = 'done' AND key LIKE '{prefix}-%'"
        return int(self.server.execute(query, database=self.url.partition("?")[0].rpartition("/")[2])[0][0])

    def wait(self, prefix: str, count: int, *, round_s: float = 0.5) -> float:
        """Send until all is done; seconds that it took."""
        begun, sent_at = time.monotonic(), 0.0
        while True:
            now = time.monotonic()
            try:
                if now >= sent_at + round_s:
                    sent_at = now
                    self.send()
                if self.done(prefix) >= count:
                    return time.monotonic() - begun
            except Exception as error:  # the database is away
                if not isinstance(error, ArchiveError) and "psycopg" not in type(error).__module__:
                    raise
            if now > begun + 300:
                raise TimeoutError(prefix)
            self.restart_ended()
            time.sleep(0.2)

    def restart_ended(self) -> None:
        """`Restart=always`."""
        if ended := [process for process in self.processes if process.poll() is not None]:
            self.processes = [process for process in self.processes if process not in ended]
            workers, self.workers = self.workers, len(ended)
            try:
                self.start_workers()
            finally:
                self.workers = workers


@contextmanager
def trial(kind: str, server: PostgresServer, *, workers: int, parallel: int) -> Iterator[Trial]:
    url = server.make_archive()
    with open_server_archive(url) as archive:
        engine = make_engine(kind, url, WorkLedger(archive, now=archive.now))
        one = Trial(
            kind=kind,
            server=server,
            url=url,
            workers=workers,
            parallel=parallel,
            archive=archive,
            engine=engine,
        )
        try:
            one.start_workers()
            yield one
        finally:
            one.stop_workers()
            engine.close()


def measure(kind: str, *, pieces: int, workers: int, parallel: int) -> dict[str, Any]:
    """All figures of one engine."""
    with PostgresServer() as server, trial(kind, server, workers=workers, parallel=parallel) as one:
        one.plan("warm", 50)
        one.wait("warm", 50)
        cpu_s = processor_s(server)
        one.plan("many", pieces)
        takes_s = one.wait("many", pieces)
        cpu_s = processor_s(server) - cpu_s
        latencies = sorted(_latency_s(one, number) for number in range(60))
        one.plan("kill", 400, takes_s=0.02)
        time.sleep(1)
        one.send()
        time.sleep(1)
        server.kill()
        time.sleep(1)
        server.start()
        killed_s = one.wait("kill", 400)
        one.plan("lost", 400, takes_s=0.02)
        one.send()
        if kind == "procrastinate":
            name = one.url.partition("?")[0].rpartition("/")[2]
            server.execute("TRUNCATE bulletin_queue.procrastinate_jobs CASCADE", database=name)
        lost_s = one.wait("lost", 400)
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query ILIKE 'LISTEN%' OR query = 'SELECT 1'"
        )
        deaf_s = _latency_s(one, 999)
    return {
        "pieces a second": round(pieces / takes_s, 1),
        "PostgreSQL, ms of a processor a piece": round(cpu_s / pieces * 1000, 2),
        "latency, median ms": round(statistics.median(latencies) * 1000, 1),
        "latency, 95th percentile ms": round(latencies[int(len(latencies) * 0.95)] * 1000, 1),
        "400 pieces of 20 ms, PostgreSQL killed: s": round(killed_s, 1),
        "400 pieces of 20 ms, all hints deleted: s": round(lost_s, 1),
        "next piece after LISTEN was cut: ms": round(deaf_s * 1000, 1),
        "lines of the adapter": len(Path(_MODULES[kind]).read_text("utf-8").splitlines()),
    }


def _latency_s(one: Trial, number: int) -> float:
    """From the hint of a single piece to its end, with idle workers."""
    one.plan(f"one{number}", 1)
    begun = time.time()
    one.send()
    while True:
        piece = one.work.find("speak", f"one{number}-00000")
        if piece and piece.result:
            return float(piece.result) - begun
        time.sleep(0.02)


def processor_s(server: PostgresServer) -> float:
    """Processor time of all processes of the server so far, with those that have ended."""
    return sum(_used_s(pid) for pid in server._pids())


def _used_s(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / _HURRY


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pieces", type=int, default=2000)
    parser.add_argument("--workers", type=int, default=2, help="worker processes")
    parser.add_argument("--parallel", type=int, default=2, help="pieces at a time of each")
    parser.add_argument("--engine", choices=KINDS, action="append")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    figures = {
        kind: measure(kind, pieces=options.pieces, workers=options.workers, parallel=options.parallel)
        for kind in options.engine or KINDS
    }
    if options.json:
        print(json.dumps(figures, indent=2))
        return
    for name in next(iter(figures.values())):
        print(f"{name:48}" + "".join(f"{figures[kind][name]:>16}" for kind in figures))


if __name__ == "__main__":
    main()
