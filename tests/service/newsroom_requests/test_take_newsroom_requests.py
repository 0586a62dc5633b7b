"""Requests of editors in the service: slots first, one at a time, done once, the end always recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.newsroom_requests import (
    RequestKind,
    RequestLedger,
    RequestState,
    ServiceRequest,
    StageDone,
)
from bulletin.errors import NoStoryError
from bulletin.service.newsroom_requests.request_work import RequestWork
from bulletin.service.newsroom_requests.take_newsroom_requests import STUCK, RequestLoop
from tests.service.http.pull_station import World
from tests.support.factories import make_bulletin

MINUTE = timedelta(minutes=1)


@dataclass
class Room:
    """Station with a request loop; the work is done at once, or kept in `waiting`."""

    world: World
    archive: Archive
    error: BaseException | None = None
    does_wait: bool = False
    done: list[ServiceRequest] = field(default_factory=list)
    waiting: list[Callable[[], None]] = field(default_factory=list)
    within_s: float = 0.0

    def __post_init__(self) -> None:
        self.world.maker.archive, self.world.maker.output = self.archive, self.world.folder.parent  # type: ignore[attr-defined]
        self.world.maker.loaded = self.world.loaded  # type: ignore[attr-defined]
        self.loop = self.service("one")

    def service(self, owner: str) -> RequestLoop:
        return RequestLoop(
            archive=self.archive,
            workers=lambda: [self.world.maker],  # type: ignore[list-item]
            on_demand=self.world.fresh,
            submit=lambda job: self.waiting.append(job) if self.does_wait else job(),
            submit_other=lambda job: self.waiting.append(job) if self.does_wait else job(),
            owner=owner,
            now=lambda: self.world.now,
            do=self.do,
        )

    def do(self, work: RequestWork) -> Mapping[str, Any]:
        self.done.append(work.request)
        self.within_s = work.within_s
        work.listener.begin("gather")
        work.listener.end("gather", 1.25, "3 articles")
        if self.error:
            raise self.error
        return {"title": "7am news"}

    @property
    def ledger(self) -> RequestLedger:
        return RequestLedger(self.archive)

    def ask(self, kind: RequestKind = RequestKind.MAKE_NOW, key: str = "k1") -> int:
        now = self.world.now
        asked = self.ledger.ask(
            "valley", kind, asked_by="anna", key=key, now=now, expires_at=now + 15 * MINUTE
        )
        return asked.id

    def row(self, number: int) -> ServiceRequest:
        found = self.ledger.find(number)
        assert found
        return found


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with Archive.open(tmp_path / "archive.sqlite") as archive:
        yield Room(World(tmp_path), archive)


def test_a_request_is_done_and_its_stages_and_result_are_shown(room: Room) -> None:
    number = room.ask()

    room.loop.take_due()
    room.loop.take_due()

    row = room.row(number)
    assert (row.state, row.result) == (RequestState.DONE, {"title": "7am news"})
    assert row.stages == (StageDone(stage="gather", seconds=1.25, summary="3 articles"),)
    assert [request.id for request in room.done] == [number]


@pytest.mark.parametrize(
    ("error", "note"),
    [(NoStoryError("nothing new; ask later"), "nothing new"), (KeyError("x"), "a mistake in Bulletin")],
)
def test_a_failure_is_recorded_with_its_reason_and_the_next_request_is_done(
    room: Room, error: BaseException, note: str
) -> None:
    room.error = error
    failed = room.ask()
    room.loop.take_due()
    room.error = None
    good = room.ask(key="k2")
    room.loop.take_due()

    assert (room.row(failed).state, room.row(good).state) == (RequestState.FAILED, RequestState.DONE)
    assert note in room.row(failed).note


@pytest.mark.parametrize("kind", [RequestKind.MAKE_NOW, RequestKind.BACK_UP])
def test_the_bulletin_of_a_slot_comes_first_and_the_page_says_so(room: Room, kind: RequestKind) -> None:
    room.world.maker.due = [room.world.now + 2 * MINUTE]
    number = room.ask(kind)

    room.loop.take_due()
    assert not room.done
    assert "slot comes first" in room.row(number).step

    room.world.fresh.is_open = lambda station, due: False  # the slot's bulletin is on air
    room.world.now += timedelta(seconds=5)
    room.loop.take_due()
    assert room.row(number).state is RequestState.DONE


def test_a_request_waits_for_a_bulletin_that_is_being_made(room: Room) -> None:
    room.world.working = True
    number = room.ask()

    room.loop.take_due()

    assert not room.done
    assert "being made" in room.row(number).step


def test_one_bulletin_is_made_at_a_time_so_that_a_slot_finds_a_thread(room: Room) -> None:
    room.does_wait = True
    first, second = room.ask(), room.ask(RequestKind.PREVIEW, "k2")

    room.loop.take_due()
    room.loop.take_due()
    assert len(room.waiting) == 1
    # a pull request that comes meanwhile waits for the same bulletin
    assert room.world.fresh.is_coming("valley")

    room.waiting.pop()()
    room.loop.take_due()
    room.waiting.pop()()
    assert [room.row(number).state for number in (first, second)] == [RequestState.DONE] * 2
    assert not room.world.fresh.is_coming("valley")


def test_a_delivery_that_hangs_keeps_nobody_from_a_bulletin(room: Room) -> None:
    room.does_wait = True
    hanging = room.ask(RequestKind.RETRY_DELIVERY)
    room.loop.take_due()
    kept = room.waiting.pop()

    bulletin = room.ask(key="k2")
    room.loop.take_due()
    room.waiting.pop()()

    assert (room.row(bulletin).state, room.row(hanging).state) == (RequestState.DONE, RequestState.WORKING)
    kept()


def test_work_of_a_killed_service_is_begun_again_by_the_next(room: Room) -> None:
    room.does_wait = True
    number = room.ask()
    room.loop.take_due()  # and is killed: its job never runs
    room.world.fresh.end("valley")
    room.does_wait, room.world.now = False, room.world.now + 30 * MINUTE

    room.service("two").take_due()

    assert room.row(number).state is RequestState.DONE
    assert len(room.row(number).tried_at) == 2


def test_a_bulletin_that_a_killed_service_had_published_is_not_made_again(room: Room) -> None:
    room.does_wait = True
    number = room.ask()
    room.loop.take_due()
    made_at = room.row(number).tried_at[0]
    room.archive.record_bulletin(
        "valley", make_bulletin(Path("x.mp3")), (), made_at=made_at, timings={"gather": 1.0}
    )
    room.does_wait = False

    room.service("two").take_due()

    assert (room.row(number).state, room.done) == (RequestState.DONE, [])
    assert "is out" in room.row(number).note


def test_a_file_on_air_proves_it_too_where_no_record_was_written(room: Room) -> None:
    room.does_wait = True
    number = room.ask()
    room.loop.take_due()
    room.world.lay("fm", made=room.row(number).tried_at[0] + timedelta(seconds=20))
    room.does_wait = False

    room.service("two").take_due()

    assert (room.row(number).state, room.done) == (RequestState.DONE, [])


def test_a_file_that_was_on_air_before_proves_nothing(room: Room) -> None:
    room.does_wait = True
    number = room.ask()
    room.world.lay("fm", made=room.world.now - MINUTE)
    room.loop.take_due()
    room.world.fresh.end("valley")
    room.does_wait = False

    room.service("two").take_due()

    assert [request.id for request in room.done] == [number]


def test_a_lease_is_renewed_while_the_work_runs_and_hung_work_is_given_up(room: Room) -> None:
    room.does_wait = True
    number = room.ask()
    room.loop.take_due()

    room.world.now += 3 * MINUTE
    room.loop.take_due()
    lease = room.row(number).lease_until
    assert lease
    assert lease > room.world.now

    room.world.now += STUCK
    room.loop.take_due()
    assert room.row(number).state is RequestState.FAILED
    assert "given up" in room.row(number).note
    room.ask(key="k2")
    room.loop.take_due()
    room.waiting.pop(0)()  # ends after all, and changes nothing
    assert room.row(number).state is RequestState.FAILED
    assert room.world.fresh.is_coming("valley")


def test_a_request_of_an_hour_ago_is_not_done(room: Room) -> None:
    number = room.ask()
    room.world.now += 60 * MINUTE

    room.loop.take_due()

    assert (room.row(number).state, room.done) == (RequestState.EXPIRED, [])


def test_a_withdrawal_waits_for_nothing(room: Room) -> None:
    room.world.maker.due, room.world.working = [room.world.now + MINUTE], True
    other, urgent = room.ask(), room.ask(RequestKind.WITHDRAW_STORY, "k2")

    room.loop.take_due()

    assert (room.row(urgent).state, room.row(other).state) == (RequestState.DONE, RequestState.WAITING)
