"""Daily copies of an archive: complete, private, at most seven, none on a full disk."""

from __future__ import annotations

import shutil
import stat
from collections import namedtuple
from datetime import timedelta
from pathlib import Path

import pytest

from bulletin.archive.archive import Archive
from bulletin.archive.database.check_database_damage import CorruptArchiveError
from bulletin.archive.record_dataclasses import Kill
from bulletin.archive.repair.daily_copies import (
    copy_archive,
    copy_before_migration,
    copy_daily,
    find_copies,
    is_copy_due,
)
from bulletin.errors import ArchiveError
from tests.support.factories import NOW

DAY = timedelta(days=1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "archive.db"
    with Archive.open(path) as archive:
        archive.add_kill("hill", Kill(entry="Pethick", added_at=NOW))
    return path


def kills(path: Path) -> list[str]:
    with Archive.open(path) as archive:
        return [kill.entry for kill in archive.kills("hill")]


def test_the_copy_of_an_archive_in_use_is_complete_and_private(path: Path, tmp_path: Path) -> None:
    with Archive.open(path) as archive, archive.reading():
        archive.add_kill("hill", Kill(entry="Marrow", added_at=NOW + DAY))
        copy_archive(path, tmp_path / "deep" / "copy.sqlite")

    assert stat.S_IMODE((tmp_path / "deep" / "copy.sqlite").stat().st_mode) == 0o600
    assert kills(tmp_path / "deep" / "copy.sqlite") == ["Pethick", "Marrow"]
    assert [left.name for left in (tmp_path / "deep").glob("part-*")] == []


def test_a_damaged_archive_is_not_copied(path: Path, tmp_path: Path) -> None:
    path.write_bytes(path.read_bytes()[:4096] + b"\x5a" * 20_000)
    (tmp_path / "copy.sqlite").write_bytes(b"the one before")

    with pytest.raises(CorruptArchiveError):
        copy_archive(path, tmp_path / "copy.sqlite")

    assert (tmp_path / "copy.sqlite").read_bytes() == b"the one before"
    assert list(tmp_path.glob("part-*")) == []


def test_copying_a_missing_archive_does_not_create_it(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="cannot be copied"):
        copy_archive(tmp_path / "none.db", tmp_path / "copy.sqlite")

    assert list(tmp_path.iterdir()) == []


def test_a_disk_with_little_room_takes_no_copy(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**9, 10**9 - 2**20, 2**20))

    with pytest.raises(ArchiveError, match=r"not copied, the disk has 1 MB left where 1\d\d MB are needed"):
        copy_daily(path, now=NOW)

    assert find_copies(path) == ()


def test_there_is_one_copy_a_day_and_seven_are_kept(path: Path) -> None:
    for number in range(10):
        assert copy_daily(path, now=NOW + number * DAY) is not None
        assert not is_copy_due(path, now=NOW + number * DAY)

    first = (NOW + 3 * DAY).strftime("archive-%Y%m%d.sqlite")
    assert len(find_copies(path)) == 7
    assert min(copy.name for copy in find_copies(path)) == first


def test_copies_of_a_clock_that_ran_ahead_go_first(path: Path) -> None:
    for number in range(7):
        copy_daily(path, now=NOW + number * DAY)
    copy_daily(path, now=NOW + 2000 * DAY)

    copy_daily(path, now=NOW + 7 * DAY)

    names = sorted(copy.name for copy in find_copies(path))
    assert names[-1] == (NOW + 7 * DAY).strftime("archive-%Y%m%d.sqlite")
    assert len(names) == 7


def test_two_copies_from_before_migrations_are_kept_beside_the_daily_ones(path: Path) -> None:
    copy_daily(path, now=NOW)
    for number in range(4):
        last = copy_before_migration(path, f"000{number}", now=NOW + number * DAY)

    migrations = sorted((path.parent / "copies").glob("*-before-migration-*"))
    assert len(migrations) == 2
    assert migrations[-1] == last
    assert last.name.endswith("-0003.sqlite")
    assert len(find_copies(path)) == 1
