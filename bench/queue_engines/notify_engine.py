"""Engine without a queue, for the comparison only: NOTIFY wakes the workers, which ask the ledger for the next piece."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta

import psycopg

from bulletin.archive.ledgers.group.work_ledger import WorkLedger
from bulletin.errors import ArchiveError
from bulletin.group.engines.engine_port import Engine, Handle, Hint, lanes
from bulletin.group.pieces.piece_names import hint_of

log = logging.getLogger(__name__)

_CHANNEL = "bulletin_work"
_POLL_S = 1.0
"""As Procrastinate is set: a notification that is lost costs a second."""
_AGAIN = timedelta(seconds=30)


class NotifyEngine(Engine):
    """
    Every worker is woken by every notification, and takes pieces until the ledger has none.

    A piece in hand is marked as sent, as a planner marks it; the lease follows with the claim.
    """

    def __init__(self, database: str, work: WorkLedger) -> None:
        self._database, self._work = database, work
        self._wake = threading.Condition()
        self._stop = threading.Event()

    def submit(self, hints: Iterable[Hint]) -> None:
        if any(True for _ in hints):
            with psycopg.connect(self._database, autocommit=True) as connection:
                connection.execute(f"NOTIFY {_CHANNEL}")

    def backlog(self, queues: Collection[str] | None = None) -> Mapping[str, int]:
        return {}

    def listen(self, queues: Collection[str]) -> None:
        """Nothing: a notification names no queue."""

    def run(self, handle: Handle, *, parallel: int, queues: Collection[str] = ()) -> None:
        number = sum(count for _, count in lanes(parallel, queues)[:1])
        threads = [
            threading.Thread(target=self._work_off, args=(handle,), daemon=True) for _ in range(number)
        ]
        for thread in threads:
            thread.start()
        self._listen()
        for thread in threads:
            thread.join()

    def _listen(self) -> None:
        """Pass notifications on; listen anew where the connection was lost, which no error tells while it is idle."""
        while not self._stop.is_set():
            try:
                with psycopg.connect(self._database, autocommit=True, connect_timeout=5) as connection:
                    connection.execute(f"LISTEN {_CHANNEL}")
                    while not self._stop.is_set():
                        if any(True for _ in connection.notifies(timeout=_POLL_S, stop_after=1)):
                            with self._wake:
                                self._wake.notify_all()
                        connection.execute("SELECT 1")
            except psycopg.Error as error:
                log.warning("LISTEN lost, connecting again: %s", error)
                time.sleep(_POLL_S)

    def _work_off(self, handle: Handle) -> None:
        while not self._stop.is_set():
            try:
                ready = self._work.ready(limit=1, again=_AGAIN)
            except ArchiveError as error:
                log.warning("ledger not asked: %s", error)
                ready = ()
            if ready:
                handle(hint_of(ready[0]))
                continue
            with self._wake:
                self._wake.wait(_POLL_S)

    def stop(self) -> None:
        self._stop.set()
        with self._wake:
            self._wake.notify_all()

    def tidy(self) -> int:
        return 0

    def close(self) -> None:
        self.stop()
