"""Workers that are killed or frozen while they publish, as processes beside a real PostgreSQL (mark.clients)."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.group.pieces_of_work import Piece, PieceState
from bulletin.archive.ledgers.group.work_ledger import WorkLedger
from bulletin.storage.folder_store import FolderStore
from tests.support.delivery_servers.base import wait_for
from tests.support.group_of_machines import faults_of, heard, write_profile

pytestmark = pytest.mark.clients
PLACES = ("upload 4", "in the transaction", "before the commit")
LEASE_S = 2.0


@dataclass
class Group:
    """A database, a store, and worker processes."""

    root: Path
    database: str
    archive: Archive
    store: FolderStore
    running: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def work(self) -> WorkLedger:
        return WorkLedger(self.archive, now=self.archive.now)

    def plan(self, hours: int) -> str:
        key = f"hill/{hours}"
        due = self.archive.now() + timedelta(hours=1)
        self.work.plan([Piece(kind="mix", key=key, due=due, deadline=due, station="hill")])
        return key

    def start(self, machine: str, *, hours: int, stop_at: str = "") -> subprocess.Popen[str]:
        told = {
            "database": self.database,
            "store": str(self.store.label),
            "profile": str(self.root / "hill.toml"),
            "machine": str(self.root / machine),
            "key": f"hill/{hours}",
            "hours": hours,
            "lease_s": LEASE_S,
            "stop_at": stop_at,
        }
        worker = subprocess.Popen(
            [sys.executable, "-m", "tests.support.publishing_worker", json.dumps(told)],
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.running.append(worker)
        return worker

    def run(self, machine: str, *, hours: int) -> str:
        """Publish on a machine, as soon as the lease of a dead worker is over; what it said last."""
        said = ""

        def is_done() -> bool:
            nonlocal said
            said = self.start(machine, hours=hours).communicate(timeout=120)[0].split("\n")[-2]
            return said != "taken"

        wait_for(is_done)
        return said

    def heard(self) -> dict[str, bytes]:
        return heard(self.archive, self.store)


@pytest.fixture
def group(tmp_path: Path, postgres_url: str) -> Iterator[Group]:
    from bulletin.archive.server_archive import open_server_archive

    write_profile(tmp_path)
    (tmp_path / "store").mkdir()
    with open_server_archive(postgres_url) as archive:
        group = Group(tmp_path, postgres_url, archive, FolderStore(tmp_path / "store"))
        yield group
        for worker in group.running:
            worker.kill()
            worker.communicate()


def reach_breakpoint(worker: subprocess.Popen[str]) -> None:
    assert worker.stdout
    lines = iter(worker.stdout.readline, "")
    said = []
    for line in lines:
        said.append(line.strip())
        if line.strip() == "stop":
            return
    raise AssertionError(f"ended before its breakpoint: {said}")


def test_a_killed_worker_leaves_the_former_publication_or_the_new_one(group: Group) -> None:
    group.plan(0)
    assert group.run("one", hours=0) == "published"
    for hours, place in enumerate(PLACES, 1):
        before = group.heard()
        key = group.plan(hours)
        worker = group.start("two", hours=hours, stop_at=place)
        reach_breakpoint(worker)
        worker.send_signal(signal.SIGKILL)
        worker.wait()

        assert (group.heard(), faults_of(before)) == (before, []), place
        assert len(group.archive.bulletins("hill")) == hours
        machine = "two" if hours % 2 else "one"  # the working copy that was left half written, or another one
        assert group.run(machine, hours=hours) == "published", place
        public = group.heard()
        assert (faults_of(public), public != before) == ([], True), place
        assert public["feed.xml"].count(b"<item>") == hours + 1
        record = group.work.find("mix", key)
        assert record
        assert (record.state, record.result) == (PieceState.DONE, "fresh")


def test_a_worker_that_was_frozen_past_its_lease_publishes_nothing(group: Group) -> None:
    group.plan(0)
    frozen = group.start("one", hours=0, stop_at="upload 9")
    reach_breakpoint(frozen)
    frozen.send_signal(signal.SIGSTOP)
    assert group.run("two", hours=0) == "published"
    group.plan(1)
    assert group.run("two", hours=1) == "published"
    before = group.heard()

    frozen.send_signal(signal.SIGCONT)
    said = frozen.communicate("go on\n", timeout=120)[0].split("\n")[-2]

    assert said.startswith("LateWorkerError")
    assert (group.heard(), faults_of(before)) == (before, [])
    assert before["feed.xml"].count(b"<item>") == 2
    assert len(group.archive.bulletins("hill")) == 2
    group.plan(2)
    assert group.run("one", hours=2) == "published"
    assert (faults_of(group.heard()), group.heard()["feed.xml"].count(b"<item>")) == ([], 3)
