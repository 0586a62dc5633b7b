from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bulletin.archive.archive import Archive
from bulletin.archive.database.check_database_damage import fallback_path
from bulletin.archive.kill_list_safety_copy import kill_list_path
from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.archive.record_dataclasses import Kill
from bulletin.model import Level, Slot, SlotState
from bulletin.service.open_archive_or_fallback import EVERY, ServiceArchive, open_service_archive, stand_in
from bulletin.station.open_archive import open_archive
from tests.faults.locks import held_exclusively
from tests.support.newer_archive import make_newer

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 25, 7, tzinfo=UTC)
AT = "2026-11-25 07:00:00.000000"


def newer(output: Path) -> Path:
    """Archive of a future version, with a kill list."""
    path = output / ".bulletin" / "archive.sqlite"
    with Archive.open(path) as archive:
        archive.add_kill("valley", Kill(entry="library", added_at=NOW))
    make_newer(path)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("ALTER TABLE kills ADD COLUMN mood TEXT")
    return path


def older(output: Path) -> Path:
    """Usable archive with a kill list."""
    path = output / ".bulletin" / "archive.sqlite"
    with Archive.open(path) as archive:
        archive.add_kill("valley", Kill(entry="library", added_at=NOW))
    return path


def meet(archive: Archive, due: datetime) -> None:
    ledger = SlotLedger(archive)
    ledger.plan([Slot(station="valley", due=due, length_s=60)])
    ledger.claim("valley", due, owner="us", now=due, lease=EVERY)
    ledger.finish("valley", due, owner="us", level=Level.FRESH, now=due)


def test_a_usable_archive_is_opened(tmp_path: Path) -> None:
    with open_service_archive(tmp_path) as archive:
        assert archive.path == tmp_path / ".bulletin" / "archive.sqlite"
        assert archive.notes == ()


def test_the_fallback_archive_has_the_reason_and_the_kill_list(tmp_path: Path) -> None:
    path = newer(tmp_path)

    with open_service_archive(tmp_path) as archive:
        assert archive.path != path
        assert [kill.entry for kill in archive.kills("valley")] == ["library"]
        assert "newer Bulletin" in archive.notes[0]


def test_a_later_service_knows_the_kills_of_the_fallback(tmp_path: Path) -> None:
    newer(tmp_path)
    with open_service_archive(tmp_path) as archive:
        archive.add_kill("valley", Kill(entry="bridge", added_at=NOW))

    with open_service_archive(tmp_path) as archive:
        assert {kill.entry for kill in archive.kills("valley")} == {"library", "bridge"}


def test_a_kill_added_meanwhile_is_read(tmp_path: Path) -> None:
    path = newer(tmp_path)
    with stand_in(tmp_path, why="newer"):
        pass
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(
            "INSERT INTO kills (station, entry, added_at, note) VALUES ('valley', 'pier', ?, '')", [AT]
        )

    with stand_in(tmp_path, why="newer") as archive:
        assert "pier" in {kill.entry for kill in archive.kills("valley")}


def test_without_an_archive_the_fallback_is_empty(tmp_path: Path) -> None:
    (tmp_path / ".bulletin").mkdir()

    with stand_in(tmp_path, why="gone") as archive:
        assert archive.kills("valley") == ()


def test_the_kill_list_of_a_locked_archive_is_read(tmp_path: Path) -> None:
    path = older(tmp_path)

    with held_exclusively(path), open_service_archive(tmp_path, busy_s=0.1) as archive:
        assert archive.path == fallback_path(path)
        assert [kill.entry for kill in archive.kills("valley")] == ["library"]
        assert "keeps it locked" in archive.notes[0]


@pytest.mark.slow
def test_the_fallback_is_merged_back_with_its_slots(tmp_path: Path) -> None:
    """Met slots and all data that a restart needs are merged; no fallback file stays."""
    path = older(tmp_path)
    reports: list[tuple[str, bool]] = []
    with held_exclusively(path):
        archive = open_service_archive(tmp_path, busy_s=0.1)
        meet(archive, NOW)
    memory = ServiceArchive(
        archive=archive, output=tmp_path, report=lambda text, is_over: reports.append((text, is_over))
    )

    with archive:
        looks = [memory.check(NOW + minute * EVERY, is_idle=minute > 1) for minute in range(3)]

        assert looks == [False, False, True]
        assert archive.path == path
        (row,) = SlotLedger(archive).rows(since=NOW, until=NOW + EVERY)
        assert (row.state, row.level) == (SlotState.DONE, Level.FRESH)
        assert [kill.entry for kill in archive.kills("valley")] == ["library"]
    assert not fallback_path(path).exists()
    assert [is_over for _, is_over in reports] == [False, True]


def test_the_fallback_stays_while_the_archive_is_unusable(tmp_path: Path) -> None:
    path = newer(tmp_path)
    reports: list[bool] = []

    with open_service_archive(tmp_path) as archive:
        memory = ServiceArchive(
            archive=archive, output=tmp_path, report=lambda text, is_over: reports.append(is_over)
        )
        assert not any(memory.check(NOW + minute * EVERY, is_idle=True) for minute in range(3))

        assert archive.path == fallback_path(path)
    assert reports == [False, False, False]


def test_after_a_move_a_new_archive_has_the_readable_kill_list(tmp_path: Path) -> None:
    path = newer(tmp_path)
    with open_service_archive(tmp_path) as archive:
        memory = ServiceArchive(archive=archive, output=tmp_path, report=lambda text, is_over: None)
        memory.check(NOW, is_idle=True)
        for file in path.parent.glob(f"{path.name}*"):
            file.rename(file.with_name(f"old-{file.name}"))

        assert memory.check(NOW + EVERY, is_idle=True)
        assert archive.path == path
        assert [kill.entry for kill in archive.kills("valley")] == ["library"]


def test_damage_at_run_time_is_reported_and_resolved(tmp_path: Path) -> None:
    older(tmp_path)
    reports: list[tuple[str, bool]] = []
    with open_service_archive(tmp_path) as archive:
        memory = ServiceArchive(
            archive=archive, output=tmp_path, report=lambda text, is_over: reports.append((text, is_over))
        )
        memory.check(NOW, is_idle=True)
        archive.notes = ("it was damaged",)

        memory.check(NOW + EVERY, is_idle=True)
        memory.check(NOW + 2 * EVERY, is_idle=True)

    assert reports[1] == ("it was damaged", False)
    assert [is_over for _, is_over in reports] == [True, False, True]


def test_the_next_opener_merges_the_fallback_back(tmp_path: Path) -> None:
    path = older(tmp_path)
    with stand_in(tmp_path, why="locked") as archive:
        meet(archive, NOW)

    with open_archive(tmp_path) as archive:
        assert [row.state for row in SlotLedger(archive).rows(since=NOW, until=NOW + EVERY)] == [
            SlotState.DONE
        ]
    assert not fallback_path(path).exists()


def test_a_fallback_in_use_is_not_merged_back(tmp_path: Path) -> None:
    path = older(tmp_path)
    with stand_in(tmp_path, why="locked") as archive:
        with open_archive(tmp_path):
            pass
        meet(archive, NOW)
        assert fallback_path(path).exists()

    with open_archive(tmp_path) as archive:
        assert len(SlotLedger(archive).rows(since=NOW, until=NOW + EVERY)) == 1


def test_a_doubtful_kill_list_is_reported_until_confirmed(tmp_path: Path) -> None:
    path = older(tmp_path)
    kill_list_path(path).unlink()
    reports: list[tuple[str, bool]] = []
    with open_service_archive(tmp_path) as archive:
        memory = ServiceArchive(
            archive=archive,
            output=tmp_path,
            report=lambda text, is_over: None,
            report_kill_list=lambda text, is_over: reports.append((text, is_over)),
        )
        memory.check(NOW, is_idle=True)
        with open_archive(tmp_path) as other:
            other.trust_kills()
        memory.check(NOW + EVERY, is_idle=True)

    assert [is_over for _, is_over in reports] == [False, True]
    assert "the kill list may be incomplete: the file archive.kills" in reports[0][0]
    assert "bulletin kill confirm" in reports[0][0]
