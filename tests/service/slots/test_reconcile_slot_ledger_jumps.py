"""Reconciler after power-offs and clock jumps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.model import Slot, SlotRecord, SlotState
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

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("away", "is_made"), [(8 * MINUTE, True), (15 * MINUTE, False)])
def test_a_machine_that_was_off_makes_the_slot_within_the_grace_time(
    ledger: SlotLedger, away: timedelta, is_made: bool
) -> None:
    clock, diary = Clock(SEVEN - HOUR + 20 * MINUTE), Diary()
    make_reconciler(ledger, HourlyWorker(), clock=clock).reconcile()

    clock.now = SEVEN + away
    make_reconciler(ledger, HourlyWorker(), clock=clock, diary=diary).reconcile()

    assert diary.lines == ["met wex 07:00" if is_made else "missed wex 07:00"]


@pytest.mark.slow
@pytest.mark.parametrize("jump", [HOUR, -HOUR, timedelta(days=3), -timedelta(days=3)])
def test_a_clock_jump_makes_no_slot_twice(ledger: SlotLedger, jump: timedelta) -> None:
    """A repeated hour is made again, since the stand-by of the next one may have replaced it by then."""
    clock, worker = Clock(SEVEN - 10 * MINUTE), HourlyWorker()
    made = make_reconciler(ledger, worker, clock=clock)
    turn(made, clock, SEVEN + MINUTE)

    clock.now += jump
    turn(made, clock, clock.now + 2 * HOUR)

    dues = [due for due, _ in worker.made]
    assert [due for due, times in Counter(dues).items() if times > 1] == ([SEVEN] if jump == -HOUR else [])
    assert dues[-1] >= SEVEN + jump


@pytest.mark.parametrize("since", [timedelta(0), 5 * MINUTE])
def test_a_new_station_has_missed_nothing(ledger: SlotLedger, since: timedelta) -> None:
    clock, diary, worker = Clock(SEVEN + since), Diary(), HourlyWorker()

    turn(make_reconciler(ledger, worker, clock=clock, diary=diary), clock, SEVEN + HOUR - MINUTE)
    turn(make_reconciler(ledger, worker, clock=clock, diary=diary, owner="two"), clock, SEVEN + HOUR + MINUTE)

    first = [SEVEN] if not since else []  # the slot is due at that moment
    assert [due for due, _ in worker.made] == [*first, SEVEN + HOUR]
    assert [row.due for row in ledger.rows(since=SEVEN - HOUR, until=SEVEN + 2 * HOUR)] == [
        *first,
        SEVEN + HOUR,
    ]


def test_a_slot_added_after_its_time_is_not_missed(ledger: SlotLedger) -> None:
    clock, diary = Clock(SEVEN - 10 * MINUTE), Diary()
    made = make_reconciler(ledger, HourlyWorker(off={SEVEN}), clock=clock, diary=diary)
    turn(made, clock, SEVEN + 2 * MINUTE)

    made.replace([HourlyWorker()])
    turn(made, clock, SEVEN + 5 * MINUTE)

    assert diary.lines == []


def test_a_slot_in_work_survives_a_deleted_archive(ledger: SlotLedger, tmp_path: Path) -> None:
    clock, worker = Clock(SEVEN - 10 * MINUTE), HourlyWorker()
    made = make_reconciler(ledger, worker, clock=clock)
    made.reconcile()

    with Archive.open(tmp_path / "another.sqlite") as empty:
        clock.now, made.ledger = SEVEN + MINUTE, SlotLedger(empty)
        made.begin()
        made.reconcile()

    assert [due for due, _ in worker.made] == [SEVEN]


@pytest.mark.parametrize("ended", [False, True])
def test_a_deleted_archive_repeats_and_forgets_no_slot(tmp_path: Path, ended: bool) -> None:
    """A new archive is planned at once, and the work in progress is recorded in it."""
    clock, worker, begun = Clock(SEVEN - 10 * MINUTE), HourlyWorker(), list[Callable[[], None]]()
    path = tmp_path / "archive.sqlite"
    with Archive.open(path) as archive:
        ledger = SlotLedger(archive)
        made = make_reconciler(ledger, worker, clock=clock, submit=begun.append)
        turn(made, clock, SEVEN - 2 * MINUTE)
        if ended:
            begun.pop()()
            turn(made, clock, SEVEN + MINUTE)
        for file in tmp_path.glob("archive.sqlite*"):
            file.unlink()
        Archive.open(path).close()  # another run is the first to open an archive

        turn(made, clock, clock.now + MINUTE)
        for work in begun:
            work()
        begun.clear()
        assert [row.due for row in ledger.rows(since=SEVEN, until=SEVEN + 2 * HOUR)] == [
            *([] if ended else [SEVEN]),
            SEVEN + HOUR,
        ]
        turn(made, clock, SEVEN + 15 * MINUTE)

        assert begun == []
        assert [due for due, _ in worker.made] == [SEVEN]
        assert all(row.state is SlotState.DONE for row in ledger.rows(since=SEVEN, until=SEVEN + MINUTE))


@pytest.mark.parametrize(
    ("back", "made_for"), [(9.5 * MINUTE, [SEVEN + 10 * MINUTE]), (6.5 * MINUTE, [SEVEN + 5 * MINUTE])]
)
def test_a_late_slot_does_not_delay_a_slot_that_is_due(
    ledger: SlotLedger, back: timedelta, made_for: list[datetime]
) -> None:
    """Slots every five minutes: after an outage the next slot is made, not each one that passed."""

    @dataclass
    class Often(HourlyWorker):
        def slots(self, *, since: datetime, until: datetime) -> Sequence[Slot]:
            first = since.replace(minute=0, second=0, microsecond=0)
            dues = (first + n * 5 * MINUTE for n in range(int((until - first) / (5 * MINUTE)) + 1))
            return [Slot(station=self.id, due=due, length_s=60.0) for due in dues if since <= due < until]

    clock, diary, worker = Clock(SEVEN - 10 * MINUTE), Diary(), Often()
    make_reconciler(ledger, Often(), clock=clock, submit=lambda work: None).reconcile()

    clock.now = SEVEN + back
    make_reconciler(ledger, worker, clock=clock, diary=diary, owner="two").reconcile()

    assert [due for due, _ in worker.made] == made_for
    assert "missed wex 07:00" in diary.lines


def test_an_outage_of_days_is_reported_slot_by_slot(ledger: SlotLedger) -> None:
    clock, diary = Clock(SEVEN + 10 * MINUTE), Diary()
    make_reconciler(ledger, HourlyWorker(), clock=clock).reconcile()

    clock.now += timedelta(days=3)
    make_reconciler(ledger, HourlyWorker(), clock=clock, diary=diary).reconcile()

    assert len([line for line in diary.lines if line.startswith("missed")]) == 71
    assert len(ledger.rows(since=SEVEN, until=clock.now)) == 72


class Counted(SlotLedger):
    """Ledger that counts how often `close` closed a slot."""

    times = 0

    def close(self, station: str, *, before: datetime) -> tuple[SlotRecord, ...]:
        closed = super().close(station, before=before)
        self.times += bool(closed)
        return closed


def test_a_week_of_slots_is_closed_in_one_call(tmp_path: Path) -> None:
    clock, diary = Clock(SEVEN + 10 * MINUTE), Diary()
    with Archive.open(tmp_path / "counted.sqlite") as archive:
        ledger = Counted(archive)
        make_reconciler(ledger, HourlyWorker(), clock=clock).reconcile()

        clock.now += timedelta(days=7)
        make_reconciler(ledger, HourlyWorker(), clock=clock, diary=diary).reconcile()

    assert len([line for line in diary.lines if line.startswith("missed")]) > 160
    assert ledger.times == 1


def test_a_slot_in_work_is_not_closed_with_others(ledger: SlotLedger) -> None:
    clock, diary, work = Clock(SEVEN - MINUTE), Diary(), []
    made = make_reconciler(ledger, HourlyWorker(), clock=clock, diary=diary, submit=work.append)
    made.reconcile()
    ledger.plan([Slot(station="wex", due=SEVEN + minutes * MINUTE, length_s=120) for minutes in (-60, 1)])

    clock.now = SEVEN + 12 * MINUTE
    made.reconcile()
    assert diary.lines == ["missed wex 06:00"]

    work[0]()
    made.reconcile()
    made.reconcile()
    assert diary.lines == ["missed wex 06:00", "met wex 07:00", "missed wex 07:01"]


@pytest.mark.slow
def test_a_corrected_fast_clock_misses_no_slot(ledger: SlotLedger) -> None:
    clock, worker = Clock(SEVEN - 10 * MINUTE), HourlyWorker()
    made = make_reconciler(ledger, worker, clock=clock)
    turn(made, clock, SEVEN + 5 * MINUTE)
    clock.now += timedelta(days=3)
    turn(made, clock, clock.now + 2 * HOUR)
    clock.now -= timedelta(days=3)
    right = clock.now
    turn(made, clock, right + 10 * HOUR)

    rows = ledger.rows(since=right, until=right + 9 * HOUR)
    assert len(rows) == 9
    assert all(row.is_met and row.ready_at and row.ready_at < row.due for row in rows)


@pytest.mark.parametrize("seconds", [20, 170, 300])
def test_a_clock_set_back_after_the_next_stand_by_makes_the_slot_again(
    ledger: SlotLedger, seconds: int
) -> None:
    """The stand-by of eight came at 7:02; if seven o'clock comes again, the file on air must be for seven."""
    clock, diary, worker = Clock(SEVEN - 10 * MINUTE), Diary(), HourlyWorker()
    made = make_reconciler(ledger, worker, clock=clock, diary=diary)
    turn(made, clock, SEVEN + 2 * MINUTE)
    worker.needs = Slot(station="wex", due=SEVEN + HOUR, length_s=120.0)
    turn(made, clock, SEVEN + 2 * MINUTE + timedelta(seconds=30))
    assert worker.prepared == [SEVEN + HOUR]

    clock.now -= timedelta(seconds=seconds)
    comes_again = clock.now < SEVEN
    turn(made, clock, SEVEN + 2 * MINUTE)

    assert [due for due, _ in worker.made] == [SEVEN] * (1 + comes_again)
    assert "met wex 07:00" in diary.lines


def test_a_clock_set_back_during_the_work_does_not_repeat_it(ledger: SlotLedger) -> None:
    clock, worker, begun = Clock(SEVEN - 10 * MINUTE), HourlyWorker(), list[Callable[[], None]]()
    made = make_reconciler(ledger, worker, clock=clock, submit=begun.append)
    turn(made, clock, SEVEN - 2 * MINUTE)
    assert len(begun) == 1

    clock.now -= 5 * MINUTE
    turn(made, clock, SEVEN - 3 * MINUTE)
    begun.pop()()
    turn(made, clock, SEVEN + 5 * MINUTE)

    assert begun == []
    assert [due for due, _ in worker.made] == [SEVEN]
    (row,) = ledger.rows(since=SEVEN, until=SEVEN + MINUTE)
    assert (row.state, row.tries) == (SlotState.DONE, 1)
