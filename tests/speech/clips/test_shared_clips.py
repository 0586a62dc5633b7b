"""Recorded clips of a group: uploaded at one machine, heard on another."""

from __future__ import annotations

import hashlib
from pathlib import Path

from bulletin.model import RecordedClip
from bulletin.speech.clips.clip_folder import keep_clip, read_clip
from bulletin.speech.clips.shared_clips import fetch_clip, fetch_clips, share_clip
from bulletin.storage.folder_store import FolderStore

SOUND = b"RIFF" + b"voice" * 100


def test_a_clip_of_one_machine_is_fetched_by_another(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    (tmp_path / "store").mkdir()
    store = FolderStore(tmp_path / "store")
    (one / "part-sound").write_bytes(SOUND)
    clip = RecordedClip(sha256=hashlib.sha256(SOUND).hexdigest(), duration_s=5.0, words="Good morning.")
    keep_clip(one / "part-sound", clip, folder=one)

    share_clip(clip, folder=one, store=store)
    fetch_clips([clip], folder=two, store=store)

    assert read_clip(two, clip.sha256) == clip
    assert (two / clip.file_name).read_bytes() == SOUND
    fetch_clips(
        [clip], folder=two, store=FolderStore(tmp_path / "away")
    )  # it is here: the store is not asked

    (item,) = (item for item in store.list() if item.key.endswith(".wav"))
    store.put(item.key, b"damaged")
    (two / clip.file_name).unlink()
    fetch_clips([clip], folder=two, store=store)
    fetch_clip("0" * 64, folder=two, store=store)
    assert read_clip(two, clip.sha256) is None
