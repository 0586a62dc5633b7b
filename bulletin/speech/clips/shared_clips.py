"""Recorded clips in the store of a group: uploaded at one machine, aired by all, and brought back from a backup."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from bulletin.errors import StoreError, explain_os_errors, find_write_remedy
from bulletin.model import RecordedClip
from bulletin.runtime.files.atomic_write import atomic_file
from bulletin.speech.clips.clip_folder import is_undamaged, read_clip
from bulletin.storage.store_interface import Store

log = logging.getLogger(__name__)

RECORDINGS = "recordings"
"""Folder of the store's keys."""
RECORDING_AGE = timedelta(days=60)
"""A recorded clip that no story, edit or bulletin has needed for so long is deleted from the store."""


def share_clip(clip: RecordedClip, *, folder: Path, store: Store) -> None:
    """Store a clip that was imported into `folder`, with its side file. Raises StoreError."""
    sound, facts = (folder / name for name in _file_names(clip.sha256))
    store.put_new(_key(sound.name), _read(sound))
    store.put(_key(facts.name), _read(facts))  # the same sound may come with other words


def share_missing_clips(folder: Path, *, store: Store) -> None:
    """
    Store the clips of a folder, such as that of a backup, where the store lacks them; nothing there is replaced.

    A damaged one, or one without its side file, is left out. Raises StoreError.
    """
    whole = []
    for path in sorted(folder.glob("*.wav")):
        if has_whole_clip(folder, path.stem):
            whole.append(path.stem)
        else:
            log.warning("recorded clip not stored, it is damaged or has no side file: %s", path)
    for key in find_missing_keys(whole, store=store):
        store.put_new(key, _read(folder / key.rpartition("/")[2]))


def find_missing_keys(clips: Iterable[str], *, store: Store) -> tuple[str, ...]:
    """Keys of the sounds and side files of these clips, by their hashes, that the store lacks. Raises StoreError."""
    keys = [key for sha256 in sorted(clips) for key in clip_keys(sha256)]
    present = {item.key for item in store.list(RECORDINGS)} if keys else set()
    return tuple(key for key in keys if key not in present)


def clip_keys(sha256: str) -> tuple[str, str]:
    """Keys of a clip's sound and side file."""
    sound, facts = map(_key, _file_names(sha256))
    return sound, facts


def has_whole_clip(folder: Path, sha256: str) -> bool:
    """Whether the folder has the clip, undamaged and with its side file."""
    clip = read_clip(folder, sha256)
    return clip is not None and is_undamaged(folder / clip.file_name, sha256)


def fetch_clips(clips: Iterable[RecordedClip], *, folder: Path, store: Store) -> None:
    """
    Fetch the clips that `folder` lacks. Raises StoreError; one that the store lacks or has damaged stays missing.
    """
    for clip in clips:
        if not is_undamaged(folder / clip.file_name, clip.sha256):
            fetch_clip(clip.sha256, folder=folder, store=store)


def fetch_clip(sha256: str, *, folder: Path, store: Store) -> bool:
    """Fetch one clip and its side file; False where the store lacks one of them or has damaged it. Raises StoreError."""
    sound, facts = map(store.get, clip_keys(sha256))
    if sound is None or facts is None:
        log.warning("recorded clip missing in the store: store=%s clip=%s", store.label, sha256)
        return False
    if hashlib.sha256(sound).hexdigest() != sha256:
        log.warning("recorded clip damaged in the store: store=%s clip=%s", store.label, sha256)
        return False
    with explain_os_errors(StoreError, f"{folder}: a recording cannot be written", find_write_remedy):
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in zip(_file_names(sha256), (sound, facts), strict=True):
            with atomic_file(folder / name) as part:
                part.write_bytes(data)
    return True


def _file_names(sha256: str) -> tuple[str, str]:
    """Sound and side file."""
    return f"{sha256}.wav", f"{sha256}.json"


def _read(path: Path) -> bytes:
    with explain_os_errors(StoreError, f"{path}: the recording cannot be read", "upload it again"):
        return path.read_bytes()


def _key(name: str) -> str:
    return f"{RECORDINGS}/{name[:2]}/{name}"
