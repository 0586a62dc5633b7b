"""A stand-by of a group: of the right level whatever the store does, and without a story that was killed since."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.archive.ledgers.group.pieces_of_work import ClaimedPiece, Piece, PieceState
from bulletin.archive.ledgers.group.published_files import PublishedFiles
from bulletin.archive.ledgers.group.work_ledger import WorkLedger
from bulletin.archive.record_dataclasses import Kill
from bulletin.articles.feeds_for_all import FeedsForAll
from bulletin.group.group_profiles import GroupProfiles
from bulletin.group.pieces.do_pieces import PieceWork
from bulletin.group.pieces.piece_names import SWAP, slot_key
from bulletin.group.pieces.work_context import WorkContext
from bulletin.model import Level, Slot
from bulletin.pipeline.make_bulletin import make_bulletin
from bulletin.storage.folder_store import FolderStore
from bulletin.storage.store_interface import Store
from tests.faults.station_on_clock import SUBJECTS
from tests.support.bucket_process import BUCKET, BucketProcess
from tests.support.group_processes import GroupProcesses

SEVEN = datetime(2026, 11, 25, 7, tzinfo=UTC)
EIGHT = SEVEN + timedelta(hours=1)


@dataclass
class Machine:
    """A worker of a group, on a clock of its own, which does one piece at a time."""

    home: Path
    archive: Archive
    store: Store
    profiles: GroupProfiles
    feeds: FeedsForAll
    now: datetime = SEVEN - timedelta(minutes=1)

    @property
    def work(self) -> WorkLedger:
        return WorkLedger(self.archive, now=lambda: self.now)

    @property
    def context(self) -> WorkContext:
        return WorkContext(
            profiles=self.profiles,
            archive=self.archive,
            store=self.store,
            output=self.home / "out",
            work=self.work,
            slots=SlotLedger(self.archive),
            now=lambda: self.now,
            feeds_for_all=self.feeds,
        )

    def make_news(self, due: datetime = SEVEN) -> None:
        """Publish the bulletin of a slot."""
        self.now = due - timedelta(minutes=1)
        slot, worker = self.context.slot_and_worker(self.claim("draft", slot_key("st0", due), due))
        with worker.opened(slot) as station:
            make_bulletin(station, now=self.now, due=due)

    def prepare_standby(self, due: datetime = EIGHT) -> None:
        self.now = due - timedelta(minutes=30)
        self.do("standby", due, payload={"is_needed": True})
        assert self.on_air(".standby/")["level"] == Level.LAST_GOOD

    def claim(self, kind: str, key: str, due: datetime, **more: Any) -> ClaimedPiece:
        deadline = due + timedelta(minutes=10)
        self.work.plan([Piece(kind=kind, key=key, due=due, deadline=deadline, station="st0", **more)])
        claimed = self.work.claim(kind, key, owner="one", lease=timedelta(minutes=5))
        assert claimed is not None
        return claimed

    def do(self, kind: str, due: datetime = EIGHT, **more: Any) -> PieceState:
        """Do a piece of the slot; how it ended."""
        key = slot_key("st0", due)
        SlotLedger(self.archive).plan([Slot(station="st0", due=due, length_s=30.0)])
        PieceWork(context=self.context).do(self.claim(kind, key, due, **more))
        left = self.work.find(kind, key)
        assert left is not None
        return PieceState(left.state)

    def swap(self, due: datetime = EIGHT) -> PieceState:
        self.now = due - timedelta(seconds=3)
        return self.do(SWAP, due)

    def on_air(self, folder: str = "") -> dict[str, Any]:
        """The side file that listeners' programs read."""
        sha256 = PublishedFiles(self.archive).of_station("st0")[f"{folder}fm.json"].sha256
        side: dict[str, Any] = json.loads(self.store.get(f"objects/{sha256[:2]}/{sha256}") or b"{}")
        return side

    def told(self, due: datetime = EIGHT) -> set[str]:
        """Subjects of the last bulletin of a slot."""
        last = next(one for one in self.archive.bulletins("st0") if one.at == due)
        text = " ".join(passage.text for passage in last.running_order)
        return {subject for subject in SUBJECTS if subject in text}


def edit_profile(home: Path, old: str, new: str) -> None:
    path = home / "feeds" / "st0.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@contextmanager
def machine_of(home: Path, store: Store) -> Iterator[Machine]:
    processes = GroupProcesses(home=home, database="postgresql://not-used/x")
    processes.write(stations=1, due=SEVEN, now=SEVEN - timedelta(minutes=1))
    edit_profile(home, 'at = "07:00", every_min = 60', 'at = "00:00-23:00"')
    edit_profile(home, 'length = "up to 0:30"', 'length = "up to 1:15"')
    profiles = GroupProfiles(names=[str(home / "feeds")])
    profiles.refresh()
    (home / "out" / ".bulletin").mkdir(parents=True)
    path = home / "out" / ".bulletin" / "archive.sqlite"
    with Archive.open(path) as archive, closing(FeedsForAll(archive)) as feeds:
        yield Machine(home, archive, store, profiles, feeds)


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    (tmp_path / "store").mkdir()
    with machine_of(tmp_path, FolderStore(tmp_path / "store")) as machine:
        yield machine


@pytest.mark.slow
def test_a_kill_written_into_the_profile_keeps_the_story_out_of_a_prepared_stand_by(machine: Machine) -> None:
    machine.make_news()
    machine.prepare_standby()
    killed, *others = sorted(machine.told())
    assert others

    edit_profile(machine.home, "[stories]", f'[stories]\nkill = ["{killed}"]')
    machine.profiles.refresh()

    assert machine.swap() is PieceState.DONE
    assert (machine.on_air()["level"], machine.on_air()["due"]) == (Level.LAST_GOOD, EIGHT.isoformat())
    assert machine.told() == set(others)
    made_at = machine.on_air()["made"]
    machine.prepare_standby(EIGHT + timedelta(hours=1))
    assert machine.swap(EIGHT + timedelta(hours=1)) is PieceState.DONE  # made after the kill: it airs
    assert machine.on_air()["made"] > made_at


@pytest.mark.slow
def test_a_kill_of_the_desk_by_a_slow_clock_keeps_the_story_out_of_a_prepared_stand_by(
    machine: Machine,
) -> None:
    desk = (machine.home / "feeds" / "st0.toml").read_text(encoding="utf-8")
    (machine.home / "feeds" / "desk.toml").write_text(desk, encoding="utf-8")
    machine.make_news()
    edit_profile(machine.home, "[stories]", '[stories]\nrunning_order = "desk"')
    machine.profiles.refresh()
    machine.prepare_standby()
    killed, *others = sorted(machine.told())

    machine.archive.add_kill("desk", Kill(entry=killed, added_at=SEVEN - timedelta(hours=1)))

    assert machine.swap() is PieceState.DONE
    assert machine.told() == set(others)


@pytest.mark.slow
def test_a_swap_on_a_machine_with_a_slow_clock_is_left_to_another_or_to_later(machine: Machine) -> None:
    """The planner's clock says that the slot has come; a piece that ended here would leave the hour before on air."""
    machine.make_news()
    machine.prepare_standby()
    machine.now = EIGHT - timedelta(seconds=35)

    assert machine.do(SWAP) is PieceState.WAITING
    assert machine.on_air()["due"] == SEVEN.isoformat()
    assert machine.swap() is PieceState.DONE
    assert machine.on_air()["due"] == EIGHT.isoformat()


@pytest.mark.slow
def test_a_story_that_is_killed_while_a_stand_by_is_uploaded_lowers_no_level(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.make_news()
    killed, *others = sorted(machine.told(SEVEN))
    real = machine.store.put_new

    def put_new(key: str, data: bytes, **headers: Any) -> bool:
        machine.archive.add_kill("st0", Kill(entry=killed, added_at=machine.now))
        return real(key, data, **headers)

    monkeypatch.setattr(machine.store, "put_new", put_new)

    machine.prepare_standby()

    assert machine.told() == set(others)


@pytest.mark.slow
def test_a_late_worker_makes_no_lesser_stand_by(machine: Machine, caplog: pytest.LogCaptureFixture) -> None:
    """Its slot has news, or another worker has the piece: a lower level would be a waste, or wrong."""
    machine.make_news()
    machine.now = EIGHT - timedelta(minutes=30)
    piece = machine.claim("standby", slot_key("st0", EIGHT), EIGHT, payload={"is_needed": True})
    SlotLedger(machine.archive).plan([Slot(station="st0", due=EIGHT, length_s=30.0)])
    later = WorkLedger(machine.archive, now=lambda: EIGHT - timedelta(minutes=20))
    assert later.claim(*piece.name, owner="two", lease=timedelta(minutes=5))

    PieceWork(context=machine.context).do(piece)

    assert "late result refused" in caplog.text
    assert "the next level is tried" not in caplog.text
    assert ".standby/fm.json" not in PublishedFiles(machine.archive).of_station("st0")


@pytest.mark.clients
def test_a_store_that_answers_503_for_some_seconds_lowers_no_level(
    tmp_path: Path,
    bucket: BucketProcess,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    from bench.faulty_connection import FaultyConnection, Trouble
    from bulletin.storage.object_store import ObjectStore

    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "id")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    connection = FaultyConnection(bucket.port)
    endpoint = f"http://127.0.0.1:{connection.port}"
    store = ObjectStore(BUCKET, prefix="levels", endpoint=endpoint, region="us-east-1", patience_s=0.2)
    with machine_of(tmp_path, store) as machine:
        machine.make_news()
        machine.now = EIGHT - timedelta(minutes=30)
        connection.suffer(Trouble.OVERLOADED)
        assert machine.do("standby", payload={"is_needed": True}) is PieceState.WAITING
        assert machine.swap() is PieceState.WAITING
        connection.suffer(Trouble.NONE)
        machine.now += timedelta(seconds=10)
        piece = machine.work.claim(SWAP, slot_key("st0", EIGHT), owner="one", lease=timedelta(minutes=5))
        assert piece is not None
        PieceWork(context=machine.context).do(piece)

        assert (machine.on_air()["level"], machine.on_air()["due"]) == (Level.LAST_GOOD, EIGHT.isoformat())
    assert "the next level is tried" not in caplog.text
