"""
The archive returns what it stored: for any text, with parallel writers, with aware times.

Each test also runs on PostgreSQL (mark.clients).
"""

from __future__ import annotations

from datetime import UTC, timedelta, timezone
from itertools import count
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from bulletin.archive.archive import Archive
from bulletin.archive.record_dataclasses import Catalog, FeedMemory, PageMemory
from bulletin.errors import ArchiveError
from tests.support.factories import (
    NOW,
    make_article,
    make_bulletin,
    make_script,
    make_story,
    make_story_script,
)

URL = "https://gazette.example/feed"
_MINUTES = count()
"""Minutes between the bulletins of a test, so that no two have the same time."""


def test_an_archive_serves_gathering_and_the_podcast(archive: Archive) -> None:
    catalog: Catalog = archive

    assert catalog.feed_memory(URL) is None
    assert archive.episodes("demo") == ()


def test_times_of_any_zone_come_back_in_utc(archive: Archive) -> None:
    local = NOW.astimezone(timezone(timedelta(hours=9)))
    archive.keep_page(PageMemory(link="x", text="", fetched_at=local))

    page = archive.pages(["x"]).get("x")
    assert page is not None
    assert (page.fetched_at, page.fetched_at.tzinfo) == (NOW, UTC)


def test_a_time_without_a_zone_is_refused(archive: Archive) -> None:
    with pytest.raises(ArchiveError, match="no time zone"):
        archive.keep_page(PageMemory(link="x", text="", fetched_at=NOW.replace(tzinfo=None)))


@pytest.mark.slow
def test_threads_may_write_side_by_side(archive: Archive) -> None:
    def gather(number: int) -> None:
        for n in range(5):
            archive.keep_page(PageMemory(link=f"{number}/{n}", text="x", fetched_at=NOW))
            archive.keep_feed(FeedMemory(url=URL, failures=number), [make_article()])

    threads = [Thread(target=gather, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert all(
        archive.pages([f"{number}/{n}"]).get(f"{number}/{n}") for number in range(16) for n in range(5)
    )


def test_a_disk_without_room_is_named(file_archive: Archive) -> None:
    archive = file_archive
    with archive.reading() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    # SQLite's own limit: the same error code as a full disk, on every system.
    archive._engine.dispose()
    event.listen(archive._engine, "connect", lambda db, _: db.execute(f"PRAGMA max_page_count = {pages}"))

    with pytest.raises(ArchiveError, match=r"archive\.db: the disk is full; free some space"):
        archive.keep_page(PageMemory(link="x", text="x" * 100_000, fetched_at=NOW))


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    title=st.text(st.characters(), max_size=40),
    link=st.text(st.characters(), max_size=40),
)
def test_any_text_can_be_stored(archive: Archive, title: str, link: str) -> None:
    """Feeds may hold control characters, half surrogate pairs and right-to-left marks."""
    article = make_article(id=link, title=title, text=title, link=link)
    archive.keep_feed(FeedMemory(url=link, etag=title), [article])
    archive.keep_page(PageMemory(link=link, text=title, fetched_at=NOW))
    archive.record_bulletin(
        "demo",
        make_bulletin(Path("a.mp3"), make_script(make_story_script(make_story(article)))),
        made_at=NOW + next(_MINUTES) * timedelta(minutes=1),
        timings={},
    )

    assert archive.articles_of(link) == (article,)
    assert archive.pages([link]).get(link) is not None
    assert archive.feed_memory(link) is not None
    assert archive.last_bulletin("demo") is not None
