"""Rows of an archive in another one, as they were stored (mark.clients: between a file and a server)."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Connection, Table, select

from bulletin.archive import copy_all_tables
from bulletin.archive.archive import Archive
from bulletin.archive.copy_all_tables import OF_THE_MOMENT, OWN_OF_A_DATABASE, copy_all_rows
from bulletin.archive.database import group_tables, tables
from bulletin.archive.database.newsroom_tables import editor_edits
from bulletin.archive.database.schema import TABLES
from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.archive.ledgers.delivery_outbox import Outbox, OutboxAction
from bulletin.archive.ledgers.editor_edits import EditLedger
from bulletin.archive.record_dataclasses import FeedMemory, Kill
from bulletin.archive.server_archive import open_server_archive
from bulletin.errors import ArchiveError
from bulletin.model import Edit, EditAction, Slot
from tests.support.factories import NOW, make_article, make_bulletin, make_episode_record
from tests.support.postgres_server import PostgresServer

SECRET = "https://ann:4711-secret@wire.example/feed?key=4711"


def fill(archive: Archive) -> None:
    archive.keep_feed(
        FeedMemory(url=SECRET, etag="x"), [make_article(title="“Zoë” 🐝 \\u0000 1.50", summary="\n")]
    )
    archive.add_kill("hill", Kill(entry="ferry", added_at=NOW, note="ö"))
    archive.add_episode(make_episode_record(guid="a"))
    archive.record_bulletin("hill", make_bulletin(Path("a.mp3")), made_at=NOW, timings={"speech": 1.25})
    SlotLedger(archive).plan([Slot(station="hill", due=NOW, length_s=60)])
    Outbox(archive).add("hill", "web", "g", OutboxAction.PUBLISH, now=NOW)
    edit = Edit(station="hill", action=EditAction.PIN, editor="ann", key="k", made_at=NOW, due=None)
    EditLedger(archive).record(edit, approved={"b": 1, "a": [None, 0.1, "é"]})
    EditLedger(archive).record(
        Edit(station="hill", action=EditAction.DROP, editor="ann", key="l", made_at=NOW)
    )
    archive.execute(group_tables.work.insert().values(kind="mix", key="x", due=NOW, made_at=NOW))


def rows(connection: Connection, *, left_out: tuple[object, ...] = ()) -> dict[str, list[tuple[object, ...]]]:
    return {
        table.name: sorted(map(tuple, connection.execute(select(table))), key=repr)
        for table in TABLES.sorted_tables
        if table not in (*OWN_OF_A_DATABASE, *left_out)
    }


def test_a_file_has_the_same_rows_after_a_copy(file_archive: Archive, tmp_path: Path) -> None:
    fill(file_archive)
    with Archive.open(tmp_path / "copy.db") as copy:
        copied = copy_all_rows(file_archive, copy, with_moment=True)

        with file_archive.reading() as old, copy.reading() as new:
            assert rows(old) == rows(new)
        assert (copied["kills"], copied["editor_edits"], copied["work"]) == (1, 2, 1)
        assert copy.feed_memory(SECRET) == file_archive.feed_memory(SECRET)


@pytest.mark.clients
def test_rows_go_from_a_file_to_a_server_and_back(
    file_archive: Archive, postgres_url: str, postgres_server: PostgresServer, tmp_path: Path
) -> None:
    fill(file_archive)
    with (
        open_server_archive(postgres_url) as server,
        open_server_archive(postgres_server.make_archive()) as other,
        Archive.open(tmp_path / "back.db") as back,
    ):
        copy_all_rows(file_archive, server, with_moment=False)
        copy_all_rows(server, other, with_moment=False)
        copy_all_rows(other, back, with_moment=False)

        with file_archive.reading() as old, server.reading() as middle, back.reading() as new:
            assert rows(old, left_out=OF_THE_MOMENT) == rows(middle, left_out=OF_THE_MOMENT)
            assert rows(old, left_out=OF_THE_MOMENT) == rows(new, left_out=OF_THE_MOMENT)
            assert not middle.execute(select(group_tables.work)).all()
            raw = "SELECT article, (SELECT approved FROM editor_edits WHERE id = 1) FROM articles"
            assert new.exec_driver_sql(raw).all() == old.exec_driver_sql(raw).all()
        # new rows are numbered after the copied ones
        assert (
            EditLedger(server)
            .record(Edit(station="hill", action=EditAction.PIN, editor="b", key="m", made_at=NOW))
            .id
            == 3
        )
        assert Outbox(server).add("hill", "web", "h", OutboxAction.PUBLISH, now=NOW)


@pytest.mark.clients
def test_a_copy_is_of_one_moment(postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy_table = copy_all_tables._copy

    def copy_while_others_write(old: Connection, new: Connection, table: Table) -> int:
        count = copy_table(old, new, table)
        other.add_kill("hill", Kill(entry=table.name, added_at=NOW))
        return count

    monkeypatch.setattr(copy_all_tables, "_copy", copy_while_others_write)
    with (
        open_server_archive(postgres_url) as server,
        open_server_archive(postgres_url) as other,
        Archive.open(tmp_path / "copy.db") as copy,
    ):
        copy_all_rows(server, copy, with_moment=True)

        assert copy.kills("hill") == ()
        assert len(server.kills("hill")) > 10


def test_an_archive_with_rows_is_not_filled_again(file_archive: Archive, tmp_path: Path) -> None:
    fill(file_archive)
    with Archive.open(tmp_path / "copy.db") as copy:
        copy.add_kill("hill", Kill(entry="mine", added_at=NOW))
        with pytest.raises(
            ArchiveError, match=r"copy\.db: has rows already \(table kills\); restore into an empty"
        ):
            copy_all_rows(file_archive, copy, with_moment=False)

        assert [kill.entry for kill in copy.kills("hill")] == ["mine"]
        assert copy.scalar(select(tables.outbox)) is None
        assert copy.scalar(select(editor_edits)) is None
