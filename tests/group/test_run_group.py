"""Planners and workers as real processes with a real PostgreSQL: the whole road of a group."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from bulletin.archive.ledgers.group.group_workers import WorkerLedger
from bulletin.archive.ledgers.group.work_ledger import WorkLedger
from bulletin.model import Level
from tests.support.group_processes import run_group

pytestmark = pytest.mark.clients
pytest.importorskip("procrastinate", reason="pip install 'bulletin-radio[group]'")


def test_two_workers_make_the_bulletins_of_all_stations_and_speak_each_sentence_once(
    tmp_path: Path, postgres_url: str
) -> None:
    with run_group(tmp_path, postgres_url) as group:
        due = group.write(stations=4)
        group.start("planner", "plan")
        group.start("one", "worker")
        group.start("two", "worker")
        rows = group.wait_until_done(due, stations=4)
        with group.archive() as archive:
            work, register = WorkLedger(archive, now=archive.now), WorkerLedger(archive, now=archive.now)
            names = {worker.name: worker.role for worker in register.workers()}
            counts = work.counts()
            canary = register.value("canary_at")
        codes = [group.kill(name, signal.SIGTERM) for name in ("planner", "one", "two")]
        with group.archive() as archive:
            left = WorkerLedger(archive, now=archive.now).workers()

    assert {row.level for row in rows} == {Level.FRESH}
    assert names == {"planner": "planner", "one": "worker", "two": "worker"}
    assert counts["mix", "done"] == 4
    spoken = counts["speak", "done"]
    assert len(list((tmp_path / "store" / "speech").rglob("*.wav"))) == spoken
    assert canary
    assert (codes, left) == ([0, 0, 0], ())
