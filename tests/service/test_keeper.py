"""The tick, on a clock that the test turns."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bulletin.archive.archive import Archive
from bulletin.archive.ledger import Ledger
from bulletin.errors import ArchiveError
from bulletin.model import Level, Slot, SlotRecord, SlotState
from bulletin.service.keeper import LEASE, STUCK, Keeper
from bulletin.service.roles import Outcome

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

    def lead(self, *, others: int = 0) -> timedelta:
        return (2 + others) * MINUTE

    prepared: list[datetime] = field(default_factory=list)
    needs: Slot | None = None

    def standby_due(self, now: datetime) -> Slot | None:
        return self.needs

    def prepare(self, slot: Slot) -> Outcome:
        self.prepared.append(slot.due)
        if error := self.fails(slot):
            raise error
        self.needs = None
        return Outcome(level=Level.LAST_GOOD)

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

    def prepared(self, station: str, due: datetime, outcome: Outcome) -> None:
        self.lines.append(f"prepared {station} {due:%H:%M} {outcome.level}")

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
    """But an hour that comes again is made again: by then the stand-by for the next may lie in its place."""
    clock, post = Clock(SEVEN - 10 * MINUTE), HourlyPost()
    made = keeper(ledger, post, clock=clock)
    turn(made, clock, SEVEN + MINUTE)

    clock.now += jump
    turn(made, clock, clock.now + 2 * HOUR)

    dues = [due for due, _ in post.made]
    assert [due for due, times in Counter(dues).items() if times > 1] == ([SEVEN] if jump == -HOUR else [])
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


def test_an_outage_of_days_is_told_slot_by_slot(ledger: Ledger) -> None:
    clock, diary = Clock(SEVEN + 10 * MINUTE), Diary()
    keeper(ledger, HourlyPost(), clock=clock).tick()

    clock.now += timedelta(days=3)
    keeper(ledger, HourlyPost(), clock=clock, diary=diary).tick()

    assert len([line for line in diary.lines if line.startswith("missed")]) == 71
    assert len(ledger.rows(since=SEVEN, until=clock.now)) == 73


def test_a_clock_that_ran_ahead_and_was_set_right_costs_no_slot(ledger: Ledger) -> None:
    clock, post = Clock(SEVEN - 10 * MINUTE), HourlyPost()
    made = keeper(ledger, post, clock=clock)
    turn(made, clock, SEVEN + 5 * MINUTE)
    clock.now += timedelta(days=3)
    turn(made, clock, clock.now + 2 * HOUR)
    clock.now -= timedelta(days=3)
    right = clock.now
    turn(made, clock, right + 10 * HOUR)

    rows = ledger.rows(since=right, until=right + 9 * HOUR)
    assert len(rows) == 9
    assert all(row.is_met and row.ready_at and row.ready_at < row.due for row in rows)


def test_work_that_hangs_is_given_up_and_the_next_slot_is_made(ledger: Ledger) -> None:
    clock, diary, post = Clock(SEVEN - 10 * MINUTE), Diary(), HourlyPost()
    hangs = [True]

    def hire(work: Callable[[], None]) -> None:
        if not hangs:
            work()
        hangs.clear()

    made = keeper(ledger, post, clock=clock, diary=diary, hire=hire)
    turn(made, clock, SEVEN + HOUR, step=timedelta(seconds=30))

    assert f"failed wex work: no end after {STUCK}; given up" in diary.lines
    assert [due for due, _ in post.made] == [SEVEN + HOUR]


def test_what_could_not_be_written_down_is_not_made_again(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, diary, post = Clock(SEVEN - 3 * MINUTE), Diary(), HourlyPost()
    made = keeper(ledger, post, clock=clock, diary=diary)
    locked = [ArchiveError("locked")] * 30
    finish = Ledger.finish

    def stubborn(self: Ledger, *args: Any, **more: Any) -> bool:
        if locked:
            raise locked.pop()
        return finish(self, *args, **more)

    monkeypatch.setattr(Ledger, "finish", stubborn)
    turn(made, clock, SEVEN + 5 * MINUTE)

    assert [due for due, _ in post.made] == [SEVEN]
    (row,) = ledger.rows(since=SEVEN, until=SEVEN + MINUTE)
    assert (row.state, row.tries) == (SlotState.DONE, 1)


def test_no_bulletin_takes_the_place_of_one_that_is_still_to_be_heard(ledger: Ledger) -> None:
    """Where slots stand closer together than the work takes, each begins when the one before has passed."""

    @dataclass
    class Quick(HourlyPost):
        def lead(self, *, others: int = 0) -> timedelta:
            return 3 * HOUR

    clock, post = Clock(SEVEN + MINUTE), Quick()
    began = list[datetime]()
    made = keeper(ledger, post, clock=clock, hire=lambda work: (began.append(clock.now), work())[1])
    turn(made, clock, SEVEN + 3 * HOUR)

    assert [due for due, _ in post.made][:3] == [SEVEN, SEVEN + HOUR, SEVEN + 2 * HOUR]
    assert all(due - HOUR <= at for (due, _), at in zip(post.made, began, strict=True))


def test_a_stand_by_in_the_making_does_not_hold_up_the_work(ledger: Ledger) -> None:
    clock, post, begun = Clock(SEVEN - 10 * MINUTE), HourlyPost(), list[Callable[[], None]]()
    made = keeper(ledger, post, clock=clock, hire=begun.append)
    post.needs = Slot(station="wex", due=SEVEN, length_s=120.0)

    turn(made, clock, SEVEN - 2 * MINUTE)

    (row,) = ledger.rows(since=SEVEN, until=SEVEN + MINUTE)
    assert begun
    assert row.state is SlotState.WORKING


def test_stations_that_are_due_together_begin_earlier(ledger: Ledger) -> None:
    """Five stations and one hand: the others have their turn first."""
    clock, begun = Clock(SEVEN - 20 * MINUTE), list[datetime]()
    posts = [HourlyPost(id=f"s{number}") for number in range(5)]
    made = keeper(ledger, *posts, clock=clock, hire=lambda work: begun.append(clock.now))

    turn(made, clock, SEVEN)

    assert begun[0] == SEVEN - (2 + 4 + 1) * MINUTE


def test_posts_can_be_replaced_while_it_runs(ledger: Ledger) -> None:
    clock, before = Clock(SEVEN - 10 * MINUTE), HourlyPost(off={SEVEN})
    made = keeper(ledger, before, clock=clock)
    made.tick()

    after = HourlyPost(off={SEVEN + HOUR})
    made.replace([after])
    turn(made, clock, SEVEN + 2 * HOUR)

    assert before.made == []
    assert [due for due, _ in after.made] == [SEVEN, SEVEN + 2 * HOUR]


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
