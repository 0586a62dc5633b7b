"""Planner of a group: what it adds to the ledger, and when; with a clock that the tests turn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete

from bulletin.archive.archive import Archive
from bulletin.archive.database import tables
from bulletin.archive.database.group_tables import group_workers, work, work_needs
from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.archive.ledgers.group.group_workers import WorkerLedger
from bulletin.archive.ledgers.group.pieces_of_work import NO_MORE, MorePieces, Need, Piece
from bulletin.archive.ledgers.group.work_ledger import WorkLedger
from bulletin.group.engines.thread_engine import ThreadEngine
from bulletin.group.group_profiles import GroupProfiles
from bulletin.group.pieces.own_times import reading_times, speech_times
from bulletin.group.planning.plan_group import GroupPlanner
from bulletin.model import Level
from tests.support.factories import make_bulletin
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
    rows = (work, work_needs, group_workers, tables.slots, tables.bulletins)
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
