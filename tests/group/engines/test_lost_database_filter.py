"""A lost database in the records of Procrastinate, psycopg's pool and asyncio."""

from __future__ import annotations

import logging
from threading import Event, Thread
from typing import Any

import pytest

from bulletin.group.engines.engine_port import Hint
from tests.support.postgres_server import run_postgres

psycopg = pytest.importorskip("psycopg", reason="pip install 'bulletin[group]'")
exceptions = pytest.importorskip("procrastinate.exceptions", reason="pip install 'bulletin[group]'")

from bulletin.group.engines.lost_database_filter import LostDatabaseFilter

LONGEST_S = 60.0
LIBRARIES = ("procrastinate", "psycopg", "asyncio")
REFUSED = psycopg.OperationalError(
    "connection failed: postgresql://bulletin:open-sesame@db/news refused\n\tIs the server running?"
)


class Log:
    """Writes records through the filter, with a simulated clock."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self._filter = LostDatabaseFilter(clock=lambda: self.now_s)

    def write(
        self,
        name: str,
        text: str,
        *args: object,
        error: BaseException | None = None,
        level: int = logging.ERROR,
        **extra: Any,
    ) -> logging.LogRecord | None:
        trace = (type(error), error, None) if error else None
        record = logging.LogRecord(name, level, __file__, 1, text, args, trace)
        vars(record).update(extra)
        return record if self._filter.filter(record) else None

    def line(self, *args: Any, **named: Any) -> str:
        record = self.write(*args, **named)
        assert record
        assert record.exc_info is None
        return record.getMessage()


def lost(cause: BaseException = REFUSED) -> BaseException:
    """The cause as Procrastinate raises it."""
    error: BaseException = exceptions.ConnectorException()
    error.__cause__ = cause
    return error


def test_each_kind_of_record_becomes_one_plain_line_without_its_password() -> None:
    log = Log()
    reason = "the database failed: connection failed: postgresql://***@db/news refused"

    listener = log.line("procrastinate.utils", "listener error: x", error=lost(), action="listener_error")
    heartbeat = log.line(
        "procrastinate.utils", "update_heartbeats error", error=lost(), action="update_heartbeats_error"
    )
    side = log.line("procrastinate.worker.worker", "Side task", error=lost(), action="side_task_failed")
    task = "Task exception was never retrieved\nfuture: <Task finished name='process job piece[1]'>"
    job = log.line("asyncio", task, error=lost())
    pool = log.line("psycopg.pool", "error connecting in %r: %s", "pool-1", REFUSED, level=logging.WARNING)

    assert listener == f"queue gives no notice of new pieces of work, {reason}"
    assert heartbeat == f"heartbeat not written to the queue, {reason}"
    assert side == f"queue takes no more pieces of work, {reason}"
    assert job == f"end of a piece of work not written to the queue, {reason}"
    assert pool == f"queue not reached, {reason}"


def test_a_kind_is_written_once_a_minute_and_counted() -> None:
    log = Log()

    def write(pool: str) -> logging.LogRecord | None:
        return log.write("psycopg.pool", "error connecting in %r: %s", pool, REFUSED, level=logging.WARNING)

    assert write("pool-1")
    for second in range(1, 60):
        log.now_s = float(second)
        assert write(f"pool-{second}") is None
    assert log.write("procrastinate.utils", "listener error", error=lost(), action="listener_error")
    log.now_s = 60.0
    again = write("pool-1")
    assert again
    assert again.getMessage().endswith("refused (and 59 more like it since the last such line)")


def test_other_errors_keep_their_trace_and_are_all_written() -> None:
    log = Log()
    others = (
        ZeroDivisionError("a mistake"),
        exceptions.AppNotOpen(),
        lost(psycopg.errors.ForeignKeyViolation("no such worker")),
        lost(psycopg.errors.DeadlockDetected("deadlock detected")),
    )
    for error in (*others, *others):
        for name in ("procrastinate.utils", "asyncio"):
            record = log.write(name, "listener error: x", error=error, action="listener_error")
            assert record
            assert record.exc_info
            assert record.getMessage() == "listener error: x"


def test_a_database_that_shuts_down_or_starts_is_lost_too() -> None:
    for cause in (
        psycopg.errors.AdminShutdown("terminating connection"),
        psycopg.errors.CannotConnectNow("starting up"),
        psycopg.errors.ConnectionFailure("gone"),
    ):
        assert Log().line("procrastinate.utils", "x", error=lost(cause), action="listener_error")


@pytest.mark.clients
def test_no_library_logs_a_trace_while_the_database_is_away(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine ends, and the next one goes on, since the service starts a worker again."""
    from bulletin.group.engines.procrastinate_engine import ProcrastinateEngine

    monkeypatch.setattr(LostDatabaseFilter, "every_s", 0.0)  # none is left out: each is looked at
    begun, released, handled = Event(), Event(), Event()

    def hold(hint: Hint) -> None:
        begun.set()
        released.wait(LONGEST_S)

    with run_postgres() as server:
        database = server.make_archive()
        engine = ProcrastinateEngine(database)
        thread = Thread(target=lambda: engine.run(hold, parallel=1))
        try:
            engine.submit([Hint(kind="mix", key="a")])
            thread.start()
            assert begun.wait(LONGEST_S)
            server.stop()
            released.set()  # its end cannot be written
            thread.join(LONGEST_S)
            assert not thread.is_alive()
        finally:
            released.set()
            engine.stop()
            thread.join(LONGEST_S)
            engine.close()

        server.start()
        engine = ProcrastinateEngine(database)
        thread = Thread(target=lambda: engine.run(lambda hint: handled.set(), parallel=1))
        try:
            engine.submit([Hint(kind="mix", key="b")])
            thread.start()
            assert handled.wait(LONGEST_S)
        finally:
            engine.stop()
            thread.join(LONGEST_S)
            engine.close()

    foreign = [record for record in caplog.records if record.name.startswith(LIBRARIES)]
    lines = [record.getMessage() for record in foreign]
    assert [record.getMessage() for record in foreign if record.exc_info] == []
    assert [line for line in lines if "\n" in line] == []
    assert {line.partition(",")[0] for line in lines} >= {
        "queue not reached",
        "queue gives no notice of new pieces of work",
    }
    assert "worker ends: queue of the group unusable" in caplog.text
