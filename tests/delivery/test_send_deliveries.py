"""The public folder to places elsewhere: in order, nothing lost, no place harmed by another."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
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
from tests.support.public_station import DOWN, HOUR, REFUSED, House, Place


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with Archive.open(tmp_path / ".bulletin" / "archive.sqlite") as archive:
        yield House(tmp_path, archive)


def run(
    house: House, *places: Place, rendition: str = "podcast", **more: bool
) -> list[tuple[str, DeliveryOutcome]]:
    sender = house.sender(*places, rendition=rendition)
    sender.note()
    return [(sent.title, sent.result) for sent in sender.send(**more)]


def test_a_new_place_gets_the_newest_only(house: House) -> None:
    place = Place()
    for number in (1, 2, 3):
        house.publish(number)

    run(house, place)

    assert place.got == ["Bulletin 3"]


def test_what_is_there_is_not_brought_again(house: House) -> None:
    place = Place()
    house.publish(1)
    run(house, place)

    assert run(house, place) == []
    assert house.sender(place, rendition="podcast").note() == 0


def test_an_hour_down_loses_nothing_and_keeps_the_order(house: House) -> None:
    place, other = Place(), Place("other")
    house.publish(1)
    run(house, place, other)
    place.errors = [DOWN]
    for number in (2, 3, 4):
        house.publish(number)
        run(house, place, other)
    place.errors = []
    house.now += MOST_PAUSE

    run(house, place, other)

    expected = [f"Bulletin {number}" for number in (1, 2, 3, 4)]
    assert (place.got, other.got) == (expected, expected)


def test_the_first_that_waits_holds_up_those_behind_it(house: House) -> None:
    place = Place()
    house.publish(1)
    run(house, place)
    place.errors = [DOWN]
    house.publish(2)
    run(house, place)
    house.now -= timedelta(seconds=1)
    place.errors = []
    house.publish(3)
    house.sender(place, rendition="podcast").note()
    house.now = house.sender(place).outbox.waiting("demo", "place")[0].next_try_at - timedelta(seconds=1)

    sender = house.sender(place, rendition="podcast")
    (waits,) = sender.send()
    assert (waits.title, waits.result, waits.is_missing) == ("Bulletin 2", DeliveryOutcome.WAITING, True)
    assert (
        waits.note
        == f"{DOWN}; is tried again at {house.now + timedelta(seconds=1):%H:%M} UTC; 1 more behind it"
    )
    assert place.got == ["Bulletin 1"]
    assert run(house, place, is_asked=True) == [
        ("Bulletin 2", DeliveryOutcome.SENT),
        ("Bulletin 3", DeliveryOutcome.SENT),
    ]


def test_pauses_grow_up_to_ten_minutes(house: House) -> None:
    place = Place()
    place.errors = [DOWN]
    house.publish(1)
    pauses = []
    for _ in range(9):
        run(house, place)
        (piece,) = house.sender(place).outbox.waiting("demo", "place")
        pauses.append(piece.next_try_at - house.now)
        house.now = piece.next_try_at

    assert pauses[:3] == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE]
    assert pauses[-1] == MOST_PAUSE
    assert piece.tries == 9
    assert piece.note == str(DOWN)


def test_a_refused_login_is_not_hammered(house: House) -> None:
    place = Place()
    place.errors = [REFUSED]
    house.publish(1)
    run(house, place)

    (piece,) = house.sender(place).outbox.waiting("demo", "place")
    assert piece.next_try_at - house.now == LASTING_PAUSE


@pytest.mark.slow
@pytest.mark.parametrize(("is_newest_only", "rendition"), [(True, "fm"), (False, "fm"), (False, "site")])
def test_a_refused_login_is_not_hammered_by_new_bulletins_either(
    house: House, is_newest_only: bool, rendition: str
) -> None:
    """A bulletin every quarter of an hour, each of which takes the place of the one before."""
    place = Place(is_newest_only=is_newest_only)
    place.errors = [REFUSED]
    asked = []
    house.publish(1)
    start = house.now
    for minutes in range(0, 121, 5):
        if minutes % 15 == 0:
            house.publish(1 + minutes // 15)
        house.now = start + timedelta(minutes=minutes)
        asked += [
            minutes
            for _, result in run(house, place, rendition=rendition)
            if result is DeliveryOutcome.FAILED
        ]

    assert asked == [0, 30, 60, 90, 120]
    (piece,) = house.sender(place).outbox.waiting("demo", "place")
    assert piece.note == str(REFUSED)

    place.errors = []
    found = run(house, place, rendition=rendition, is_asked=True)
    assert found == [("Bulletin 9", DeliveryOutcome.SENT)]


@pytest.mark.parametrize("error", [DOWN, REFUSED])
def test_a_clock_that_was_years_ahead_holds_up_no_place(house: House, error: DeliveryError) -> None:
    place = Place()
    place.errors = [error]
    house.publish(1)
    then = house.now
    house.now += timedelta(days=1200)
    run(house, place)
    house.now = then + timedelta(minutes=1)
    place.errors = []

    assert run(house, place) == [("Bulletin 1", DeliveryOutcome.SENT)]


@pytest.mark.parametrize("is_newest_only", [True, False])
def test_after_a_clock_that_ran_ahead_a_place_gets_the_news_of_today(
    house: House, is_newest_only: bool
) -> None:
    """What was made in the future would be the last that it got, until that day."""
    place = Place(is_newest_only=is_newest_only)
    for number in (1, 24 * 3652, 2, 3):
        house.publish(number)
        sender = house.sender(place, rendition="podcast")
        sender.note()
        sender.send()

    assert place.got == ["Bulletin 1", f"Bulletin {24 * 3652}", "Bulletin 2", "Bulletin 3"]


def test_a_place_that_is_down_is_asked_at_once_for_a_new_bulletin(house: House) -> None:
    place = Place(is_newest_only=True)
    place.errors = [DOWN]
    house.publish(1)
    for _ in range(8):
        run(house, place, rendition="fm")
        house.now += timedelta(minutes=5)
    place.errors = []
    house.publish(2)

    assert run(house, place, rendition="fm")[-1] == ("Bulletin 2", DeliveryOutcome.SENT)


def test_a_note_holds_no_secret_no_colour_and_no_novel(house: House) -> None:
    place = Place()
    place.errors = [DeliveryError("place: said \x1b[31m'let-me-in'\n" + "is no password " * 99)]
    house.publish(1)
    hide.learn({"let-me-in": "env:PLACE_PASSWORD"})
    sender = house.sender(place, rendition="podcast")
    sender.note()

    (sent,) = sender.send()

    assert sent.note.startswith(r"place: said \x1b[31m'env:PLACE_PASSWORD'\nis no password is no")
    assert len(sent.note) == 700
    (piece,) = sender.outbox.waiting("demo", "place")
    assert piece.note == sent.note


def test_an_error_that_nobody_foresaw_is_put_off_too(house: House) -> None:
    place = Place()
    place.errors = [RuntimeError("odd")]
    house.publish(1)

    assert run(house, place) == [("Bulletin 1", DeliveryOutcome.FAILED)]


def test_it_is_given_up_in_the_end_and_the_next_has_its_turn(house: House) -> None:
    place = Place()
    house.publish(1)
    run(house, place)
    house.publish(2)
    place.errors = [DOWN]
    run(house, place)
    house.publish(3)
    for _ in range(7):
        house.now += 3 * HOUR
        assert run(house, place) == [("Bulletin 2", DeliveryOutcome.FAILED)]
    house.now += 3 * HOUR

    found = run(house, place)

    assert found == [("Bulletin 2", DeliveryOutcome.GIVEN_UP), ("Bulletin 3", DeliveryOutcome.FAILED)]
    rows = house.sender(place).outbox.rows("demo")
    assert rows[1].state is OutboxState.GIVEN_UP
    assert str(DOWN) in rows[1].note


@pytest.mark.slow
@pytest.mark.parametrize("off", [timedelta(hours=30), timedelta(days=3), timedelta(days=30)])
def test_the_time_for_which_a_machine_was_off_is_hardly_counted(house: House, off: timedelta) -> None:
    """It was tried for an hour; back again, the place gets nearly a day more."""
    place = Place()
    house.publish(1)
    run(house, place)
    house.publish(2)
    place.errors = [DOWN]
    for _ in range(6):
        house.now += HOUR / 6
        run(house, place)

    house.now += off
    for _ in range(2 * 20):
        assert run(house, place) == [("Bulletin 2", DeliveryOutcome.FAILED)]
        house.now += HOUR / 2
    place.errors = []

    assert run(house, place) == [("Bulletin 2", DeliveryOutcome.SENT)]


def test_what_waited_its_turn_all_that_time_is_given_up_with_the_one_before(house: House) -> None:
    place = Place()
    place.errors = [DOWN]
    house.publish(1)
    run(house, place)
    house.publish(2)
    found = []
    while not found or found[0][1] is DeliveryOutcome.FAILED:
        house.now += HOUR / 2
        found = run(house, place)

    assert found == [("Bulletin 1", DeliveryOutcome.GIVEN_UP), ("Bulletin 2", DeliveryOutcome.FAILED)]
    house.now += 2 * HOUR
    assert run(house, place) == [("Bulletin 2", DeliveryOutcome.GIVEN_UP)]


def test_a_private_folder_that_is_gone_is_made_again(house: House) -> None:
    place = Place()
    sender = house.sender(place)
    house.publish(1)
    sender.note()
    shutil.rmtree(house.state)

    found = sender.send()

    assert [sent.result for sent in found] == [DeliveryOutcome.SENT]


def test_under_a_share_that_is_not_mounted_nothing_is_made(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    house.publish(1)
    sender = replace(house.sender(Place()), state=house.state.parent / "gone" / ".bulletin")
    sender.note()

    sender.send()

    assert "gone/.bulletin: does not exist and cannot be created (No such file or directory)" in caplog.text
    assert f"mount or make {house.state.parent / 'gone'} again" in caplog.text
    assert not sender.state.parent.exists()


def test_where_only_the_newest_counts_the_older_ones_stay_away(house: House) -> None:
    place = Place(is_newest_only=True)
    place.errors = [DOWN]
    house.publish(1)
    run(house, place, rendition="fm")
    house.publish(2)
    place.errors = []

    found = run(house, place, rendition="fm")

    assert found == [("Bulletin 1", DeliveryOutcome.SKIPPED), ("Bulletin 2", DeliveryOutcome.SENT)]
    assert place.got == ["Bulletin 2"]


def test_yesterdays_bulletin_does_not_go_out_today(house: House) -> None:
    place = Place(is_newest_only=True)
    place.errors = [DOWN]
    house.publish(1)
    run(house, place, rendition="fm")
    place.errors = []
    house.now += 12 * HOUR

    assert run(house, place, rendition="fm") == [("Bulletin 1", DeliveryOutcome.SKIPPED)]
    assert place.got == []


def test_the_side_file_goes_with_the_sound(house: House) -> None:
    place = Place()
    house.publish(1)
    run(house, place, rendition="fm")

    assert place.items == [["fm.wav", "fm.json"]]


def test_of_a_site_the_feed_arrives_last(house: House) -> None:
    place = Place()
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
    run(house, place, rendition="site")

    (names,) = place.items
    assert names[0] == "demo-1.mp3"
    assert names[-4:] == ["player.html", "index.html", "feed-2026-11-23.xml", "feed.xml"]
    assert max(names.index("speaker.mp3"), names.index("latest.mp3")) < names.index("flash.json")
    assert names.index("fm.json") == names.index("fm.wav") + 1
    assert "part-1-x.mp3" not in names


def test_a_feed_that_was_edited_by_hand_is_kept_at_home(house: House) -> None:
    """It may tell of a story that was withdrawn since."""
    place = Place()
    house.publish(1)
    feed = house.folder / "feed.xml"
    feed.write_bytes(feed.read_bytes().replace(b"Bulletin 1", b"A libel"))
    house.publish(2)
    assert [path for path in house.folder.iterdir() if path.name.startswith("feed.xml.edited-")]

    run(house, place, rendition="site")

    (names,) = place.items
    assert [name for name in names if "feed" in name] == ["feed.xml"]


def test_a_site_that_was_down_gets_all_of_it_at_once(house: House) -> None:
    place = Place()
    place.errors = [DOWN]
    house.publish(1)
    run(house, place, rendition="site")
    house.publish(2)
    place.errors = []

    run(house, place, rendition="site")

    (names,) = place.items
    assert {"demo-1.mp3", "demo-2.mp3"} <= set(names)


def test_what_is_withdrawn_is_taken_back_there(house: House) -> None:
    place = Place()
    episode, _ = house.publish(1)
    run(house, place)
    house.podcast.withdraw(episode.guid)

    run(house, place)

    assert place.got == ["Bulletin 1", "not Bulletin 1"]


def correct(house: House, guid: str, number: int, *places: Place) -> None:
    """As `bulletin withdraw` does."""
    house.now += HOUR / 2
    house.sender(*places, rendition="podcast").take_back([guid])
    house.podcast.correct(
        guid, house.bulletin(number, title=f"Correction: Bulletin {number}", name="corrected")
    )
    house.podcast.show()


def test_the_correction_of_an_older_bulletin_goes_where_all_go_and_not_where_the_newest_is(
    house: House,
) -> None:
    every, playlist = Place("every"), Place("playlist", is_newest_only=True)
    first, _ = house.publish(1)
    run(house, every, playlist)
    house.publish(2)
    run(house, every, playlist)
    correct(house, first.guid, 1, every, playlist)

    run(house, every, playlist)

    assert every.got == ["Bulletin 1", "Bulletin 2", "not Bulletin 1", "Correction: Bulletin 1"]
    assert playlist.got == ["Bulletin 1", "Bulletin 2", "not Bulletin 1"]


def test_the_correction_of_the_newest_bulletin_goes_everywhere(house: House) -> None:
    every, playlist = Place("every"), Place("playlist", is_newest_only=True)
    house.publish(1)
    newest, _ = house.publish(2)
    run(house, every, playlist)
    correct(house, newest.guid, 2, every, playlist)

    run(house, every, playlist)

    assert every.got[-1] == playlist.got[-1] == "Correction: Bulletin 2"


def test_a_new_place_gets_the_newest_hour_and_not_the_last_correction(house: House) -> None:
    first, _ = house.publish(1)
    house.publish(2)
    correct(house, first.guid, 1)
    place = Place()

    run(house, place)

    assert place.got == ["Bulletin 2"]


def test_what_waits_and_is_withdrawn_never_goes_out(house: House) -> None:
    place = Place()
    place.errors = [DOWN]
    episode, _ = house.publish(1)
    run(house, place)
    house.podcast.withdraw(episode.guid)
    place.errors = []

    run(house, place, is_asked=True)

    assert place.got == ["not Bulletin 1"]


def test_an_older_playout_file_is_taken_back_when_it_is_asked_for(house: House) -> None:
    place = Place(is_newest_only=True)
    _, first = house.publish(1)
    run(house, place, rendition="fm")
    house.publish(2)
    run(house, place, rendition="fm")
    sender = house.sender(place)

    assert sender.take_back([first.guid]) == 1
    assert sender.take_back([first.guid]) == 0
    sender.send()

    assert place.got == ["Bulletin 1", "Bulletin 2", "not Bulletin 1"]


def test_a_place_that_left_the_profile_is_given_up(house: House) -> None:
    place = Place("gone")
    place.errors = [DOWN]
    house.publish(1)
    run(house, place)

    run(house, Place("other"))

    (piece,) = [row for row in house.sender().outbox.rows("demo") if row.delivery == "gone"]
    assert piece.state is OutboxState.GIVEN_UP
    assert 'no delivery "gone" any more' in piece.note


def test_a_slow_place_keeps_no_other_waiting(house: House) -> None:
    class Slow(Place):
        gate = threading.Event()

        def publish(self, parcel: Parcel) -> None:
            self.gate.wait(60)
            super().publish(parcel)

    slow, quick = Slow("slow"), Place("quick")
    house.publish(1)
    sender = house.sender(slow, quick, rendition="podcast")
    sender.note()

    found = sender.send(within_s=0.3)

    wait_for(lambda: quick.got == ["Bulletin 1"])
    (late,) = (sent for sent in found if sent.delivery == "slow")
    assert late.result is DeliveryOutcome.FAILED
    assert "stays in the outbox" in late.note
    Slow.gate.set()
    wait_for(lambda: slow.got == ["Bulletin 1"])


def test_two_processes_do_not_deliver_at_once(house: House) -> None:
    place = Place()
    house.publish(1)

    with hold(house.state / "demo.place.delivery.lock"):
        assert run(house, place) == [("Bulletin 1", DeliveryOutcome.WAITING)]
    assert run(house, place) == [("Bulletin 1", DeliveryOutcome.SENT)]


class Slow(Place):
    """Is at work until it is let go."""

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
def test_a_run_beside_the_service_waits_for_it_and_tells_what_became_of_the_bulletin(
    house: House, errors: list[Exception], result: DeliveryOutcome
) -> None:
    """The service has begun; the command neither brings it twice nor ends with 0 before anybody knows."""
    place = Slow()
    place.errors = errors
    house.publish(1)
    service, command = house.sender(place), house.sender(place)
    service.note()
    at_work = threading.Thread(target=service.send)
    at_work.start()
    assert place.is_busy.wait(60)
    # a moment later, when the command waits for the lock, or comes just after: both end the same
    threading.Timer(0.1, place.let_go.set).start()

    (sent,) = command.send(within_s=60)

    at_work.join()
    assert (sent.title, sent.result) == ("Bulletin 1", result)
    assert str(errors[0]) in sent.note if errors else place.got == ["Bulletin 1"]


def test_what_waits_outlives_the_process(tmp_path: Path) -> None:
    path = tmp_path / ".bulletin" / "archive.sqlite"
    place = Place()
    place.errors = [DOWN]
    with Archive.open(path) as archive:
        house = House(tmp_path, archive)
        house.publish(1)
        run(house, place)
        then = house.now
    place.errors = []
    with Archive.open(path) as archive:
        house = House(tmp_path, archive)
        house.now = then + FIRST_PAUSE

        assert run(house, place) == [("Bulletin 1", DeliveryOutcome.SENT)]


def test_what_went_where_is_remembered_for_14_days(house: House) -> None:
    place = Place()
    for number in (1, 2, 2 + 14 * 24):
        house.publish(number)
        run(house, place)

    titles = [row.title for row in house.sender(place).outbox.known("demo", "place", OutboxAction.PUBLISH)]
    assert titles == ["Bulletin 2", "Bulletin 338"]


def test_old_rows_are_forgotten_but_the_last_of_each_place(house: House) -> None:
    place = Place()
    house.publish(1)
    run(house, place)
    house.publish(2)
    run(house, place)
    house.publish(24 * 20)

    run(house, place)

    titles = [row.title for row in house.sender(place).outbox.known("demo", "place", OutboxAction.PUBLISH)]
    assert titles == ["Bulletin 480"]
