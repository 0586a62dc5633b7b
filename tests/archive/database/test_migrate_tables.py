"""Migrations give an old archive the same tables as a new one."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from bulletin.archive.archive import Archive
from bulletin.archive.database.check_database_damage import read_revision
from bulletin.archive.database.check_revision import REVISIONS
from bulletin.archive.database.tables import metadata
from bulletin.archive.ledgers.bulletin_run_history import JournalQuery, RunJournal
from bulletin.archive.record_dataclasses import FeedMemory
from bulletin.model import Level
from tests.support.factories import NOW, make_article, make_passage, make_story_script

OLD_TABLES = Path(__file__).with_name("old_tables.sql").read_text("utf-8")
"""SQL statements of each earlier revision, under its number."""


def make_old_archive(path: Path, revision: str, *statements: tuple[str, object]) -> None:
    """Write an archive of that schema revision, and run the statements in it."""
    steps = OLD_TABLES.split("-- ")[1 : REVISIONS.index(revision) + 2]
    with closing(sqlite3.connect(path)) as db:
        for step in steps:
            db.executescript(step.partition("\n")[2])
        db.execute("INSERT INTO alembic_version VALUES (?)", [revision])
        for statement, values in statements:
            db.execute(statement, values)
        db.commit()


@pytest.mark.parametrize(
    "revision", [REVISIONS[0], *(pytest.param(r, marks=pytest.mark.slow) for r in REVISIONS[1:])]
)
def test_migrated_and_new_archives_have_the_same_tables(tmp_path: Path, revision: str) -> None:
    make_old_archive(tmp_path / "a.db", revision)

    with Archive.open(tmp_path / "a.db") as archive, archive.reading() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
        migrated = _shape(connection)
    with Archive.open(tmp_path / "b.db") as archive, archive.reading() as connection:
        made = _shape(connection)

    assert differences == []
    assert made == migrated
    assert read_revision(tmp_path / "a.db") == REVISIONS[-1]


@pytest.mark.slow
def test_revision_0013_adds_the_lost_claims_of_a_piece(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a.db") as archive:
        with archive.reading() as connection:
            made = _shape(connection)
        archive.execute(text("ALTER TABLE work DROP COLUMN lost"), text("DROP INDEX ix_work_limit_key"))
        archive.execute(text("UPDATE alembic_version SET version_num = '0012'"))

    with Archive.open(tmp_path / "a.db") as archive, archive.reading() as connection:
        assert _shape(connection) == made
    assert read_revision(tmp_path / "a.db") == REVISIONS[-1]


@pytest.mark.slow
def test_revision_0012_adds_the_begin_of_a_piece(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a.db") as archive:
        with archive.reading() as connection:
            made = _shape(connection)
        archive.execute(text("ALTER TABLE work DROP COLUMN begun_at"))
        archive.execute(text("UPDATE alembic_version SET version_num = '0011'"))

    with Archive.open(tmp_path / "a.db") as archive, archive.reading() as connection:
        assert _shape(connection) == made
    assert read_revision(tmp_path / "a.db") == REVISIONS[-1]


@pytest.mark.slow
def test_revision_0011_adds_its_table_and_indexes(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a.db") as archive:
        with archive.reading() as connection:
            made = _shape(connection)
        parts = ("TABLE objects_in_deletion", "INDEX ix_work_done_at", "INDEX ix_published_files_sha256")
        archive.execute(*(text(f"DROP {part}") for part in parts))
        archive.execute(text("UPDATE alembic_version SET version_num = '0010'"))

    with Archive.open(tmp_path / "a.db") as archive, archive.reading() as connection:
        assert _shape(connection) == made
    assert read_revision(tmp_path / "a.db") == REVISIONS[-1]


def test_an_archive_before_its_first_revision_is_migrated_when_opened(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")

    with Archive.open(path) as archive:
        archive.add_own_story("demo", make_article())

        assert archive.own_stories("demo", NOW) == (make_article(),)
        assert archive.notes == ()


def test_an_archive_that_cannot_be_migrated_is_set_aside_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
        db.execute("CREATE TABLE episodes (here TEXT)")  # a later migration creates this table, and fails

    with Archive.open(path) as archive:
        archive.add_own_story("demo", make_article())
        assert "is damaged" in archive.notes[0]

    (aside,) = tmp_path.glob("archive.corrupt-*")
    with closing(sqlite3.connect(aside)) as db:
        left = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert left == {"alembic_version", "episodes"}


@pytest.mark.slow
def test_an_archive_is_copied_before_it_is_migrated(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    make_old_archive(path, "0006")

    with Archive.open(path) as archive:
        assert archive.notes == ()

    (copy,) = (tmp_path / "copies").glob("archive-before-migration-*-0006.sqlite")
    with closing(sqlite3.connect(copy)) as db:
        assert db.execute("SELECT version_num FROM alembic_version").fetchone() == ("0006",)


def _shape(connection) -> dict[str, object]:
    """Columns, keys and indices of a table, without the order of the columns."""
    seen = inspect(connection)
    return {
        table: (
            sorted((c["name"], str(c["type"]), c["nullable"]) for c in seen.get_columns(table)),
            seen.get_pk_constraint(table),
            sorted(str(sorted(f.items(), key=str)) for f in seen.get_foreign_keys(table)),
            sorted(str(sorted(u.items(), key=str)) for u in seen.get_unique_constraints(table)),
            sorted(str(sorted(i.items(), key=str)) for i in seen.get_indexes(table)),
        )
        for table in seen.get_table_names()
    }


def test_pages_that_an_older_version_could_not_read_are_read_again(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    page = (
        "INSERT INTO pages (link, text, reason, fetched_at) VALUES (?, ?, '', '2026-11-24 07:00:00.000000')"
    )
    make_old_archive(path, "0006", (page, ("a", "Words.")), (page, ("b", "")))

    with Archive.open(path) as archive:
        pages = archive.pages(["a", "b"])

    assert [(p.link, p.text, p.section, p.page_type) for p in pages.values()] == [("a", "Words.", "", "")]


BULLETIN = """
INSERT INTO bulletins (station, at, title, engine, voice, made_at, duration_s, planned_s, running_order,
    dropped, renditions, went_to, timings, notes)
VALUES ('demo', '2026-11-24 07:00:00.000000', '7am news', 'tone', 'low', '2026-11-24 06:58:00.000000', 60, 60,
    :order, '[]', '[]', '[]', '{}', '[]')
"""


@pytest.mark.parametrize("revision", [pytest.param("0001", marks=pytest.mark.slow), "0004"])
def test_an_archive_of_each_older_version_is_migrated_with_its_rows(tmp_path: Path, revision: str) -> None:
    path = tmp_path / "archive.db"
    passage = make_passage(
        sentences=(make_story_script().cuts[0].sentences[0],), story_id="gazette:1", title="Bridge closes"
    )
    make_old_archive(path, revision, (BULLETIN, {"order": json.dumps([asdict(passage)])}))

    with Archive.open(path) as archive:
        (record,) = RunJournal(archive).aired("demo", JournalQuery(story="bridge", source="gazette"))

        assert archive.notes == ()
        assert record.running_order == (passage,)
        assert record.level is Level.FRESH
        assert [source.link for source in record.sources["gazette:1"]] == ["https://gazette.example/bridge"]
        assert archive.last_bulletin("demo") is not None


def test_a_feed_with_obsolete_columns_is_still_read(tmp_path: Path) -> None:
    path, url = tmp_path / "archive.db", "https://gazette.example/feed"
    feed = "INSERT INTO feeds VALUES (?, '\"5\"', '', '', NULL, NULL, 2, 'https://new.example/feed', 3)"
    make_old_archive(path, REVISIONS[-1], (feed, (url,)))

    with Archive.open(path) as archive:
        archive.keep_feed(FeedMemory(url="https://herald.example/feed"), [])

        assert archive.feed_memory(url) == FeedMemory(url=url, etag='"5"', failures=2)
    with closing(sqlite3.connect(path)) as db:  # an older version must be able to read the new row
        rows = db.execute("SELECT moved_to, moved_polls FROM feeds ORDER BY url").fetchall()
    assert rows == [("https://new.example/feed", 3), ("", 0)]
