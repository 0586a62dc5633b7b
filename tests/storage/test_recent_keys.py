"""What a process remembers of a store."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from bulletin.storage.folder_store import FolderStore
from bulletin.storage.recent_keys import RecentKeys


def test_keys_are_remembered_for_an_hour_and_for_one_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, other = FolderStore(tmp_path), FolderStore(tmp_path)
    began, keys = time.monotonic(), RecentKeys()
    keys.add(store, ["a", "b"])
    keys.forget(store, "b")
    keys.forget(other, "a")

    assert [keys.has(store, "a"), keys.has(store, "b"), keys.has(other, "a")] == [True, False, False]
    monkeypatch.setattr(time, "monotonic", lambda: began + 3700)
    assert not keys.has(store, "a")
