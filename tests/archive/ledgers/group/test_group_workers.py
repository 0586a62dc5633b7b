"""Register of a group's workers: one row for each name, by the clock of the database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.group.group_workers import GroupWorker, WorkerLedger
from tests.support.factories import NOW

WORKER = GroupWorker(
    name="studio-1",
    machine="studio",
    pid=17,
    version="0.2",
    voices=("hibari:demo",),
    stations=("hill", "valley"),
    refused={"moor": "moor.toml, line 3: no such option"},
)


def test_a_worker_has_one_row_until_it_leaves_and_a_value_is_the_last_one_written(tmp_path: Path):
    with Archive.open(tmp_path / "archive.sqlite") as archive:
        now = NOW
        ledger = WorkerLedger(archive, now=lambda: now)
        ledger.announce(WORKER)
        ledger.announce(GroupWorker(name="planner-1", role="planner"))
        now += timedelta(seconds=30)
        ledger.announce(replace(WORKER, pid=99))
        now += timedelta(seconds=5)

        assert ledger.seen("studio-1", note="the store did not answer")
        assert not ledger.seen("nobody")
        planner, worker = ledger.workers()
        assert (planner.role, planner.seen_at) == ("planner", NOW)
        assert worker == replace(
            WORKER,
            pid=99,
            note="the store did not answer",
            began_at=NOW + timedelta(seconds=30),
            seen_at=now,
        )
        assert ledger.forget(before=NOW + timedelta(seconds=1)) == 1
        ledger.leave("studio-1")
        assert ledger.workers() == ()

        assert ledger.value("canary_at") == ""
        ledger.set_value("canary_at", "2026-11-30T12:00:00+00:00")
        ledger.set_value("canary_at", "2026-11-30T12:01:00+00:00")
        assert ledger.value("canary_at") == "2026-11-30T12:01:00+00:00"
