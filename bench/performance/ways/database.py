"""Pieces of work through a real PostgreSQL: the ledger and the queue of a group, without the work itself."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.processes import QUICK, note, run_way
from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.group.pieces_of_work import MorePieces, Need, Piece
from bulletin.archive.ledgers.group.work_ledger import WorkLedger
from bulletin.archive.server_archive import open_server_archive
from bulletin.group.engines.engine_port import Hint
from bulletin.group.engines.procrastinate_engine import ProcrastinateEngine
from bulletin.storage.open_store import open_store
from tests.support.group_of_machines import on_machine, publish, write_profile
from tests.support.postgres_server import PostgresServer

DUE = datetime(2026, 11, 30, 7, tzinfo=UTC)
LEASE = timedelta(minutes=2)
DURABLE = {"fsync": "on", "full_page_writes": "on", "shared_buffers": "128MB", "autovacuum_naptime": "1min"}
"""As in production: each commit is on the disk before it is acknowledged."""


class DatabaseCosts:
    """CPU seconds of the server's processes, written bytes, rows and transactions since the start."""

    def __init__(self, server: PostgresServer, url: str) -> None:
        self._server = server
        self._name = url.partition("?")[0].rpartition("/")[2]
        self._before = self._read()
        self._began_s = time.process_time()

    def since(self, count: int) -> dict[str, float]:
        """Each figure for one of `count` pieces."""
        client_s = time.process_time() - self._began_s
        after = self._read()
        figures = {name: (after[name] - self._before[name]) / count for name in after}
        return figures | {"client_ms": 1000 * client_s / count}

    def _read(self) -> dict[str, float]:
        time.sleep(1.1)  # its statistics are written once a second
        ask = self._server.execute
        ((wal,),) = ask("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn")
        ((rows, commits),) = ask(
            "SELECT tup_inserted + tup_updated + tup_deleted, xact_commit FROM pg_stat_database "
            f"WHERE datname = '{self._name}'"
        )
        cpu_ms = 1000 * server_cpu_s(self._server)
        return {"server_ms": cpu_ms, "wal_bytes": float(wal), "rows": float(rows), "commits": float(commits)}


def server_cpu_s(server: PostgresServer) -> float:
    """CPU seconds of all its processes, ended ones included."""
    ticks = 0
    pids = server._pids()
    for pid in pids:
        try:
            text = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
        except OSError:  # it has just ended: its time is its parent's now
            continue
        fields = text.rpartition(")")[2].split()
        # utime and stime; of the first process also those of its ended children
        ticks += sum(map(int, fields[11:15] if pid == pids[0] else fields[11:13]))
    return ticks / 100


def pieces(folder: Path) -> None:
    """Drafts that bring a mix each, through ledger and queue: nothing is done but claimed and finished."""
    count = 20 if (folder / QUICK).exists() else 1000
    with PostgresServer(**DURABLE) as server:
        url = server.make_archive()
        archive, engine = open_server_archive(url), ProcrastinateEngine(url)
        ledger = WorkLedger(archive, now=archive.now)
        engine.submit([])  # makes the queue's schema
        costs = DatabaseCosts(server, url)
        began = time.perf_counter()
        ledger.plan(
            Piece(kind="draft", key=f"{number}", due=DUE, station=f"{number}") for number in range(count)
        )
        _run_all(ledger, engine, _finisher(ledger))
        seconds = time.perf_counter() - began
        note(folder, **costs.since(2 * count), a_second=2 * count / seconds)
        engine.close()
        archive.close()


def needs(folder: Path) -> None:
    """Feeds, drafts that need them all, sentences, and mixes that need some of them."""
    _measure_needs(folder, said=4 if (folder / QUICK).exists() else 25)


def waits(folder: Path) -> None:
    """The same pieces, whose mixes need many sentences: so that the cost of a wait stands out from the noise."""
    _measure_needs(folder, said=8 if (folder / QUICK).exists() else 250)


def _measure_needs(folder: Path, *, said: int) -> None:
    count, feeds, sentences = (4, 3, 8) if (folder / QUICK).exists() else (300, 20, 500)
    with PostgresServer(**DURABLE) as server:
        url = server.make_archive()
        archive, engine = open_server_archive(url), ProcrastinateEngine(url)
        ledger = WorkLedger(archive, now=archive.now)
        engine.submit([])
        read = [Piece(kind="feed", key=f"feed-{number}", due=DUE) for number in range(feeds)]
        spoken = [Piece(kind="speak", key=f"sentence-{number}", due=DUE) for number in range(sentences)]
        drafts = [
            Piece(kind="draft", key=f"{number}", due=DUE, station=f"{number}") for number in range(count)
        ]
        costs = DatabaseCosts(server, url)
        ledger.plan(
            [*read, *spoken, *drafts],
            [Need(of=draft.name, needs=feed.name) for draft in drafts for feed in read],
        )
        _run_all(ledger, engine, _finisher(ledger, spoken=[piece.name for piece in spoken], said=said))
        made = feeds + sentences + 2 * count
        note(folder, **costs.since(made), needs_a_piece=count * (feeds + said + 1) / made)
        engine.close()
        archive.close()


def commits(folder: Path) -> None:
    """As many bare transactions of one row each as a piece takes."""
    import psycopg

    count = 20 if (folder / QUICK).exists() else 1000
    with PostgresServer(**DURABLE) as server:
        url = server.make_database()
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE TABLE work (key text PRIMARY KEY, state text)")
            connection.execute("INSERT INTO work SELECT n::text, '' FROM generate_series(1, %s) n", [count])
            costs = DatabaseCosts(server, url)
            for number in range(1, count + 1):
                for state in ("planned", "sent", "claimed", "finished"):
                    connection.execute("UPDATE work SET state = %s WHERE key = %s", [state, str(number)])
        note(folder, **costs.since(count))


def _finisher(
    ledger: WorkLedger, *, spoken: Sequence[tuple[str, str]] = (), said: int = 0
) -> Callable[[Hint], None]:
    """Claim a piece and finish it; a draft brings its mix, which needs the draft and so many sentences."""

    def handle(hint: Hint) -> None:
        claimed = ledger.claim(hint.kind, hint.key, owner="bench", lease=LEASE)
        if claimed and hint.kind == "draft":
            mix = Piece(kind="mix", key=hint.key, due=DUE, station=hint.key)
            first = int(hint.key) * said
            own = [spoken[at % len(spoken)] for at in range(first, first + said)]
            more = tuple(Need(of=mix.name, needs=name) for name in (claimed.name, *own))
            ledger.finish(claimed, then=MorePieces(pieces=(mix,), needs=more))
        elif claimed:
            ledger.finish(claimed)

    return handle


def _run_all(ledger: WorkLedger, engine: ProcrastinateEngine, handle: Callable[[Hint], None]) -> None:
    """A worker of four threads, and a planner that sends what is ready, until nothing is open."""
    worker = threading.Thread(target=engine.run, args=(handle,), kwargs={"parallel": 4})
    worker.start()
    while any(state != "done" for _, state in ledger.counts()):
        ready = ledger.ready(limit=500, again=timedelta(seconds=30))
        engine.submit(Hint(kind=piece.kind, key=piece.key) for piece in ready)
        time.sleep(0.3)
    engine.stop()
    worker.join()


def publications(folder: Path) -> None:
    """Bulletins published by a group: files in a store, record and file list in one transaction."""
    hours = 2 if (folder / QUICK).exists() else 60
    profile = write_profile(folder)
    store = open_store(str(folder / "store"))
    with PostgresServer(**DURABLE) as server:
        url = server.make_archive()
        archive: Archive = open_server_archive(url)
        options: dict[str, Any] = {"archive": archive, "store": store}
        with on_machine(folder / "machine", profile, **options) as station:
            publish(station, folder / "scratch", hours=0)
            costs = DatabaseCosts(server, url)
            for hour in range(1, hours + 1):
                publish(station, folder / "scratch", hours=hour)
            note(folder, **costs.since(hours))
        archive.close()


if __name__ == "__main__":
    run_way(
        {"pieces": pieces, "needs": needs, "waits": waits, "commits": commits, "publications": publications}
    )
