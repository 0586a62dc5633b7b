from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from bulletin.archive.archive import Archive
from bulletin.archive.records import Kill
from bulletin.service.memory import open_memory, stand_in

NOW = datetime(2026, 11, 25, 7, tzinfo=UTC)


def newer(output: Path) -> Path:
    """An archive of a Bulletin to come, with a kill list."""
    path = output / ".bulletin" / "archive.sqlite"
    with Archive.open(path) as archive:
        archive.add_kill("valley", Kill(entry="library", added_at=NOW))
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
        db.execute("ALTER TABLE kills ADD COLUMN mood TEXT")
    return path


def test_an_archive_that_can_be_used_is_used(tmp_path: Path) -> None:
    with open_memory(tmp_path) as archive:
        assert archive.path == tmp_path / ".bulletin" / "archive.sqlite"
        assert archive.notes == ()


def test_what_stands_in_says_why_and_knows_the_kill_list(tmp_path: Path) -> None:
    path = newer(tmp_path)

    with open_memory(tmp_path) as archive:
        assert archive.path != path
        assert [kill.entry for kill in archive.kills("valley")] == ["library"]
        assert "newer Bulletin" in archive.notes[0]


def test_what_a_service_before_had_written_without_memory_is_forgotten(tmp_path: Path) -> None:
    newer(tmp_path)
    with open_memory(tmp_path) as archive:
        archive.add_kill("valley", Kill(entry="bridge", added_at=NOW))

    with open_memory(tmp_path) as archive:
        assert [kill.entry for kill in archive.kills("valley")] == ["library"]


def test_for_a_piece_of_work_nothing_stays_behind(tmp_path: Path) -> None:
    path = newer(tmp_path)

    with stand_in(tmp_path, why="locked") as archive:
        assert archive.kills("valley")
        assert archive.notes == ("locked: on air without it, from 1 rows that could be read",)

    assert [p for p in path.parent.rglob("stand-in.sqlite*") if p.exists()] == []


def test_where_there_is_no_archive_it_is_empty(tmp_path: Path) -> None:
    (tmp_path / ".bulletin").mkdir()

    with stand_in(tmp_path, why="gone") as archive:
        assert archive.kills("valley") == ()
