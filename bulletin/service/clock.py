"""The clock that rings: the only file that knows APScheduler. What is due stands in the ledger, not here."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from types import FrameType

from apscheduler.events import EVENT_JOB_ERROR, JobExecutionEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.blocking import BlockingScheduler

log = logging.getLogger(__name__)

TICK_S = 5.0


def ring_until_stopped(
    tick: Callable[[], None], *, every_s: float = TICK_S, on_hangup: Callable[[], None] | None = None
) -> None:
    """
    Call `tick` at once and then every few seconds, until SIGTERM or Ctrl-C; in the main thread.

    A tick that is late is called once, not as often as it was missed; two never run at the same time.
    `on_hangup` is called at SIGHUP, within the signal handler: it may set a flag and nothing more.
    """
    scheduler = BlockingScheduler(timezone=UTC, executors={"default": ThreadPoolExecutor(1)})
    scheduler.add_job(
        tick,
        "interval",
        seconds=every_s,
        next_run_time=datetime.now(UTC),
        coalesce=True,
        max_instances=1,
        misfire_grace_time=None,
    )
    scheduler.add_listener(_tell, EVENT_JOB_ERROR)

    def stop(signum: int, frame: FrameType | None) -> None:
        log.info("stopping: signal=%s", signal.Signals(signum).name)
        # Not from within the handler: the scheduler's own lock may be held by the thread it interrupts.
        threading.Thread(target=scheduler.shutdown, kwargs={"wait": False}, daemon=True).start()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    if on_hangup and hasattr(signal, "SIGHUP"):
        before[signal.SIGHUP] = signal.signal(signal.SIGHUP, lambda signum, frame: on_hangup())
    try:
        scheduler.start()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _tell(event: JobExecutionEvent) -> None:
    log.error("tick failed: %s", event.exception)
