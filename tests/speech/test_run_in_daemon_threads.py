"""Daemon threads: work that the end of the program does not wait for."""

from __future__ import annotations

import threading

import pytest

from bulletin.runtime.deadline import Deadline
from bulletin.speech.run_in_daemon_threads import finish_within, run_in_daemons


def test_late_work_is_abandoned() -> None:
    never = threading.Event()

    with pytest.raises(TimeoutError):
        finish_within(0.05, never.wait)

    never.set()


def test_results_and_errors_are_passed_on() -> None:
    assert finish_within(5, lambda: 42) == 42
    with pytest.raises(ZeroDivisionError):
        finish_within(5, lambda: 1 // 0)


def test_after_an_error_no_job_begins() -> None:
    begun = []

    def fail(job: int) -> None:
        begun.append(job)
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011
        list(run_in_daemons(fail, range(100), at_once=1, deadline=Deadline.after(60)))

    assert begun == [0]
