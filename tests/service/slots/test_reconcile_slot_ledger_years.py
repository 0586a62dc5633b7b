"""Reconciler after clock jumps of years: boards without a battery start in 1970, wrong clocks are years ahead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.model import Level, Slot, SlotState
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

SWITCHED_ON = datetime(1970, 1, 1, 0, 0, 20, tzinfo=UTC)
DAY, YEAR = timedelta(days=1), timedelta(days=365)
WEEK_OF_SLOTS = 8 * 24 + 26
"""Hourly slots: a week reported slot by slot, a planned day, and a margin."""


@dataclass
class ListedPost(HourlyWorker):
    """Worker that counts the slots listed for it."""

    listed: int = 0

    def slots(self, *, since: datetime, until: datetime) -> Sequence[Slot]:
        assert until - since < timedelta(days=30), f"all slots between {since} and {until} are asked for"
        planned = super().slots(since=since, until=until)
        self.listed += len(planned)
        return planned


@dataclass
class Counted:
    """Ledger with counts of its database statements."""

    ledger: SlotLedger
    statements: int = 0
    rows: int = 0
    """Rows written one by one within the statements."""


@pytest.fixture
def counted(tmp_path: Path) -> Iterator[Counted]:
    with Archive.open(tmp_path / "archive.sqlite") as archive:
        made = Counted(SlotLedger(archive))

        def count(*given: Any) -> None:
            _, _, _, parameters, _, is_many = given
            made.statements += 1
            made.rows += len(parameters) if is_many else 0

        event.listen(archive._engine, "before_cursor_execute", count)
        yield made


@pytest.mark.parametrize(
    "moments",
    [
        pytest.param((SWITCHED_ON, SEVEN), id="from 1970 to today"),
        pytest.param((SEVEN, SWITCHED_ON, SEVEN + MINUTE), id="back to 1970 and to today"),
        pytest.param((SEVEN, SEVEN + 10 * YEAR, SEVEN + MINUTE), id="ten years ahead and back"),
        pytest.param((SEVEN, SEVEN - YEAR, SEVEN + 3 * YEAR, SWITCHED_ON, SEVEN), id="to and fro"),
    ],
)
def test_a_jump_of_years_does_not_make_a_tick_long(counted: Counted, moments: Sequence[datetime]) -> None:
    clock, worker, diary = Clock(), ListedPost(), Diary()
    made = make_reconciler(counted.ledger, worker, clock=clock, diary=diary)
    for moment in moments:
        clock.now = moment
        for _ in range(3):
            counted.statements = counted.rows = worker.listed = 0

            made.reconcile()

            assert worker.listed <= 2 * WEEK_OF_SLOTS
            assert counted.statements < 60
            assert counted.rows <= WEEK_OF_SLOTS
            clock.now += timedelta(seconds=5)
    assert not [line for line in diary.lines if line.startswith("failed")]


def test_recorded_slots_are_unchanged_when_the_clock_goes_back(counted: Counted) -> None:
    """With the clock at 1970, forty days of past slots are not reopened, deleted or read."""
    clock, worker, ledger = Clock(SEVEN), ListedPost(), counted.ledger
    dues = [slot.due for slot in HourlyWorker().slots(since=SEVEN - 40 * DAY, until=SEVEN)]
    ledger.plan(Slot(station="wex", due=due, length_s=120.0) for due in dues)
    for due in dues[:100]:
        ledger.claim("wex", due, owner="one", now=due, lease=HOUR)
        ledger.finish("wex", due, owner="one", level=Level.FRESH, now=due)
    ledger.close("wex", before=SEVEN)
    before = ledger.rows(since=SEVEN - 40 * DAY, until=SEVEN)
    made = make_reconciler(ledger, worker, clock=clock)
    made.reconcile()

    clock.now, counted.rows, counted.statements = SWITCHED_ON, 0, 0
    made.reconcile()

    assert counted.statements < 60
    assert counted.rows <= WEEK_OF_SLOTS
    clock.now = SEVEN + MINUTE
    made.reconcile()
    assert ledger.rows(since=SEVEN - 40 * DAY, until=SEVEN) == before


def test_slots_of_1970_are_closed_at_once_and_not_reported(counted: Counted) -> None:
    clock, diary, worker = Clock(SWITCHED_ON), Diary(), ListedPost()
    made = make_reconciler(counted.ledger, worker, clock=clock, diary=diary)
    made.reconcile()

    clock.now = SEVEN
    made.reconcile()

    rows = counted.ledger.rows(since=SWITCHED_ON, until=SWITCHED_ON + 30 * HOUR)
    assert {row.state for row in rows} == {SlotState.MISSED}
    missed = [line for line in diary.lines if line.startswith("missed")]
    assert len(missed) == 7 * 24, "an outage of a week is told slot by slot, and no more"
    assert [due for due, _ in worker.made] == [SEVEN]


def test_a_week_of_many_stations_is_closed_by_several_ticks(
    ledger: SlotLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first tick begins the slot that is due, though others are still to be closed."""
    monkeypatch.setattr("bulletin.service.slots.reconcile_slot_ledger._MOST_REPORTED", 200)
    clock, diary = Clock(SWITCHED_ON), Diary()
    workers = [HourlyWorker(id=f"s{number}") for number in range(5)]
    made = make_reconciler(ledger, *workers, clock=clock, diary=diary)
    made.reconcile()
    clock.now = SEVEN
    missed: list[int] = []

    for _ in range(4):
        before = len(diary.lines)
        made.reconcile()
        missed.append(sum(line.startswith("missed") for line in diary.lines[before:]))

    assert sum(missed) == 5 * 7 * 24
    assert max(missed) < 200 + 7 * 24
    assert missed[-1] == 0
    assert [worker.made[0][0] for worker in workers] == [SEVEN] * 5
    assert ledger.open_rows(until=SEVEN) == ()


@pytest.mark.slow
def test_an_hour_repeated_after_a_jump_of_years_is_made(counted: Counted) -> None:
    clock, worker = Clock(SEVEN - 10 * MINUTE), ListedPost()
    made = make_reconciler(counted.ledger, worker, clock=clock)
    made.reconcile()
    clock.now = SEVEN + 10 * YEAR
    turn(made, clock, clock.now + HOUR)
    clock.now = SEVEN - 10 * MINUTE

    turn(made, clock, SEVEN + 2 * HOUR + MINUTE)

    here = [due for due, _ in worker.made if due < SEVEN + YEAR]
    assert here == [SEVEN, SEVEN + HOUR, SEVEN + 2 * HOUR]


def test_a_failed_slot_is_retried_after_the_clock_was_set_back(ledger: SlotLedger) -> None:
    """It was tried at 6:58, which is still in the future on the corrected clock."""
    clock, worker = Clock(SEVEN - 2 * MINUTE), HourlyWorker()
    failures: list[datetime] = []

    def fails(slot: Slot) -> BaseException | None:
        failures.append(slot.due)
        return OSError("no sound card") if len(failures) == 1 else None

    worker.fails = fails
    made = make_reconciler(ledger, worker, clock=clock)
    made.reconcile()
    assert failures == [SEVEN]

    clock.now = SEVEN - 2 * MINUTE - timedelta(seconds=40)
    made.reconcile()

    assert [due for due, _ in worker.made] == [SEVEN]


def test_a_lease_of_a_fast_clock_is_ignored(ledger: SlotLedger) -> None:
    ledger.plan([Slot(station="wex", due=SEVEN, length_s=120.0)])
    lease = 2 * MINUTE
    assert ledger.claim("wex", SEVEN, owner="dead", now=SEVEN + YEAR, lease=lease)

    assert ledger.claim("wex", SEVEN, owner="one", now=SEVEN - MINUTE, lease=lease)
    assert ledger.claim("wex", SEVEN, owner="two", now=SEVEN - MINUTE, lease=lease) is None
