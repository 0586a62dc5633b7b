"""A kill for all stations and publications in progress, on a real PostgreSQL."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import insert, select

from bulletin.archive.database.group_tables import STANDBY, published_files
from bulletin.archive.lock_names import kills_of
from bulletin.archive.record_dataclasses import EVERY_STATION, Kill
from bulletin.archive.server_archive import open_server_archive
from tests.support.delivery_servers.base import wait_for
from tests.support.factories import NOW
from tests.support.postgres_server import PostgresServer

KILL = Kill(entry="Marrow", added_at=NOW)
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"


@pytest.mark.clients
def test_a_kill_for_all_waits_for_a_bulletin_that_is_being_published(postgres_server: PostgresServer):
    """The publication has passed its check; the kill comes after it, so that the withdrawal finds the bulletin."""
    url = postgres_server.make_archive()
    with open_server_archive(url, group="north") as worker, open_server_archive(url, group="north") as editor:
        kill = threading.Thread(target=editor.add_kill, args=(EVERY_STATION, KILL))
        with worker.in_one_transaction(lock=kills_of("hill"), shared=[kills_of(EVERY_STATION)]):
            assert worker.kills("hill") == ()
            kill.start()
            wait_for(lambda: postgres_server.execute(WAITING)[0][0] == 1)
            assert worker.kills("hill") == ()
        kill.join(60)

        assert worker.kills("hill") == (KILL,)
        assert editor.kills("a station of next year") == (KILL,)


@pytest.mark.clients
def test_a_kill_for_all_discards_every_prepared_stand_by(postgres_server: PostgresServer):
    facts = {"sha256": "0", "media_type": "audio/mpeg", "bytes": 1, "changed_at": NOW}
    with open_server_archive(postgres_server.make_archive(), group="north") as archive:
        for station in ("hill", "wex"):
            for path in ("latest.mp3", f"{STANDBY}fm.mp3"):
                archive.execute(insert(published_files).values(station=station, path=path, **facts))

        archive.add_kill(EVERY_STATION, KILL)

        left = archive.select(select(published_files.c.path), lambda row: row["path"])
        assert left == ("latest.mp3", "latest.mp3")
