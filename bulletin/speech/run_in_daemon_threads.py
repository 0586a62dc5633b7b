"""Daemon threads: work that neither Ctrl-C nor the end of the program waits for, even when it hangs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import TypeVar

from bulletin.runtime.deadline import Deadline

Job = TypeVar("Job")
Result = TypeVar("Result")


def run_in_daemons(
    work: Callable[[Job], Result], jobs: Sequence[Job], *, at_once: int, deadline: Deadline
) -> Iterator[Result]:
    """
    Do `work` for each job, `at_once` at a time, and yield each result as soon as it is ready.

    Raises the first exception of `work`, and TimeoutError at the `deadline`; then no further job begins, and
    jobs at work are abandoned. (A thread pool would wait for them.)
    """
    waiting: SimpleQueue[Job] = SimpleQueue()
    ready: SimpleQueue[Future[Result]] = SimpleQueue()
    stop = Event()

    def run() -> None:
        while not stop.is_set():
            future = Future[Result]()
            try:
                future.set_result(work(waiting.get_nowait()))
            except Empty:
                return
            except BaseException as error:  # noqa: BLE001 - raised again by the thread that waits
                stop.set()
                future.set_exception(error)
            ready.put(future)

    for job in jobs:
        waiting.put(job)
    for _ in range(min(at_once, len(jobs))):
        Thread(target=run, daemon=True).start()
    try:
        for _ in jobs:
            try:
                future = ready.get(timeout=deadline.left_s)
            except Empty:
                raise TimeoutError("the voice engine did not answer in time; try another voice") from None
            yield future.result()
    finally:
        stop.set()


def finish_within(seconds: float, work: Callable[[], Result]) -> Result:
    """
    Result of `work`, which runs in a daemon thread. Raises its exception, or TimeoutError after `seconds`.

    For work that cannot limit its own time: a read time-out starts anew with every byte, and a name look-up
    has none.
    """
    (result,) = run_in_daemons(lambda _: work(), [None], at_once=1, deadline=Deadline.after(seconds))
    return result
