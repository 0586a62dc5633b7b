"""Thread pool of the service."""

from __future__ import annotations

import threading

from bulletin.service.thread_pool import ThreadPool


def test_no_more_jobs_than_its_size_run_at_once() -> None:
    pool, gate, at_work, most = ThreadPool(2), threading.Event(), list[int](), list[int]()

    def work() -> None:
        at_work.append(1)
        most.append(len(at_work))
        gate.wait(60)
        at_work.pop()

    for _ in range(6):
        pool.submit(work)
    gate.set()

    assert pool.finish(within_s=60)
    assert len(most) == 6
    assert max(most) <= 2


def test_a_failing_job_does_no_harm() -> None:
    pool, done = ThreadPool(1), list[int]()
    pool.submit(lambda: 1 / 0)  # type: ignore[arg-type,return-value]
    pool.submit(lambda: done.append(1))

    assert pool.finish(within_s=60)
    assert done == [1]


def test_a_hanging_job_gives_up_its_place() -> None:
    pool, gate, done = ThreadPool(1, stuck_s=0.0), threading.Event(), threading.Event()
    pool.submit(lambda: gate.wait(60) and None)
    pool.submit(done.set)

    assert done.wait(60)
    assert not pool.finish(within_s=0.05)
    gate.set()
    assert pool.finish(within_s=60)


def test_an_idle_pool_has_no_thread() -> None:
    before = threading.active_count()
    pool = ThreadPool(8)
    pool.submit(lambda: None)
    pool.finish(within_s=60)

    assert threading.active_count() <= before + 1
