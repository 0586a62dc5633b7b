"""A store and a database of a group belong together, whoever notes it first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete

from bulletin.archive.archive import Archive
from bulletin.archive.database.group_tables import group_meta
from bulletin.config.tables.group_options import GroupOptions
from bulletin.errors import StoreError
from bulletin.station.group_files.check_store_of_group import IDENTITY, STORE, check_store_of_group
from bulletin.storage.folder_store import FolderStore


@pytest.fixture(scope="module")
def shared_archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with Archive.open(tmp_path_factory.mktemp("group") / "archive.sqlite") as archive:
        yield archive


@pytest.fixture
def archive(shared_archive: Archive) -> Archive:
    """The database of a group that has no store yet."""
    shared_archive.execute(delete(group_meta).where(group_meta.c.name == STORE))
    return shared_archive


def check(archive: Archive, folder: Path, *, name: str = "uk") -> None:
    group = GroupOptions(database="postgresql://db/news", store=str(folder), name=name)
    check_store_of_group(group, archive=archive, store=FolderStore(folder))


def test_the_first_store_is_the_groups_and_its_copy_is_but_no_other_one(
    archive: Archive, tmp_path: Path
) -> None:
    first, other, copy = (tmp_path / name for name in ("first", "other", "copy"))
    for folder in (first, other, copy):
        folder.mkdir()
    check(archive, first)
    check(archive, first)
    with pytest.raises(StoreError, match=r"other: is not the store of .*archive\.sqlite, which uses .*first"):
        check(archive, other)
    assert not (other / IDENTITY).exists()  # a wrong store stays as it was
    (copy / IDENTITY).write_bytes((first / IDENTITY).read_bytes())
    check(archive, copy)


def test_two_groups_in_one_store_are_refused_since_each_would_delete_the_others_objects(
    archive: Archive, tmp_path: Path
) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / IDENTITY).write_text("north 12ab", "ascii")
    with pytest.raises(StoreError, match='the group "north"'):
        check(archive, tmp_path / "store", name="south")


def test_a_store_that_is_away_is_compared_when_it_is_back(archive: Archive, tmp_path: Path) -> None:
    store, other = tmp_path / "store", tmp_path / "other"
    store.mkdir()
    check(archive, store)
    check(archive, other)  # its share is not mounted yet
    other.mkdir()
    with pytest.raises(StoreError, match="is not the store"):
        check(archive, other)
