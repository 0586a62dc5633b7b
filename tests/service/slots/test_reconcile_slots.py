"""The tick, on a clock that the test turns."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from bulletin.archive.ledgers.slot_ledger import SlotLedger
from bulletin.errors import ArchiveError
from bulletin.model import Level, Slot, SlotState
from bulletin.service.slot_worker_interface import SlotOutcome
from bulletin.service.slots.reconcile_slots import LEASE, STUCK, SlotReconciler
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


def test_work_begins_by_itself_and_once(ledger: SlotLedger) -> None:
    clock, worker = Clock(), HourlyWorker()
    made = make_reconciler(ledger, worker, clock=clock)

    turn(made, clock, SEVEN + 56 * MINUTE)
    assert [due.hour for due, _ in worker.made] == [7]
    turn(made, clock, SEVEN + 2 * HOUR)

    assert [(due.hour, ready_by.minute) for due, ready_by in worker.made] == [(7, 59), (8, 59), (9, 59)]


def test_a_failure_is_tried_again_later_and_later_and_then_missed(ledger: SlotLedger) -> None:
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


def test_without_the_lock_a_lease_protects_the_one_who_works(ledger: SlotLedger) -> None:
    clock, worker = Clock(SEVEN - MINUTE), HourlyWorker()
    busy = make_reconciler(ledger, HourlyWorker(), clock=clock, submit=lambda work: None)
    busy.reconcile()
    other = SlotReconciler(
        ledger=ledger, workers=[worker], owner="two", submit=at_once, watcher=Diary(), now=clock
    )

    for _ in range(5):
        clock.now += MINUTE  # a tick that took so long
        other.reconcile()
        busy.reconcile()  # renews
    assert worker.made == []
    clock.now += LEASE
    other.reconcile()

    assert [due for due, _ in worker.made] == [SEVEN]


def test_one_stations_trouble_is_not_anothers(ledger: SlotLedger) -> None:
    class Broken(HourlyWorker):
        def slots(self, *, since: datetime, until: datetime) -> Sequence[Slot]:
            raise ValueError("its clock is broken")

    clock, diary, good = Clock(SEVEN - MINUTE), Diary(), HourlyWorker(id="good")

    make_reconciler(ledger, Broken(id="bad"), good, clock=clock, diary=diary).reconcile()

    assert [due for due, _ in good.made] == [SEVEN]
    assert "failed bad plan: its clock is broken" in diary.lines


def test_a_slot_that_left_the_clock_is_not_made(ledger: SlotLedger) -> None:
    clock, worker = Clock(SEVEN - 30 * MINUTE), HourlyWorker()
    made = make_reconciler(ledger, worker, clock=clock)
    made.reconcile()

    worker.off.add(SEVEN)
    turn(made, clock, SEVEN + 20 * MINUTE)

    assert worker.made == []
    assert ledger.rows(since=SEVEN, until=SEVEN + MINUTE) == ()


def test_work_that_hangs_is_given_up_and_the_next_slot_is_made(ledger: SlotLedger) -> None:
    clock, diary, worker = Clock(SEVEN - 10 * MINUTE), Diary(), HourlyWorker()
    hangs = [True]

    def submit(work: Callable[[], None]) -> None:
        if not hangs:
            work()
        hangs.clear()

    made = make_reconciler(ledger, worker, clock=clock, diary=diary, submit=submit)
    turn(made, clock, SEVEN + HOUR, step=timedelta(seconds=30))

    assert f"failed wex work: unfinished after {STUCK}; given up" in diary.lines
    assert [due for due, _ in worker.made] == [SEVEN + HOUR]


def test_what_could_not_be_written_down_is_not_made_again(
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


@pytest.mark.parametrize(
    ("end", "is_before", "told"),
    [
        ("finish", True, ["met wex 07:00"]),
        ("release", False, ["failed wex work: no room", "met wex 07:00"]),
    ],
)
def test_a_round_while_a_job_ends_disturbs_nothing(
    ledger: SlotLedger, monkeypatch: pytest.MonkeyPatch, end: str, is_before: bool, told: list[str]
) -> None:
    """
    On a busy disk that takes a while, and the tick comes every few seconds.

    What was made is written down once; what is free again is not held for minutes in the name of nobody.
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

    assert diary.lines == told


def test_no_bulletin_takes_the_place_of_one_that_is_still_to_be_heard(ledger: SlotLedger) -> None:
    """Where slots stand closer together than the work takes, each begins when the one before has passed."""

    @dataclass
    class Quick(HourlyWorker):
        def lead(self) -> timedelta:
            return 3 * HOUR

    clock, worker = Clock(SEVEN), Quick()
    began = list[datetime]()
    made = make_reconciler(
        ledger, worker, clock=clock, submit=lambda work: (began.append(clock.now), work())[1]
    )
    turn(made, clock, SEVEN + 3 * HOUR)

    assert [due for due, _ in worker.made][:3] == [SEVEN, SEVEN + HOUR, SEVEN + 2 * HOUR]
    assert all(due - HOUR <= at for (due, _), at in zip(worker.made, began, strict=True))


def test_stations_that_are_due_together_begin_earlier(ledger: SlotLedger) -> None:
    """Five stations and one hand: the others have their turn first."""
    clock, begun = Clock(SEVEN - 20 * MINUTE), list[datetime]()
    workers = [HourlyWorker(id=f"s{number}") for number in range(5)]
    made = make_reconciler(ledger, *workers, clock=clock, submit=lambda work: begun.append(clock.now))

    turn(made, clock, SEVEN)

    assert begun[0] == SEVEN - (2 + 4 + 1) * MINUTE


@pytest.mark.slow
def test_one_slow_station_does_not_make_the_others_begin_an_hour_ahead(ledger: SlotLedger) -> None:
    """Fifty stations of a group: what is waited for is their own times, not fifty times the slowest."""

    @dataclass
    class Slow(HourlyWorker):
        def lead(self) -> timedelta:
            return 5 * MINUTE

        def usual_time(self) -> timedelta:
            return 3 * MINUTE

    @dataclass
    class Quick(HourlyWorker):
        def usual_time(self) -> timedelta:
            return MINUTE / 6

    clock, begun = Clock(SEVEN + 20 * MINUTE), list[datetime]()
    workers = [Slow(id="slow"), *(Quick(id=f"s{number}") for number in range(49))]
    made = make_reconciler(
        ledger, *workers, clock=clock, parallel=2, submit=lambda work: begun.append(clock.now)
    )

    turn(made, clock, SEVEN + HOUR)

    # half of 49 sixths of a minute, its own five, a minute of margin; to the tick
    assert timedelta(0) <= begun[0] - (SEVEN + HOUR - MINUTE * (49 / 12 + 5 + 1)) <= MINUTE


def test_workers_can_be_replaced_while_it_runs(ledger: SlotLedger) -> None:
    clock, before = Clock(SEVEN - 10 * MINUTE), HourlyWorker(off={SEVEN})
    made = make_reconciler(ledger, before, clock=clock)
    made.reconcile()

    after = HourlyWorker(off={SEVEN + HOUR})
    made.replace([after])
    turn(made, clock, SEVEN + 2 * HOUR)

    assert before.made == []
    assert [due for due, _ in after.made] == [SEVEN, SEVEN + 2 * HOUR]


@pytest.mark.slow
def test_a_week_in_which_services_die_at_random_has_every_slot(ledger: SlotLedger) -> None:
    """168 of 168: the work dies with its process, and the next one begins it again."""
    chance, clock, made_at = random.Random(25), Clock(), dict[datetime, datetime]()

    class Mortal(HourlyWorker):
        def work(self, slot: Slot, *, ready_by: datetime) -> SlotOutcome:
            if chance.random() < 0.3:
                raise KeyboardInterrupt
            assert slot.due not in made_at
            made_at[slot.due] = clock.now
            return SlotOutcome(level=Level.FRESH)

    lives = 0
    while clock.now < SEVEN + timedelta(days=7):
        lives += 1
        made = make_reconciler(ledger, Mortal(), clock=clock, owner=f"life {lives}")
        try:
            turn(made, clock, SEVEN + timedelta(days=7), step=timedelta(seconds=30))
        except KeyboardInterrupt:
            clock.now += timedelta(seconds=chance.randrange(5, 60))

    rows = ledger.rows(since=SEVEN, until=SEVEN + timedelta(days=7))
    assert lives > 30
    assert [row.state for row in rows] == [SlotState.DONE] * 168
    late = [due for due, at in made_at.items() if at > due > SEVEN]
    assert len(late) <= 2
