"""Outbox after a clock that ran years ahead: no delivery is lost or repeated."""

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
from bulletin.runtime.count_days_by_uptime import UPTIME_FILE, record_run
from tests.support.public_station import DOWN, HOUR, Destination, House

AHEAD = 24 * 3652
"""Ten years, in hours."""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with Archive.open(tmp_path / ".bulletin" / "archive.sqlite") as archive:
        yield House(tmp_path, archive)


def sender_of(house: House, destination: Destination) -> Sender:
    return replace(
        house.sender(destination, rendition="podcast"),
        worked=lambda now: record_run(house.state / UPTIME_FILE, now),
    )


def run(house: House, destination: Destination) -> list[tuple[str, DeliveryOutcome]]:
    sender = sender_of(house, destination)
    sender.note()
    return [(sent.title, sent.result) for sent in sender.send()]


def publish_with_clock_ahead(house: House, destination: Destination) -> dict[int, str]:
    """Deliver three bulletins, and one more by a clock ten years ahead; set the clock right. Guids by number."""
    guids = {}
    for number in (1, 2, 3, AHEAD):
        guids[number] = house.publish(number)[0].guid
        run(house, destination)
    house.now -= (AHEAD - 3) * HOUR - timedelta(minutes=1)
    assert destination.got == ["Bulletin 1", "Bulletin 2", "Bulletin 3", f"Bulletin {AHEAD}"]
    destination.got.clear()
    return guids


def test_no_bulletin_is_delivered_twice(house: House) -> None:
    destination = Destination()
    publish_with_clock_ahead(house, destination)

    assert run(house, destination) == []


def test_bulletins_made_before_the_next_run_are_all_delivered(house: House) -> None:
    destination = Destination()
    publish_with_clock_ahead(house, destination)
    house.publish(4)
    house.publish(5)

    assert run(house, destination) == [
        ("Bulletin 4", DeliveryOutcome.SENT),
        ("Bulletin 5", DeliveryOutcome.SENT),
    ]


def test_earlier_deliveries_can_be_withdrawn(house: House) -> None:
    destination = Destination()
    guids = publish_with_clock_ahead(house, destination)

    assert sender_of(house, destination).take_back([guids[1]]) == 1
    run(house, destination)

    assert destination.got == ["not Bulletin 1"]


def test_a_waiting_delivery_is_not_given_up_for_it(house: House) -> None:
    destination = Destination()
    house.publish(1)
    destination.errors = [DOWN]
    assert run(house, destination) == [("Bulletin 1", DeliveryOutcome.FAILED)]
    right = house.now

    house.now += AHEAD * HOUR
    assert run(house, destination) == [("Bulletin 1", DeliveryOutcome.FAILED)]
    house.now = right + HOUR
    destination.errors = []

    assert run(house, destination) == [("Bulletin 1", DeliveryOutcome.SENT)]


@pytest.mark.slow
def test_a_delivery_dated_in_the_future_is_given_up_in_time(house: House) -> None:
    destination = Destination()
    destination.errors = [DOWN]
    house.publish(AHEAD)
    run(house, destination)
    house.publish(1)
    assert run(house, destination) == [(f"Bulletin {AHEAD}", DeliveryOutcome.FAILED)]

    for _ in range(47):
        house.now += HOUR / 2
        assert run(house, destination) == [(f"Bulletin {AHEAD}", DeliveryOutcome.FAILED)]
    house.now += HOUR / 2
    assert run(house, destination) == [
        (f"Bulletin {AHEAD}", DeliveryOutcome.GIVEN_UP),
        ("Bulletin 1", DeliveryOutcome.GIVEN_UP),
    ]


@pytest.mark.slow
def test_a_withdrawal_is_not_repeated_after_its_row_is_deleted(house: House) -> None:
    """The row of a delivery by a clock that ran ahead is kept for years."""
    destination = Destination()
    house.publish(1)
    run(house, destination)
    guid = house.publish(AHEAD)[0].guid
    run(house, destination)
    other = house.publish(2)[0].guid
    for withdrawn in (guid, other):
        run(house, destination)
        house.archive.withdraw_episode("demo", withdrawn, at=house.now)
    run(house, destination)
    assert destination.got[-3:] == ["Bulletin 2", f"not Bulletin {AHEAD}", "not Bulletin 2"]

    for number in range(3, 24 * 20, 24):
        house.publish(number)
        run(house, destination)

    assert destination.got.count(f"not Bulletin {AHEAD}") == 1
    rows = sender_of(house, destination).outbox.rows("demo")
    assert [row.action for row in rows if row.guid == guid] == [OutboxAction.PUBLISH, OutboxAction.WITHDRAW]
    assert all(row.state is OutboxState.DONE for row in rows)
