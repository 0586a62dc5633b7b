from __future__ import annotations

import errno
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bulletin.archive.database.check_database_damage import sqlite_error
from bulletin.errors import BulletinError
from bulletin.publishing.atomic_file_batch import cannot_write
from bulletin.service.resources import disk_space_reserve
from bulletin.service.resources.disk_space_reserve import SIZE, DiskReserve, is_disk_full

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs POSIX")
FULL = OSError(errno.ENOSPC, "No space left on device")


def test_the_reserve_has_blocks_and_not_only_a_length(tmp_path: Path) -> None:
    DiskReserve(tmp_path).keep()

    status = (tmp_path / "reserve").stat()
    assert status.st_size == SIZE
    assert status.st_blocks * 512 >= SIZE
    assert status.st_mode & 0o077 == 0


def test_a_write_that_fails_on_a_full_disk_is_repeated_without_the_reserve(tmp_path: Path) -> None:
    kept, tries = DiskReserve(tmp_path), []
    kept.keep()

    def step() -> str:
        tries.append((tmp_path / "reserve").exists())
        if tries[-1]:
            raise cannot_write(tmp_path, FULL) from FULL
        return "done"

    assert kept.use(step) == "done"
    assert tries == [True, False]


def test_the_reserve_is_given_up_once_and_taken_again(tmp_path: Path) -> None:
    kept = DiskReserve(tmp_path)
    kept.keep()
    kept.give_up()

    with pytest.raises(OSError, match="No space"):
        kept.use(lambda: (_ for _ in ()).throw(FULL))
    kept.keep()
    assert (tmp_path / "reserve").exists()


def test_other_failures_keep_the_reserve(tmp_path: Path) -> None:
    kept = DiskReserve(tmp_path)
    kept.keep()

    with pytest.raises(BulletinError, match="no voice"):
        kept.use(lambda: (_ for _ in ()).throw(BulletinError("no voice")))

    assert (tmp_path / "reserve").exists()


def test_a_missing_folder_has_no_reserve(tmp_path: Path) -> None:
    DiskReserve(tmp_path / "none").keep()

    assert not DiskReserve(tmp_path / "none").give_up()


def test_a_full_disk_is_recognized(tmp_path: Path) -> None:
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("PRAGMA max_page_count = 1")
        with pytest.raises(sqlite3.OperationalError) as caught:
            database.execute("CREATE TABLE t (x)")
    deep = ValueError("sound")
    deep.__cause__ = FULL

    assert is_disk_full(FULL)
    assert is_disk_full(deep)
    assert is_disk_full(caught.value)
    assert is_disk_full(sqlite_error(tmp_path, caught.value))
    assert not is_disk_full(None)
    assert not is_disk_full(OSError(errno.EACCES, "Permission denied"))
    assert disk_space_reserve.SIZE < 2**25
