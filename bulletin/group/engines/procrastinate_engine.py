"""
Engine of a group: Procrastinate's queue in the group's PostgreSQL, in a schema of its own.

Rules from what its users report (docs/decisions/0080): no retries and no queueing locks, since a job that is
retried into a lock stays in "doing" under a live worker; finished jobs are deleted; no periodic tasks. Jobs of
killed workers stay in "doing" until `tidy` deletes them. The ledger sends again what was lost.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
from procrastinate import App, PsycopgConnector, SyncPsycopgConnector
from procrastinate.exceptions import ProcrastinateException
from procrastinate.jobs import Status
from procrastinate.schema import SchemaManager
from psycopg import sql

from bulletin.errors import ArchiveError
from bulletin.group.engines.engine_port import Engine, Handle, Hint, Lanes, count_lanes, lanes, listen
from bulletin.group.engines.lost_database_filter import shorten_lost_database_records
from bulletin.runtime.redact_secrets import hide

log = logging.getLogger(__name__)

SCHEMA = "bulletin_queue"
"""Schema of the queue; dropping it loses nothing."""
_QUEUE, _TASK = "bulletin", "piece"
_LOCK = 0x62756C6C
"""Advisory lock: two processes would create the schema at the same time."""
_LOOK_EVERY_S = 2.0
"""Longest pause of a lane between two looks into its queues; a notice of a new job ends it."""
_STOP_WITHIN_S = 20.0
_DEAD_S = 40.0
"""A worker whose heartbeat is older is dead; Procrastinate writes one every ten seconds."""
_OPTIONS: dict[str, Any] = {
    "options": f"-c search_path={SCHEMA}",
    "application_name": "bulletin queue",
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}


class ProcrastinateEngine(Engine):
    """Hints as jobs. The schema is made, or brought up, at the first use."""

    def __init__(self, database: str) -> None:
        self._database = database
        logging.getLogger("procrastinate").setLevel(logging.WARNING)  # two lines for each hint
        shorten_lost_database_records()
        self._sender = App(connector=SyncPsycopgConnector(**self._pool(most=2)))
        self._piece = self._sender.task(name=_TASK, queue=_QUEUE)(_take_nothing)
        self._opening = threading.Lock()
        self._is_open = False
        self._stop = threading.Event()
        self._lanes: Lanes = ()
        self._tasks: tuple[asyncio.Task[None], ...] = ()

    def submit(self, hints: Iterable[Hint]) -> None:
        together: dict[tuple[int, str], list[dict[str, Any]]] = defaultdict(list)
        for hint in hints:
            together[hint.priority, hint.queue or _QUEUE].append({"kind": hint.kind, "key": hint.key})
        with self._opened():
            for (priority, queue), jobs in sorted(together.items(), reverse=True):
                self._piece.configure(priority=priority, queue=queue).batch_defer(*jobs)

    def backlog(self, queues: Collection[str] | None = None) -> Mapping[str, int]:
        with self._opened():
            waiting = {one["name"]: int(one["todo"]) for one in self._sender.job_manager.list_queues()}
            waiting[""] = waiting.pop(_QUEUE, 0)
            return count_lanes(waiting, queues)

    def tidy(self) -> int:
        with self._opened():
            return asyncio.run(self._tidy())

    async def _tidy(self) -> int:
        app = App(connector=PsycopgConnector(**self._pool(most=1)))
        async with app.open_async():
            stalled = [*await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=_DEAD_S)]
            for job in stalled:
                await app.job_manager.finish_job(job, status=Status.FAILED, delete_job=True)
            await app.job_manager.prune_stalled_workers(_DEAD_S)
            return len(stalled)

    def run(self, handle: Handle, *, parallel: int, queues: Collection[str] = ()) -> None:
        try:
            with self._opened():
                self._lanes = _named(lanes(parallel, queues))
                asyncio.run(self._run(handle, self._lanes))
        except ArchiveError as error:
            log.error("worker ends: %s", error)

    async def _run(self, handle: Handle, lanes: Lanes) -> None:
        app = App(connector=PsycopgConnector(**self._pool(most=len(lanes) + 2)))
        at_once = sum(number for _, number in lanes)
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(at_once, "pieces"))

        @app.task(name=_TASK, queue=_QUEUE)
        def piece(kind: str, key: str) -> None:
            handle(Hint(kind=kind, key=key))

        async with app.open_async():
            self._tasks = tuple(asyncio.create_task(_work(app, *lane)) for lane in lanes)
            if self._stop.is_set():
                self.stop()
            _, others = await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in others:
                task.cancel()
            ended, _ = await asyncio.wait(self._tasks, timeout=_STOP_WITHIN_S)
            errors = [task.exception() for task in ended if not task.cancelled()]
            if error := next(filter(None, errors), None):
                raise error

    def listen(self, queues: Collection[str]) -> None:
        # a worker reads its queues anew with every look, at least every two seconds
        listen(self._lanes, queues)
        _named(self._lanes)

    def stop(self) -> None:
        self._stop.set()
        for task in self._tasks:
            with suppress(RuntimeError):  # the loop has ended by itself
                task.get_loop().call_soon_threadsafe(task.cancel)

    def close(self) -> None:
        with suppress(ProcrastinateException, psycopg.Error):
            self._sender.close()

    def _pool(self, *, most: int) -> dict[str, Any]:
        sizes = {"min_size": 1, "max_size": most}
        return {"conninfo": self._database, "kwargs": _OPTIONS, "timeout": 10.0, **sizes}

    @contextmanager
    def _opened(self) -> Iterator[None]:
        """The queue, ready; raises ArchiveError, without the password, for each of its failures."""
        try:
            with self._opening:
                if not self._is_open:
                    bring_up(self._database)
                    self._sender.open()
                    self._is_open = True
            yield
        except (ProcrastinateException, psycopg.Error, OSError, TimeoutError) as error:
            cause = error.__cause__ or error
            if isinstance(cause, psycopg.errors.ForeignKeyViolation):
                raise ArchiveError(
                    f"the queue took this worker for dead: it had not answered for {_DEAD_S:.0f} seconds; start it "
                    "again (its service does)"
                ) from error
            reason = hide(" ".join(str(cause).split())) or type(cause).__name__
            raise ArchiveError(
                f"queue of the group unusable: {reason}; start the database, or check [group] database"
            ) from error


def _named(lanes: Lanes) -> Lanes:
    """Lanes with the queues' names in the database; here a queue must have one."""
    for names, _ in lanes:
        names[:] = [name or _QUEUE for name in names]
    return lanes


async def _work(app: App, queues: list[str], number: int) -> None:
    await app.run_worker_async(
        queues=queues,
        concurrency=number,
        delete_jobs="always",
        fetch_job_polling_interval=_LOOK_EVERY_S,
        shutdown_graceful_timeout=_STOP_WITHIN_S,
        install_signal_handlers=False,
        stalled_worker_timeout=_DEAD_S,
    )


def _take_nothing(kind: str, key: str) -> None:
    """The task as its sender knows it; only workers run it."""
    raise NotImplementedError(f"{kind} {key}: a planner takes no pieces")


def bring_up(database: str) -> None:
    """
    Create the queue's schema, or apply the migrations of a newer Procrastinate; two at once do it once.

    The last "post" migration waits for the next release: it is for the time when no worker of the earlier one is
    left. Raises psycopg.Error.
    """
    folder = Path(SchemaManager.get_migrations_path())
    known = sorted(path.name for path in folder.glob("*.sql"))
    due = known[:-1] if "_post_" in known[-1] else known
    with psycopg.connect(database, **_OPTIONS, autocommit=True) as connection:
        connection.execute("select pg_advisory_lock(%s)", [_LOCK])
        query = "select obj_description(oid, 'pg_namespace') from pg_namespace where nspname = %s"
        row = connection.execute(query, [SCHEMA]).fetchone()
        applied = row[0] if row else None
        with connection.transaction():
            if applied is None:
                connection.execute(f"drop schema if exists {SCHEMA} cascade")
                connection.execute(f"create schema {SCHEMA}")
                connection.execute(SchemaManager.get_schema())
                _note_applied(connection, known[-1])
            elif missing := [name for name in due if name > applied]:
                for name in missing:
                    connection.execute((folder / name).read_bytes())
                _note_applied(connection, missing[-1])


def _note_applied(connection: psycopg.Connection[Any], name: str) -> None:
    """Procrastinate does not record its migrations; the comment of the schema names the last one."""
    comment = sql.SQL("comment on schema {} is {}")
    connection.execute(comment.format(sql.Identifier(SCHEMA), sql.Literal(name)))
