"""The tick, on a clock that the test turns."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from bulletin.archive.archive import Archive
from bulletin.archive.ledger import Ledger
from bulletin.model import Level, Slot, SlotRecord, SlotState
from bulletin.service.keeper import LEASE, Keeper, Outcome

SEVEN = datetime(2026, 11, 25, 7, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@dataclass
class Clock:
    """A clock that stands still until it is turned."""

    now: datetime = SEVEN

    def __call__(self) -> datetime:
        return self.now


@dataclass
class HourlyPost:
    """A station on air every hour, and how its work goes."""

    id: str = "wex"
    margin: timedelta = MINUTE
    grace: timedelta = 10 * MINUTE
    fails: Callable[[Slot], BaseException | None] = lambda slot: None
    made: list[tuple[datetime, datetime]] = field(default_factory=list)
    off: set[datetime] = field(default_factory=set)

    def slots(self, *, since: datetime, until: datetime) -> Sequence[Slot]:
        hour = since.replace(minute=0, second=0, microsecond=0)
        dues = (hour + n * HOUR for n in range(int((until - hour) / HOUR) + 1))
        return [
            Slot(station=self.id, due=due, length_s=120.0)
            for due in dues
            if since <= due < until and due not in self.off
        ]

    def lead(self) -> timedelta:
        return 2 * MINUTE

    prepared: list[datetime] = field(default_factory=list)
    needs: Slot | None = None

    def standby_due(self, now: datetime) -> Slot | None:
        return self.needs

    def prepare(self, slot: Slot) -> Level:
        self.prepared.append(slot.due)
        if error := self.fails(slot):
            raise error
        self.needs = None
        return Level.LAST_GOOD

    def work(self, slot: Slot, *, ready_by: datetime) -> Outcome:
        if error := self.fails(slot):
            raise error
        self.made.append((slot.due, ready_by))
        return Outcome(level=Level.FRESH)


@dataclass
class Diary:
    """What the watcher was told."""

    lines: list[str] = field(default_factory=list)

    def met(self, record: SlotRecord) -> None:
        self.lines.append(f"met {record.station} {record.due:%H:%M}")

    def missed(self, record: SlotRecord) -> None:
        self.lines.append(f"missed {record.station} {record.due:%H:%M}")

    def failed(self, station: str, what: str, error: BaseException) -> None:
        self.lines.append(f"failed {station} {what}: {error}")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Archive.open(tmp_path / "archive.sqlite") as archive:
        yield Ledger(archive)


def at_once(work: Callable[[], None]) -> None:
    work()


def keeper(
    ledger: Ledger,
    *posts: HourlyPost,
    clock: Clock,
    diary: Diary | None = None,
    owner: str = "one",
    hire: Callable[[Callable[[], None]], None] = at_once,
) -> Keeper:
    made = Keeper(ledger=ledger, posts=posts, owner=owner, hire=hire, watcher=diary or Diary(), now=clock)
    made.begin()
    return made


def turn(made: Keeper, clock: Clock, until: datetime, *, step: timedelta = timedelta(seconds=10)) -> None:
    while clock.now < until:
        made.tick()
        clock.now += step


def test_work_begins_by_itself_and_once(ledger: Ledger) -> None:
    clock, post = Clock(), HourlyPost()
    made = keeper(ledger, post, clock=clock)

    turn(made, clock, SEVEN + 56 * MINUTE)
    assert [due.hour for due, _ in post.made] == [7]
    turn(made, clock, SEVEN + 2 * HOUR)

    assert [(due.hour, ready_by.minute) for due, ready_by in post.made] == [(7, 59), (8, 59), (9, 59)]


def test_a_failure_is_tried_again_later_and_later_and_then_missed(ledger: Ledger) -> None:
    clock, diary, tries = Clock(SEVEN - 5 * MINUTE), Diary(), list[datetime]()

    def fails(slot: Slot) -> BaseException | None:
        if slot.due == SEVEN:
            tries.append(clock.now)
            return RuntimeError("no room")
        return None

    made = keeper(ledger, HourlyPost(fails=fails), clock=clock, diary=diary)
    turn(made, clock, SEVEN + 11 * MINUTE)

    gaps_s = [(b - a).total_seconds() for a, b in pairwise(tries)]
    assert gaps_s == [10.0 * n for n in range(1, len(tries))]
    assert diary.lines.count("failed wex work: no room") == len(tries)
    assert diary.lines[-1] == "missed wex 07:00"
    (row,) = ledger.rows(since=SEVEN, until=SEVEN + MINUTE)
    assert (row.state, row.note) == (SlotState.MISSED, "RuntimeError: no room")


def test_a_killed_service_is_taken_over_at_once(ledger: Ledger) -> None:
    clock = Clock(SEVEN - MINUTE)
    begun: list[Callable[[], None]] = []
    keeper(ledger, HourlyPost(), clock=clock, hire=begun.append).tick()
    assert len(begun) == 1

    post = HourlyPost()
    clock.now += timedelta(seconds=8)
    keeper(ledger, post, clock=clock, owner="two").tick()

    assert [due for due, _ in post.made] == [SEVEN]


def test_without_the_lock_a_lease_protects_the_one_who_works(ledger: Ledger) -> None:
    clock, post = Clock(SEVEN - MINUTE), HourlyPost()
    busy = keeper(ledger, HourlyPost(), clock=clock, hire=lambda work: None)
    busy.tick()
    other = Keeper(ledger=ledger, posts=[post], owner="two", hire=at_once, watcher=Diary(), now=clock)

    for _ in range(5):
        clock.now += MINUTE
        busy.tick()  # renews
        other.tick()
    assert post.made == []
    clock.now += LEASE
    other.tick()

    assert [due for due, _ in post.made] == [SEVEN]


@pytest.mark.parametrize(("away", "is_made"), [(8 * MINUTE, True), (15 * MINUTE, False)])
def test_a_machine_that_was_off_makes_it_within_the_grace_time(
    ledger: Ledger, away: timedelta, is_made: bool
) -> None:
    clock, diary = Clock(SEVEN - HOUR + 20 * MINUTE), Diary()
    keeper(ledger, HourlyPost(), clock=clock).tick()

    clock.now = SEVEN + away
    keeper(ledger, HourlyPost(), clock=clock, diary=diary).tick()

    assert diary.lines == ["met wex 07:00" if is_made else "missed wex 07:00"]


@pytest.mark.parametrize("jump", [HOUR, -HOUR, timedelta(days=3), -timedelta(days=3)])
def test_a_clock_that_jumps_does_nothing_twice(ledger: Ledger, jump: timedelta) -> None:
    clock, post = Clock(SEVEN - 10 * MINUTE), HourlyPost()
    made = keeper(ledger, post, clock=clock)
    turn(made, clock, SEVEN + MINUTE)

    clock.now += jump
    turn(made, clock, clock.now + 2 * HOUR)

    dues = [due for due, _ in post.made]
    assert len(dues) == len(set(dues))
    assert dues[-1] >= SEVEN + jump


def test_one_stations_trouble_is_not_anothers(ledger: Ledger) -> None:
    class Broken(HourlyPost):
        def slots(self, *, since: datetime, until: datetime) -> Sequence[Slot]:
            raise ValueError("its clock is broken")

    clock, diary, good = Clock(SEVEN - MINUTE), Diary(), HourlyPost(id="good")

    keeper(ledger, Broken(id="bad"), good, clock=clock, diary=diary).tick()

    assert [due for due, _ in good.made] == [SEVEN]
    assert "failed bad plan: its clock is broken" in diary.lines


def test_a_slot_that_left_the_clock_is_not_made(ledger: Ledger) -> None:
    clock, post = Clock(SEVEN - 30 * MINUTE), HourlyPost()
    made = keeper(ledger, post, clock=clock)
    made.tick()

    post.off.add(SEVEN)
    turn(made, clock, SEVEN + 20 * MINUTE)

    assert post.made == []
    assert ledger.rows(since=SEVEN, until=SEVEN + MINUTE) == ()


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


@pytest.mark.slow
def test_a_week_in_which_services_die_at_random_has_every_slot(ledger: Ledger) -> None:
    """168 of 168: the work dies with its process, and the next one begins it again."""
    chance, clock, made_at = random.Random(25), Clock(), dict[datetime, datetime]()

    class Mortal(HourlyPost):
        def work(self, slot: Slot, *, ready_by: datetime) -> Outcome:
            if chance.random() < 0.3:
                raise KeyboardInterrupt
            assert slot.due not in made_at
            made_at[slot.due] = clock.now
            return Outcome(level=Level.FRESH)

    lives = 0
    while clock.now < SEVEN + timedelta(days=7):
        lives += 1
        made = keeper(ledger, Mortal(), clock=clock, owner=f"life {lives}")
        try:
            turn(made, clock, SEVEN + timedelta(days=7), step=timedelta(seconds=30))
        except KeyboardInterrupt:
            clock.now += timedelta(seconds=chance.randrange(5, 60))

    rows = ledger.rows(since=SEVEN, until=SEVEN + timedelta(days=7))
    assert lives > 30
    assert [row.state for row in rows] == [SlotState.DONE] * 168
    late = [due for due, at in made_at.items() if at > due > SEVEN]
    assert len(late) <= 2
