"""
Which object each public name has, changed as a whole.

Each test also runs on PostgreSQL (mark.clients).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.group.published_files import (
    DELETION_ENDS,
    OvertakenError,
    PublishedFile,
    PublishedFiles,
)
from tests.support.factories import NOW


@pytest.fixture
def files(archive: Archive) -> PublishedFiles:
    return PublishedFiles(archive)


def named(path: str, sha256: str = "a" * 64, **changes: Any) -> dict[str, PublishedFile]:
    fields = {"bytes": 3_000_000_000, "media_type": "audio/mpeg", "changed_at": NOW}
    return {path: PublishedFile(path=path, sha256=sha256, **(fields | changes))}


def test_a_publication_replaces_the_files_of_its_station(files: PublishedFiles) -> None:
    first = {**named("latest.mp3"), **named("old.mp3")}
    files.change("demo", before={}, after=first)
    files.change("vale", before={}, after=named("latest.mp3", "c" * 64))

    files.change("demo", before=first, after={**named("latest.mp3", "b" * 64), **named("new.mp3")})

    assert {path: file.sha256[0] for path, file in files.of_station("demo").items()} == {
        "latest.mp3": "b",
        "new.mp3": "a",
    }
    assert files.find("vale", "latest.mp3") == named("latest.mp3", "c" * 64)["latest.mp3"]
    assert files.find("vale", "old.mp3") is None
    assert files.stations() == ("demo", "vale")


def test_a_publication_from_older_files_is_refused(files: PublishedFiles) -> None:
    files.change("demo", before={}, after=named("latest.mp3"))

    with pytest.raises(OvertakenError, match="another machine has published"):
        files.change("demo", before={}, after=named("latest.mp3", "b" * 64))

    assert files.of_station("demo") == named("latest.mp3")


def test_an_object_in_deletion_is_told_to_who_pins_it_until_the_deletion_is_over(
    files: PublishedFiles,
) -> None:
    files.change("demo", before={}, after=named("latest.mp3", "a" * 64))
    files.pin("one", ["b" * 64], now=NOW)
    wanted = [letter * 64 for letter in "abcd"]

    assert files.begin_deletion("x", wanted, now=NOW) == {"c" * 64, "d" * 64}
    assert files.begin_deletion("y", wanted, now=NOW) == set()
    assert files.pin("two", wanted[:3], now=NOW) == {"c" * 64}
    files.end_deletion("y")
    assert files.in_deletion(wanted, now=NOW) == {"c" * 64, "d" * 64}
    files.end_deletion("x")
    assert files.in_deletion(wanted, now=NOW) == set()
    assert files.begin_deletion("x", wanted, now=NOW) == {"d" * 64}  # "c" is pinned by now


def test_the_deletion_of_a_dead_process_ends_by_itself(files: PublishedFiles) -> None:
    files.begin_deletion("dead", ["d" * 64], now=NOW)
    later = NOW + DELETION_ENDS + timedelta(seconds=1)

    assert files.in_deletion(["d" * 64], now=later) == set()
    assert files.begin_deletion("next", ["d" * 64], now=later) == {"d" * 64}
    files.end_deletion("dead")
    assert files.in_deletion(["d" * 64], now=later) == {"d" * 64}


def test_pinned_and_named_objects_are_kept(files: PublishedFiles) -> None:
    files.change("demo", before={}, after=named("latest.mp3", "a" * 64))
    files.pin("one", ["b" * 64, "b" * 64], now=NOW)
    files.pin("two", ["c" * 64], now=NOW + timedelta(hours=1))
    wanted = [letter * 64 for letter in "abcd"]

    assert files.named(wanted) == {"a" * 64, "b" * 64, "c" * 64}
    files.unpin("one")
    assert files.named(wanted) == {"a" * 64, "c" * 64}
    files.unpin_older(NOW + timedelta(hours=2))
    assert files.named(wanted) == {"a" * 64}
    assert files.stations() == ("demo",)
