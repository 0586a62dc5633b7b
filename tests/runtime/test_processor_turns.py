"""Turns on the processors of a process."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from threading import Barrier

import pytest

from bulletin.runtime import processor_turns
from bulletin.runtime.processor_turns import ProcessorTurns


def test_work_waits_for_a_turn() -> None:
    turns = ProcessorTurns(longest_wait_s=60)
    turns.limit(1)

    def work() -> str:
        with turns.one():
            return "done"

    with ThreadPoolExecutor(1) as pool:
        with turns.one():
            other = pool.submit(work)
            assert not wait([other], timeout=0.2).done
        assert other.result(60) == "done"


def test_each_processor_has_a_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processor_turns, "usable_processors", lambda: 2)
    turns = ProcessorTurns(longest_wait_s=60)
    both = Barrier(2)

    def work() -> None:
        with turns.one():
            both.wait(60)  # raises where the other one has to wait for its turn

    with ThreadPoolExecutor(2) as pool:
        for result in [pool.submit(work), pool.submit(work)]:
            result.result(60)


def test_work_that_hangs_stops_no_other() -> None:
    turns = ProcessorTurns(longest_wait_s=0.05)
    turns.limit(1)
    with turns.one():
        for _ in range(2):
            with turns.one():
                pass  # at the end no turn is given back that was never taken: that would raise ValueError
    with turns.one():
        pass
