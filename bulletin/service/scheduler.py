"""The clock that rings: the only file that knows APScheduler. What is due stands in the ledger, not here."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from types import FrameType

from apscheduler.events import EVENT_JOB_ERROR, JobExecutionEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.job import Job
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers import SchedulerNotRunningError
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.base import BaseTrigger

log = logging.getLogger(__name__)

TICK_S = 5.0
_SHUT_AGAIN_S = 0.05


def run_until_stopped(
    tick: Callable[[], None], *, every_s: float = TICK_S, on_hangup: Callable[[], None] | None = None
) -> None:
    """
    Call `tick` at once and then every few seconds, until SIGTERM or Ctrl-C; in the main thread.

    A tick that is late is called once, not as often as it was missed; two never run at the same time.
    Whatever the clock does, the next one comes within twice `every_s`.
    `on_hangup` is called at SIGHUP, within the signal handler: it may set a flag and nothing more.
    """
    scheduler = BlockingScheduler(timezone=UTC, executors={"default": ThreadPoolExecutor(1)})
    job = scheduler.add_job(
        tick,
        SchedulerTick(timedelta(seconds=every_s)),
        next_run_time=datetime.now(UTC),
        coalesce=True,
        max_instances=1,
        misfire_grace_time=None,
    )
    scheduler.add_listener(_tell, EVENT_JOB_ERROR)
    over = threading.Event()

    def stop(signum: int, frame: FrameType | None) -> None:
        log.info("stopping: signal=%s", signal.Signals(signum).name)
        # Not from within the handler: the scheduler's own lock may be held by the thread it interrupts.
        threading.Thread(target=_shut, args=(scheduler, over), daemon=True).start()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    if on_hangup and hasattr(signal, "SIGHUP"):
        before[signal.SIGHUP] = signal.signal(signal.SIGHUP, lambda signum, frame: on_hangup())
    threading.Thread(
        target=_keep_ringing, args=(scheduler, job, every_s, over), name="beat", daemon=True
    ).start()
    try:
        scheduler.start()
    finally:
        over.set()
        for number, handler in before.items():
            signal.signal(number, handler)


def _shut(scheduler: BlockingScheduler, over: threading.Event) -> None:
    """Again and again until `over`: a scheduler that has not begun yet cannot be stopped, and would never be."""
    while not over.is_set():
        with suppress(SchedulerNotRunningError):
            scheduler.shutdown(wait=False)
        over.wait(_SHUT_AGAIN_S)


class SchedulerTick(BaseTrigger):  # type: ignore[misc]  # APScheduler has no types
    """
    Every so often, from the last time on; from now on where that has passed.

    APScheduler's own reckons every time that a clock has jumped over: for some years, all memory and an hour.
    """

    def __init__(self, every: timedelta) -> None:
        self._every = every

    def __str__(self) -> str:
        return f"every {self._every.total_seconds():g} s"

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        if previous_fire_time is None:
            return now
        due = previous_fire_time + self._every
        return due if due > now else now + self._every


def _keep_ringing(scheduler: BlockingScheduler, job: Job, every_s: float, over: threading.Event) -> None:
    """
    Ring at once when the next time lies too far ahead, until `over`.

    APScheduler waits for a time of day; when the clock is set back by an hour that is an hour away.
    """
    every = timedelta(seconds=every_s)
    while not over.wait(every_s):
        now = datetime.now(UTC)
        if job.next_run_time and job.next_run_time - now > every:
            with suppress(JobLookupError):  # stopped meanwhile
                scheduler.modify_job(job.id, next_run_time=now)


def _tell(event: JobExecutionEvent) -> None:
    log.error("tick failed: %s", event.exception)
