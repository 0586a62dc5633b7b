"""Damage that appears during a run: the archive is repaired, and the run goes on."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bulletin.archive.archive import Archive
from bulletin.archive.database import check_database_damage
from bulletin.archive.ledgers.bulletin_run_history import JournalQuery, RunJournal
from bulletin.archive.ledgers.newsroom_audit import AuditLedger
from bulletin.archive.ledgers.newsroom_requests import RequestKind, RequestLedger
from bulletin.archive.ledgers.newsroom_users import Session, SessionKind, User, UserLedger
from bulletin.archive.record_dataclasses import FeedMemory, Kill, PageMemory
from bulletin.archive.repair.salvage_readable_rows import salvage
from tests.support.factories import NOW, make_article, make_bulletin

HOUR = timedelta(hours=1)
PAGE = 4096


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "archive.db"
    with Archive.open(path) as archive:
        archive.add_kill("hill", Kill(entry="Pethick", added_at=NOW))
        archive.podcast_guid("hill", "https://a.example/feed.xml")
        for number in range(40):
            archive.record_bulletin(
                "hill", make_bulletin(Path("a.mp3")), made_at=NOW + number * HOUR, timings={}
            )
            archive.keep_page(PageMemory(link=f"https://a/{number}", text="word " * 2000, fetched_at=NOW))
    return path


def overwrite_page(path: Path, page: int) -> None:
    with path.open("r+b") as file:
        file.seek(page * PAGE)
        file.write(random.Random(page).randbytes(PAGE))


def use_every_table(archive: Archive) -> None:
    """Every read and write of an archive that a run or a command makes."""
    archive.keep_feed(FeedMemory(url="https://a/"), [make_article()])
    archive.articles_of("https://a/")
    for number in range(40):
        archive.pages([f"https://a/{number}"])
    archive.aired("hill", since=NOW - HOUR)
    archive.kills("hill")
    archive.bulletins("hill")
    archive.stage_times("hill", limit=20)
    archive.record_bulletin("hill", make_bulletin(Path("b.mp3")), made_at=NOW + 90 * HOUR, timings={})
    assert archive.last_bulletin("hill").made_at == NOW + 90 * HOUR
    RunJournal(archive).tellings("hill", ["bridge"])


@pytest.mark.slow
def test_every_query_is_answered_after_damage_to_any_page(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check at the start is off, as for an archive that is too large to be read to its end."""
    monkeypatch.setattr(check_database_damage, "_CHECKED_BYTES", 0)
    whole = path.read_bytes()
    met = 0
    for page in range(2, len(whole) // PAGE, 9):
        path.write_bytes(whole)
        overwrite_page(path, page)

        with Archive.open(path) as archive:
            use_every_table(archive)
            met += len(archive.notes)
            assert len(archive.notes) <= 1
        with closing(sqlite3.connect(path)) as db:
            assert db.execute("PRAGMA quick_check(1)").fetchone() == ("ok",) or not archive.notes

    assert met >= 5
    assert len(list(path.parent.glob("archive.corrupt-*"))) == met


def test_undamaged_rows_are_saved_and_the_damage_is_noted(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        (page,) = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'articles'").fetchone()
    overwrite_page(path, page - 1)

    with Archive.open(path) as archive:
        (note,) = archive.notes
        assert "is damaged" in note
        assert "\n" not in note
        assert "move the file" not in note
        assert "set aside as archive.corrupt-" in note
        assert "rows could be saved" in note
        assert [kill.entry for kill in archive.kills("hill")] == ["Pethick"]
        assert len(list(RunJournal(archive).aired("hill", JournalQuery(story="bridge")))) == 40
        assert archive.aired("hill", since=NOW)["gazette:1"].times == 40

    with Archive.open(path) as archive:
        assert archive.notes == ()


def test_noise_in_a_row_is_not_saved(path: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE bulletins SET at = 'noise' WHERE id = 1")
        db.execute("UPDATE bulletins SET running_order = '[{' WHERE id = 2")
        db.execute("UPDATE bulletins SET title = x'ff00' WHERE id = 3")
    new = tmp_path / "new.db"
    Archive.open(new).close()

    assert salvage(path, new) == 37 + 37 + 4  # bulletins, their stories, and four other rows

    with Archive.open(new) as archive:
        assert len(archive.bulletins("hill")) == 37
    assert salvage(tmp_path / "hill.toml", new) == 0


@pytest.mark.slow
@pytest.mark.parametrize("noise", ["at = 'noise'", "running_order = '[{'", "title = CAST(x'ff00' AS TEXT)"])
def test_noise_that_sqlite_does_not_see_is_found_and_dropped(path: Path, noise: str) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(f"UPDATE bulletins SET {noise} WHERE id = 7")

    with Archive.open(path) as archive:
        assert archive.notes == ()
        assert len(archive.bulletins("hill")) == 39
        assert len(archive.notes) == 1


@pytest.mark.slow
def test_another_process_follows_to_the_new_archive(path: Path) -> None:
    with Archive.open(path) as service:
        service.kills("hill")
        path.rename(path.with_name("archive.corrupt-1"))
        with Archive.open(path) as other:
            other.add_kill("hill", Kill(entry="Marrow", added_at=NOW))

        assert [kill.entry for kill in service.kills("hill")] == ["Marrow", "Pethick"]


@pytest.mark.slow
def test_the_log_that_a_killed_process_left_is_read(path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from bulletin.archive.archive import Archive\n"
        "from bulletin.archive.record_dataclasses import Kill; from datetime import datetime, UTC\n"
        "archive = Archive.open(Path(sys.argv[1]))\n"
        "archive.add_kill('hill', Kill(entry='Last words', added_at=datetime.now(UTC)))\n"
        "os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, str(path)], check=False)

    assert path.with_name("archive.db-wal").stat().st_size > 0
    with Archive.open(path) as archive:
        assert [kill.entry for kill in archive.kills("hill")] == ["Pethick", "Last words"]
        assert archive.notes == ()


WRITER = """
import sys
from datetime import datetime, timedelta, UTC
from pathlib import Path
from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.bulletin_run_history import JournalQuery, RunJournal
from bulletin.archive.ledgers.newsroom_audit import AuditLedger
from bulletin.archive.ledgers.newsroom_requests import RequestKind, RequestLedger
from bulletin.archive.ledgers.newsroom_users import Session, SessionKind, User, UserLedger
from bulletin.archive.record_dataclasses import FeedMemory, PageMemory
from tests.support.factories import NOW, make_article, make_bulletin
name = sys.argv[2]
with Archive.open(Path(sys.argv[1])) as archive:
    for number in range(25):
        at = NOW + timedelta(hours=number)
        archive.record_bulletin(name, make_bulletin(Path("a.mp3")), made_at=at, timings={})
        archive.add_own_story(name, make_article(id=f"{name}-{number}"))
        archive.keep_feed(FeedMemory(url=name), [make_article(id=str(n)) for n in range(30)])
        assert len(list(RunJournal(archive).aired(name, JournalQuery(source="gazette")))) == number + 1
"""


@pytest.mark.slow
def test_several_processes_read_and_write_at_once(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    names = [f"station-{number}" for number in range(5)]
    started = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(path), name], stderr=subprocess.PIPE)
        for name in names
    ]

    for process in started:
        _, error = process.communicate()
        assert process.returncode == 0, error.decode()
    with Archive.open(path) as archive:
        assert [len(archive.bulletins(name)) for name in names] == [25] * 5


def test_requests_and_tokens_of_the_newsroom_are_saved(tmp_path: Path) -> None:
    old, new = tmp_path / "old.db", tmp_path / "new.db"
    with Archive.open(old) as archive:
        RequestLedger(archive).ask(
            "hill", RequestKind.BACK_UP, asked_by="ann", key="k1", now=NOW, expires_at=NOW + timedelta(days=1)
        )
        users = UserLedger(archive)
        users.add(User(name="ann", password_hash="x", roles={}, added_at=NOW, changed_at=NOW))
        users.begin(
            Session(
                token_sha256="7", user="ann", kind=SessionKind.API, began_at=NOW, seen_at=NOW, expires_at=None
            )
        )
    Archive.open(new).close()

    salvage(old, new)

    with Archive.open(new) as archive:
        assert [request.asked_by for request in RequestLedger(archive).rows("hill")] == ["ann"]
        assert UserLedger(archive).session("7", SessionKind.API)
        assert [change.action for change in AuditLedger(archive).changes("hill")] == ["ask back-up"]
