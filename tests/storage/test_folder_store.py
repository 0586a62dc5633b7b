"""Faults that only a folder has: no mount, no hard links, a full disk, killed writers."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bulletin.errors import StoreError
from bulletin.storage.folder_store import FolderStore
from bulletin.storage.open_store import open_store


def test_a_share_that_is_not_mounted_is_an_error_and_no_empty_store(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "away")

    for use in (store.get, store.exists, store.delete, lambda key: store.put_new(key, b"")):
        with pytest.raises(StoreError, match="mount the share"):
            use("a/b")
    with pytest.raises(StoreError, match="mount the share"):
        list(store.list())


def test_a_folder_of_a_missing_share_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no such folder"):
        open_store(str(tmp_path / "away" / "store"))
    assert open_store("store", folder=tmp_path).put_new("a", b"")
    with pytest.raises(StoreError, match="unknown kind"):
        open_store("gs://bucket")


def test_without_hard_links_one_writer_wins_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    store = FolderStore(tmp_path)

    assert (store.put_new("a/b", b"one"), store.put_new("a/b", b"two")) == (True, False)
    assert store.get("a/b") == b"one"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_named_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = FolderStore(tmp_path)
    real = os.fsync

    def full(descriptor: int) -> None:
        with Path("/dev/full").open("wb", buffering=0) as disk:
            disk.write(b"x")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError, match="free some space"):
        store.put_new("a/b", b"sound")
    assert list(store.list()) == []
    assert not any((tmp_path / ".parts").iterdir())


@pytest.mark.slow
def test_killed_writers_leave_whole_objects(tmp_path: Path) -> None:
    code = f"""
import itertools
from pathlib import Path
from bulletin.storage.folder_store import FolderStore
store = FolderStore(Path({str(tmp_path)!r}))
for number in itertools.count():
    store.put("a/same", bytes([number % 256]) * 3_000_000)
    store.put_new(f"b/{{number % 50}}", bytes([number % 256]) * 3_000_000)
    print(number, flush=True)
"""
    for pause_s in (0.0, 0.013, 0.031, 0.007, 0.041):
        writer = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
        assert writer.stdout
        assert writer.stdout.readline()
        time.sleep(pause_s)
        writer.send_signal(signal.SIGKILL)
        writer.communicate()

        store = FolderStore(tmp_path)
        for item in store.list():
            data = store.get(item.key)
            assert data is not None
            assert (len(data), len(set(data))) == (3_000_000, 1)
        assert store.put("a/same", b"\0" * 3_000_000)  # the lock of the dead writer is free
    old = time.time() - 2 * 24 * 3600
    for part in (tmp_path / ".parts").iterdir():
        os.utime(part, (old, old))
    store.sweep()
    assert not any((tmp_path / ".parts").iterdir())
