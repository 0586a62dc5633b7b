"""Recorded clips of a group: uploaded at one machine, heard on another."""

from __future__ import annotations

import hashlib
from pathlib import Path

from bulletin.model import RecordedClip
from bulletin.speech.clips.clip_folder import keep_clip, read_clip
from bulletin.speech.clips.shared_clips import (
    fetch_clip,
    fetch_clips,
    find_missing_keys,
    share_clip,
    share_missing_clips,
)
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


def keep(folder: Path, sound: bytes, *, words: str) -> RecordedClip:
    folder.mkdir(exist_ok=True)
    (folder / "part-sound").write_bytes(sound)
    clip = RecordedClip(sha256=hashlib.sha256(sound).hexdigest(), duration_s=5.0, words=words)
    keep_clip(folder / "part-sound", clip, folder=folder)
    return clip


def test_clips_of_a_backup_are_stored_where_the_store_lacks_them(tmp_path: Path) -> None:
    backup, newer, two = tmp_path / "backup", tmp_path / "newer", tmp_path / "two"
    (tmp_path / "store").mkdir()
    store = FolderStore(tmp_path / "store")
    present = keep(newer, SOUND, words="Corrected words.")
    share_clip(present, folder=newer, store=store)
    keep(backup, SOUND, words="Good morning.")
    lost, damaged, bare = (keep(backup, SOUND + ending, words="Lost.") for ending in (b"1", b"2", b"3"))
    (backup / damaged.file_name).write_bytes(b"half")
    (backup / bare.file_name).with_suffix(".json").unlink()

    share_missing_clips(backup, store=store)

    fetch_clips([present, lost], folder=two, store=store)
    assert read_clip(two, present.sha256) == present
    assert read_clip(two, lost.sha256) == lost
    assert find_missing_keys([lost.sha256, damaged.sha256], store=store) == (
        f"recordings/{damaged.sha256[:2]}/{damaged.sha256}.wav",
        f"recordings/{damaged.sha256[:2]}/{damaged.sha256}.json",
    )
    assert len(list(store.list("recordings"))) == 4
