"""A worker's copy of a station's published files."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from bulletin.archive.ledgers.group.published_files import PublishedFile
from bulletin.errors import StoreError
from bulletin.runtime.files.placeholder_file import read_placeholder
from bulletin.station.group_files.working_copy import (
    WorkingCopy,
    check_out,
    find_changes,
    object_key,
    upload,
)
from bulletin.storage.folder_store import FolderStore

SOUND, SIDE = b"\xff\xfb" * 5_000, b'{"guid": "one"}'
PAGES = {
    "valley-20261130-0700.mp3": SOUND,
    "valley-20261130-0700.page.json": SIDE,
    "days/2026-11-30.html": b"<html>",
    ".standby/fm.json": SIDE,
}
Files = Mapping[str, PublishedFile]


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    (tmp_path / "store").mkdir()
    return FolderStore(tmp_path / "store")


def machine(folder: Path) -> WorkingCopy:
    return WorkingCopy(
        public=folder / "valley",
        standby=folder / ".bulletin" / "standby" / "valley",
        sign=folder / ".bulletin" / "group" / "valley.copy",
    )


def published(copy: WorkingCopy, store: FolderStore, contents: Mapping[str, bytes] = PAGES) -> Files:
    """Files written by the outlets of a machine, and uploaded."""
    for name, data in contents.items():
        path = copy.path_of(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    files, objects = find_changes(copy, {})
    assert upload(objects, files, store=store) == len(set(contents.values()))
    return files


def test_another_machine_gets_the_same_files_and_times(tmp_path: Path, store: FolderStore) -> None:
    one, two = machine(tmp_path / "one"), machine(tmp_path / "two")
    files = published(one, store)
    two.public.mkdir(parents=True)
    (two.public / "left-over.html").write_text("of a publication that was refused")

    check_out(two, files, store=store)

    assert {name: path.stat().st_mtime_ns for name, path in two.files()} == {
        name: path.stat().st_mtime_ns for name, path in one.files()
    }
    assert two.path_of(".standby/fm.json").read_bytes() == SIDE
    assert find_changes(two, files) == (files, {})
    check_out(two, files, store=FolderStore(tmp_path / "away"))  # nothing changed: the store is not asked


def test_a_copy_of_a_placeholder_is_the_same_object(tmp_path: Path, store: FolderStore) -> None:
    one, two = machine(tmp_path / "one"), machine(tmp_path / "two")
    files = published(one, store)
    check_out(two, files, store=store)
    sound = two.path_of("valley-20261130-0700.mp3")
    assert read_placeholder(sound) == hashlib.sha256(SOUND).hexdigest()
    assert sound.stat().st_size == len(SOUND)

    shutil.copyfile(sound, two.path_of("latest.mp3"))
    after, objects = find_changes(two, files)

    assert after["latest.mp3"].sha256 == hashlib.sha256(SOUND).hexdigest()
    assert objects == {}
    check_out(two, after, store=store, with_sounds=True)
    assert sound.read_bytes() == two.path_of("latest.mp3").read_bytes() == SOUND


def test_the_same_content_keeps_its_date(tmp_path: Path, store: FolderStore) -> None:
    copy = machine(tmp_path / "one")
    files = published(copy, store)
    page = copy.path_of("days/2026-11-30.html")
    page.write_bytes(b"<html>")
    os.utime(page, (1, 1))
    copy.path_of("valley-20261130-0700.page.json").write_bytes(b"{}")

    after, objects = find_changes(copy, files)

    assert after["days/2026-11-30.html"] == files["days/2026-11-30.html"]
    assert list(objects) == [hashlib.sha256(b"{}").hexdigest()]


@pytest.mark.parametrize("damage", ["gone", "flip"])
def test_a_lost_object_is_named(tmp_path: Path, store: FolderStore, damage: str) -> None:
    files = published(machine(tmp_path / "one"), store)
    key = object_key(hashlib.sha256(b"<html>").hexdigest())
    if damage == "gone":
        store.delete(key)
    else:
        store.put(key, b"<htm!>")

    with pytest.raises(StoreError, match=r"days/2026-11-30.html.*restore the store's backup"):
        check_out(machine(tmp_path / "two"), files, store=store)


def test_an_object_of_many_stations_is_stored_once(tmp_path: Path, store: FolderStore) -> None:
    published(machine(tmp_path / "one"), store)
    copy = machine(tmp_path / "two")
    copy.public.mkdir(parents=True)
    (copy.public / "other.mp3").write_bytes(SOUND)
    files, objects = find_changes(copy, {})

    assert upload(objects, files, store=store) == 0
    assert files["other.mp3"].media_type == "audio/mpeg"
