"""
Jobs of Procrastinate as a group uses them, with a real PostgreSQL.

Finished jobs and those of dead workers are deleted; there are no retries, no locks and no periodic tasks
(docs/decisions/0080).
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from bulletin.group.engines.engine_port import NETWORK, Handle, Hint
from tests.support.delivery_servers.base import wait_for
from tests.support.postgres_server import PostgresServer

pytestmark = pytest.mark.clients
procrastinate = pytest.importorskip("procrastinate", reason="pip install 'bulletin-radio[group]'")

from bulletin.group.engines import procrastinate_engine
from bulletin.group.engines.procrastinate_engine import ProcrastinateEngine

LONGEST_S = 60.0
ROOT = Path(procrastinate_engine.__file__).parents[3]
HANGING_WORKER = """
import sys, time

from bulletin.group.engines.procrastinate_engine import ProcrastinateEngine

ProcrastinateEngine(sys.argv[1]).run(lambda hint: time.sleep(3600), parallel=1)
"""
JOBS = f"{procrastinate_engine.SCHEMA}.procrastinate_jobs"
WORKERS = f"{procrastinate_engine.SCHEMA}.procrastinate_workers"
Execute = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture
def execute(postgres_server: PostgresServer, postgres_url: str) -> Execute:
    """Runs a command in the group's database; returns its rows."""
    database = postgres_url.partition("?")[0].rpartition("/")[2]
    return lambda command: postgres_server.execute(command, database=database)


@pytest.fixture
def engine(postgres_url: str) -> Iterator[ProcrastinateEngine]:
    engine = ProcrastinateEngine(postgres_url)
    yield engine
    engine.close()


@contextmanager
def running(engine: ProcrastinateEngine, handle: Handle) -> Iterator[None]:
    thread = Thread(target=lambda: engine.run(handle, parallel=1))
    thread.start()
    try:
        yield
    finally:
        engine.stop()
        thread.join(LONGEST_S)
    assert not thread.is_alive()


def test_finished_jobs_are_deleted_after_success_and_after_a_mistake(
    engine: ProcrastinateEngine, execute: Execute
) -> None:
    both: list[str] = []

    def handle(hint: Hint) -> None:
        both.append(hint.key)
        if hint.key == "bad":
            raise ZeroDivisionError("a mistake of the handler")

    engine.submit(Hint(kind="mix", key=key) for key in ("good", "bad"))
    assert execute(f"SELECT status FROM {JOBS}") == [("todo",), ("todo",)]
    with running(engine, handle):
        unfinished = f"SELECT id FROM {JOBS} WHERE status IN ('todo', 'doing')"
        wait_for(lambda: len(both) >= 2 and not execute(unfinished), within_s=LONGEST_S)

    assert both == ["good", "bad"]
    assert execute(f"SELECT status, args, attempts FROM {JOBS}") == []
    assert execute(f"SELECT type FROM {procrastinate_engine.SCHEMA}.procrastinate_events") == []


@pytest.mark.parametrize(
    "later",
    [
        f"UPDATE {WORKERS} SET last_heartbeat = now() - interval '1 minute'",
        f"DELETE FROM {WORKERS}",
    ],
    ids=["its heartbeat is old", "another worker has deleted its row"],
)
def test_the_job_of_a_killed_process_is_deleted(
    engine: ProcrastinateEngine, execute: Execute, postgres_url: str, later: str
) -> None:
    engine.submit([Hint(kind="mix", key="a")])
    command = [sys.executable, "-c", HANGING_WORKER, postgres_url]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, env=environment) as process:
        try:
            wait_for(lambda: execute(f"SELECT status FROM {JOBS}") == [("doing",)], within_s=LONGEST_S)
        finally:
            process.kill()
    execute(f"UPDATE {WORKERS} SET last_heartbeat = now() + interval '1 hour'")
    assert engine.tidy() == 0
    assert execute(f"SELECT status FROM {JOBS}") == [("doing",)]

    execute(later)

    assert engine.tidy() == 1
    assert execute(f"SELECT status FROM {JOBS}") == []
    assert execute(f"SELECT id FROM {WORKERS}") == []


def test_jobs_have_no_locks_and_tasks_are_neither_retried_nor_periodic(
    postgres_url: str, execute: Execute, monkeypatch: pytest.MonkeyPatch
) -> None:
    apps: list[Any] = []

    def note_app(**options: Any) -> Any:
        apps.append(procrastinate.App(**options))
        return apps[-1]

    monkeypatch.setattr(procrastinate_engine, "App", note_app)
    engine, handled = ProcrastinateEngine(postgres_url), Event()
    hint = Hint(kind="feed", key="a", queue=NETWORK, priority=3)
    try:
        engine.submit([hint, hint, Hint(kind="mix", key="b")])
        engine.tidy()
        jobs = execute(f"SELECT args->>'key', lock, queueing_lock FROM {JOBS} ORDER BY id")
        with running(engine, lambda hint: handled.set()):
            assert handled.wait(LONGEST_S)
    finally:
        engine.close()

    assert jobs == [("a", None, None), ("a", None, None), ("b", None, None)]
    sender, tidying, worker = apps
    assert "piece" in sender.tasks
    assert "piece" in worker.tasks
    for app in (sender, tidying, worker):
        settings = [(task.retry_strategy, task.lock, task.queueing_lock) for task in app.tasks.values()]
        assert settings == [(None, None, None)] * len(app.tasks)
        assert app.periodic_registry.periodic_tasks == {}
    assert execute(f"SELECT * FROM {procrastinate_engine.SCHEMA}.procrastinate_periodic_defers") == []
