"""Slot jobs that fail, hang, are killed or cannot be recorded: the slot is made once, or by the next try."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.errors import ArchiveError
from bulletin.model import Slot, SlotState
from bulletin.service.slots.reconcile_slot_ledger import SlotReconciler
from bulletin.service.slots.run_slot_jobs import LEASE, STUCK
from tests.service.clocked_station import (
    HOUR,
    MINUTE,
    SEVEN,
    Clock,
    Diary,
    HourlyWorker,
    at_once,
    make_reconciler,
    turn,
)


def test_a_failure_is_retried_with_backoff_and_then_missed(ledger: SlotLedger) -> None:
    clock, diary, tries = Clock(SEVEN - 5 * MINUTE), Diary(), list[datetime]()

    def fails(slot: Slot) -> BaseException | None:
        if slot.due == SEVEN:
            tries.append(clock.now)
            return RuntimeError("no room")
        return None

    made = make_reconciler(ledger, HourlyWorker(fails=fails), clock=clock, diary=diary)
    turn(made, clock, SEVEN + 11 * MINUTE)

    gaps_s = [(b - a).total_seconds() for a, b in pairwise(tries)]
    assert gaps_s == [10.0 * n for n in range(1, len(tries))]
    assert diary.lines.count("failed wex work: no room") == len(tries)
    assert diary.lines[-1] == "missed wex 07:00"
    (row,) = ledger.rows(since=SEVEN, until=SEVEN + MINUTE)
    assert (row.state, row.note) == (SlotState.MISSED, "RuntimeError: no room")


def test_a_killed_service_is_taken_over_at_once(ledger: SlotLedger) -> None:
    clock = Clock(SEVEN - MINUTE)
    begun: list[Callable[[], None]] = []
    make_reconciler(ledger, HourlyWorker(), clock=clock, submit=begun.append).reconcile()
    assert len(begun) == 1

    worker = HourlyWorker()
    clock.now += timedelta(seconds=8)
    make_reconciler(ledger, worker, clock=clock, owner="two").reconcile()

    assert [due for due, _ in worker.made] == [SEVEN]


def test_without_the_lock_a_lease_protects_the_worker(ledger: SlotLedger) -> None:
    clock, worker = Clock(SEVEN - MINUTE), HourlyWorker()
    busy = make_reconciler(ledger, HourlyWorker(), clock=clock, submit=lambda work: None)
    busy.reconcile()
    other = SlotReconciler(
        ledger=ledger, workers=[worker], owner="two", submit=at_once, watcher=Diary(), now=clock
    )

    for _ in range(5):
        clock.now += MINUTE  # a long tick
        other.reconcile()
        busy.reconcile()  # renews
    assert worker.made == []
    clock.now += LEASE
    other.reconcile()

    assert [due for due, _ in worker.made] == [SEVEN]


def test_work_that_hangs_is_given_up_and_the_next_slot_is_made(ledger: SlotLedger) -> None:
    clock, diary, worker = Clock(SEVEN - 10 * MINUTE), Diary(), HourlyWorker()
    hangs = [True]

    def submit(work: Callable[[], None]) -> None:
        if not hangs:
            work()
        hangs.clear()

    made = make_reconciler(ledger, worker, clock=clock, diary=diary, submit=submit)
    turn(made, clock, SEVEN + HOUR, step=timedelta(seconds=30))

    assert any(
        line.startswith(f"failed wex work: bulletin not ready after {STUCK.seconds // 60} min")
        for line in diary.lines
    )
    assert [due for due, _ in worker.made] == [SEVEN + HOUR]


def test_a_slot_that_could_not_be_recorded_is_not_made_again(
    ledger: SlotLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, diary, worker = Clock(SEVEN - 3 * MINUTE), Diary(), HourlyWorker()
    made = make_reconciler(ledger, worker, clock=clock, diary=diary)
    locked = [ArchiveError("locked")] * 30
    finish = SlotLedger.finish

    def stubborn(self: SlotLedger, *args: Any, **more: Any) -> bool:
        if locked:
            raise locked.pop()
        return finish(self, *args, **more)

    monkeypatch.setattr(SlotLedger, "finish", stubborn)
    turn(made, clock, SEVEN + 5 * MINUTE)

    assert [due for due, _ in worker.made] == [SEVEN]
    (row,) = ledger.rows(since=SEVEN, until=SEVEN + MINUTE)
    assert (row.state, row.tries) == (SlotState.DONE, 1)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("end", "is_before", "lines"),
    [
        ("finish", True, ["met wex 07:00"]),
        ("release", False, ["failed wex work: no room", "met wex 07:00"]),
    ],
)
def test_a_tick_while_a_job_is_recorded_disturbs_nothing(
    ledger: SlotLedger, monkeypatch: pytest.MonkeyPatch, end: str, is_before: bool, lines: list[str]
) -> None:
    """
    On a busy disk recording takes a while, and the tick comes every few seconds.

    A made slot is recorded once; a released slot is not claimed for minutes without a worker.
    """
    errors = [RuntimeError("no room")] if end == "release" else []
    clock, diary = Clock(SEVEN - MINUTE), Diary()
    worker = HourlyWorker(fails=lambda slot: errors.pop() if errors else None)
    written, goes_on = threading.Event(), threading.Event()
    before = getattr(SlotLedger, end)

    def pause() -> None:
        if not written.is_set():
            written.set()
            goes_on.wait(60)

    def slow(self: SlotLedger, *args: Any, **more: Any) -> bool:
        if is_before:
            pause()
        mine: bool = before(self, *args, **more)
        pause()
        return mine

    monkeypatch.setattr(SlotLedger, end, slow)
    working: list[threading.Thread] = []

    def submit(work: Callable[[], None]) -> None:
        working.append(threading.Thread(target=work))
        working[-1].start()

    made = make_reconciler(ledger, worker, clock=clock, diary=diary, submit=submit)
    made.reconcile()
    assert written.wait(60)
    ticking = threading.Thread(target=made.reconcile)
    ticking.start()
    ticking.join(0.3)
    goes_on.set()
    for thread in (working[0], ticking):
        thread.join(60)
    clock.now += timedelta(seconds=15)
    made.reconcile()
    for thread in working:
        thread.join(60)

    assert diary.lines == lines
