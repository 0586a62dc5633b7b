"""Objects without a name are deleted, never one that a publication is about to name."""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Event
from types import SimpleNamespace

import pytest
from sqlalchemy import update

from bulletin.archive.archive import Archive
from bulletin.archive.database.group_tables import published_files
from bulletin.archive.ledgers.group.published_files import PublishedFiles
from bulletin.errors import OutletError
from bulletin.group.public_files import collect_garbage as garbage
from bulletin.group.public_files.collect_garbage import (
    OBJECT_AGE,
    PIN_AGE,
    RECORDING_AGE,
    SPEECH_AGE,
    Collected,
    collect_garbage,
)
from bulletin.station.group_files import group_publication
from bulletin.station.group_files.group_publication import GroupPublication
from bulletin.station.group_files.working_copy import WorkingCopy, check_out, find_changes, upload
from bulletin.storage.folder_store import FolderStore
from tests.support.published_names import publish_files

pytestmark = pytest.mark.slow


def age(archive: Archive, store: FolderStore, by: timedelta) -> None:
    """Make everything in the store that much older, and the moments at which objects have lost their names."""
    names, earlier = published_files.c, archive.now() - by
    lost = update(published_files).where(names.path.startswith("replaced/"))
    archive.execute(lost.values(changed_at=earlier))
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
    age(archive, store, OBJECT_AGE)
    assert collect_garbage(archive, store) == Collected(objects=1, sentences=0, recordings=0, bytes=3)
    age(archive, store, SPEECH_AGE)
    assert collect_garbage(archive, store) == Collected(objects=0, sentences=1, recordings=0, bytes=5)
    store.put_new("recordings/ab/abc.wav", b"voice")
    age(archive, store, RECORDING_AGE)
    assert collect_garbage(archive, store).recordings == 1
    assert {store.get(item.key) for item in store.list()} == {b"new", b"feed"}


def test_an_old_object_is_kept_for_hours_after_it_lost_its_name(archive: Archive, store: FolderStore) -> None:
    """A listener or a mirror may have read the name a moment ago."""
    publish_files(archive, store, {"latest.mp3": b"a month old"})
    age(archive, store, 30 * OBJECT_AGE)
    publish_files(archive, store, {})
    assert collect_garbage(archive, store).objects == 0
    age(archive, store, PIN_AGE + timedelta(seconds=1))
    assert collect_garbage(archive, store).objects == 1


def test_an_old_object_that_is_published_again_meanwhile_is_kept(
    archive: Archive, store: FolderStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the pin and the transaction of a publication, another machine collects garbage."""
    publish_files(archive, store, {"a.mp3": b"same sound" * 1000})
    publish_files(archive, store, {})
    age(archive, store, 2 * OBJECT_AGE)
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


def test_objects_are_deleted_outside_of_any_transaction(
    archive: Archive, store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow store would keep every publication of the group waiting for the lock."""
    publish_files(archive, store, {"a.mp3": b"sound"})
    publish_files(archive, store, {})
    age(archive, store, 2 * OBJECT_AGE)
    real, seen = FolderStore.delete, list[bool]()

    def delete(self: FolderStore, key: str) -> None:
        seen.append(archive.is_in_transaction)
        real(self, key)

    monkeypatch.setattr(FolderStore, "delete", delete)
    assert collect_garbage(archive, store).objects == 1
    assert (seen, list(store.list())) == ([False], [])


def test_a_publication_waits_for_the_deletion_of_its_object_and_stores_it_anew(
    archive: Archive, store: FolderStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The deletion has begun when the publication pins the object, and is over some time later."""
    publish_files(archive, store, {"a.mp3": b"sound"})
    publish_files(archive, store, {})
    age(archive, store, 2 * OBJECT_AGE)
    has_begun, waits = Event(), Event()
    real = FolderStore.delete

    def delete(self: FolderStore, key: str) -> None:
        has_begun.set()
        assert waits.wait(60)
        real(self, key)

    def sleep(seconds: float) -> None:
        waits.set()
        Event().wait(0.01)

    monkeypatch.setattr(FolderStore, "delete", delete)
    monkeypatch.setattr(group_publication, "time", SimpleNamespace(monotonic=lambda: 0.0, sleep=sleep))
    publication = GroupPublication(archive=archive, store=store, station="demo", output=tmp_path / "output")
    with ThreadPoolExecutor(1) as pool:
        collected = pool.submit(collect_garbage, archive, store)
        assert has_begun.wait(60)
        with publication.working():
            (publication.copy.public / "b.mp3").write_bytes(b"sound")
        assert collected.result().objects == 1

    assert {store.get(item.key) for item in store.list()} == {b"sound"}
    check_out(publication.copy, PublishedFiles(archive).of_station("demo"), store=store, with_sounds=True)


def test_a_publication_whose_object_is_deleted_for_too_long_is_tried_again(
    archive: Archive, store: FolderStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(group_publication, "_DELETION_S", 0.0)
    sha256 = hashlib.sha256(b"sound").hexdigest()
    PublishedFiles(archive).begin_deletion("dead", [sha256], now=archive.now())
    publication = GroupPublication(archive=archive, store=store, station="demo", output=tmp_path / "output")

    with pytest.raises(OutletError, match="are being deleted") as caught, publication.working():
        (publication.copy.public / "b.mp3").write_bytes(b"sound")

    assert not caught.value.is_lasting
    assert not PublishedFiles(archive).of_station("demo")


def test_no_request_begins_long_after_the_look(
    archive: Archive, store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that was frozen for minutes deletes nothing that others may have published meanwhile."""
    publish_files(archive, store, {"a.mp3": b"one", "b.mp3": b"two"})
    publish_files(archive, store, {})
    age(archive, store, 2 * OBJECT_AGE)
    moments = iter([0.0, 1.0, 61.0])
    with monkeypatch.context() as patched:
        patched.setattr(garbage, "time", SimpleNamespace(monotonic=lambda: next(moments)))
        assert collect_garbage(archive, store).objects == 1
    assert collect_garbage(archive, store).objects == 1
