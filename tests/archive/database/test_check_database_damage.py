"""Opening an archive: new, old, newer, damaged, locked, or of another program."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import literal, select

from bulletin.archive.archive import Archive
from bulletin.archive.database.check_database_damage import (
    BUSY_S,
    CorruptArchiveError,
    Identity,
    UnfitValueError,
    identify,
    read_revision,
    set_aside,
)
from bulletin.archive.database.check_revision import REVISIONS
from bulletin.errors import ArchiveError
from tests.support.factories import NOW, make_article
from tests.support.newer_archive import NEWER, make_newer


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "archive.db"


def test_a_new_archive_is_made_with_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "100% new?" / "archive.db"

    with Archive.open(path) as archive:
        assert archive.notes == ()

    assert read_revision(path) == REVISIONS[-1]


def test_rows_are_there_after_opening_again(path: Path) -> None:
    with Archive.open(path) as archive:
        archive.add_own_story("demo", make_article())

    with Archive.open(path) as archive:
        assert archive.own_stories("demo", NOW) == (make_article(),)


def test_the_archive_is_in_wal_mode_and_keeps_foreign_keys(path: Path) -> None:
    with Archive.open(path) as archive, archive.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == BUSY_S * 1000


def test_a_newer_archive_is_left_alone(path: Path) -> None:
    Archive.open(path).close()
    make_newer(path)
    before = path.read_bytes()

    with pytest.raises(ArchiveError, match=rf"newer Bulletin \(format {NEWER}.*update Bulletin"):
        Archive.open(path)

    assert before == path.read_bytes()


def test_an_archive_to_which_a_newer_bulletin_has_only_added_is_used_as_it_is(path: Path) -> None:
    Archive.open(path).close()
    make_newer(path, oldest_writer=REVISIONS[-1])

    with Archive.open(path) as archive:
        archive.add_own_story("demo", make_article())

        assert archive.own_stories("demo", NOW) == (make_article(),)
        assert archive.notes == ()
    assert read_revision(path) == NEWER


def test_a_database_of_another_program_is_left_alone(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE songs (title TEXT)")

    with pytest.raises(ArchiveError, match="another program"):
        Archive.open(path)


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda data: b"this is no database at all" * 50, id="other file"),
        pytest.param(lambda data: data[:100] + b"\xff" * (len(data) - 100), id="overwritten"),
        pytest.param(lambda data: data[: len(data) // 3], id="cut short"),
        pytest.param(lambda data: data[:4096] + b"\x5a" * 4096 + data[8192:], id="one page"),
    ],
)
def test_a_damaged_archive_is_set_aside_and_a_new_one_says_so(path: Path, damage) -> None:
    with Archive.open(path) as archive:
        archive.add_own_story("demo", make_article())
    damaged = damage(path.read_bytes())
    path.write_bytes(damaged)

    with Archive.open(path) as archive:
        assert len(archive.notes) == 1
        assert "damaged" in archive.notes[0]
        archive.add_own_story("demo", make_article())
        assert archive.own_stories("demo", NOW) == (make_article(),)

    (aside,) = path.parent.glob("archive.corrupt-*")
    assert damaged == aside.read_bytes()
    assert aside.name in archive.notes[0]


def make_new(path: Path) -> Path:
    new = path.with_name("new.sqlite")
    new.touch()
    return new


def test_the_log_of_a_damaged_archive_goes_with_it(path: Path) -> None:
    path.write_bytes(b"x")
    path.with_name("archive.db-wal").write_bytes(b"log")

    aside = set_aside(path, new=make_new(path), now=datetime(2026, 11, 24, 7, tzinfo=UTC))

    assert aside.name == "archive.corrupt-20261124T070000Z"
    assert sorted(p.name for p in path.parent.iterdir()) == [aside.name, f"{aside.name}-wal", path.name]


def test_two_damaged_archives_in_one_second_are_both_kept(path: Path) -> None:
    now = datetime(2026, 11, 24, 7, tzinfo=UTC)
    path.write_bytes(b"first")
    first = set_aside(path, new=make_new(path), now=now)
    path.write_bytes(b"second")
    second = set_aside(path, new=make_new(path), now=now)

    assert (first.read_bytes(), second.read_bytes()) == (b"first", b"second")


def test_a_locked_archive_is_not_taken_for_a_damaged_one(path: Path) -> None:
    Archive.open(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = DELETE")
        db.execute("BEGIN EXCLUSIVE")

        with pytest.raises(ArchiveError, match="keeps it locked") as caught:
            Archive.open(path, busy_s=0.05)

    assert not isinstance(caught.value, CorruptArchiveError)
    assert list(path.parent.glob("archive.corrupt-*")) == []


def test_a_writer_waits_for_another_one(path: Path) -> None:
    with Archive.open(path) as first, Archive.open(path) as second:
        with first.writing() as connection:
            connection.exec_driver_sql("SELECT 1")
            assert second.own_stories("demo", NOW) == ()
        second.add_own_story("demo", make_article())

        assert first.own_stories("demo", NOW) == (make_article(),)


def test_a_folder_instead_of_the_archive_is_an_error_with_a_remedy(path: Path) -> None:
    path.mkdir()

    with pytest.raises(ArchiveError, match="choose another folder with --output"):
        Archive.open(path)


def test_a_file_instead_of_the_folder_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(ArchiveError, match=r"file: the folder cannot be created \(.+\); move that file away"):
        Archive.open(tmp_path / "file" / "archive.db")


@pytest.mark.slow
def test_opening_a_present_archive_does_not_load_alembic(path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from bulletin.archive.archive import Archive\n"
        "for _ in range(2): Archive.open(Path(sys.argv[1])).close()\n"
        "sys.exit('alembic' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code, str(path)], check=False).returncode == 0


@pytest.mark.slow
def test_several_processes_may_open_a_new_archive_at_once(path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from bulletin.archive.archive import Archive\n"
        "with Archive.open(Path(sys.argv[1])) as archive: archive.podcast_guid(sys.argv[2], 'https://a/')"
    )
    started = [subprocess.Popen([sys.executable, "-c", code, str(path), str(n)]) for n in range(6)]

    assert [process.wait() for process in started] == [0] * 6
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT count(*) FROM podcasts").fetchone() == (6,)


def test_an_archive_that_another_process_is_creating_is_not_lost(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.touch()
    looked: list[str] = []

    def look(path: Path, *, busy_s: float = 10) -> str:
        looked.append(revision := read_revision(path, busy_s=busy_s))
        if len(looked) == 1:
            Archive.open(path).close()
        return revision

    monkeypatch.setattr("bulletin.archive.self_healing_database.read_revision", look)
    with Archive.open(path) as archive:
        assert archive.notes == ()

    assert list(path.parent.glob("*.corrupt-*")) == []


def test_a_replaced_archive_is_noted_once_by_several_threads(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = threading.Barrier(2, timeout=60)
    looked = threading.local()

    def look(path: Path) -> Identity | None:
        identity = identify(path)
        if not hasattr(looked, "once"):
            looked.once = True
            both.wait()
        return identity

    with Archive.open(path) as archive:
        path.rename(path.with_name("old.db"))
        Archive.open(path).close()
        monkeypatch.setattr("bulletin.archive.self_healing_database.identify", look)
        threads = [threading.Thread(target=archive.own_stories, args=("demo", NOW)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)

        assert archive.notes == (f"{path}: another archive has replaced it",)


@pytest.mark.parametrize("value", [2**63, "half \ud800"])
def test_a_value_that_no_row_can_hold_is_not_taken_for_damage(path: Path, value: object) -> None:
    query = select(literal(value) == 1)
    with Archive.open(path) as archive:
        with pytest.raises(UnfitValueError, match="correct it"):
            archive.scalar(query)
        assert archive.notes == ()
    assert list(path.parent.glob("archive.corrupt-*")) == []
