"""Reconciler on a simulated clock."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.model import Level, Slot, SlotState
from bulletin.service.worker_base_classes import SlotOutcome
from tests.service.clocked_station import (
    HOUR,
    MINUTE,
    SEVEN,
    Clock,
    Diary,
    HourlyWorker,
    make_reconciler,
    turn,
)


@pytest.mark.slow
def test_a_slot_begins_automatically_and_once(ledger: SlotLedger) -> None:
    clock, worker = Clock(), HourlyWorker()
    made = make_reconciler(ledger, worker, clock=clock)

    turn(made, clock, SEVEN + 56 * MINUTE)
    assert [due.hour for due, _ in worker.made] == [7]
    turn(made, clock, SEVEN + 2 * HOUR)

    assert [(due.hour, ready_by.minute) for due, ready_by in worker.made] == [(7, 59), (8, 59), (9, 59)]


def test_a_failing_station_does_not_affect_another(ledger: SlotLedger) -> None:
    class Broken(HourlyWorker):
        def slots(self, *, since: datetime, until: datetime) -> Sequence[Slot]:
            raise ValueError("its clock is broken")

    clock, diary, good = Clock(SEVEN - MINUTE), Diary(), HourlyWorker(id="good")

    make_reconciler(ledger, Broken(id="bad"), good, clock=clock, diary=diary).reconcile()

    assert [due for due, _ in good.made] == [SEVEN]
    assert "failed bad plan: its clock is broken" in diary.lines


def test_a_slot_removed_from_the_clock_is_not_made(ledger: SlotLedger) -> None:
    clock, worker = Clock(SEVEN - 30 * MINUTE), HourlyWorker()
    made = make_reconciler(ledger, worker, clock=clock)
    made.reconcile()

    worker.off.add(SEVEN)
    turn(made, clock, SEVEN + 20 * MINUTE)

    assert worker.made == []
    assert ledger.rows(since=SEVEN, until=SEVEN + MINUTE) == ()


@pytest.mark.slow
def test_no_bulletin_replaces_one_that_has_not_aired_yet(ledger: SlotLedger) -> None:
    """Where slots are closer together than the work takes, each begins after the one before has passed."""

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


@pytest.mark.slow
def test_stations_that_are_due_together_begin_earlier(ledger: SlotLedger) -> None:
    """Five stations share one worker thread: the others may go first."""
    clock, begun = Clock(SEVEN - 20 * MINUTE), list[datetime]()
    workers = [HourlyWorker(id=f"s{number}") for number in range(5)]
    made = make_reconciler(ledger, *workers, clock=clock, submit=lambda work: begun.append(clock.now))

    turn(made, clock, SEVEN)

    assert begun[0] == SEVEN - (2 + 4 + 1) * MINUTE


@pytest.mark.slow
def test_one_slow_station_does_not_make_the_others_begin_an_hour_early(ledger: SlotLedger) -> None:
    """The queue of fifty stations takes the sum of their own times, not fifty times the slowest."""

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

    # half of 49 sixths of a minute, its own five minutes, a minute of margin, rounded to the tick
    assert timedelta(0) <= begun[0] - (SEVEN + HOUR - MINUTE * (49 / 12 + 5 + 1)) <= MINUTE


@pytest.mark.slow
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
    """168 of 168 slots: the work dies with its process, and the next process begins it again."""
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
