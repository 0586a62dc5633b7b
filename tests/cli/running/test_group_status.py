"""`bulletin group status` on a real PostgreSQL: exit code, limits to stations, folders of profiles."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.archive.ledgers.group.group_workers import GroupWorker, WorkerLedger
from bulletin.archive.server_archive import open_server_archive
from bulletin.cli.main import cli
from bulletin.errors import ArchiveError
from bulletin.model import Level, Slot
from tests.support.postgres_server import PostgresServer

MINUTE = timedelta(minutes=1)


@pytest.mark.clients
def test_an_empty_database_stays_empty_and_the_remedy_is_named(
    postgres_server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    url = postgres_server.make_database()
    (tmp_path / "feeds").mkdir()
    (tmp_path / "feeds" / "hill.toml").write_text('name = "Hill"\n', "utf-8")
    group = f'[group]\nname = "north"\ndatabase = "{url}"\nstore = "{tmp_path}"\n'
    (tmp_path / "feeds" / "group.toml").write_text(group, "utf-8")
    monkeypatch.chdir(tmp_path)

    done = CliRunner().invoke(cli, ["group", "status"])

    assert isinstance(done.exception, ArchiveError)
    assert "the database is empty; the first `bulletin group plan` or `worker` makes its tables" in str(
        done.exception
    )
    name = url.partition("?")[0].rpartition("/")[2]
    query = "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'"
    assert postgres_server.execute(query, database=name) == [(0,)]


@pytest.mark.clients
def test_exit_code_tells_whether_something_needs_a_person(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "feeds").mkdir()
    for name in ("hill", "moor"):
        (tmp_path / "feeds" / f"{name}.toml").write_text(f'name = "{name}"\n', "utf-8")
    (tmp_path / "feeds" / "broken.toml").write_text("name = \n", "utf-8")
    group = f'[group]\nname = "north"\ndatabase = "{postgres_url}"\nstore = "{tmp_path / "store"}"\n'
    (tmp_path / "feeds" / "group.toml").write_text(group, "utf-8")
    (tmp_path / "store").mkdir()
    monkeypatch.chdir(tmp_path)
    with open_server_archive(postgres_url, group="north") as archive:
        now, slots = archive.now(), SlotLedger(archive)
        due = now - MINUTE
        slots.plan(Slot(station=name, due=due, length_s=30) for name in ("hill", "moor"))
        for name in ("hill", "moor"):
            slots.claim(name, due, owner="w", now=due - MINUTE, lease=MINUTE)
        slots.finish("hill", due, owner="w", level=Level.FRESH, now=due - MINUTE)
        register = WorkerLedger(archive, now=archive.now)
        register.announce(GroupWorker(name="w", machine="attic", stations=("hill", "moor")))
        register.announce(GroupWorker(name="p", machine="attic", role="planner"))

    all_of_it, hill, moor, folder = (
        CliRunner().invoke(cli, ["group", "status", *words])
        for words in ((), ("hill",), ("moor", "--json"), ("feeds/hill.toml", "feeds/moor.toml"))
    )

    assert (all_of_it.exit_code, hill.exit_code, moor.exit_code, folder.exit_code) == (1, 0, 1, 1)
    assert "group north: 2 stations" in all_of_it.output
    assert f"! moor: the slot of {due:%H:%M} UTC is late" in all_of_it.output
    assert "hill  " in hill.output
    assert [one["station"] for one in json.loads(moor.output)["stations"]] == ["moor"]
    assert json.loads(moor.output)["slots"]["last_hour"] == {"late": 1}
