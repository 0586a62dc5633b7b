"""Periodic call of the supervisor: the only file that knows APScheduler. The ledger, not the scheduler, knows the slots."""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from queue import Empty, SimpleQueue

from apscheduler.events import EVENT_JOB_ERROR
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

log = logging.getLogger(__name__)

ROUND_S = 5.0


def run_until_stopped(
    run_round: Callable[[], None],
    *,
    every_s: float = ROUND_S,
    on_start: Callable[[], None] = lambda: None,
    on_hangup: Callable[[], None] = lambda: None,
) -> None:
    """
    Call `run_round` now and then every `every_s` seconds, until SIGTERM or Ctrl-C; in the main thread.

    One late call replaces any number of missed ones; two never run at the same time. Even after a jump of the
    clock the next call comes within twice `every_s`. `on_start` is called once a signal ends the calls in order;
    `on_hangup` after SIGHUP.
    """
    signals: SimpleQueue[int] = SimpleQueue()  # a signal handler may interrupt its own thread in it
    names = [name for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    numbers = [getattr(signal, name) for name in names]
    before = {number: signal.signal(number, lambda signum, frame: signals.put(signum)) for number in numbers}
    scheduler = BackgroundScheduler(timezone=UTC, executors={"default": ThreadPoolExecutor(1)})
    job = scheduler.add_job(
        run_round,
        RoundTrigger(timedelta(seconds=every_s)),
        next_run_time=datetime.now(UTC),
        coalesce=True,
        max_instances=1,
        misfire_grace_time=None,
    )
    scheduler.add_listener(
        lambda event: log.error("planning round failed: %s", event.exception), EVENT_JOB_ERROR
    )
    try:
        on_start()
        scheduler.start()
        while True:
            try:
                signum = signals.get(timeout=every_s)
            except Empty:
                # APScheduler waits for a time of day; when the clock is set back by an hour, that is an hour away
                now = datetime.now(UTC)
                if job.next_run_time - now > timedelta(seconds=every_s):
                    job.modify(next_run_time=now)
                continue
            if signum in (signal.SIGINT, signal.SIGTERM):
                break
            on_hangup()
        log.info("stopping: signal=%s", signal.Signals(signum).name)
        scheduler.shutdown()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class RoundTrigger(BaseTrigger):  # type: ignore[misc]  # APScheduler has no types
    """
    A fixed interval after the last call; after now where that time has passed.

    APScheduler's own trigger computes every call that a jump of the clock skipped: for some years, all memory and
    an hour.
    """

    def __init__(self, every: timedelta) -> None:
        self._every = every

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        if previous_fire_time is None:
            return now
        due = previous_fire_time + self._every
        return due if due > now else now + self._every
