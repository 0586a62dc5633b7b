"""Publications of a group and kills on other machines wait for one another, and not in a circle (mark.clients)."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bulletin.archive.archive import Archive
from bulletin.archive.database.group_tables import published_files
from bulletin.archive.lock_names import kills_of
from bulletin.archive.record_dataclasses import EVERY_STATION, Kill
from bulletin.errors import NoStoryError, OutletError, StoreError
from bulletin.storage.folder_store import FolderStore
from tests.support.delivery_servers.base import wait_for
from tests.support.factories import NOW
from tests.support.group_of_machines import heard, on_machine, publish, write_profile
from tests.support.postgres_server import PostgresServer

pytestmark = pytest.mark.clients
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
IMPATIENT = "options=-c%20lock_timeout%3D300ms"
"""Instead of ten seconds."""


@contextmanager
def opened(url: str) -> Iterator[Archive]:
    from bulletin.archive.server_archive import open_server_archive

    with open_server_archive(url, group="north") as archive:
        yield archive


def publish_hill(
    root: Path, archive: Archive, store: FolderStore, *, hours: int = 0, **changes: object
) -> None:
    with on_machine(root / "one", root / "hill.toml", archive=archive, store=store, **changes) as station:
        publish(station, root / "scratch", hours=hours)


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    write_profile(tmp_path)
    (tmp_path / "store").mkdir()
    return FolderStore(tmp_path / "store")


def test_a_publication_waits_for_a_kill_for_all_and_is_not_given_up(
    tmp_path: Path, postgres_server: PostgresServer, store: FolderStore, caplog: pytest.LogCaptureFixture
) -> None:
    """A lock that is refused in time costs no bulletin: the transaction is written again."""
    url = postgres_server.make_archive()
    caplog.set_level(logging.INFO)
    with opened(url) as editor, opened(_with(url, IMPATIENT)) as archive, ThreadPoolExecutor(1) as pool:
        with editor.in_one_transaction(lock=kills_of(EVERY_STATION)):
            done = pool.submit(publish_hill, tmp_path, archive, store, desk="desk")
            wait_for(lambda: "publication written again" in caplog.text)
            assert not done.done()
        done.result(60)

    assert "latest.mp3" in heard_of(url, store)


def test_a_kill_for_all_and_a_publication_that_waits_for_its_desk_do_not_lock_each_other_out(
    tmp_path: Path, postgres_server: PostgresServer, store: FolderStore
) -> None:
    url = postgres_server.make_archive()
    with opened(url) as archive, opened(url) as editor, opened(url) as desk, ThreadPoolExecutor(2) as pool:
        publish_hill(tmp_path, archive, store)
        with desk.in_one_transaction(lock=kills_of("desk")):
            done = pool.submit(publish_hill, tmp_path, archive, store, hours=1, desk="desk")
            wait_for(lambda: postgres_server.execute(WAITING)[0][0] == 1)
            killed = pool.submit(editor.add_kill, EVERY_STATION, Kill(entry="Marrow", added_at=NOW))
            wait_for(lambda: postgres_server.execute(WAITING)[0][0] == 2)
        done.result(60)
        killed.result(60)

        assert [kill.entry for kill in archive.kills("hill")] == ["Marrow"]
        assert len(archive.bulletins("hill")) == 2
    assert postgres_server.execute("SELECT sum(deadlocks) FROM pg_stat_database")[0][0] == 0


def test_the_first_publication_of_a_station_looks_at_a_kill_for_all_that_was_entered_meanwhile(
    tmp_path: Path, postgres_server: PostgresServer, store: FolderStore
) -> None:
    """A station that has published nothing yet is in no list of stations."""
    url = postgres_server.make_archive()
    begun = threading.Event()

    def is_mine() -> bool:
        begun.set()
        return True

    with opened(url) as archive, opened(url) as editor, ThreadPoolExecutor(1) as pool:
        with editor.in_one_transaction(lock=kills_of(EVERY_STATION)):
            done = pool.submit(publish_hill, tmp_path, archive, store, is_mine=is_mine)
            wait_for(lambda: postgres_server.execute(WAITING)[0][0] == 1)
            assert begun.is_set()
            editor.add_kill(EVERY_STATION, Kill(entry="News of the bridge", added_at=NOW))
        with pytest.raises(NoStoryError, match="killed meanwhile"):
            done.result(60)

    assert heard_of(url, store) == {}


def test_a_publication_that_failed_keeps_no_objects(
    tmp_path: Path, postgres_server: PostgresServer, store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def put_new(key: str, data: bytes, **headers: object) -> bool:
        raise StoreError("store away")

    with opened(postgres_server.make_archive()) as archive:
        monkeypatch.setattr(store, "put_new", put_new)
        with pytest.raises(OutletError, match="store away"):
            publish_hill(tmp_path, archive, store)

        assert archive.scalar(select(func.count()).select_from(published_files)) == 0


def heard_of(url: str, store: FolderStore) -> dict[str, bytes]:
    with opened(url) as archive:
        return heard(archive, store)


def _with(url: str, option: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}{option}"
