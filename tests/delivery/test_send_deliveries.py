"""Deliveries from the public folder: in order, without loss, each destination independent of the others."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.delivery_outbox import OutboxAction, OutboxState
from bulletin.delivery.delivery_interface import Parcel
from bulletin.delivery.delivery_result import DeliveryOutcome
from bulletin.errors import DeliveryError
from bulletin.runtime.backoff import FIRST_PAUSE, LASTING_PAUSE, MOST_PAUSE
from bulletin.runtime.files.file_lock import hold
from bulletin.runtime.redact_secrets import hide
from tests.support.delivery_servers.base import wait_for
from tests.support.public_station import DOWN, HOUR, REFUSED, Destination, House

pytestmark = pytest.mark.slow


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with Archive.open(tmp_path / ".bulletin" / "archive.sqlite") as archive:
        yield House(tmp_path, archive)


def run(
    house: House, *destinations: Destination, rendition: str = "podcast", **more: bool
) -> list[tuple[str, DeliveryOutcome]]:
    sender = house.sender(*destinations, rendition=rendition)
    sender.note()
    return [(sent.title, sent.result) for sent in sender.send(**more)]


def test_a_new_destination_gets_only_the_newest_bulletin(house: House) -> None:
    destination = Destination()
    for number in (1, 2, 3):
        house.publish(number)

    run(house, destination)

    assert destination.got == ["Bulletin 3"]


def test_a_delivered_bulletin_is_not_sent_again(house: House) -> None:
    destination = Destination()
    house.publish(1)
    run(house, destination)

    assert run(house, destination) == []
    assert house.sender(destination, rendition="podcast").note() == 0


@pytest.mark.slow
def test_a_destination_down_for_an_hour_gets_every_bulletin_in_order(house: House) -> None:
    destination, other = Destination(), Destination("other")
    house.publish(1)
    run(house, destination, other)
    destination.errors = [DOWN]
    for number in (2, 3, 4):
        house.publish(number)
        run(house, destination, other)
    destination.errors = []
    house.now += MOST_PAUSE

    run(house, destination, other)

    expected = [f"Bulletin {number}" for number in (1, 2, 3, 4)]
    assert (destination.got, other.got) == (expected, expected)


def test_the_first_waiting_bulletin_holds_up_the_later_ones(house: House) -> None:
    destination = Destination()
    house.publish(1)
    run(house, destination)
    destination.errors = [DOWN]
    house.publish(2)
    run(house, destination)
    house.now -= timedelta(seconds=1)
    destination.errors = []
    house.publish(3)
    house.sender(destination, rendition="podcast").note()
    house.now = house.sender(destination).outbox.waiting("demo", "place")[0].next_try_at - timedelta(
        seconds=1
    )

    sender = house.sender(destination, rendition="podcast")
    (waits,) = sender.send()
    assert (waits.title, waits.result, waits.is_missing) == ("Bulletin 2", DeliveryOutcome.WAITING, True)
    assert (
        waits.note
        == f"{DOWN}; is tried again at {house.now + timedelta(seconds=1):%H:%M} UTC; 1 more behind it"
    )
    assert destination.got == ["Bulletin 1"]
    assert run(house, destination, is_asked=True) == [
        ("Bulletin 2", DeliveryOutcome.SENT),
        ("Bulletin 3", DeliveryOutcome.SENT),
    ]


def test_pauses_grow_up_to_ten_minutes(house: House) -> None:
    destination = Destination()
    destination.errors = [DOWN]
    house.publish(1)
    pauses = []
    for _ in range(9):
        run(house, destination)
        (piece,) = house.sender(destination).outbox.waiting("demo", "place")
        pauses.append(piece.next_try_at - house.now)
        house.now = piece.next_try_at

    assert pauses[:3] == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE]
    assert pauses[-1] == MOST_PAUSE
    assert piece.tries == 9
    assert piece.note == str(DOWN)


def test_a_refused_login_is_retried_late(house: House) -> None:
    destination = Destination()
    destination.errors = [REFUSED]
    house.publish(1)
    run(house, destination)

    (piece,) = house.sender(destination).outbox.waiting("demo", "place")
    assert piece.next_try_at - house.now == LASTING_PAUSE


@pytest.mark.slow
@pytest.mark.parametrize(("is_newest_only", "rendition"), [(True, "fm"), (False, "fm"), (False, "site")])
def test_new_bulletins_do_not_retry_a_refused_login_sooner(
    house: House, is_newest_only: bool, rendition: str
) -> None:
    """A bulletin every quarter of an hour; each replaces the one before."""
    destination = Destination(is_newest_only=is_newest_only)
    destination.errors = [REFUSED]
    minutes_tried = []
    house.publish(1)
    start = house.now
    for minutes in range(0, 121, 5):
        if minutes % 15 == 0:
            house.publish(1 + minutes // 15)
        house.now = start + timedelta(minutes=minutes)
        minutes_tried += [
            minutes
            for _, result in run(house, destination, rendition=rendition)
            if result is DeliveryOutcome.FAILED
        ]

    assert minutes_tried == [0, 30, 60, 90, 120]
    (piece,) = house.sender(destination).outbox.waiting("demo", "place")
    assert piece.note == str(REFUSED)

    destination.errors = []
    results = run(house, destination, rendition=rendition, is_asked=True)
    assert results == [("Bulletin 9", DeliveryOutcome.SENT)]


@pytest.mark.parametrize("error", [DOWN, REFUSED])
def test_a_clock_that_was_years_ahead_delays_no_delivery(house: House, error: DeliveryError) -> None:
    destination = Destination()
    destination.errors = [error]
    house.publish(1)
    then = house.now
    house.now += timedelta(days=1200)
    run(house, destination)
    house.now = then + timedelta(minutes=1)
    destination.errors = []

    assert run(house, destination) == [("Bulletin 1", DeliveryOutcome.SENT)]


@pytest.mark.parametrize("is_newest_only", [True, False])
def test_after_a_clock_that_ran_ahead_a_destination_gets_todays_news(
    house: House, is_newest_only: bool
) -> None:
    """Else a bulletin dated in the future would be the last delivery until that day."""
    destination = Destination(is_newest_only=is_newest_only)
    for number in (1, 24 * 3652, 2, 3):
        house.publish(number)
        sender = house.sender(destination, rendition="podcast")
        sender.note()
        sender.send()

    assert destination.got == ["Bulletin 1", f"Bulletin {24 * 3652}", "Bulletin 2", "Bulletin 3"]


def test_a_new_bulletin_is_tried_at_once_at_a_destination_that_was_down(house: House) -> None:
    destination = Destination(is_newest_only=True)
    destination.errors = [DOWN]
    house.publish(1)
    for _ in range(8):
        run(house, destination, rendition="fm")
        house.now += timedelta(minutes=5)
    destination.errors = []
    house.publish(2)

    assert run(house, destination, rendition="fm")[-1] == ("Bulletin 2", DeliveryOutcome.SENT)


def test_a_note_is_short_and_without_secrets_and_control_characters(house: House) -> None:
    destination = Destination()
    destination.errors = [DeliveryError("place: said \x1b[31m'let-me-in'\n" + "is no password " * 99)]
    house.publish(1)
    hide.learn({"let-me-in": "env:PLACE_PASSWORD"})
    sender = house.sender(destination, rendition="podcast")
    sender.note()

    (sent,) = sender.send()

    assert sent.note.startswith(r"said \x1b[31m'env:PLACE_PASSWORD'\nis no password is no")
    assert len(sent.note) == 700
    (piece,) = sender.outbox.waiting("demo", "place")
    assert piece.note == sent.note


def test_an_unexpected_error_is_retried_too(house: House) -> None:
    destination = Destination()
    destination.errors = [RuntimeError("odd")]
    house.publish(1)

    assert run(house, destination) == [("Bulletin 1", DeliveryOutcome.FAILED)]


def test_a_bulletin_is_given_up_in_the_end_and_the_next_is_tried(house: House) -> None:
    destination = Destination()
    house.publish(1)
    run(house, destination)
    house.publish(2)
    destination.errors = [DOWN]
    run(house, destination)
    house.publish(3)
    for _ in range(7):
        house.now += 3 * HOUR
        assert run(house, destination) == [("Bulletin 2", DeliveryOutcome.FAILED)]
    house.now += 3 * HOUR

    results = run(house, destination)

    assert results == [("Bulletin 2", DeliveryOutcome.GIVEN_UP), ("Bulletin 3", DeliveryOutcome.FAILED)]
    rows = house.sender(destination).outbox.rows("demo")
    assert rows[1].state is OutboxState.GIVEN_UP
    assert str(DOWN) in rows[1].note


@pytest.mark.slow
@pytest.mark.parametrize("off", [timedelta(hours=30), timedelta(days=3), timedelta(days=30)])
def test_time_with_the_machine_off_hardly_counts_towards_giving_up(house: House, off: timedelta) -> None:
    """After an hour of tries and a long pause, the destination still gets nearly a day of retries."""
    destination = Destination()
    house.publish(1)
    run(house, destination)
    house.publish(2)
    destination.errors = [DOWN]
    for _ in range(6):
        house.now += HOUR / 6
        run(house, destination)

    house.now += off
    for _ in range(2 * 20):
        assert run(house, destination) == [("Bulletin 2", DeliveryOutcome.FAILED)]
        house.now += HOUR / 2
    destination.errors = []

    assert run(house, destination) == [("Bulletin 2", DeliveryOutcome.SENT)]


@pytest.mark.slow
def test_a_bulletin_that_waited_as_long_is_given_up_soon_after_the_first(house: House) -> None:
    destination = Destination()
    destination.errors = [DOWN]
    house.publish(1)
    run(house, destination)
    house.publish(2)
    results = []
    while not results or results[0][1] is DeliveryOutcome.FAILED:
        house.now += HOUR / 2
        results = run(house, destination)

    assert results == [("Bulletin 1", DeliveryOutcome.GIVEN_UP), ("Bulletin 2", DeliveryOutcome.FAILED)]
    house.now += 2 * HOUR
    assert run(house, destination) == [("Bulletin 2", DeliveryOutcome.GIVEN_UP)]


def test_a_private_folder_that_is_gone_is_made_again(house: House) -> None:
    destination = Destination()
    sender = house.sender(destination)
    house.publish(1)
    sender.note()
    shutil.rmtree(house.state)

    deliveries = sender.send()

    assert [delivery.result for delivery in deliveries] == [DeliveryOutcome.SENT]


def test_under_a_share_that_is_not_mounted_nothing_is_made(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    house.publish(1)
    sender = replace(house.sender(Destination()), state=house.state.parent / "gone" / ".bulletin")
    sender.note()

    sender.send()

    assert "gone/.bulletin: does not exist and cannot be created (No such file or directory)" in caplog.text
    assert f"mount or make {house.state.parent / 'gone'} again" in caplog.text
    assert not sender.state.parent.exists()


def test_a_destination_for_the_newest_skips_older_bulletins(house: House) -> None:
    destination = Destination(is_newest_only=True)
    destination.errors = [DOWN]
    house.publish(1)
    run(house, destination, rendition="fm")
    house.publish(2)
    destination.errors = []

    results = run(house, destination, rendition="fm")

    assert results == [("Bulletin 1", DeliveryOutcome.SKIPPED), ("Bulletin 2", DeliveryOutcome.SENT)]
    assert destination.got == ["Bulletin 2"]


def test_yesterdays_bulletin_does_not_go_out_today(house: House) -> None:
    destination = Destination(is_newest_only=True)
    destination.errors = [DOWN]
    house.publish(1)
    run(house, destination, rendition="fm")
    destination.errors = []
    house.now += 12 * HOUR

    assert run(house, destination, rendition="fm") == [("Bulletin 1", DeliveryOutcome.SKIPPED)]
    assert destination.got == []


def test_the_side_file_goes_with_the_sound(house: House) -> None:
    destination = Destination()
    house.publish(1)
    run(house, destination, rendition="fm")

    assert destination.items == [["fm.wav", "fm.json"]]


def test_the_feed_of_a_site_arrives_last(house: House) -> None:
    destination = Destination()
    house.publish(1)
    for name in (
        "index.html",
        "player.html",
        "feed-2026-11-23.xml",
        "flash.json",
        "speaker.mp3",
        "part-1-x.mp3",
    ):
        (house.folder / name).write_text("page")
    run(house, destination, rendition="site")

    (names,) = destination.items
    assert names[0] == "demo-1.mp3"
    assert names[-4:] == ["player.html", "index.html", "feed-2026-11-23.xml", "feed.xml"]
    assert max(names.index("speaker.mp3"), names.index("latest.mp3")) < names.index("flash.json")
    assert names.index("fm.json") == names.index("fm.wav") + 1
    assert "part-1-x.mp3" not in names


def test_a_feed_edited_by_hand_is_not_delivered(house: House) -> None:
    """Such a feed may still list a story that has been withdrawn since."""
    destination = Destination()
    house.publish(1)
    feed = house.folder / "feed.xml"
    feed.write_bytes(feed.read_bytes().replace(b"Bulletin 1", b"A libel"))
    house.publish(2)
    assert [path for path in house.folder.iterdir() if path.name.startswith("feed.xml.edited-")]

    run(house, destination, rendition="site")

    (names,) = destination.items
    assert [name for name in names if "feed" in name] == ["feed.xml"]


def test_a_site_that_was_down_gets_all_files_in_one_parcel(house: House) -> None:
    destination = Destination()
    destination.errors = [DOWN]
    house.publish(1)
    run(house, destination, rendition="site")
    house.publish(2)
    destination.errors = []

    run(house, destination, rendition="site")

    (names,) = destination.items
    assert {"demo-1.mp3", "demo-2.mp3"} <= set(names)


def test_a_withdrawn_bulletin_is_withdrawn_at_the_destination(house: House) -> None:
    destination = Destination()
    episode, _ = house.publish(1)
    run(house, destination)
    house.podcast.withdraw(episode.guid)

    run(house, destination)

    assert destination.got == ["Bulletin 1", "not Bulletin 1"]


def correct(house: House, guid: str, number: int, *destinations: Destination) -> None:
    """Replace a bulletin by its correction, as `bulletin withdraw` does."""
    house.now += HOUR / 2
    house.sender(*destinations, rendition="podcast").take_back([guid])
    house.podcast.correct(
        guid, house.bulletin(number, title=f"Correction: Bulletin {number}", name="corrected")
    )
    house.podcast.show()


def test_the_correction_of_an_older_bulletin_skips_destinations_for_the_newest(
    house: House,
) -> None:
    every, playlist = Destination("every"), Destination("playlist", is_newest_only=True)
    first, _ = house.publish(1)
    run(house, every, playlist)
    house.publish(2)
    run(house, every, playlist)
    correct(house, first.guid, 1, every, playlist)

    run(house, every, playlist)

    assert every.got == ["Bulletin 1", "Bulletin 2", "not Bulletin 1", "Correction: Bulletin 1"]
    assert playlist.got == ["Bulletin 1", "Bulletin 2", "not Bulletin 1"]


def test_the_correction_of_the_newest_bulletin_goes_everywhere(house: House) -> None:
    every, playlist = Destination("every"), Destination("playlist", is_newest_only=True)
    house.publish(1)
    newest, _ = house.publish(2)
    run(house, every, playlist)
    correct(house, newest.guid, 2, every, playlist)

    run(house, every, playlist)

    assert every.got[-1] == playlist.got[-1] == "Correction: Bulletin 2"


def test_a_new_destination_gets_the_newest_hour_and_not_the_last_correction(house: House) -> None:
    first, _ = house.publish(1)
    house.publish(2)
    correct(house, first.guid, 1)
    destination = Destination()

    run(house, destination)

    assert destination.got == ["Bulletin 2"]


def test_a_bulletin_withdrawn_while_it_waits_is_never_sent(house: House) -> None:
    destination = Destination()
    destination.errors = [DOWN]
    episode, _ = house.publish(1)
    run(house, destination)
    house.podcast.withdraw(episode.guid)
    destination.errors = []

    run(house, destination, is_asked=True)

    assert destination.got == ["not Bulletin 1"]


def test_an_older_playout_file_can_be_withdrawn_too(house: House) -> None:
    destination = Destination(is_newest_only=True)
    _, first = house.publish(1)
    run(house, destination, rendition="fm")
    house.publish(2)
    run(house, destination, rendition="fm")
    sender = house.sender(destination)

    assert sender.take_back([first.guid]) == 1
    assert sender.take_back([first.guid]) == 0
    sender.send()

    assert destination.got == ["Bulletin 1", "Bulletin 2", "not Bulletin 1"]


def test_deliveries_to_a_removed_destination_are_given_up(house: House) -> None:
    destination = Destination("gone")
    destination.errors = [DOWN]
    house.publish(1)
    run(house, destination)

    run(house, Destination("other"))

    (piece,) = [row for row in house.sender().outbox.rows("demo") if row.delivery == "gone"]
    assert piece.state is OutboxState.GIVEN_UP
    assert 'no delivery "gone" any more' in piece.note


def test_a_slow_destination_delays_no_other(house: House) -> None:
    class Slow(Destination):
        gate = threading.Event()

        def publish(self, parcel: Parcel) -> None:
            self.gate.wait(60)
            super().publish(parcel)

    slow, quick = Slow("slow"), Destination("quick")
    house.publish(1)
    sender = house.sender(slow, quick, rendition="podcast")
    sender.note()

    deliveries = sender.send(within_s=0.3)

    wait_for(lambda: quick.got == ["Bulletin 1"])
    (late,) = (delivery for delivery in deliveries if delivery.delivery == "slow")
    assert late.result is DeliveryOutcome.FAILED
    assert "stays in the outbox" in late.note
    Slow.gate.set()
    wait_for(lambda: slow.got == ["Bulletin 1"])


def test_two_processes_do_not_deliver_at_once(house: House) -> None:
    destination = Destination()
    house.publish(1)

    with hold(house.state / "demo.place.delivery.lock"):
        assert run(house, destination) == [("Bulletin 1", DeliveryOutcome.WAITING)]
    assert run(house, destination) == [("Bulletin 1", DeliveryOutcome.SENT)]


class Slow(Destination):
    """Destination that works until the test releases it."""

    def __init__(self) -> None:
        super().__init__()
        self.is_busy, self.let_go = threading.Event(), threading.Event()

    def publish(self, parcel: Parcel) -> None:
        self.is_busy.set()
        assert self.let_go.wait(60)
        super().publish(parcel)


@pytest.mark.parametrize(
    ("errors", "result"),
    [([], DeliveryOutcome.SENT), ([DOWN], DeliveryOutcome.WAITING), ([REFUSED], DeliveryOutcome.WAITING)],
)
def test_a_run_beside_the_service_waits_for_it_and_reports_the_result(
    house: House, errors: list[Exception], result: DeliveryOutcome
) -> None:
    """The command neither delivers a second time nor ends with 0 before the service's result is known."""
    destination = Slow()
    destination.errors = errors
    house.publish(1)
    service, command = house.sender(destination), house.sender(destination)
    service.note()
    at_work = threading.Thread(target=service.send)
    at_work.start()
    assert destination.is_busy.wait(60)
    # the command waits for the lock by then, or starts just after: the result is the same
    threading.Timer(0.1, destination.let_go.set).start()

    (sent,) = command.send(within_s=60)

    at_work.join()
    assert (sent.title, sent.result) == ("Bulletin 1", result)
    assert str(errors[0]) in sent.note if errors else destination.got == ["Bulletin 1"]


def test_waiting_deliveries_outlive_the_process(tmp_path: Path) -> None:
    path = tmp_path / ".bulletin" / "archive.sqlite"
    destination = Destination()
    destination.errors = [DOWN]
    with Archive.open(path) as archive:
        house = House(tmp_path, archive)
        house.publish(1)
        run(house, destination)
        then = house.now
    destination.errors = []
    with Archive.open(path) as archive:
        house = House(tmp_path, archive)
        house.now = then + FIRST_PAUSE

        assert run(house, destination) == [("Bulletin 1", DeliveryOutcome.SENT)]


def test_deliveries_are_remembered_for_14_days(house: House) -> None:
    destination = Destination()
    for number in (1, 2, 2 + 14 * 24):
        house.publish(number)
        run(house, destination)

    titles = [
        row.title for row in house.sender(destination).outbox.known("demo", "place", OutboxAction.PUBLISH)
    ]
    assert titles == ["Bulletin 2", "Bulletin 338"]


def test_old_rows_are_deleted_except_the_last_of_each_destination(house: House) -> None:
    destination = Destination()
    house.publish(1)
    run(house, destination)
    house.publish(2)
    run(house, destination)
    house.publish(24 * 20)

    run(house, destination)

    titles = [
        row.title for row in house.sender(destination).outbox.known("demo", "place", OutboxAction.PUBLISH)
    ]
    assert titles == ["Bulletin 480"]


class TakenOver(Destination):
    """Destination whose upload outlasts the lease: another worker delivers meanwhile."""

    def __init__(self, house: House, *, confirms: bool, **more: bool) -> None:
        super().__init__(**more)
        self.house, self.confirms, self.is_mine = house, confirms, True

    def publish(self, parcel: Parcel) -> None:
        if self.is_mine:
            self.is_mine = False
            other = replace(self.house.sender(self), has_lock=False)
            other.send()
            if self.confirms:
                parcel.confirm()
        super().publish(parcel)


@pytest.mark.parametrize("errors", [[], [DOWN], [ValueError("broken connection")]])
@pytest.mark.parametrize("confirms", [True, False])
def test_a_worker_whose_lease_is_over_leaves_the_delivery_to_the_other_one(
    house: House, caplog: pytest.LogCaptureFixture, errors: list[Exception], confirms: bool
) -> None:
    """Its own failure is no failure of the delivery; a destination that confirms gets no file of it either."""
    destination = TakenOver(house, confirms=confirms)
    house.publish(1)
    sender = replace(house.sender(destination), is_mine=lambda: destination.is_mine, has_lock=False)
    sender.note()
    deliver = destination.publish

    def publish(parcel: Parcel) -> None:
        was_late = not destination.is_mine
        deliver(parcel)
        if not was_late and errors:
            raise errors[0]

    destination.publish = publish  # type: ignore[method-assign]
    results = sender.send()

    (item,) = sender.outbox.rows("demo")
    assert (item.state, item.tries, item.note) == (OutboxState.DONE, 1, "")
    assert destination.got == ["Bulletin 1"] * (1 if confirms else 2)
    assert (
        "late delivery stopped: station=demo delivery=place: another worker has this delivery" in caplog.text
    )
    assert [sent.result for sent in results] == [DeliveryOutcome.SENT]


def test_a_worker_that_has_lost_its_delivery_begins_nothing(house: House) -> None:
    destination = Destination()
    house.publish(1)
    sender = replace(house.sender(destination), is_mine=lambda: False)
    sender.note()

    sender.send()

    assert destination.got == []
    assert [(item.state, item.tries) for item in sender.outbox.rows("demo")] == [(OutboxState.WAITING, 0)]


def test_what_another_machine_publishes_during_an_upload_is_delivered_after_it(
    house: House, tmp_path: Path
) -> None:
    """In a group: the worker that has the destination goes on with the outbox, which another machine has filled."""
    other = House(tmp_path / "elsewhere", house.archive)
    destination = Destination()
    deliver = destination.publish

    def publish(parcel: Parcel) -> None:
        if parcel.title == "Bulletin 1":
            other.publish(2)
            assert other.sender(destination, rendition="podcast").note() == 1
        deliver(parcel)

    destination.publish = publish  # type: ignore[method-assign]
    house.publish(1)
    shutil.copytree(house.folder, other.folder, dirs_exist_ok=True)
    sender = replace(
        house.sender(destination, rendition="podcast"),
        refresh=lambda: shutil.copytree(other.folder, house.folder, dirs_exist_ok=True),
    )
    sender.note()

    sender.send()

    assert destination.got == ["Bulletin 1", "Bulletin 2"]
    assert [(item.state, item.note) for item in sender.outbox.rows("demo")] == [(OutboxState.DONE, "")] * 2


@pytest.mark.parametrize("rendition", ["podcast", "fm"])
def test_a_bulletin_that_is_withdrawn_during_its_upload_does_not_take_its_place(
    house: House, rendition: str
) -> None:
    destination = Destination()
    podcast, fm = house.publish(1)
    sender = house.sender(destination, rendition=rendition)
    sender.note()
    deliver = destination.publish

    def publish(parcel: Parcel) -> None:
        if rendition == "podcast":
            house.podcast.withdraw(podcast.guid)
        else:
            assert sender.take_back([fm.guid]) == 1
        parcel.confirm()
        deliver(parcel)

    destination.publish = publish  # type: ignore[method-assign]
    sender.send()

    assert "Bulletin 1" not in destination.got
    first = sender.outbox.rows("demo")[0]
    assert (first.action, first.state, first.note) == (OutboxAction.PUBLISH, OutboxState.DONE, "withdrawn")


@pytest.mark.parametrize("errors", [[], [DOWN]], ids=["in time", "failing"])
def test_a_command_of_a_group_lets_the_workers_deliver_and_tells_the_result(
    house: House, errors: list[Exception]
) -> None:
    destination = Destination()
    house.publish(1)
    workers = house.sender(destination)
    asked: list[str] = []

    def ask(deliveries: Collection[str]) -> str:
        asked.extend(deliveries)
        destination.errors = errors
        threading.Timer(0.2, workers.work_off, (workers.routes[0], lambda result: None)).start()
        return ""

    sender = replace(workers, ask_workers=ask)
    sender.note()

    (sent,) = sender.send(within_s=60.0)

    assert asked == ["place"]
    assert sent.title == "Bulletin 1"
    assert (sent.result, sent.is_missing) == (
        (DeliveryOutcome.WAITING, True) if errors else (DeliveryOutcome.SENT, False)
    )
    assert sent.note.startswith("the server is down" if errors else "")


def test_a_command_of_a_group_ends_when_no_worker_delivers_in_time(house: House) -> None:
    destination = Destination()
    house.publish(1)
    sender = replace(house.sender(destination), ask_workers=lambda deliveries: "")
    sender.note()

    (sent,) = sender.send(within_s=0.1)

    assert (sent.result, sent.note) == (DeliveryOutcome.WAITING, "another process delivers it")
    assert destination.got == []


def test_a_command_of_a_group_without_workers_says_so_at_once(house: House) -> None:
    destination = Destination()
    house.publish(1)
    sender = replace(house.sender(destination), ask_workers=lambda deliveries: "no worker is alive")
    sender.note()

    (sent,) = sender.send(within_s=60.0)

    assert (sent.result, sent.note, sent.is_missing) == (DeliveryOutcome.WAITING, "no worker is alive", True)
    assert destination.got == []
