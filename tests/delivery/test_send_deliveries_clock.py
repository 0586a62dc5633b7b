"""A clock that runs years ahead, and the outbox: nothing is lost, nothing is brought twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.delivery_outbox import OutboxAction, OutboxState
from bulletin.delivery.delivery_result import DeliveryOutcome
from bulletin.delivery.send_deliveries import Sender
from bulletin.runtime.record_uptime import UPTIME_FILE, record_run
from tests.support.public_station import DOWN, HOUR, House, Place

AHEAD = 24 * 3652
"""Hours: ten years."""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with Archive.open(tmp_path / ".bulletin" / "archive.sqlite") as archive:
        yield House(tmp_path, archive)


def sender_of(house: House, place: Place) -> Sender:
    return replace(
        house.sender(place, rendition="podcast"),
        worked=lambda now: record_run(house.state / UPTIME_FILE, now),
    )


def run(house: House, place: Place) -> list[tuple[str, DeliveryOutcome]]:
    sender = sender_of(house, place)
    sender.note()
    return [(sent.title, sent.result) for sent in sender.send()]


def after_a_clock_that_ran_ahead(house: House, place: Place) -> dict[int, str]:
    """Three bulletins were brought, one more by the clock that is ten years ahead; it is right again. Their guids."""
    guids = {}
    for number in (1, 2, 3, AHEAD):
        guids[number] = house.publish(number)[0].guid
        run(house, place)
    house.now -= (AHEAD - 3) * HOUR - timedelta(minutes=1)
    assert place.got == ["Bulletin 1", "Bulletin 2", "Bulletin 3", f"Bulletin {AHEAD}"]
    place.got.clear()
    return guids


def test_nothing_is_brought_twice(house: House) -> None:
    place = Place()
    after_a_clock_that_ran_ahead(house, place)

    assert run(house, place) == []


def test_nothing_is_left_out_that_was_made_before_anybody_looked(house: House) -> None:
    place = Place()
    after_a_clock_that_ran_ahead(house, place)
    house.publish(4)
    house.publish(5)

    assert run(house, place) == [("Bulletin 4", DeliveryOutcome.SENT), ("Bulletin 5", DeliveryOutcome.SENT)]


def test_what_was_brought_before_it_can_be_taken_back(house: House) -> None:
    place = Place()
    guids = after_a_clock_that_ran_ahead(house, place)

    assert sender_of(house, place).take_back([guids[1]]) == 1
    run(house, place)

    assert place.got == ["not Bulletin 1"]


def test_what_is_still_to_be_brought_is_not_given_up_for_it(house: House) -> None:
    place = Place()
    house.publish(1)
    place.errors = [DOWN]
    assert run(house, place) == [("Bulletin 1", DeliveryOutcome.FAILED)]
    right = house.now

    house.now += AHEAD * HOUR
    assert run(house, place) == [("Bulletin 1", DeliveryOutcome.FAILED)]
    house.now = right + HOUR
    place.errors = []

    assert run(house, place) == [("Bulletin 1", DeliveryOutcome.SENT)]


@pytest.mark.slow
def test_what_it_wrote_down_is_given_up_in_time_and_holds_up_nobody_for_years(house: House) -> None:
    place = Place()
    place.errors = [DOWN]
    house.publish(AHEAD)
    run(house, place)
    house.publish(1)
    assert run(house, place) == [(f"Bulletin {AHEAD}", DeliveryOutcome.FAILED)]

    for _ in range(47):
        house.now += HOUR / 2
        assert run(house, place) == [(f"Bulletin {AHEAD}", DeliveryOutcome.FAILED)]
    house.now += HOUR / 2
    assert run(house, place) == [
        (f"Bulletin {AHEAD}", DeliveryOutcome.GIVEN_UP),
        ("Bulletin 1", DeliveryOutcome.GIVEN_UP),
    ]


@pytest.mark.slow
def test_what_was_taken_back_is_not_taken_back_once_more_when_that_is_forgotten(house: House) -> None:
    """It was brought by a clock that ran ahead, so that it is remembered for years."""
    place = Place()
    house.publish(1)
    run(house, place)
    guid = house.publish(AHEAD)[0].guid
    run(house, place)
    other = house.publish(2)[0].guid
    for gone in (guid, other):
        run(house, place)
        house.archive.withdraw_episode("demo", gone, at=house.now)
    run(house, place)
    assert place.got[-3:] == ["Bulletin 2", f"not Bulletin {AHEAD}", "not Bulletin 2"]

    for number in range(3, 24 * 20, 24):
        house.publish(number)
        run(house, place)

    assert place.got.count(f"not Bulletin {AHEAD}") == 1
    rows = sender_of(house, place).outbox.rows("demo")
    assert [row.action for row in rows if row.guid == guid] == [OutboxAction.PUBLISH, OutboxAction.WITHDRAW]
    assert all(row.state is OutboxState.DONE for row in rows)
