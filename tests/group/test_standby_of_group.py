"""A slot without news has the right stand-by in a group, made by the same chain as on one machine."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.archive.ledgers.group.published_files import PublishedFiles
from bulletin.archive.ledgers.group.work_ledger import WorkLedger
from bulletin.model import Level, SlotRecord, SlotState
from bulletin.storage.folder_store import FolderStore
from tests.support.group_processes import GroupProcesses, run_group

pytestmark = pytest.mark.clients
pytest.importorskip("procrastinate", reason="pip install 'bulletin-radio[group]'")

DELIVERY = '[[deliveries]]\nkind = "folder"\npath = "../playout"\n'
NOTHING = '[[feeds]]\nurl = "nothing.rss"\npages = false\n'


def test_a_station_without_news_airs_a_stand_by_and_the_others_their_news(
    tmp_path: Path, postgres_url: str
) -> None:
    with run_group(tmp_path, postgres_url) as group:
        due = group.write(stations=1, minutes=2)
        (tmp_path / "playout").mkdir()
        group.write(stations=1, first=1, due=due, feeds=NOTHING, tables=DELIVERY)
        group.start("planner", "plan")
        group.start("one", "worker")
        group.start("two", "worker")
        group.wait(lambda: bool(_row(group, due, "st1").standby), "the stand-by is on air")
        group.wait(lambda: _row(group, due, "st0").level == Level.FRESH, "the other station has its news")
        group.wait((tmp_path / "playout" / "st1.wav").is_file, "the playout's folder has the stand-by")
        with group.archive() as archive:
            files = PublishedFiles(archive).of_station("st1")
            draft = WorkLedger(archive, now=archive.now).find("draft", f"st1@{due:%Y%m%dT%H%M%SZ}")
        store = FolderStore(tmp_path / "store")
        side_file = json.loads(store.get(_object(files["fm.json"].sha256)) or b"{}")
        sound = store.get(_object(files[side_file["audio"]].sha256))
        row = _row(group, due, "st1")

    assert draft is not None
    assert row.standby == side_file["level"] == Level.EVERGREEN
    assert row.note == f"{draft.note}; no bulletin was made yet"
    assert draft.state == "failed"
    assert sound is not None
    assert sound.startswith(b"RIFF")
    assert (tmp_path / "playout" / "st1.wav").read_bytes() == sound


def _object(sha256: str) -> str:
    return f"objects/{sha256[:2]}/{sha256}"


def _row(group: GroupProcesses, due: datetime, station: str) -> SlotRecord:
    """The slot of a station, in whatever state; one that is not planned yet has none."""
    with group.archive() as archive:
        rows = SlotLedger(archive).rows(since=due, until=due + timedelta(seconds=1), station=station)
    return next(iter(rows), SlotRecord(station=station, due=due, state=SlotState.PLANNED))
