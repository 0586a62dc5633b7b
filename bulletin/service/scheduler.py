"""Periodic call of the supervisor: the only file that knows APScheduler. The ledger, not the scheduler, knows the slots."""

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

ROUND_S = 5.0
_SHUT_AGAIN_S = 0.05


def run_until_stopped(
    run_round: Callable[[], None], *, every_s: float = ROUND_S, on_hangup: Callable[[], None] | None = None
) -> None:
    """
    Call `run_round` at once and then every `every_s` seconds, until SIGTERM or Ctrl-C; in the main thread.

    A late call is made once, however many were missed; two never run at the same time. Whatever the clock does,
    the next call comes within twice `every_s`. `on_hangup` is called at SIGHUP within the signal handler, so it may
    only set a flag.
    """
    scheduler = BlockingScheduler(timezone=UTC, executors={"default": ThreadPoolExecutor(1)})
    job = scheduler.add_job(
        run_round,
        RoundTrigger(timedelta(seconds=every_s)),
        next_run_time=datetime.now(UTC),
        coalesce=True,
        max_instances=1,
        misfire_grace_time=None,
    )
    scheduler.add_listener(_log_error, EVENT_JOB_ERROR)
    over = threading.Event()

    def stop(signum: int, frame: FrameType | None) -> None:
        log.info("stopping: signal=%s", signal.Signals(signum).name)
        # Not from within the handler: the scheduler's own lock may be held by the thread it interrupts.
        threading.Thread(target=_shut, args=(scheduler, over), daemon=True).start()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    if on_hangup and hasattr(signal, "SIGHUP"):
        before[signal.SIGHUP] = signal.signal(signal.SIGHUP, lambda signum, frame: on_hangup())
    threading.Thread(
        target=_guard_clock, args=(scheduler, job, every_s, over), name="clock-guard", daemon=True
    ).start()
    try:
        scheduler.start()
    finally:
        over.set()
        for number, handler in before.items():
            signal.signal(number, handler)


def _shut(scheduler: BlockingScheduler, over: threading.Event) -> None:
    """Shut down again and again until `over`: a scheduler that has not begun yet cannot be stopped."""
    while not over.is_set():
        with suppress(SchedulerNotRunningError):
            scheduler.shutdown(wait=False)
        over.wait(_SHUT_AGAIN_S)


class RoundTrigger(BaseTrigger):  # type: ignore[misc]  # APScheduler has no types
    """
    A fixed interval after the last call; after now where that time has passed.

    APScheduler's own trigger computes every call that a jump of the clock skipped: for some years, all memory and
    an hour.
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


def _guard_clock(scheduler: BlockingScheduler, job: Job, every_s: float, over: threading.Event) -> None:
    """
    Call at once when the next time lies too far ahead, until `over`.

    APScheduler waits for a time of day; when the clock is set back by an hour, that is an hour away.
    """
    every = timedelta(seconds=every_s)
    while not over.wait(every_s):
        now = datetime.now(UTC)
        if job.next_run_time and job.next_run_time - now > every:
            with suppress(JobLookupError):  # stopped meanwhile
                scheduler.modify_job(job.id, next_run_time=now)


def _log_error(event: JobExecutionEvent) -> None:
    log.error("round failed: %s", event.exception)
