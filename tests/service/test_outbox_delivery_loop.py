"""Outbox of a service: hanging destinations, alerts and their end."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bulletin.archive.archive import Archive
from bulletin.delivery.delivery_interface import Parcel
from bulletin.runtime.backoff import MOST_PAUSE
from bulletin.service.monitoring.alert_rules import AlertKind
from bulletin.service.outbox_delivery_loop import OutboxLoop
from tests.support.delivery_servers.base import wait_for
from tests.support.public_station import DOWN, REFUSED, Destination, House


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with Archive.open(tmp_path / ".bulletin" / "archive.sqlite") as archive:
        yield House(tmp_path, archive)


class Desk:
    """Outbox loop for these destinations, and its reports."""

    def __init__(self, house: House, *destinations: Destination) -> None:
        self.house, self.report = house, []
        self.sender = house.sender(*destinations, rendition="podcast")
        self.outbox = OutboxLoop(
            loaded=tuple, output=house.folder.parent, archive=house.archive, report=self.note
        )

    def note(
        self, station: str, kind: AlertKind, text: str, *, about: str = "", is_over: bool = False
    ) -> None:
        assert (station, kind) == ("demo", AlertKind.OUTLET)
        self.report.append((about, text, is_over))

    def look(self) -> None:
        self.sender.note()
        for route in self.sender.routes:
            self.outbox._submit(self.sender, route)

    def settle(self) -> None:
        self.look()
        wait_for(lambda: not self.outbox._busy)


def test_the_second_failure_is_reported_and_its_end_too(house: House) -> None:
    destination = Destination()
    desk = Desk(house, destination)
    house.publish(1)
    destination.errors = [DOWN]
    desk.settle()
    assert desk.report == []

    house.now += MOST_PAUSE
    desk.settle()
    assert desk.report == [("place", str(DOWN), False)]

    destination.errors = []
    house.now += MOST_PAUSE
    desk.settle()
    assert desk.report[1:] == [("place", "it takes bulletins again", True)]
    assert destination.got == ["Bulletin 1"]


def test_a_lasting_failure_is_reported_at_once(house: House) -> None:
    destination = Destination()
    destination.errors = [REFUSED]
    desk = Desk(house, destination)
    house.publish(1)

    desk.settle()

    assert desk.report == [("place", str(REFUSED), False)]


def test_a_hanging_destination_is_tried_once_and_delays_no_other(house: House) -> None:
    gate = threading.Event()

    class Hanging(Destination):
        asked = 0

        def publish(self, parcel: Parcel) -> None:
            Hanging.asked += 1
            gate.wait(60)

    quick = Destination("quick")
    desk = Desk(house, Hanging("hanging"), quick)
    for number in (1, 2):
        house.publish(number)
        desk.look()
        wait_for(lambda number=number: len(quick.got) == number)

    wait_for(lambda: Hanging.asked > 0)
    assert Hanging.asked == 1
    desk.outbox.stop(within_s=0.05)  # does not wait for the hanging destination
    gate.set()
    wait_for(lambda: not desk.outbox._busy)


def test_a_thread_that_cannot_start_costs_one_round(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    destination = Destination()
    desk = Desk(house, destination)
    house.publish(1)

    def fail(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", fail)
        with pytest.raises(RuntimeError):
            desk.look()
    desk.settle()

    assert destination.got == ["Bulletin 1"]
