"""When the tick has a stand-by put in place, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable

from bulletin.archive.ledger import Ledger
from bulletin.model import Level, Slot, SlotState
from tests.service.clocked import HOUR, MINUTE, SEVEN, Clock, Diary, HourlyPost, keeper, turn


def test_a_stand_by_is_put_in_place_between_slots(ledger: Ledger) -> None:
    clock, post = Clock(SEVEN + 10 * MINUTE), HourlyPost()
    made = keeper(ledger, post, clock=clock)
    post.needs = Slot(station="wex", due=SEVEN + HOUR, length_s=120.0)

    turn(made, clock, SEVEN + 30 * MINUTE)

    assert post.prepared == [SEVEN + HOUR]


def test_a_stand_by_that_fails_is_tried_again_once_a_minute_and_told(ledger: Ledger) -> None:
    clock, diary = Clock(SEVEN + 10 * MINUTE), Diary()
    post = HourlyPost(fails=lambda slot: RuntimeError("no room"))
    made = keeper(ledger, post, clock=clock, diary=diary)
    post.needs = Slot(station="wex", due=SEVEN + HOUR, length_s=120.0)

    turn(made, clock, SEVEN + 15 * MINUTE)

    assert len(post.prepared) == 5
    assert diary.lines.count("failed wex stand-by: no room") == 5


def test_a_stand_by_is_in_the_ledger_and_told(ledger: Ledger) -> None:
    clock, diary, post = Clock(SEVEN + 10 * MINUTE), Diary(), HourlyPost()
    made = keeper(ledger, post, clock=clock, diary=diary)
    post.needs = Slot(station="wex", due=SEVEN + HOUR, length_s=120.0)
    made.tick()

    (row,) = ledger.rows(since=SEVEN + HOUR, until=SEVEN + HOUR + MINUTE)

    assert (row.state, row.standby, row.standby_at) == (SlotState.PLANNED, Level.LAST_GOOD, clock.now)
    assert diary.lines[-1] == "prepared wex 08:00 last-good"


def test_a_service_that_died_after_its_stand_by_has_met_the_slot(ledger: Ledger) -> None:
    clock, post = Clock(SEVEN + 10 * MINUTE), HourlyPost()
    made = keeper(ledger, post, clock=clock)
    post.needs = Slot(station="wex", due=SEVEN + HOUR, length_s=120.0)
    made.tick()

    diary = Diary()
    clock.now = SEVEN + 3 * HOUR + 30 * MINUTE
    keeper(ledger, HourlyPost(), clock=clock, diary=diary).tick()

    assert diary.lines == ["met wex 08:00", "missed wex 09:00", "missed wex 10:00"]


def test_a_stand_by_in_the_making_does_not_hold_up_the_work(ledger: Ledger) -> None:
    clock, post, begun = Clock(SEVEN - 10 * MINUTE), HourlyPost(), list[Callable[[], None]]()
    made = keeper(ledger, post, clock=clock, hire=begun.append)
    post.needs = Slot(station="wex", due=SEVEN, length_s=120.0)

    turn(made, clock, SEVEN - 2 * MINUTE)

    (row,) = ledger.rows(since=SEVEN, until=SEVEN + MINUTE)
    assert begun
    assert row.state is SlotState.WORKING
