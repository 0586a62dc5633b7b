from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.bulletin_run_history import RunJournal
from bulletin.archive.ledgers.delete_old_rows import hide_secrets
from bulletin.archive.record_dataclasses import FeedMemory, PageMemory, RunRecord

NOW = datetime(2026, 11, 28, 7, tzinfo=UTC)
SECRET = "4711-secret"
FEED = f"https://ann:{SECRET}@wire.example/feed?access_token={SECRET}"


def page(link: str) -> PageMemory:
    return PageMemory(link=link, text="words", reason="", section="", page_type="", fetched_at=NOW)


def test_two_addresses_that_differ_in_their_secret_alone_stay_two(tmp_path: Path) -> None:
    path = tmp_path / "archive.sqlite"
    links = [f"https://x.example/a?key={number}-{SECRET}" for number in (1, 2)]
    with Archive.open(path) as archive:
        archive.keep_feed(FeedMemory(url=FEED, etag="one"), ())
        archive.keep_feed(FeedMemory(url=f"{FEED}2", etag="two"), ())
        archive.keep_page(page(links[0]))

        assert archive.feed_memory(FEED).etag == "one"  # type: ignore[union-attr]
        assert archive.feed_memory(f"{FEED}2").etag == "two"  # type: ignore[union-attr]
        assert set(archive.pages(links)) == {links[0]}
    assert SECRET.encode() not in path.read_bytes()


def test_secrets_stored_by_an_older_bulletin_are_removed(tmp_path: Path) -> None:
    path = tmp_path / "archive.sqlite"
    run = RunRecord(
        station="valley", began_at=NOW, at=NOW, verdict="x", error="", timings={}, notes=(), log=("one",)
    )
    with Archive.open(path) as archive:
        archive.keep_feed(FeedMemory(url="https://wire.example/feed"), ())
        archive.keep_page(page("https://x.example/a"))
        RunJournal(archive).keep_run(run)
    with closing(sqlite3.connect(path)) as db:
        db.execute("UPDATE feeds SET url = ?", [FEED])
        db.execute("UPDATE pages SET link = ?", [FEED])
        db.execute("UPDATE runs SET error = ?, log = ?", [FEED, f'["feed a: {FEED}: \\"no\\"", "two=2"]'])
        db.commit()

    with Archive.open(path) as archive:
        assert hide_secrets(archive) == 4
        assert hide_secrets(archive) == 0
        (kept_run,) = RunJournal(archive).runs("valley", limit=1)

    assert kept_run.log == ('feed a: https://***@wire.example/feed?access_token=***: "no"', "two=2")
    assert SECRET.encode() not in path.read_bytes()
