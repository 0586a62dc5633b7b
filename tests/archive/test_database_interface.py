"""
Several methods in one transaction: all of them or none.

Each test also runs on PostgreSQL (mark.clients).
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bulletin.archive.archive import Archive
from bulletin.archive.database import tables
from bulletin.archive.record_dataclasses import Kill
from bulletin.errors import ArchiveError
from tests.archive.conftest import Opener
from tests.support.factories import NOW, make_bulletin

A, B = (Kill(entry=name, added_at=NOW) for name in "ab")


def test_others_see_a_transaction_when_it_is_complete(archive: Archive, open_archive: Opener) -> None:
    other = open_archive()
    with archive.in_one_transaction(lock="publish:hill"):
        archive.add_kill("hill", A)
        with archive.in_one_transaction():
            archive.record_bulletin("hill", make_bulletin(Path("a.mp3")), made_at=NOW, timings={})
        assert (archive.kills("hill"), other.kills("hill")) == ((A,), ())
        assert archive.is_in_transaction
        assert archive.now() is not None

    assert other.kills("hill") == (A,)
    assert len(other.bulletins("hill")) == 1


def test_a_part_that_fails_is_undone_alone(archive: Archive) -> None:
    with archive.in_one_transaction():
        archive.add_kill("hill", A)
        with pytest.raises(ArchiveError):
            archive.execute(
                tables.kills.insert().values(station="hill", entry="c", added_at=NOW),
                tables.feeds.insert().values(url="b", etag=None),
            )
        archive.add_kill("hill", B)

    assert archive.kills("hill") == (A, B)


@pytest.mark.parametrize("error", [LookupError("x"), json.JSONDecodeError("x", "x", 0), ValueError("x")])
def test_an_error_of_the_caller_undoes_everything_and_is_no_damage(
    archive: Archive, error: Exception
) -> None:
    def fail() -> None:
        with archive.in_one_transaction():
            archive.add_kill("hill", A)
            raise error

    with pytest.raises(type(error)):
        fail()

    assert archive.kills("hill") == ()
    assert archive.notes == ()
    assert not archive.is_in_transaction


def test_a_kill_that_was_undone_is_in_no_copy(file_archive: Archive) -> None:
    def fail() -> None:
        with file_archive.in_one_transaction():
            file_archive.add_kill("hill", A)
            file_archive.remove_kill("hill", "b", at=NOW)
            raise LookupError

    file_archive.add_kill("hill", B)
    with pytest.raises(LookupError):
        fail()

    assert file_archive.kills("hill") == (B,)
    assert [entry.name for entry in file_archive.kill_list.read().entries.values() if not entry.ended_at] == [
        "b"
    ]
