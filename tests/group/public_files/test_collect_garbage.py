"""Objects without a name are deleted, never one that a publication is about to name."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection
from datetime import timedelta
from pathlib import Path

import pytest

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.group.published_files import PublishedFiles
from bulletin.group.public_files.collect_garbage import (
    OBJECT_AGE,
    RECORDING_AGE,
    SPEECH_AGE,
    Collected,
    collect_garbage,
)
from bulletin.station.group_files.working_copy import WorkingCopy, check_out, find_changes, object_key, upload
from bulletin.storage.folder_store import FolderStore
from tests.support.published_names import publish_files

pytestmark = pytest.mark.slow


def age(store: FolderStore, by: timedelta) -> None:
    """Make everything in the store that much older."""
    for item in store.list():
        path = store.path_of(item.key)
        assert path
        moment = (item.changed_at - by).timestamp()
        os.utime(path, (moment, moment))


def test_old_objects_that_nothing_names_are_deleted(archive: Archive, store: FolderStore) -> None:
    publish_files(archive, store, {"latest.mp3": b"old", "feed.xml": b"feed"})
    publish_files(archive, store, {"latest.mp3": b"new", "feed.xml": b"feed"})
    store.put_new("speech/ab/abc.wav", b"sound")

    assert collect_garbage(archive, store) == Collected(objects=0, sentences=0, recordings=0, bytes=0)
    age(store, OBJECT_AGE)
    assert collect_garbage(archive, store) == Collected(objects=1, sentences=0, recordings=0, bytes=3)
    age(store, SPEECH_AGE)
    assert collect_garbage(archive, store) == Collected(objects=0, sentences=1, recordings=0, bytes=5)
    store.put_new("recordings/ab/abc.wav", b"voice")
    age(store, RECORDING_AGE)
    assert collect_garbage(archive, store).recordings == 1
    assert {store.get(item.key) for item in store.list()} == {b"new", b"feed"}


def test_an_old_object_that_is_published_again_meanwhile_is_kept(
    archive: Archive, store: FolderStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the pin and the transaction of a publication, another machine collects garbage."""
    publish_files(archive, store, {"a.mp3": b"same sound" * 1000})
    publish_files(archive, store, {})
    age(store, 2 * OBJECT_AGE)
    files, copy = (
        PublishedFiles(archive),
        WorkingCopy(public=tmp_path / "demo", standby=tmp_path / "standby", sign=tmp_path / "sign"),
    )
    copy.public.mkdir()
    (copy.public / "b.mp3").write_bytes(b"same sound" * 1000)
    after, objects = find_changes(copy, {})

    files.pin("worker", objects, now=archive.now())
    assert collect_garbage(archive, store).objects == 0
    assert upload(objects, after, store=store) == 0
    files.change("demo", before={}, after=after)
    files.unpin("worker")

    assert collect_garbage(archive, store).objects == 0
    check_out(copy, after, store=store, with_sounds=True)


def test_garbage_that_is_pinned_too_late_is_uploaded_again(
    archive: Archive, store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lock makes a pin wait until the look and the deletion are over."""
    key = object_key(hashlib.sha256(b"sound").hexdigest())
    store.put_new(key, b"sound")
    age(store, 2 * OBJECT_AGE)
    real, seen = PublishedFiles.named, list[bool]()

    def named(self: PublishedFiles, hashes: Collection[str]) -> frozenset[str]:
        seen.append(archive.is_in_transaction)
        return real(self, hashes)

    monkeypatch.setattr(PublishedFiles, "named", named)
    assert collect_garbage(archive, store).objects == 1
    assert (seen, store.exists(key)) == ([True], False)
