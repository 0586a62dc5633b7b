"""Planner of a group: what it adds to the ledger, and when; with a clock that the tests turn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from bulletin.archive.archive import Archive
from bulletin.archive.database import tables
from bulletin.archive.database.group_tables import group_workers, work, work_needs
from bulletin.archive.database.newsroom_tables import newsroom_requests
from bulletin.archive.database.rows_to_dataclasses import from_row
from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.archive.ledgers.group.group_workers import GroupWorker, WorkerLedger
from bulletin.archive.ledgers.group.pieces_of_work import NO_MORE, MorePieces, Need, Piece
from bulletin.archive.ledgers.group.work_ledger import WorkLedger
from bulletin.archive.ledgers.newsroom_requests import (
    RequestKind,
    RequestLedger,
    RequestState,
    ServiceRequest,
)
from bulletin.group.engines.thread_engine import ThreadEngine
from bulletin.group.group_profiles import GroupProfiles
from bulletin.group.pieces.own_times import reading_times, speech_times
from bulletin.group.planning.plan_group import GroupPlanner
from bulletin.model import Episode, Level
from tests.support.factories import make_article, make_bulletin
from tests.support.group_processes import GroupProcesses

pytestmark = pytest.mark.slow

SEVEN = datetime(2026, 11, 25, 7, tzinfo=UTC)
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
LEASE = timedelta(minutes=10)


@dataclass(slots=True, kw_only=True)
class PlannedGroup:
    """Planners and ledgers of a group in one archive; `moment` is the clock of all machines and of the database."""

    home: Path
    archive: Archive
    moment: datetime = SEVEN - HOUR
    engine: ThreadEngine = field(default_factory=ThreadEngine)

    def now(self) -> datetime:
        return self.moment

    @property
    def work(self) -> WorkLedger:
        return WorkLedger(self.archive, now=self.now)

    @property
    def slots(self) -> SlotLedger:
        return SlotLedger(self.archive)

    @property
    def register(self) -> WorkerLedger:
        return WorkerLedger(self.archive, now=self.now)

    def write(self, machine: str = "a", *, stations: int = 1, every_min: int = 60) -> None:
        """Profiles of a machine, with slots from seven on."""
        group = GroupProcesses(home=self.home / machine, database="postgresql://not-used/x")
        group.write(stations=stations, due=SEVEN, now=self.moment, every_min=every_min)
        for path in (self.home / machine / "feeds").glob("st*.toml"):
            path.write_text(path.read_text("utf-8").replace('"07:00"', '"07:00-09:00"'), "utf-8")

    def planner(self, machine: str = "a", *names: str) -> GroupPlanner:
        """A planner with the profiles of a machine."""
        folder = self.home / machine / "feeds"
        profiles = GroupProfiles(names=[str(folder / f"{name}.toml") for name in names] or [str(folder)])
        profiles.refresh()
        return GroupPlanner(
            name=f"{machine}-planner {' '.join(names)}",
            monotonic=lambda: self.moment.timestamp(),
            profiles=profiles,
            archive=self.archive,
            work=self.work,
            slots=self.slots,
            register=self.register,
            engine=self.engine,
            output=self.home / machine / "out",
            now=self.now,
        )

    def do(self, kind: str, key: str, *, takes: timedelta, then: MorePieces = NO_MORE) -> None:
        """Claim a piece and end it after a time."""
        claimed = self.work.claim(kind, key, owner="one", lease=LEASE, abilities=("slow:ann",))
        assert claimed is not None
        self.moment += takes
        assert self.work.finish(claimed, then=then)


@pytest.fixture(scope="module")
def shared_archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with Archive.open(tmp_path_factory.mktemp("planner") / "archive.sqlite") as archive:
        yield archive


@pytest.fixture
def group(tmp_path: Path, shared_archive: Archive) -> PlannedGroup:
    rows = (
        work,
        work_needs,
        group_workers,
        newsroom_requests,
        tables.slots,
        tables.bulletins,
        tables.own_stories,
    )
    shared_archive.execute(*(delete(table) for table in rows))
    return PlannedGroup(home=tmp_path, archive=shared_archive)


def test_the_next_slot_of_a_slow_voice_begins_as_early_as_all_pieces_of_the_last_one_need(
    group: PlannedGroup,
) -> None:
    group.write()
    planner = group.planner()
    group.moment = SEVEN - timedelta(minutes=3)
    assert planner.run_round()
    key = f"st0@{SEVEN:%Y%m%dT%H%M%SZ}"
    sentences = tuple(
        Piece(kind="speak", key=f"{number}", due=SEVEN, needs_voice="slow:ann") for number in range(25)
    )
    mix = Piece(kind="mix", key=key, due=SEVEN, station="st0")
    needs = tuple(Need(of=mix.name, needs=one.name) for one in sentences)
    group.do("draft", key, takes=SECOND, then=MorePieces(pieces=(*sentences, mix), needs=needs))
    for sentence in sentences:
        group.do(*sentence.name, takes=3 * SECOND)
        group.moment += SECOND  # the worker does something else meanwhile
    draft = Piece(kind="draft", key=key, due=SEVEN)
    timings = {
        **reading_times(group.archive, draft),
        "write": 1.0,
        **speech_times(group.archive, mix),
        "mix": 2.0,
    }
    group.archive.record_bulletin(
        "st0", make_bulletin(group.home / "b.mp3"), made_at=group.moment, timings=timings
    )
    group.do(*mix.name, takes=2 * SECOND)
    group.slots.settle("st0", SEVEN, level=Level.FRESH, now=group.moment)

    assert timings["sentences"] == 75.0
    planner = group.planner()
    eight = f"st0@{SEVEN + HOUR:%Y%m%dT%H%M%SZ}"
    lead = timedelta(seconds=1.5 * 78 + 20 + 5)  # with the margin
    group.moment = SEVEN + HOUR - lead - SECOND
    assert planner.run_round()
    assert group.work.find("draft", eight) is None
    group.moment += 2 * SECOND
    assert planner.run_round()
    assert group.work.find("draft", eight) is not None


def _dues(group: PlannedGroup, station: str) -> list[str]:
    rows = group.slots.open_rows(until=SEVEN + 2 * HOUR)
    return [f"{row.due:%H:%M}" for row in rows if row.station == station]


def _row(name: str) -> GroupWorker:
    return GroupWorker(name=name, role="planner")


def test_two_planners_with_different_clocks_keep_the_slots_of_both_until_they_agree(
    group: PlannedGroup,
) -> None:
    group.write("old")
    group.write("new", every_min=30)
    planners = [group.planner("old"), group.planner("new")]
    for _ in range(3):
        for planner in planners:
            assert planner.run_round()
            planner.keep_row(_row(planner.name))
        assert _dues(group, "st0") == ["07:00", "07:30", "08:00", "08:30", "09:00"]
        group.moment += 11 * 60 * SECOND
        assert all(planner.run_round() for planner in planners)
    group.moment = SEVEN + timedelta(minutes=26)
    assert planners[0].run_round()
    assert group.work.find("draft", f"st0@{SEVEN + HOUR / 2:%Y%m%dT%H%M%SZ}") is None
    assert planners[1].run_round()

    group.write("new")
    for _ in range(2):
        for planner in planners:
            group.moment += 15 * SECOND
            assert planner.run_round()
            planner.keep_row(_row(planner.name))

    assert _dues(group, "st0") == ["08:00", "09:00"]


def test_a_planner_without_a_station_leaves_its_plans_for_an_hour_while_its_machine_is_silent(
    group: PlannedGroup,
) -> None:
    group.write(stations=2)
    owner, other = group.planner(), group.planner("a", "st0")
    for planner in (owner, other):
        assert planner.run_round()
        planner.keep_row(_row(planner.name))
    group.register.leave(owner.name)
    for minutes in (0, 5, 50):
        group.moment += timedelta(minutes=minutes)
        assert other.run_round()
        other.keep_row(_row(other.name))
        assert _dues(group, "st1") == ["07:00", "08:00", "09:00"]
    group.moment += timedelta(minutes=10)
    assert other.run_round()
    assert _dues(group, "st1") == []


def test_a_station_whose_profile_is_deleted_leaves_no_pieces_that_wait(group: PlannedGroup) -> None:
    group.write(stations=2)
    planner = group.planner()
    assert planner.run_round()
    (group.home / "a" / "feeds" / "st1.toml").unlink()
    for _ in range(2):
        deliver = Piece(kind="deliver", key="st1@deliver@ftp", due=group.moment, station="st1")
        group.work.plan([deliver])
        planner.keep_row(_row(planner.name))
        group.moment += timedelta(minutes=1)
        assert planner.run_round()
        assert group.work.find(*deliver.name) is None
    assert _dues(group, "st1") == []
    assert _dues(group, "st0") == ["07:00", "08:00", "09:00"]


def test_the_pieces_of_a_slot_that_is_withdrawn_are_withdrawn(group: PlannedGroup) -> None:
    group.write()
    group.moment = SEVEN - timedelta(minutes=2)
    planner = group.planner()
    assert planner.run_round()
    draft = ("draft", f"st0@{SEVEN:%Y%m%dT%H%M%SZ}")
    assert group.work.find(*draft) is not None
    path = group.home / "a" / "feeds" / "st0.toml"
    path.write_text(path.read_text("utf-8").replace('"07:00-09:00"', '"08:00-09:00"'), "utf-8")
    for _ in range(2):
        group.moment += timedelta(seconds=50)
        assert planner.run_round()
    assert group.work.find(*draft) is None


def _ask(group: PlannedGroup, *planners: GroupPlanner) -> list[ServiceRequest]:
    """Requests after a round of each planner, oldest first."""
    assert all(planner.run_round() for planner in planners)
    query = select(newsroom_requests).order_by(newsroom_requests.c.id)
    return [*group.archive.select(query, lambda row: from_row(ServiceRequest, row))]


def test_planners_ask_once_for_a_bulletin_with_a_breaking_story_and_again_when_it_failed(
    group: PlannedGroup,
) -> None:
    group.write()
    planners, ledger = [group.planner(), group.planner()], RequestLedger(group.archive)
    story = make_article(id="own-1", is_breaking=True, published=group.moment, not_before=group.moment)
    group.archive.add_own_story("st0", story)
    group.archive.add_own_story("elsewhere", story)
    for number in range(4):
        asked = _ask(group, *planners)
        assert len(asked) == min(number + 1, 3)
        if number < 3:
            claimed = ledger.claim(asked[-1].id, owner="one", now=group.moment, lease=LEASE)
            assert claimed is not None
            note = "no story is fit"
            assert ledger.finish(
                claimed.id, owner="one", state=RequestState.FAILED, now=group.moment, note=note
            )
            group.moment += timedelta(minutes=1)
            assert len(_ask(group, *planners)) == number + 1
        group.moment += timedelta(minutes=1)
    assert {(one.station, one.kind, one.asked_by) for one in asked} == {("st0", RequestKind.MAKE_NOW, "")}


def test_a_breaking_story_near_a_slot_is_left_to_the_bulletin_of_the_slot(group: PlannedGroup) -> None:
    group.write()
    planner = group.planner()
    group.moment = SEVEN - timedelta(minutes=3)
    assert planner.run_round()
    story = make_article(id="own-1", is_breaking=True, published=group.moment, not_before=group.moment)
    group.archive.add_own_story("st0", story)
    assert _ask(group, planner) == []

    group.moment = SEVEN + timedelta(minutes=1)
    on_air = Episode(guid="st0-7", title="7am news", published=group.moment, outlet="fm")
    group.archive.record_bulletin(
        "st0", make_bulletin(group.home / "b.mp3"), [on_air], made_at=group.moment, timings={}
    )
    assert _ask(group, planner) == []


def test_a_station_that_takes_the_running_order_of_a_desk_waits_for_the_feeds_of_the_desk(
    group: PlannedGroup,
) -> None:
    """It may be the first to draft the desk's bulletin: without these feeds from the news of the last hour."""
    group.write(stations=2)
    for number, feeds in enumerate(('[[feeds]]\nurl = "https://gazette.example/rss"\n', "")):
        path = group.home / "a" / "feeds" / f"st{number}.toml"
        text = path.read_text("utf-8").replace("[stories]\n", '[stories]\nrunning_order = "st0"\n')
        path.write_text(text.replace('[[feeds]]\nurl = "gazette.rss"\npages = false\n', feeds), "utf-8")
    group.moment = SEVEN - timedelta(minutes=3)
    assert group.planner().run_round()
    query = select(work_needs.c.key, work_needs.c.needs_kind, work_needs.c.needs_key)
    needs = group.archive.select(query, lambda row: tuple(row.values()))
    slots = [f"st{number}@{SEVEN:%Y%m%dT%H%M%SZ}" for number in (0, 1)]
    assert sorted(need[:2] for need in needs) == [(slot, "feed") for slot in slots]
    assert len({need[2] for need in needs}) == 1


def test_a_planner_with_some_of_the_profiles_counts_the_work_of_the_other_stations(
    group: PlannedGroup,
) -> None:
    """Planners with some of the stations each plan as early as one with all."""
    group.write(stations=8)
    for number in range(8):
        assert group.planner("a", f"st{number}").run_round()

    def lead_of(planner: GroupPlanner) -> timedelta:
        """How long before the slot the first station's draft is planned."""
        group.archive.execute(delete(work_needs), delete(work))
        group.moment = SEVEN - timedelta(minutes=40)
        draft = select(work.c.key).where(work.c.kind == "draft", work.c.station == "st0").limit(1)
        while planner.run_round() and group.archive.scalar(draft) is None:
            group.moment += 10 * SECOND
        return SEVEN - group.moment

    lead = lead_of(group.planner("a", "st0"))
    assert timedelta(minutes=5) < lead < timedelta(minutes=40)
    assert lead_of(group.planner()) == lead
