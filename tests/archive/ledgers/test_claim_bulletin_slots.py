"""
Leases of slots: no slot is made twice, and none is lost when a worker dies or sleeps.

Each test also runs on PostgreSQL (mark.clients).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.model import Level, Slot, SlotRecord, SlotState

EIGHT = datetime(2026, 11, 25, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
LEASE = timedelta(minutes=2)


def slot(due: datetime = EIGHT, station: str = "wex") -> Slot:
    return Slot(station=station, due=due, length_s=120.0)


@pytest.fixture
def ledger(archive: Archive) -> SlotLedger:
    return SlotLedger(archive)


def claim(
    ledger: SlotLedger, owner: str, now: datetime = EIGHT - HOUR, due: datetime = EIGHT
) -> SlotRecord | None:
    return ledger.claim("wex", due, owner=owner, now=now, lease=LEASE)


def row(ledger: SlotLedger) -> SlotRecord:
    (only,) = ledger.rows(since=EIGHT, until=EIGHT + HOUR)
    return only


def test_planning_again_changes_nothing(ledger: SlotLedger) -> None:
    assert ledger.plan([slot(), slot(EIGHT + HOUR)]) == 2
    claim(ledger, "a")

    assert ledger.plan([slot(), slot(EIGHT + HOUR), slot(EIGHT + 2 * HOUR)]) == 1
    assert row(ledger).state is SlotState.WORKING


def test_one_of_two_workers_claims_a_slot(ledger: SlotLedger) -> None:
    ledger.plan([slot()])

    first, second = claim(ledger, "a"), claim(ledger, "b")

    assert first == SlotRecord(
        station="wex",
        due=EIGHT,
        state=SlotState.WORKING,
        owner="a",
        lease_until=EIGHT - HOUR + LEASE,
        tries=1,
        begun_at=EIGHT - HOUR,
    )
    assert second is None


def test_an_unplanned_slot_cannot_be_claimed(ledger: SlotLedger) -> None:
    assert claim(ledger, "a") is None


def test_the_slot_of_a_dead_worker_is_claimed_when_its_lease_ends(ledger: SlotLedger) -> None:
    ledger.plan([slot()])
    claim(ledger, "a")
    later = EIGHT - HOUR + LEASE

    assert claim(ledger, "b", now=later - timedelta(seconds=1)) is None
    taken = claim(ledger, "b", now=later)

    assert taken is not None
    assert (taken.owner, taken.tries) == ("b", 2)


def test_a_worker_whose_lease_ended_cannot_finish(ledger: SlotLedger) -> None:
    ledger.plan([slot()])
    claim(ledger, "a")
    claim(ledger, "b", now=EIGHT - HOUR + LEASE)

    assert not ledger.finish("wex", EIGHT, owner="a", level=Level.FRESH, now=EIGHT)
    assert not ledger.renew("wex", EIGHT, owner="a", now=EIGHT, lease=LEASE)
    assert ledger.finish("wex", EIGHT, owner="b", level=Level.PARTIAL, now=EIGHT, note="feeds were slow")
    done = row(ledger)
    assert (done.state, done.level, done.ready_at, done.note) == (
        SlotState.DONE,
        Level.PARTIAL,
        EIGHT,
        "feeds were slow",
    )


def test_a_renewed_lease_holds(ledger: SlotLedger) -> None:
    ledger.plan([slot()])
    claim(ledger, "a")
    later = EIGHT - HOUR + LEASE

    assert ledger.renew("wex", EIGHT, owner="a", now=later, lease=LEASE)

    assert claim(ledger, "b", now=later + LEASE / 2) is None


def test_a_finished_slot_is_not_claimed_again(ledger: SlotLedger) -> None:
    ledger.plan([slot()])
    claim(ledger, "a")
    ledger.finish("wex", EIGHT, owner="a", level=Level.FRESH, now=EIGHT)

    assert claim(ledger, "a", now=EIGHT + HOUR) is None
    assert ledger.open_rows(until=EIGHT) == ()
    assert ledger.close("wex", before=EIGHT + HOUR) == ()


def test_a_released_slot_can_be_claimed_at_once(ledger: SlotLedger) -> None:
    ledger.plan([slot()])
    claim(ledger, "a")

    assert ledger.release("wex", EIGHT, owner="a", note="stopped")

    taken = claim(ledger, "b")
    assert taken is not None
    assert (taken.tries, taken.note) == (2, "stopped")


def test_an_unmade_slot_is_reported_missed_once(ledger: SlotLedger) -> None:
    ledger.plan([slot(), slot(EIGHT + HOUR), slot(station="hill")])
    claim(ledger, "a")

    missed = ledger.close("wex", before=EIGHT + HOUR)

    assert [(slot.station, slot.due) for slot in missed] == [("wex", EIGHT)]
    assert ledger.close("wex", before=EIGHT + HOUR) == ()
    assert not ledger.finish("wex", EIGHT, owner="a", level=Level.FRESH, now=EIGHT + HOUR)


def test_a_slot_with_a_stand_by_is_not_missed(ledger: SlotLedger) -> None:
    ledger.plan([slot()])
    early = EIGHT - HOUR / 2

    assert ledger.put_on_air("wex", EIGHT, level=Level.LAST_GOOD, now=early, note="no voice")
    (closed,) = ledger.close("wex", before=EIGHT + HOUR)

    assert (closed.state, closed.level, closed.ready_at) == (SlotState.DONE, Level.LAST_GOOD, early)
    assert closed.is_met
    assert not ledger.put_on_air("wex", EIGHT, level=Level.IDENT, now=EIGHT)


def test_a_late_bulletin_is_not_in_time_but_its_stand_by_was(ledger: SlotLedger) -> None:
    ledger.plan([slot(), slot(EIGHT + HOUR)])
    ledger.put_on_air("wex", EIGHT, level=Level.EVERGREEN, now=EIGHT - HOUR)
    for due in (EIGHT, EIGHT + HOUR):
        ledger.claim("wex", due, owner="a", now=due, lease=LEASE)
        ledger.finish("wex", due, owner="a", level=Level.FRESH, now=due + LEASE)

    first, second = ledger.rows(since=EIGHT, until=EIGHT + 2 * HOUR)

    assert (first.is_met, first.level, first.standby) == (True, Level.FRESH, Level.EVERGREEN)
    assert not second.is_met


@pytest.mark.parametrize(("back", "again"), [(timedelta(minutes=5), 0), (HOUR, 1), (72 * HOUR, 1)])
def test_slots_done_by_a_fast_clock_are_planned_again(
    ledger: SlotLedger, back: timedelta, again: int
) -> None:
    ledger.plan([slot()])
    claim(ledger, "a")
    ledger.finish("wex", EIGHT, owner="a", level=Level.FRESH, now=EIGHT)

    assert ledger.reopen("wex", now=EIGHT - back, until=EIGHT + 26 * HOUR) == again
    assert (claim(ledger, "a", now=EIGHT - back) is not None) is bool(again)


@pytest.mark.parametrize(("now", "again"), [(EIGHT - MINUTE, 1), (EIGHT + MINUTE, 0)])
def test_a_bulletin_replaced_by_the_next_stand_by_is_planned_again(
    ledger: SlotLedger, now: datetime, again: int
) -> None:
    """The 9:00 stand-by went out at 8:02; then the clock is set back by a few minutes."""
    ledger.plan([slot(), slot(EIGHT + HOUR), slot(EIGHT + HOUR, "hill")])
    claim(ledger, "a", now=EIGHT - 3 * MINUTE)
    ledger.finish("wex", EIGHT, owner="a", level=Level.FRESH, now=EIGHT - 2 * MINUTE)
    ledger.put_on_air("hill", EIGHT + HOUR, level=Level.LAST_GOOD, now=EIGHT + 2 * MINUTE)
    assert ledger.reopen("wex", now=EIGHT - MINUTE, until=EIGHT + 26 * HOUR) == 0, (
        "another station's stand-by takes nothing away"
    )
    ledger.put_on_air("wex", EIGHT + HOUR, level=Level.LAST_GOOD, now=EIGHT + 2 * MINUTE)

    assert ledger.reopen("wex", now=now, until=EIGHT + 26 * HOUR) == again


def test_a_future_slot_is_not_missed(ledger: SlotLedger) -> None:
    ledger.plan([slot()])
    ledger.close("wex", before=EIGHT + HOUR)

    assert ledger.reopen("wex", now=EIGHT + HOUR, until=EIGHT + 26 * HOUR) == 0
    assert ledger.reopen("wex", now=EIGHT - HOUR, until=EIGHT + 26 * HOUR) == 1


def test_a_bulletin_made_ahead_and_withdrawn_is_due_again(ledger: SlotLedger) -> None:
    ledger.plan([slot(), slot(EIGHT + HOUR), slot(EIGHT + HOUR, "hill")])
    claim(ledger, "a", now=EIGHT - 3 * MINUTE)
    ledger.finish("wex", EIGHT, owner="a", level=Level.FRESH, now=EIGHT - 2 * MINUTE)
    assert ledger.make_again("wex", level=Level.EVERGREEN, now=EIGHT) == (), "it has aired"
    assert ledger.make_again("hill", level=Level.EVERGREEN, now=EIGHT - MINUTE) == (), "nothing was made"

    assert ledger.make_again("wex", level=Level.EVERGREEN, now=EIGHT - MINUTE) == (EIGHT,)

    (row,) = ledger.rows(since=EIGHT, until=EIGHT + MINUTE)
    assert (row.state, row.level, row.standby) == (SlotState.PLANNED, None, Level.EVERGREEN)
    assert claim(ledger, "a", now=EIGHT - MINUTE)


def test_the_last_known_slot_is_returned(ledger: SlotLedger) -> None:
    assert ledger.last_due("wex", before=EIGHT + 9 * HOUR) is None

    ledger.plan([slot(), slot(EIGHT + HOUR), slot(EIGHT + 2 * HOUR, "hill")])

    assert ledger.last_due("wex", before=EIGHT + 9 * HOUR) == EIGHT + HOUR
    assert ledger.last_due("wex", before=EIGHT + HOUR) == EIGHT


def test_a_changed_clock_removes_slots_it_no_longer_has(ledger: SlotLedger) -> None:
    ledger.plan([slot(), slot(EIGHT + HOUR), slot(EIGHT + 2 * HOUR), slot(EIGHT + HOUR, "hill")])
    claim(ledger, "a")

    assert ledger.withdraw_plans("wex", since=EIGHT, until=EIGHT + 26 * HOUR, keep=[EIGHT + 2 * HOUR]) == 1

    left = ledger.rows(since=EIGHT, until=EIGHT + 3 * HOUR)
    assert [(slot.station, slot.due.hour) for slot in left] == [("wex", 8), ("hill", 9), ("wex", 10)]


def test_the_new_holder_of_the_lock_takes_over_slots_of_a_dead_worker(ledger: SlotLedger) -> None:
    ledger.plan([slot(), slot(EIGHT + HOUR), slot(station="hill")])
    claim(ledger, "dead")
    ledger.claim("hill", EIGHT, owner="alive", now=EIGHT - HOUR, lease=LEASE)

    assert ledger.take_over(["wex"], owner="new") == 1

    assert claim(ledger, "new") is not None
    assert not ledger.finish("wex", EIGHT, owner="dead", level=Level.FRESH, now=EIGHT)
    assert ledger.claim("hill", EIGHT, owner="new", now=EIGHT - HOUR, lease=LEASE) is None


def test_a_service_does_not_take_over_its_own_slots(ledger: SlotLedger) -> None:
    """The service keeps its own lease when it restarts its work on another archive."""
    ledger.plan([slot()])
    claim(ledger, "new")

    assert ledger.take_over(["wex"], owner="new") == 0

    assert ledger.finish("wex", EIGHT, owner="new", level=Level.FRESH, now=EIGHT)
