"""The pieces of a group on one machine: threads and SQLite, the same functions, no broker and no server."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.archive.ledgers.group.group_workers import WorkerLedger
from bulletin.archive.ledgers.group.published_files import PublishedFiles
from bulletin.archive.ledgers.group.work_ledger import WorkLedger
from bulletin.articles.feeds_for_all import FeedsForAll
from bulletin.group.engines.thread_engine import ThreadEngine
from bulletin.group.group_profiles import GroupProfiles
from bulletin.group.pieces.voices_of_machine import voices_of_machine
from bulletin.group.pieces.work_context import WorkContext
from bulletin.group.planning.plan_group import GroupPlanner
from bulletin.group.run_worker import Worker
from bulletin.model import Level, SlotState
from bulletin.storage.folder_store import FolderStore
from tests.support.delivery_servers.base import wait_for
from tests.support.fake_engines import SPOKEN
from tests.support.group_processes import GroupProcesses

DUE = datetime(2026, 11, 25, 7, tzinfo=UTC)
NOW = DUE - timedelta(minutes=1)


@pytest.mark.slow
def test_threads_and_sqlite_make_the_bulletins_of_two_stations(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = GroupProcesses(home=tmp_path, database="postgresql://not-used/x")
    group.write(stations=2, due=DUE, now=NOW, voice=group.note_sentences())
    monkeypatch.setenv(SPOKEN, group.environment[SPOKEN])
    profiles = GroupProfiles(names=[str(tmp_path / "feeds")])
    profiles.refresh()
    (tmp_path / "store").mkdir()
    (tmp_path / "out" / ".bulletin").mkdir(parents=True)
    engine = ThreadEngine()
    with Archive.open(tmp_path / "out" / ".bulletin" / "archive.sqlite") as archive:
        work, slots = WorkLedger(archive, now=archive.now, clock=lambda: NOW), SlotLedger(archive)
        register = WorkerLedger(archive, now=archive.now)
        context = WorkContext(
            profiles=profiles,
            archive=archive,
            store=FolderStore(tmp_path / "store"),
            output=tmp_path / "out",
            work=work,
            slots=slots,
            now=lambda: NOW,
            feeds_for_all=FeedsForAll(archive),
        )
        worker = Worker(
            name="one",
            machine="here",
            context=context,
            register=register,
            engine=engine,
            voices=lambda: voices_of_machine(context.station_workers()),
            parallel=2,
            end_process=lambda code: None,
        )
        planner = GroupPlanner(
            profiles=profiles,
            archive=archive,
            work=work,
            slots=slots,
            register=register,
            engine=engine,
            output=tmp_path / "out",
            now=lambda: NOW,
        )
        thread = Thread(target=worker.run)
        thread.start()
        try:
            wait_for(lambda: planner.run_round() and _are_done(slots), within_s=300)
        finally:
            engine.stop()
            thread.join()
        rows = slots.rows(since=DUE, until=DUE + timedelta(seconds=1))
        files = {row.station: PublishedFiles(archive).of_station(row.station) for row in rows}
        counts = work.counts()

    assert [(row.station, row.level) for row in rows] == [("st0", Level.FRESH), ("st1", Level.FRESH)]
    assert all("fm.json" in names for names in files.values())
    assert counts["mix", "done"] == 2
    spoken = group.sentences()
    assert len(spoken) == len(set(spoken)) == len(list((tmp_path / "store" / "speech").rglob("*.wav")))


def _are_done(slots: SlotLedger) -> bool:
    rows = slots.rows(since=DUE, until=DUE + timedelta(seconds=1))
    return len(rows) == 2 and all(row.state is SlotState.DONE for row in rows)
