"""Tables of a PostgreSQL server: created once, migrated once, shared by neighbouring versions and by one group only."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Table, inspect, text

from bulletin.archive.archive import Archive
from bulletin.archive.database import group_tables
from bulletin.archive.database.check_revision import OLDEST_WRITER, OLDEST_WRITER_NAME, REVISIONS
from bulletin.archive.database.schema import TABLES
from bulletin.archive.record_dataclasses import Kill
from bulletin.archive.server_archive import open_server_archive
from bulletin.errors import ArchiveError
from tests.support.factories import NOW
from tests.support.postgres_server import PostgresServer

pytestmark = pytest.mark.clients

KILL = Kill(entry="ferry", added_at=NOW)
NEWER = "9999"


def change(url: str, *commands: str) -> None:
    with open_server_archive(url) as archive, archive.writing() as connection:
        for command in commands:
            connection.execute(text(command))


def make_older(url: str) -> None:
    """Take a database back to 0009, with a row."""
    tables = ", ".join(group_tables_of_0010())
    change(
        url,
        "INSERT INTO kills (station, entry, added_at) VALUES ('hill', 'ferry', '2026-11-24 07:00')",
        f"DROP TABLE {tables}",
        "UPDATE alembic_version SET version_num = '0009'",
    )


def group_tables_of_0010() -> list[str]:
    return [table.name for table in vars(group_tables).values() if isinstance(table, Table)]


def shape(connection: Connection) -> dict[str, object]:
    seen = inspect(connection)
    return {
        table: (
            sorted((c["name"], str(c["type"]), c["nullable"], c["default"]) for c in seen.get_columns(table)),
            seen.get_pk_constraint(table),
            sorted(str(sorted(i.items(), key=str)) for i in seen.get_indexes(table)),
        )
        for table in seen.get_table_names()
    }


def test_a_new_database_has_the_tables_of_the_migrated_one(
    postgres_server: PostgresServer, postgres_url: str
) -> None:
    make_older(postgres_url)
    with open_server_archive(postgres_url) as archive, archive.reading() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), TABLES)
        migrated, kills = shape(connection), archive.kills("hill")
    with open_server_archive(postgres_server.make_database()) as archive, archive.reading() as connection:
        made = shape(connection)

    assert differences == []
    assert made == migrated
    assert [kill.entry for kill in kills] == ["ferry"]


@pytest.mark.parametrize("is_older", [True, False])
def test_processes_that_start_together_migrate_once(
    postgres_server: PostgresServer, postgres_url: str, is_older: bool
) -> None:
    url = postgres_url if is_older else postgres_server.make_database()
    if is_older:
        make_older(url)

    with ThreadPoolExecutor(6) as threads:
        archives = list(threads.map(open_server_archive, [url] * 6))

    for archive in archives:
        archive.add_kill("hill", KILL)
        archive.close()
    assert postgres_server.execute(
        "SELECT version_num FROM alembic_version", database=url.partition("?")[0].rpartition("/")[2]
    ) == [(REVISIONS[-1],)]


def test_a_database_of_a_newer_bulletin_is_refused_with_both_revisions(postgres_url: str) -> None:
    change(
        postgres_url,
        f"UPDATE alembic_version SET version_num = '{NEWER}'",
        f"UPDATE group_meta SET value = '{NEWER}' WHERE name = '{OLDEST_WRITER_NAME}'",
    )

    message = rf"newer Bulletin \(format {NEWER}, this Bulletin reads up to {REVISIONS[-1]}\); update Bulletin on this"
    with pytest.raises(ArchiveError, match=message):
        open_server_archive(postgres_url)


def test_an_older_bulletin_works_beside_a_newer_one_that_only_added(postgres_url: str) -> None:
    with open_server_archive(postgres_url) as running:
        for _ in range(8):  # so often that its statements are prepared
            assert running.kills("hill") == ()
            running.remove_kill("hill", "none", at=NOW)
        change(
            postgres_url,
            f"UPDATE alembic_version SET version_num = '{NEWER}'",
            "CREATE TABLE moods (name TEXT)",
            "ALTER TABLE kills ADD COLUMN mood TEXT",
            "ALTER TABLE slots ADD COLUMN mood TEXT NOT NULL DEFAULT 'calm'",
        )
        running.add_kill("hill", KILL)
        with open_server_archive(postgres_url) as restarted:
            assert restarted.kills("hill") == running.kills("hill") == (KILL,)


def test_a_newer_bulletin_migrates_beside_an_older_one_at_work(postgres_url: str) -> None:
    """It says from which revision on a program may use the database."""
    query = f"SELECT value FROM group_meta WHERE name = '{OLDEST_WRITER_NAME}'"
    with open_server_archive(postgres_url) as older:
        make_older(postgres_url)
        with open_server_archive(postgres_url) as newer, newer.reading() as connection:
            assert connection.execute(text(query)).scalar() == OLDEST_WRITER
            older.add_kill("hill", KILL)

        assert len(older.kills("hill")) == 1


def test_two_groups_in_one_database_are_refused(postgres_url: str) -> None:
    open_server_archive(postgres_url, group="north").close()
    open_server_archive(postgres_url, group="north").close()

    with pytest.raises(
        ArchiveError, match=r'belongs to the group "north", not to "south"; correct \[group\] name'
    ):
        open_server_archive(postgres_url, group="south")


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("CREATE TABLE feeds (name TEXT)", 'has a table "feeds" of another program'),
        (
            "CREATE TABLE alembic_version AS SELECT 'ae1027a6acf' AS version_num",
            "has the revision ae1027a6acf of another program",
        ),
    ],
)
def test_a_database_of_another_program_is_left_alone(
    postgres_server: PostgresServer, command: str, message: str
) -> None:
    url = postgres_server.make_database()
    name = url.partition("?")[0].rpartition("/")[2]
    postgres_server.execute(command, database=name)

    with pytest.raises(ArchiveError, match=message):
        open_server_archive(url)
    tables = "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'"
    assert postgres_server.execute(tables, database=name) == [(1,)]


def test_a_database_that_cannot_hold_every_character_is_refused(postgres_server: PostgresServer) -> None:
    url = postgres_server.make_database(options="ENCODING 'LATIN1' LOCALE 'C'")

    with pytest.raises(ArchiveError, match="stores texts as LATIN1; create it with ENCODING 'UTF8'"):
        open_server_archive(url)


def test_a_table_that_lacks_a_column_is_named(postgres_url: str) -> None:
    change(postgres_url, "ALTER TABLE slots DROP COLUMN standby")

    with pytest.raises(
        ArchiveError, match=r"the column slots\.standby is missing; restore the database from a backup"
    ):
        open_server_archive(postgres_url)


def test_a_group_may_share_its_database_with_its_queue(postgres_server: PostgresServer) -> None:
    url = postgres_server.make_database()
    postgres_server.execute(
        "CREATE TABLE procrastinate_jobs (id INT)", database=url.partition("?")[0].rpartition("/")[2]
    )

    with open_server_archive(url) as archive:
        assert isinstance(archive, Archive)
        assert archive.kills("hill") == ()
