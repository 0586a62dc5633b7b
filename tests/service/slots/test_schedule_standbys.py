"""Stand-bys in the reconciler: when they are prepared and aired, and the slot's result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

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


def test_a_stand_by_goes_on_air_between_slots(ledger: SlotLedger) -> None:
    clock, worker = Clock(SEVEN + 10 * MINUTE), HourlyWorker()
    made = make_reconciler(ledger, worker, clock=clock)
    worker.needs = Slot(station="wex", due=SEVEN + HOUR, length_s=120.0)

    turn(made, clock, SEVEN + 30 * MINUTE)

    assert worker.prepared == [SEVEN + HOUR]


def test_a_failing_stand_by_is_retried_once_a_minute_and_reported(ledger: SlotLedger) -> None:
    clock, diary = Clock(SEVEN + 10 * MINUTE), Diary()
    worker = HourlyWorker(fails=lambda slot: RuntimeError("no room"))
    made = make_reconciler(ledger, worker, clock=clock, diary=diary)
    worker.needs = Slot(station="wex", due=SEVEN + HOUR, length_s=120.0)

    turn(made, clock, SEVEN + 15 * MINUTE)

    assert len(worker.prepared) == 5
    assert diary.lines.count("failed wex stand-by: no room") == 5


def test_a_stand_by_is_in_the_ledger_and_reported(ledger: SlotLedger) -> None:
    clock, diary, worker = Clock(SEVEN + 10 * MINUTE), Diary(), HourlyWorker()
    made = make_reconciler(ledger, worker, clock=clock, diary=diary)
    worker.needs = Slot(station="wex", due=SEVEN + HOUR, length_s=120.0)
    made.reconcile()

    (row,) = ledger.rows(since=SEVEN + HOUR, until=SEVEN + HOUR + MINUTE)

    assert (row.state, row.standby, row.standby_at) == (SlotState.PLANNED, Level.LAST_GOOD, clock.now)
    assert diary.lines[-1] == "prepared wex 08:00 last-good"


def test_a_service_that_died_after_its_stand_by_has_met_the_slot(ledger: SlotLedger) -> None:
    clock, worker = Clock(SEVEN + 10 * MINUTE), HourlyWorker()
    made = make_reconciler(ledger, worker, clock=clock)
    worker.needs = Slot(station="wex", due=SEVEN + HOUR, length_s=120.0)
    made.reconcile()

    diary = Diary()
    clock.now = SEVEN + 3 * HOUR + 30 * MINUTE
    make_reconciler(ledger, HourlyWorker(), clock=clock, diary=diary).reconcile()

    assert diary.lines == ["met wex 08:00", "missed wex 09:00", "missed wex 10:00"]


@dataclass
class StandsBy(HourlyWorker):
    """Worker with only a stand-by before `better`, fresh news after it."""

    better: datetime = SEVEN
    clock: Clock = field(default_factory=Clock)

    def work(self, slot: Slot, *, ready_by: datetime) -> SlotOutcome:
        self.made.append((slot.due, self.clock()))
        return SlotOutcome(
            level=Level.FRESH if self.clock() >= self.better else Level.LAST_GOOD, note="feeds down"
        )


def test_news_is_tried_again_after_a_stand_by_while_there_is_time(ledger: SlotLedger) -> None:
    clock, diary = Clock(SEVEN - 10 * MINUTE), Diary()
    worker = StandsBy(clock=clock, better=SEVEN - 2 * MINUTE - timedelta(seconds=20))
    made = make_reconciler(ledger, worker, clock=clock, diary=diary)

    turn(made, clock, SEVEN - 2 * MINUTE - timedelta(seconds=30))
    (row,) = ledger.rows(since=SEVEN, until=SEVEN + MINUTE)
    assert (row.state, row.standby, row.note) == (SlotState.PLANNED, Level.LAST_GOOD, "feeds down")
    assert diary.lines == []
    turn(made, clock, SEVEN)

    (row,) = ledger.rows(since=SEVEN, until=SEVEN + MINUTE)
    assert (row.state, row.level) == (SlotState.DONE, Level.FRESH)
    assert row.is_met
    assert diary.lines == ["met wex 07:00"]


def test_retries_after_a_stand_by_end_at_the_slot(ledger: SlotLedger) -> None:
    clock, diary = Clock(SEVEN - 10 * MINUTE), Diary()
    worker = StandsBy(clock=clock, better=SEVEN + HOUR)
    turn(make_reconciler(ledger, worker, clock=clock, diary=diary), clock, SEVEN + 5 * MINUTE)

    began = [at for _, at in worker.made]
    assert began[0] == SEVEN - 3 * MINUTE
    assert began[-2] + MINUTE < SEVEN - MINUTE <= began[-1] + MINUTE
    assert [(b - a).total_seconds() for a, b in pairwise(began)] == [10.0 * n for n in range(1, len(began))]
    (row,) = ledger.rows(since=SEVEN, until=SEVEN + MINUTE)
    assert (row.state, row.level, row.is_met) == (SlotState.DONE, Level.LAST_GOOD, True)
    assert diary.lines == ["met wex 07:00"]


def test_an_hour_without_news_is_tried_once(ledger: SlotLedger) -> None:
    clock, diary, made = Clock(SEVEN - 10 * MINUTE), Diary(), list[datetime]()

    class Quiet(HourlyWorker):
        def work(self, slot: Slot, *, ready_by: datetime) -> SlotOutcome:
            made.append(slot.due)
            return SlotOutcome(level=Level.LAST_GOOD, note="nothing is new", is_quiet=True)

    turn(make_reconciler(ledger, Quiet(), clock=clock, diary=diary), clock, SEVEN + 5 * MINUTE)

    assert made == [SEVEN]
    (row,) = ledger.rows(since=SEVEN, until=SEVEN + MINUTE)
    assert (row.state, row.level, row.is_met) == (SlotState.DONE, Level.LAST_GOOD, True)
    assert diary.lines == ["met wex 07:00"]


def test_a_service_that_dies_between_two_tries_leaves_its_stand_by(ledger: SlotLedger) -> None:
    clock, diary = Clock(SEVEN - 3 * MINUTE), Diary()
    make_reconciler(ledger, StandsBy(clock=clock, better=SEVEN + HOUR), clock=clock).reconcile()

    clock.now = SEVEN + 30 * MINUTE
    make_reconciler(ledger, HourlyWorker(), clock=clock, diary=diary, owner="two").reconcile()

    (row,) = ledger.rows(since=SEVEN, until=SEVEN + MINUTE)
    assert (row.state, row.level, row.is_met) == (SlotState.DONE, Level.LAST_GOOD, True)
    assert diary.lines[0] == "met wex 07:00"


def test_making_a_stand_by_does_not_delay_the_bulletin(ledger: SlotLedger) -> None:
    clock, worker, begun = Clock(SEVEN - 10 * MINUTE), HourlyWorker(), list[Callable[[], None]]()
    made = make_reconciler(ledger, worker, clock=clock, submit=begun.append)
    worker.needs = Slot(station="wex", due=SEVEN, length_s=120.0)

    turn(made, clock, SEVEN - 2 * MINUTE)

    (row,) = ledger.rows(since=SEVEN, until=SEVEN + MINUTE)
    assert begun
    assert row.state is SlotState.WORKING


def test_a_prepared_stand_by_goes_on_air_at_its_slot(ledger: SlotLedger) -> None:
    """Until the swap the ledger has no stand-by, since no listener could have heard one."""
    clock, worker = Clock(SEVEN + 10 * MINUTE), HourlyWorker(is_silent=False, fails=lambda slot: None)
    made = make_reconciler(ledger, worker, clock=clock, submit=lambda work: work())
    worker.needs = Slot(station="wex", due=SEVEN + HOUR, length_s=120.0)
    made.reconcile()
    (row,) = ledger.rows(since=SEVEN + HOUR, until=SEVEN + HOUR + MINUTE)
    assert row.standby is None

    made.submit = lambda work: None  # the worker hangs
    turn(made, clock, SEVEN + HOUR)

    (row,) = ledger.rows(since=SEVEN + HOUR, until=SEVEN + HOUR + MINUTE)
    assert (row.state, row.standby, row.standby_at) == (
        SlotState.WORKING,
        Level.LAST_GOOD,
        SEVEN + HOUR - MINUTE,
    )


class Fails(HourlyWorker):
    """Worker with only a stand-by, which it prepares beside the bulletin on air."""

    def work(self, slot: Slot, *, ready_by: datetime) -> SlotOutcome:
        return self.stands_by(slot, "feeds down")


def test_a_stand_by_meets_its_slot_from_the_swap_on(ledger: SlotLedger) -> None:
    clock, diary = Clock(SEVEN - 3 * MINUTE), Diary()
    made = make_reconciler(ledger, Fails(is_silent=False), clock=clock, diary=diary)

    turn(made, clock, SEVEN - MINUTE)
    assert diary.lines == []
    turn(made, clock, SEVEN)

    (row,) = ledger.rows(since=SEVEN, until=SEVEN + MINUTE)
    assert (row.state, row.level, row.note) == (SlotState.DONE, Level.LAST_GOOD, "feeds down")
    assert (row.is_met, row.ready_at) == (True, SEVEN - MINUTE)
    assert diary.lines == ["met wex 07:00"]


def test_a_stand_by_that_cannot_be_swapped_in_misses_the_slot(ledger: SlotLedger) -> None:
    clock, diary = Clock(SEVEN - 3 * MINUTE), Diary()
    made = make_reconciler(ledger, Fails(is_silent=False, swaps=False), clock=clock, diary=diary)

    turn(made, clock, SEVEN + 12 * MINUTE)

    (row,) = ledger.rows(since=SEVEN, until=SEVEN + MINUTE)
    assert (row.state, row.is_met, row.note) == (SlotState.MISSED, False, "feeds down")
    assert diary.lines == ["missed wex 07:00"]


def test_after_a_death_before_the_swap_the_next_service_swaps(
    ledger: SlotLedger,
) -> None:
    """The next service has no bulletin to make any more; its stand-by is late and recorded so."""
    clock, diary, worker = Clock(SEVEN - 3 * MINUTE), Diary(), Fails(is_silent=False)
    make_reconciler(ledger, worker, clock=clock).reconcile()

    clock.now = SEVEN + 15 * MINUTE
    make_reconciler(ledger, worker, clock=clock, diary=diary, owner="two").reconcile()

    (row,) = ledger.rows(since=SEVEN, until=SEVEN + MINUTE)
    assert (row.state, row.level, row.is_met) == (SlotState.DONE, Level.LAST_GOOD, False)
    assert diary.lines[0] == "met wex 07:00"
