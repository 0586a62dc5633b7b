"""Faults of a PostgreSQL server: each is named with its remedy and without the password, and passes when it is over."""

from __future__ import annotations

import builtins
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import text

from bulletin.archive.database.postgres_engine import parse_server_address
from bulletin.archive.database.schema import TABLES
from bulletin.archive.record_dataclasses import Kill, PageMemory
from bulletin.archive.server_archive import ServerArchive, open_server_archive
from bulletin.errors import ArchiveError
from tests.support.factories import NOW
from tests.support.postgres_server import PASSWORD, PostgresServer, run_postgres

pytestmark = pytest.mark.clients

KILL = Kill(entry="ferry", added_at=NOW)


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """A server with TCP that these tests may break; each leaves it running."""
    with run_postgres(tcp=True) as server:
        yield server


@pytest.fixture
def url(server: PostgresServer) -> str:
    return server.make_archive()


def refuse(url: str, **more: Any) -> str:
    """Message of an archive that cannot be opened."""
    with pytest.raises(ArchiveError) as raised:
        open_server_archive(url, **more).close()
    assert PASSWORD not in str(raised.value)
    assert PASSWORD not in repr(raised.value)
    return str(raised.value)


def name_of(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]


def test_a_wrong_password_names_user_and_server(server: PostgresServer, url: str) -> None:
    message = refuse(server.tcp_url(name_of(url), password="guess"))

    assert message.startswith(f"postgresql://bulletin@127.0.0.1:{server.port}/{name_of(url)}: ")
    assert "refuses this user (password authentication failed" in message
    assert "PGPASSWORD" in message
    assert "guess" not in message
    assert "(fe_sendauth: no password supplied)" in refuse(
        server.tcp_url(name_of(url)).replace(f":{PASSWORD}", "")
    )


def test_a_missing_database_and_a_host_without_server_are_named(server: PostgresServer, url: str) -> None:
    assert 'no such database (database "news" does not exist); create it' in refuse(server.tcp_url("news"))
    assert "is away (Connection refused" in refuse(server.tcp_url("news", port=1))
    assert "is away (" in refuse("postgresql://nowhere.invalid/news")


@pytest.mark.parametrize("url", ["mysql://a:open-sesame@h/y", "", "postgresql://a:open-sesame@["])
def test_an_address_that_cannot_be_read_is_not_quoted(url: str) -> None:
    assert "write it as postgresql://user@host/database" in refuse(url)


def test_options_of_the_address_win(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGHOST", "db.example")
    monkeypatch.setenv("PGOPTIONS", "-c search_path=news")
    address = parse_server_address("postgresql:///radio?connect_timeout=3")

    assert address.label == "postgresql://db.example/radio"
    assert address.options["connect_timeout"] == "3"
    assert address.options["options"].endswith("-c timezone=UTC -c search_path=news")


def test_a_missing_extra_is_named_with_its_command(monkeypatch: pytest.MonkeyPatch) -> None:
    load: Callable[..., Any] = builtins.__import__

    def without_psycopg(name: str, *more: Any) -> Any:
        if name.partition(".")[0] == "psycopg":
            raise ModuleNotFoundError("No module named 'psycopg'", name="psycopg")
        return load(name, *more)

    monkeypatch.setattr(builtins, "__import__", without_psycopg)

    message = refuse("postgresql://h/x")
    assert "needs the extra \"group\" (No module named 'psycopg'); install it: " in message
    assert sys.executable in message or "pip install" in message


def test_a_stopped_server_is_away_until_it_runs_again(server: PostgresServer, url: str) -> None:
    with open_server_archive(url) as archive:
        archive.add_kill("hill", KILL)
        server.stop()
        for _ in range(2):
            with pytest.raises(ArchiveError, match=r"server is away .*is it running"):
                archive.kills("hill")
        assert "is away" in refuse(url)
        server.start()

        assert archive.kills("hill") == (KILL,)


def test_a_crash_loses_the_open_transaction_only(server: PostgresServer, url: str) -> None:
    def crash() -> None:
        with archive.in_one_transaction():
            archive.add_kill("hill", Kill(entry="b", added_at=NOW))
            server.kill()
            archive.add_kill("hill", Kill(entry="c", added_at=NOW))

    with open_server_archive(url) as archive:
        archive.add_kill("hill", KILL)
        with pytest.raises(ArchiveError, match="is away"):
            crash()
        server.start()

        assert archive.kills("hill") == (KILL,)
        assert not archive.is_in_transaction


def test_a_server_that_does_not_answer_is_away(server: PostgresServer, url: str) -> None:
    with open_server_archive(f"{url}&connect_timeout=2", patience_s=1.0) as archive:
        server.freeze()
        try:
            with pytest.raises(ArchiveError, match="is away"):
                archive.kills("hill")
        finally:
            server.thaw()

        assert archive.kills("hill") == ()


def test_a_full_disk_is_named_and_passes() -> None:
    with run_postgres() as server:
        try:
            url = server.make_small_database(24)
        except (subprocess.CalledProcessError, PermissionError):
            pytest.skip("a small disk needs root")
        archive = open_server_archive(url)
        with pytest.raises(
            ArchiveError, match="the disk of the database server is full; free some space there"
        ):
            _fill(archive)
        assert archive.kills("hill") == ()
        server.enlarge_disks(64)
        archive.add_kill("hill", KILL)

        assert archive.kills("hill") == (KILL,)
        archive.close()


def _fill(archive: ServerArchive) -> None:
    for number in range(100):
        noise = "".join(chr(0x4E00 + (number * 7919 + n * n) % 20000) for n in range(300_000))
        archive.keep_page(PageMemory(link=str(number), text=noise, fetched_at=NOW))


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("statement_timeout=100ms", "took too long for a query"),
        ("lock_timeout=100ms", "another program keeps the rows locked"),
    ],
)
def test_limits_of_the_server_are_named(url: str, setting: str, message: str) -> None:
    with (
        open_server_archive(url) as other,
        open_server_archive(f"{url}&options=-c%20{setting.replace('=', '%3D')}") as archive,
        other.writing(lock="kills:hill"),
        pytest.raises(ArchiveError, match=message),
    ):
        archive.add_kill("hill", KILL)


def test_a_server_that_became_a_standby_takes_no_write(url: str) -> None:
    def write() -> None:
        with archive.in_one_transaction() as connection:
            connection.execute(text("SET TRANSACTION READ ONLY"))
            archive.add_kill("hill", KILL)

    with (
        open_server_archive(url) as archive,
        pytest.raises(ArchiveError, match="read-only, a standby perhaps; name the primary server"),
    ):
        write()


def test_a_transaction_that_idles_is_ended_and_the_next_works(url: str) -> None:
    def idle() -> None:
        with archive.writing() as connection:
            connection.execute(text("SELECT 1"))
            time.sleep(0.3)
            connection.execute(text("SELECT 1"))

    with open_server_archive(f"{url}&options=-c%20idle_in_transaction_session_timeout%3D100ms") as archive:
        with pytest.raises(ArchiveError, match="was idle for too long"):
            idle()

        assert archive.kills("hill") == ()


def test_users_without_rights_or_connections_get_the_remedy(server: PostgresServer) -> None:
    server.execute("CREATE ROLE guest LOGIN CONNECTION LIMIT 1")
    url = server.make_database().replace("bulletin@", "guest@")

    assert (
        "may not change the database (permission denied for schema public); make the user its owner"
        in refuse(url)
    )
    server.execute(f"ALTER DATABASE {name_of(url)} OWNER TO guest")
    with open_server_archive(url) as archive, archive.reading():
        assert "too many connections; raise its max_connections" in refuse(url)


def test_a_standby_is_refused(server: PostgresServer, url: str) -> None:
    with server.standby() as standby:
        assert "read-only standby; name the primary server" in refuse(standby.url(name_of(url)))


def test_a_number_or_text_that_no_row_can_hold_is_a_mistake_of_the_request(url: str) -> None:
    with open_server_archive(url) as archive:
        with pytest.raises(ArchiveError, match="a number is too large"):
            archive.execute(TABLES.tables["outbox"].delete().where(text("id = 99999999999999999999::int")))
        assert archive.pages(["\ud800", "\0"]) == {}
